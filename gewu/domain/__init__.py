"""The nouns of the program, one package each.

A package may import those listed before it and `gewu.core`, never those after it (tests/shape/test_imports.py).
"""

DOMAIN_ORDER = (
    "names",  # what things are called in the language of whoever reads
    "rows",  # the base of every stored row
    "statements",  # statements written once, for the paths that every act takes
    "journal",  # append-only record of what happened
    "figures",  # delta and day rows, masks
    "requests",  # client keys and first answers, limits on tries
    "place",  # the installation: its name, zone, working hours, calendar, number prefix
    "areas",  # district > subdistrict > community > grid; borders, versions, point -> grid
    "accounts",  # users and their sign-in
    "people",  # units, posts, appointments, absence, stand-in, handover
    "access",  # who may do what where
    "places",  # where people live or meet, with household counts
    "privacy",  # contact data, sealed identities, retention, erasure, the reader's log
    "media",  # photos: checks, re-encoding, storage
    "catalogue",  # class > subclass > filing condition > limit > closing condition
    "suggestions",  # what people suggest about this service itself, and the answers
    "cases",  # the case line
    "desk",  # a clerk's saved views, presence, pairs told apart, hints put away
    "patrols",  # plans, rounds, findings; visits by appointment
    "notify",  # who is told what over which channel
    "insight",  # indicators; reads only
    "papers",  # what is said in words, and set on paper
)
