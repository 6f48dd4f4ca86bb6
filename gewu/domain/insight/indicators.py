"""What each indicator means: name, definition, formula in counted facts, and where the definition comes from.

Formulas follow GB/T 30428.4 (evaluation of digital urban management) where it has one, aligned with it as far as its
text is known; the three rates of residents' requests (responded, solved, satisfied) follow Beijing's practice. Every
share is made of facts that happened in the period, so that numerator and denominator speak of the same days: what is
verified or reworked in March counts in March, whenever it was reported.

Indicators describe areas, units, categories and levels, never a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gewu.domain.figures import indicators as of

SHARE, COUNT, STOCK, MEDIAN = "share", "count", "stock", "median"
STANDARD, BEIJING, OWN = "GB/T 30428.4", "Beijing 2021", "Gewu"
STOCK_GROUPS = frozenset({"", "area", "level"})


@dataclass(frozen=True)
class Indicator:
    """One column of a table."""

    code: str
    name: Any
    definition: Any
    kind: str = SHARE
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()  # of a share; holds the numerator's facts too
    stock: str = ""  # counted at the end of the period: added to the denominator, or the value itself
    clock: str = ""  # of a median: whose countable time
    source: str = OWN

    @property
    def is_own(self) -> bool:
        """Is it defined here, and in no standard?"""
        return self.source == OWN

    @property
    def formula(self) -> str:
        """In codes of `figures.indicators`, for the definitions page and the export."""
        if self.kind == MEDIAN:
            return f"median({self.clock})"
        if self.kind == STOCK:
            return f"{self.stock} at end"
        over = " + ".join(self.denominator) + (f" + {self.stock} at end" if self.stock else "")
        return " + ".join(self.numerator) + (f" / ({over})" if self.kind == SHARE else "")

    def fits(self, by: str) -> bool:
        """Stocks are kept by place and level only: a case may change unit and category while it is open."""
        return not self.stock or by in STOCK_GROUPS


JUDGED = (of.DONE_IN_TIME, of.DONE_LATE)
CHECKED = (of.VERIFIED, of.REWORKED)
ENDED = (of.CLOSED_AS["solved"], of.CLOSED_AS["notice"], of.CLOSED_AS["unfounded"])
HOLDING_ENDED = (of.DONE, of.HANDED_UP, of.HANDED_BACK, of.TRANSFERRED)
RATINGS = tuple(of.RATED.values())

_ALL = (
    Indicator(
        "reported", pgettext_lazy("indicator", "Reported"),
        _("Reports that became a case in the period."),
        COUNT, (of.REPORTED,), source=STANDARD,
    ),
    Indicator(
        "filing", _("Filing rate"), _("Accepted cases among those accepted or declined."),
        SHARE, (of.ACCEPTED,), (of.ACCEPTED, of.DECLINED), source=STANDARD,
    ),
    Indicator(
        "handling", _("Handling rate"),
        _("Promises that ended with a verified result, among these and those overdue and still open at the end."),
        SHARE, JUDGED, JUDGED, of.OVERDUE_OPEN, source=STANDARD,
    ),
    Indicator(
        "handling_in_time", _("In-time handling rate"),
        _("Promises kept among those that ended, and those overdue and still open at the end."),
        SHARE, (of.DONE_IN_TIME,), JUDGED, of.OVERDUE_OPEN, source=STANDARD,
    ),
    Indicator(
        "promises_kept", pgettext_lazy("indicator", "Promises kept"),
        _("Promises kept among those that ended in the period, less the broken ones whose appeal was accepted."),
        SHARE, (of.DONE_IN_TIME,), JUDGED,
    ),
    Indicator(
        "closing", _("Closing rate"),
        _("Closed cases (solved, explained or unfounded) among these and those overdue and still open at the end."),
        SHARE, ENDED, ENDED, of.OVERDUE_OPEN, source=STANDARD,
    ),
    Indicator(
        "closing_in_time", _("In-time closing rate"),
        _("Closed cases whose promise was kept, among those with a promise, and those overdue and still open."),
        SHARE, (of.CLOSED_IN_TIME,), (of.CLOSED_IN_TIME, of.CLOSED_LATE), of.OVERDUE_OPEN, source=STANDARD,
    ),
    Indicator(
        "rework", _("Rework rate"), _("Results sent back to work among all results checked."),
        SHARE, (of.REWORKED,), CHECKED, source=STANDARD,
    ),
    Indicator(
        "verification", _("Verification rate"), _("Results verified among all results checked."),
        SHARE, (of.VERIFIED,), CHECKED, source=STANDARD,
    ),
    Indicator(
        "return", _("Return rate"),
        _("Cases handed back or passed on among all that left a holder: done, handed up, handed back or passed on."),
        SHARE, (of.HANDED_BACK, of.TRANSFERRED), HOLDING_ENDED, source=STANDARD,
    ),
    Indicator(
        "hand_up", _("Hand-up rate"),
        _("Cases handed up among all that left a holder: done, handed up, handed back or passed on."),
        SHARE, (of.HANDED_UP,), HOLDING_ENDED,
    ),
    Indicator(
        "responded", pgettext_lazy("indicator", "Responded"),
        _("Reporters contacted within the limit among all first contacts that were due."),
        SHARE, (of.FIRST_CONTACT_IN_TIME,), (of.FIRST_CONTACT_IN_TIME, of.FIRST_CONTACT_LATE), source=BEIJING,
    ),
    Indicator(
        "solved", pgettext_lazy("indicator", "Solved"),
        _("Cases whose reporters all said “solved” among those with a clear answer."),
        SHARE, (of.CONFIRMED_AS["confirmed"],), (of.CONFIRMED_AS["confirmed"], of.REFUSED), source=BEIJING,
    ),
    Indicator(
        "satisfied", pgettext_lazy("indicator", "Satisfied"),
        _("Ratings of three to five among all ratings."),
        SHARE, RATINGS[2:], RATINGS, source=BEIJING,
    ),
    Indicator(
        "solved_in_grid", _("Solved at the lowest level"), _("Cases solved in the grid among all solved."),
        SHARE, (of.SOLVED_IN_GRID,), (of.SOLVED_AT_LEVEL,),
    ),
    Indicator(
        "first_contact", _("First contact, median"),
        _("Countable time from accepting to the first contact with the reporter: half of the cases took less."),
        MEDIAN, clock="contact",
    ),
    Indicator(
        "time_on_level", _("Time on a level, median"),
        _("Countable time a level held a case: half of the stretches took less."), MEDIAN, clock="stage",
    ),
    Indicator(
        "reopened", _("Reopen rate"), _("Cases opened again for each case closed in the period."),
        SHARE, (of.REOPENED,), (of.CLOSED,),
    ),
    Indicator(
        "unconfirmed", pgettext_lazy("indicator", "Unconfirmed"),
        _("Cases closed by silence among those closed after asking the reporter."),
        SHARE, (of.CONFIRMED_AS["unconfirmed"],), (of.CONFIRMED_AS["confirmed"], of.CONFIRMED_AS["unconfirmed"]),
    ),
    Indicator(
        "arrived", pgettext_lazy("indicator", "Arrived when whistled"),
        _("Units that arrived in time for each unit whistled in the period."),
        SHARE, (of.ARRIVED,), (of.WHISTLED,),
    ),
    Indicator(
        "stuck", pgettext_lazy("indicator", "Stuck"),
        _("Cases found without change of state for two stages."), COUNT, (of.STUCK,),
    ),
    Indicator(
        "untouched", pgettext_lazy("indicator", "Untouched"),
        _("Cases found without any act for half a stage."), COUNT, (of.UNTOUCHED,),
    ),
    Indicator(
        "open", pgettext_lazy("indicator", "Open"),
        _("Open cases at the end of the period."), STOCK, stock=of.OPEN
    ),
    Indicator(
        "overdue", pgettext_lazy("indicator", "Overdue"),
        _("Open cases whose promise is broken at the end."),
        STOCK, stock=of.OVERDUE_OPEN,
    ),
)  # fmt: skip
INDICATORS: dict[str, Indicator] = {indicator.code: indicator for indicator in _ALL}


def facts_of(indicators: Iterable[Indicator]) -> set[str]:
    """The counted facts these indicators need, stocks left out."""
    return {code for one in indicators for code in (*one.numerator, *one.denominator)}
