"""Units, posts and who holds them when.

A post is one seat: a role in an area or unit, with at most one holder on any day. A person may hold several posts,
each by an appointment of its own. Periods are whole local days, first and last day included; no last day means "until
further notice". Codes are stable: an import finds its rows by them, and nothing parses them.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gewu.domain.rows import Row


class UnitKind(Row):
    """A kind of unit: committee, enforcement team, property company, Party branch. Data, not program."""

    code = models.CharField(max_length=32, unique=True)
    names = models.JSONField(default=dict)  # language -> name
    level = models.CharField(max_length=1, blank=True, default="")  # the level such units usually stand on


class Unit(Row):
    """An organisation that can hold or join a case."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.ForeignKey(UnitKind, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    area = models.ForeignKey("areas.Area", null=True, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=1)
    name = models.CharField(max_length=120)
    names = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)


class UnitCoverage(Row):
    """A unit serves an area besides the one it belongs to."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="coverage")
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "area"], name="unit_covers_area_once")]


class Post(Row):
    """One seat. `version` is raised by every act on the seat, so that two acts cannot pass each other."""

    code = models.CharField(max_length=40, unique=True)
    role = models.CharField(max_length=20)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="posts")
    level = models.CharField(max_length=1)
    title = models.CharField(max_length=80)
    names = models.JSONField(default=dict)  # language -> title
    duties = models.TextField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["area", "role"], name="post_area_role")]

    @property
    def name(self) -> str:
        """Its title, under the name all else goes by."""
        return self.title


class Appointment(Row):
    """Who holds a seat, from which day to which."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    starts = models.DateField()
    ends = models.DateField(null=True)
    full_time = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(ends__isnull=True), name="post_one_open_holder"
            ),
            models.UniqueConstraint(fields=["post", "user", "starts"], name="appointment_once"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="appointment_order"
            ),
        ]


class Absence(Row):
    """A person is away and somebody stands in. The reason is a coarse code; illness is nobody's business here."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="stands_in_for"
    )
    starts = models.DateField()
    ends = models.DateField(null=True)
    reason_code = models.CharField(max_length=16, default="away")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ends__isnull=True), name="absence_one_open"),
            models.UniqueConstraint(fields=["user", "starts"], name="absence_once"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="absence_order"
            ),
        ]
        indexes = [models.Index(fields=["stand_in", "starts"], name="absence_stand_in")]
