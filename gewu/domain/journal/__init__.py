"""The append-only record of what happened: audit trail, and source of every later reaction."""
