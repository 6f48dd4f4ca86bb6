"""Django's SQLite, with each statement's text spelled for the driver once (`base`)."""
