"""Patrols: plans along places, rounds on a day, findings, and visits to homes by appointment.

Nobody is counted (rules.md 6): a tick says place, date and result, never who or at what hour. "Nothing found" is a
valid result. Coverage is a property of places: "not seen for 9 days".
"""
