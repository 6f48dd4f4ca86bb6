"""Django's PostgreSQL, with statements that are written once planned once (`base`)."""
