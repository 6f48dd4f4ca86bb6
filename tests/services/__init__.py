"""Real services for the tests: a PostgreSQL cluster, a mail server, a browser, a running Gewu, the data sets."""
