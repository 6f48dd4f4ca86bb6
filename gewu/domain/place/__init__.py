"""The installation: its names and numbers, when it works, and which days are working days.

Every deadline leans on this package: `queries.calendar()` is the one calendar of the program.
"""
