"""Reading what residents typed: everything is kept as typed, so that a page with errors loses nothing."""
