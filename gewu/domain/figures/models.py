"""What is stored of the figures: what happened, piece by piece, and the sums it is folded into.

An action only inserts `Delta` rows, so writers never meet on a counter. The worker folds them into `DayRow` (everything
that can be asked) and `DayTotal` (few rows for each area of the tree: what dashboards read). A reader adds the sums and
what is not folded yet, in one statement.

Nothing here names a person, a post or a case's text; `Duration` knows its case, so that a number can open the cases
behind it. `unit` is the hex id or "": an empty value is equal to itself in a unique index, a null is not.
"""

from __future__ import annotations

from datetime import date

from django.db import models

from gewu.domain.rows import Row

EVER = date(1970, 1, 1)  # the day of a total that holds all days: kept for stocks


class Key(models.Model):
    """By what figures can be asked."""

    day = models.DateField()  # local
    grid_path = models.CharField(max_length=32)
    unit = models.CharField(max_length=32, default="")
    condition_code = models.CharField(max_length=40, default="")
    level = models.CharField(max_length=1, default="")
    source = models.CharField(max_length=16, default="")
    indicator = models.CharField(max_length=32)
    amount = models.BigIntegerField()

    class Meta:
        abstract = True


class Delta(Row, Key):
    """One contribution of one journal entry. Only ever inserted, and deleted by the fold that took it over."""

    entry_id = models.UUIDField()


class DayRow(Row, Key):
    """The folded sum of one day under one key."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "grid_path", "unit", "condition_code", "level", "source", "indicator"],
                name="dayrow_once",
            ),
        ]
        indexes = [
            models.Index(fields=["indicator", "grid_path", "day"], name="dayrow_indicator"),
        ]


class DayTotal(Row):
    """The folded sum of one day for an area and everything below it, whatever unit, category and source."""

    path = models.CharField(max_length=32)
    parent = models.CharField(max_length=32)  # path of the area above, "-" above the whole installation
    day = models.DateField()
    level = models.CharField(max_length=1, default="")
    indicator = models.CharField(max_length=32)
    amount = models.BigIntegerField()

    class Meta:
        # Days before indicators: a dashboard reads a month of an area, however many years there were.
        constraints = [
            models.UniqueConstraint(fields=["path", "day", "indicator", "level"], name="daytotal_once"),
        ]
        indexes = [models.Index(fields=["parent", "day"], name="daytotal_parent_day")]


class Duration(Row):
    """One finished clock: how long it ran, in countable and wall seconds, and whether it was in time."""

    entry_id = models.UUIDField()
    case_id = models.UUIDField()
    kind = models.CharField(
        max_length=10
    )  # of the clock: promise accept contact dispatch stage verify confirm
    level = models.CharField(max_length=1)
    unit = models.CharField(max_length=32, default="")
    grid_path = models.CharField(max_length=32)
    condition_code = models.CharField(max_length=40, default="")
    day = models.DateField()  # local, on which it ended
    seconds = models.BigIntegerField()
    wall = models.BigIntegerField()
    in_time = models.BooleanField(null=True)  # null: ended without a judgement

    class Meta:
        indexes = [
            models.Index(fields=["kind", "day", "grid_path"], name="duration_kind_day"),
        ]
