"""Client keys with their first answers, limits on tries, and the one way to open a transaction."""
