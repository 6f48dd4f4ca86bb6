"""The bounds of what is taken in, in one place; forms, API, imports and the store all use these.

A bound protects someone: the reader from walls of text, the phone's owner from waiting, the machine from a body
that costs more to refuse than to read. Widening one is a decision; say in the commit who pays.
"""

from __future__ import annotations

# Texts, in characters after normalisation.
TEXT = 5_000  # what a resident or a worker writes about a matter
NOTE = 1_000  # a reason, an answer to a question, an internal note
TITLE = 200
NAME = 80  # of a person, unit, place
CODE = 40
ADDRESS = 200
EMAIL = 254  # RFC 5321, longest usable path
PHONE = 16  # a plus and 15 digits, E.164
USER_AGENT = 300
SEARCH = 100

# Photos.
PHOTOS = 6  # with one report or act
PHOTO_BYTES = 20 * 1024 * 1024
PHOTO_PIXELS = 40_000_000
PHOTO_EDGE = 2_560  # longest edge of what is kept
CAPTION = NOTE

# Requests.
JSON_BYTES = 1024 * 1024
JSON_DEPTH = 32
FORM_BYTES = PHOTOS * PHOTO_BYTES + JSON_BYTES
FORM_FIELDS = 200
XML_BYTES = 1024 * 1024
XML_DEPTH = 64
IMPORT_BYTES = 50 * 1024 * 1024
IMPORT_ROWS = 100_000
WHOLE_NUMBER = 2**63 - 1  # what both stores keep in one column

# Lists.
PAGE = 50
PAGE_MOST = 200
BULK = 1_000  # cases in one bulk act
BULK_ALONE = 50  # above, a second person confirms
EXPORT_ROWS = 100_000
SIGNS = 200  # in one PDF: 25 sheets, set in a few seconds
MAP_POINTS = 5_000

# Borders.
GEOMETRY_POINTS = 1_000_000  # in one import
