"""What is stored about a case. Texts lie in `privacy` under keys of their own; here are only their ids."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q

from gewu.core.worktime import Kind
from gewu.domain.rows import Row

COMMUNITY_PATH, GRID_PATH = 9, 12  # signs of `scope_path` that name the community and the grid


def beginning(length: int) -> Func:
    """So many signs of `scope_path`, as the indexes below spell it: a bound number would not be recognised."""
    return Func(F("scope_path"), function="SUBSTR", template=f"%(function)s(%(expressions)s, 1, {length})")


class Case(Row):
    """One matter. The hot row: lists read it alone, so what they sort and filter by stands here."""

    number = models.CharField(max_length=24, unique=True)
    version = models.PositiveIntegerField(default=1)  # raised by every act; the order within a case
    state = models.CharField(max_length=12)
    is_open = models.BooleanField(default=True)
    level = models.CharField(max_length=1)
    start_level = models.CharField(max_length=1)
    sensitivity = models.CharField(max_length=12, default="normal")  # normal private confidential
    emergency = models.BooleanField(default=False)
    source = models.CharField(max_length=16)
    reference = models.CharField(
        max_length=64, default=""
    )  # the number another system gave it: a hotline ticket
    condition = models.ForeignKey("catalogue.Condition", on_delete=models.PROTECT, related_name="+")

    holder_post = models.ForeignKey(
        "people.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    holder_unit = models.ForeignKey(
        "people.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        "people.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided = models.BooleanField(default=False)  # its holder was named from above and can only hand up
    returns = models.PositiveSmallIntegerField(default=0)  # returns and transfers since the last decision

    text_id = models.UUIDField()
    place_text_id = models.UUIDField(null=True)
    place = models.ForeignKey(
        "places.Place", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    filed_area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+", db_index=False)
    scope_path = models.CharField(max_length=32)
    on_border = models.BooleanField(default=False)

    filed_at = models.DateTimeField()
    promised_at = models.DateTimeField(
        null=True
    )  # a deadline another system has set; it goes before the limit
    accepted_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)  # the post that reported done: someone else verifies
    verified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField()  # last act; finds untouched cases
    moved_at = models.DateTimeField()  # last change of state; finds stuck cases
    wakes_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # the reporter is being asked: clocks pause
    overdue_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()  # earliest running deadline; clocks.NOTHING_DUE when none runs
    extension = models.CharField(max_length=8, default="")  # "" asked granted refused

    reason = models.CharField(max_length=32, default="")  # why declined, waiting or void
    closing = models.CharField(max_length=12, default="")  # solved notice unfounded withdrawn merged
    confirmation = models.CharField(max_length=12, default="")  # confirmed unconfirmed refused none
    reopened = models.PositiveSmallIntegerField(default=0)
    reopened_by_reporter = models.BooleanField(default=False)
    appeal = models.CharField(max_length=12, default="")  # "" asked reviewed accepted refused
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    split_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="children", db_index=False
    )

    class Meta:
        constraints = [
            # A ticket imported twice is one case.
            models.UniqueConstraint(
                fields=["source", "reference"], condition=~Q(reference=""), name="case_reference"
            )
        ]
        indexes = [
            # The work queue: open cases by their next deadline: of everything, of a community, of a grid.
            # Larger areas walk through the first: nearly all that is open is theirs.
            models.Index(fields=["due_at", "id"], name="case_open_by_due", condition=Q(is_open=True)),
            models.Index(
                beginning(COMMUNITY_PATH),
                "due_at",
                "id",
                name="case_open_community",
                condition=Q(is_open=True),
            ),
            models.Index(
                beginning(GRID_PATH), "due_at", "id", name="case_open_grid", condition=Q(is_open=True)
            ),
            models.Index(
                fields=["due_at", "id"],
                name="case_overdue",
                condition=Q(is_open=True, overdue_at__isnull=False),
            ),
            models.Index(
                fields=["department", "due_at", "id"],
                name="case_open_category",
                condition=Q(is_open=True, start_level="D"),
            ),
            models.Index(fields=["holder_unit", "due_at"], name="case_open_unit", condition=Q(is_open=True)),
            models.Index(fields=["holder_post", "due_at"], name="case_open_post", condition=Q(is_open=True)),
            # All there ever were: of a holder, of a department's categories, of an area, of everything.
            models.Index(
                fields=["holder_post", "filed_at"],
                name="case_of_post",
                condition=Q(holder_post__isnull=False),
            ),
            models.Index(
                fields=["holder_unit", "filed_at"],
                name="case_of_unit",
                condition=Q(holder_unit__isnull=False),
            ),
            models.Index(
                fields=["department", "filed_at"], name="case_department", condition=Q(start_level="D")
            ),
            models.Index(fields=["scope_path", "filed_at"], name="case_area_filed"),
            models.Index(fields=["filed_at"], name="case_filed"),
            models.Index(fields=["closed_at"], name="case_closed", condition=Q(is_open=False)),
            # What is known here already: near in place, or of one place (similar.py).
            models.Index(fields=["lat", "lon"], name="case_position", condition=Q(lat__isnull=False)),
            models.Index(fields=["place", "filed_at"], name="case_place", condition=Q(place__isnull=False)),
            # The few that wait for a day or for a word: the worker looks for them each second.
            models.Index(fields=["wakes_at"], name="case_wakes", condition=Q(wakes_at__isnull=False)),
            models.Index(fields=["asked_at"], name="case_asked", condition=Q(asked_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number


class Report(Row):
    """A reporter's tie to a case: the receipt, the handle of the contact, the own answer. One for each reporter."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    number = models.CharField(
        max_length=24, unique=True
    )  # the receipt's number: the case's own, or one given on joining
    mac = models.BinaryField(max_length=32)
    contact_id = models.UUIDField(null=True)
    sealed_id = models.UUIDField(null=True)
    about_unit = models.UUIDField(null=True)  # the unit complained of, also where no contact was left
    joined = models.BooleanField(default=False)
    wants_answer = models.BooleanField(default=True)
    entered_by = models.UUIDField(null=True)  # the post that typed it for the reporter
    filed_at = models.DateTimeField()
    answer = models.CharField(max_length=8, default="")  # "" solved refused
    answered_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)
    rating_text_id = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=8, default="zh-hans")
    of_open = models.BooleanField(default=True)  # its case is open: kept by `Step`, for lists

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="report_rating_1_5"
            )
        ]
        indexes = [
            models.Index(
                fields=["entered_by", "case"],
                name="report_entered_case",
                condition=Q(entered_by__isnull=False),
            ),
            models.Index(
                fields=["entered_by", "case"],
                name="report_entered_open",
                condition=Q(entered_by__isnull=False, of_open=True),
            ),
        ]


class Party(Row):
    """A post or unit with a part in a case besides holding it now."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    relation = models.CharField(max_length=8)  # held helper whistled heard say_lead say_disp
    post = models.ForeignKey(
        "people.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        "people.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # whistled: the arrival is due; heard: its text is due
    answered_at = models.DateTimeField(null=True)  # whistled: arrived; heard: has spoken
    missed_at = models.DateTimeField(
        null=True
    )  # whistled: its limit has passed, and the worker has seen to it
    leads = models.BooleanField(default=False)
    of_open = models.BooleanField(default=True)  # its case is open: kept by `Step`, for lists

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "relation", "unit"],
                condition=Q(unit__isnull=False, until__isnull=True),
                name="party_unit_once",
            ),
            models.UniqueConstraint(
                fields=["case", "relation", "post"],
                condition=Q(unit__isnull=True, until__isnull=True),
                name="party_post_once",
            ),
        ]
        indexes = [
            # With the case in it: a list reads the index alone.
            models.Index(fields=["unit", "relation", "case"], name="party_of_unit"),
            models.Index(fields=["post", "relation", "case"], name="party_of_post"),
            models.Index(
                fields=["unit", "relation", "case"], name="party_open_unit", condition=Q(of_open=True)
            ),
            models.Index(
                fields=["post", "relation", "case"], name="party_open_post", condition=Q(of_open=True)
            ),
            # The few that are called and not there yet: the worker looks for them each second.
            models.Index(
                fields=["due_at"],
                name="party_not_there",
                condition=Q(relation="whistled", answered_at=None, until=None, missed_at=None),
            ),
        ]


class Clock(Row):
    """One deadline: started once, paused and resumed, stopped once. Fires yellow, red and overdue once each."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=10)  # promise accept contact dispatch stage verify confirm
    level = models.CharField(max_length=1)
    holder_post = models.UUIDField(null=True)
    holder_unit = models.UUIDField(null=True)
    limit_kind: models.CharField[Kind, Kind] = models.CharField(max_length=1)
    limit_seconds = models.PositiveIntegerField()  # countable time
    started_at = models.DateTimeField()
    resumed_at = models.DateTimeField()  # counting since; start or last resume
    counted = models.PositiveIntegerField(default=0)  # countable seconds before `resumed_at`
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # null while paused
    warned = models.PositiveSmallIntegerField(default=0)  # 0 none, 1 yellow, 2 red, 3 overdue
    next_at = models.DateTimeField(null=True)  # when the next warning fires; null: nothing to fire
    provisional = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="clock_next", condition=Q(next_at__isnull=False)),
            # What the worker looks for each second: reporters whose time to answer is over.
            models.Index(
                fields=["due_at"], name="clock_confirm", condition=Q(kind="confirm", stopped_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(stopped_at__isnull=True), name="clock_one_running"
            )
        ]


class Stage(Row):
    """The time ledger: one row for each stretch of a case on a level with a holder; open while it lasts."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stages")
    state = models.CharField(max_length=12)
    level = models.CharField(max_length=1)
    holder_post = models.UUIDField(null=True)
    holder_unit = models.UUIDField(null=True)
    sent_by_post = models.UUIDField(null=True)  # who sent it here: hand back returns to them
    sent_by_unit = models.UUIDField(null=True)
    sent_from_level = models.CharField(max_length=1, default="")
    charged_level = models.CharField(max_length=1)  # a wrong-address transfer is booked to the sender's level
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="stage_one_open"
            )
        ]


class CaseText(Row):
    """A piece of writing in a case's story: note, question, answer, addition, what was tried, evidence."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="texts")
    version = models.PositiveIntegerField()  # the act it came with
    kind = models.CharField(
        max_length=10
    )  # report note question answer addition reason tried evidence rating
    text_id = models.UUIDField()
    public = models.BooleanField(default=False)  # the reporter may read it
    by_reporter = models.BooleanField(default=False)
    report_id = models.UUIDField(null=True)  # whose words or pictures: no other reporter sees them
    at = models.DateTimeField()


class CasePhoto(Row):
    """A photo in a case's story."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="photos")
    version = models.PositiveIntegerField()
    photo_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=8)  # report before after
    public = models.BooleanField(default=False)
    by_reporter = models.BooleanField(default=False)
    report_id = models.UUIDField(null=True)  # whose words or pictures: no other reporter sees them
    at = models.DateTimeField()


class Merge(Row):
    """A case joined to another; what it was before is kept, so that merging can be undone."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="merges")
    into = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    state_before = models.CharField(max_length=12)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class ReCheck(Row):
    """A closed case drawn to be looked at again by someone who had no part in it."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="recheck")
    area_path = models.CharField(max_length=32)
    drawn_at = models.DateTimeField()
    seed = models.CharField(max_length=64)
    result = models.CharField(max_length=8, default="")  # "" right wrong
    done_at = models.DateTimeField(null=True)


class Bulk(Row):
    """One act on many cases. It waits ten seconds, can be called off, and says for each case how it went."""

    move = models.CharField(max_length=16)
    numbers = models.JSONField()
    given = models.BinaryField()  # sealed: it may hold a text
    post_id = models.UUIDField()
    user_id = models.UUIDField()
    asked_at = models.DateTimeField()
    starts_at = models.DateTimeField(null=True)  # null: waits for a second person
    state = models.CharField(max_length=8, default="waiting")  # waiting running done off
    results = models.JSONField(default=dict)


class NumberBlock(models.Model):
    """Case numbers are handed out in blocks, so that writers do not meet on one counter. Gaps are allowed."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    next_serial = models.PositiveBigIntegerField(default=1)
