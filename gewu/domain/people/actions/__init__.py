"""The only code that changes units, posts and who holds them.

`people` comes before `access` in the order of packages, so whoever calls these asks `access` first (``people.edit``).
Each act writes one journal entry, in its own transaction.
"""

from __future__ import annotations

from gewu.domain.people.actions.absences import end_absence, report_absence
from gewu.domain.people.actions.appointments import appoint, end_appointment, hand_over
from gewu.domain.people.actions.imports import Imported, import_people
from gewu.domain.people.actions.setup import SetUp, set_up
from gewu.domain.people.actions.structure import cover_areas, create_post, create_unit
from gewu.domain.people.workbook import RowError

__all__ = [
    "Imported",
    "RowError",
    "SetUp",
    "appoint",
    "cover_areas",
    "create_post",
    "create_unit",
    "end_absence",
    "end_appointment",
    "hand_over",
    "import_people",
    "report_absence",
    "set_up",
]
