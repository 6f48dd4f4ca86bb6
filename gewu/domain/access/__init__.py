"""Who may do what where: one table, three questions."""
