"""Pages for those who work on cases: queue, case, entering for others, figures, and the desks of each office."""
