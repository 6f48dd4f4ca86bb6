"""What is stored about the installation: one row of its own, its working hours, and the edited days of its calendar.

There is one installation in a database, and the primary key says so: a second row cannot be written. Every change
that moves deadlines raises `calendar_version`, which decides races, and writes `calendar_digest`, by which each
process knows whether the calendar it holds is still the one.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from gewu.core import chance
from gewu.domain.rows import Row

ONLY = 1  # the key of the one row

ZONE = "Asia/Shanghai"
NATIONAL = "cn"
PREFIX = "LT"
USUAL_SPANS = [[480, 720], [840, 1080]]  # 8:00-12:00, 14:00-18:00


def usual_spans() -> list[list[int]]:
    """The default of rules.md 3, as a list of its own for each row."""
    return [list(span) for span in USUAL_SPANS]


class Installation(models.Model):
    """The one place this program serves."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    uid = models.UUIDField(default=chance.new_id, editable=False)  # the journal's name for it
    code = models.CharField(max_length=32)  # area code of the place, e.g. that of the subdistrict
    name = models.CharField(max_length=80)
    names = models.JSONField(default=dict)  # language -> name
    prefix = models.CharField(max_length=4, default=PREFIX)  # of case numbers
    zone = models.CharField(max_length=64, default=ZONE)
    national = models.CharField(max_length=2, default=NATIONAL, blank=True)  # "cn", or "" for none
    phone = models.CharField(max_length=20, blank=True)
    supervision_phone = models.CharField(max_length=20, blank=True)
    is_model = models.BooleanField(default=False)  # invented data: pages and papers say so
    opened_at = models.DateTimeField()
    calendar_version = models.PositiveIntegerField(default=1)
    calendar_digest = models.CharField(
        max_length=64, blank=True
    )  # of hours, days and years, for those who keep it

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=ONLY), name="installation_only_one")]

    @property
    def subject(self) -> tuple[str, Any]:
        """What journal entries about it name."""
        return "installation", self.uid


class WorkingHours(models.Model):
    """The working spans of a day, in minutes from midnight: ``[[480, 720], [840, 1080]]``."""

    installation = models.OneToOneField(
        Installation, primary_key=True, on_delete=models.PROTECT, related_name="hours"
    )
    spans = models.JSONField(default=usual_spans)


class CalendarDay(Row):
    """One day on which the edited table speaks: it goes before the national calendar and the week."""

    date = models.DateField(unique=True)
    working = models.BooleanField()
    note = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=80, blank=True)  # the notice or file it was taken from


class PublishedYear(models.Model):
    """A year whose table is complete: its days are no longer provisional, also those not named."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    at = models.DateTimeField()
