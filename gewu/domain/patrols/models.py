"""What is stored of patrols. A tick is a place, a day and a result: no person, no hour (rules.md 6)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from gewu.core import chance
from gewu.domain.rows import Row


def timeless_id() -> uuid.UUID:
    """A key that says nothing of the hour it was made, for what somebody does at a place."""
    return uuid.UUID(bytes=chance.token_bytes(16), version=4)


class Timeless(models.Model):
    """The base of rows about a place that somebody was at: the usual key would tell the millisecond (rules.md 6)."""

    id = models.UUIDField(primary_key=True, default=timeless_id, editable=False)

    class Meta:
        abstract = True


class Plan(Row):
    """What is looked at, where, and how often. A change raises `version`; rounds that began keep their places."""

    name = models.CharField(max_length=80)
    names = models.JSONField(default=dict)  # language -> name
    kind = models.CharField(max_length=16)  # kinds.KINDS
    area = models.ForeignKey(
        "areas.Area", on_delete=models.PROTECT, related_name="+"
    )  # a grid, or all of a community
    frequency = models.CharField(max_length=8)  # daily weekly days monthly
    every = models.PositiveSmallIntegerField(default=1)  # days, for `days`
    starts = models.DateField()
    season_from = models.CharField(max_length=5, default="")  # MM-DD
    season_to = models.CharField(max_length=5, default="")
    # Places by their kinds, or by hand when some are named.
    place_kinds = models.JSONField(default=list)
    places = models.ManyToManyField("places.Place", related_name="+")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)


class Round(Row):
    """One walk along the places of a plan in one grid."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rounds")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")  # the grid
    due = models.DateField()  # the day it begins
    until = models.DateField()  # the last day to walk it
    state = models.CharField(max_length=16, default="open")  # open closed lapsed
    nothing_found = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "area", "due"], name="round_once")]
        indexes = [models.Index(fields=["area", "due"], name="round_open", condition=Q(state="open"))]


class Stop(Row):
    """One place of a round and what was seen there; empty until somebody was there."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="stops")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()  # the order of the walk
    result = models.CharField(max_length=16, default="")  # fine finding unreached
    faults = models.JSONField(default=list)  # codes of the checklist
    on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "place"], name="stop_once")]


class Late(Timeless):
    """A tick that came when its round was over or no longer went there: kept as a note, never applied (rules.md 3)."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="late")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=16)  # fine unreached
    faults = models.JSONField(default=list)
    on = models.DateField()


class Finding(Timeless):
    """Something that was not as it should be: a case, or settled on the spot. Kept also when it came too late."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="findings")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    settled = models.BooleanField(default=False)
    text_id = models.UUIDField()
    photo_ids = models.JSONField(default=list)  # of what was settled; a case has its own
    late = models.BooleanField(default=False)  # the round was over, or no longer goes there
    on = models.DateField()


class Done(Timeless):
    """An act that was taken in: the same act again gets the same answer, however late (rules.md 9)."""

    act = models.UUIDField(unique=True)  # of the act's id and whose it is, which cannot be had back from it
    answer = models.JSONField()
    on = models.DateField()


class Visit(Row):
    """An appointment at a home, which the resident asked for or agreed to. Name, phone and door lie under row keys."""

    code = models.CharField(max_length=16, unique=True)  # with it the resident can call it off
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")  # the grid
    post = models.ForeignKey("people.Post", on_delete=models.PROTECT, related_name="+")  # who comes
    purpose = models.CharField(max_length=16)  # kinds.PURPOSES
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    state = models.CharField(max_length=16, default="agreed")  # agreed cancelled done
    contact_id = models.UUIDField(null=True)
    where_id = models.UUIDField()  # text: the door
    note_id = models.UUIDField(null=True)  # text: what was agreed
    ended_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["area", "begins"], name="visit_open", condition=Q(state="agreed"))]


class VisitNote(Row):
    """What was written of a visit that had been called off or was over already: kept, never applied (rules.md 3)."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="notes")
    text_id = models.UUIDField()
    on = models.DateField()
