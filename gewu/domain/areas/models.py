"""What is kept about areas: the tree, and for every version of the map the border of each area.

An area is a node that outlives its borders: posts, places and cases point at it. Its `path` is made of short keys
given at creation (paths.py); it says nothing about codes and never changes, so a range over it is the subtree on
both databases. Codes are strings and nothing is ever read out of them.

A map is stored whole, as one `BorderVersion` with one `Border` per area, so that a case can always be located under
the version it was filed with. Versions move one way: prepared -> in force -> past.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gewu.domain.rows import Row


class Level(models.TextChoices):
    """Ranks of the tree, outermost first."""

    DISTRICT = "district", _("district")
    SUBDISTRICT = "subdistrict", _("subdistrict")
    COMMUNITY = "community", _("community")
    GRID = "grid", _("grid")
    MICROGRID = "microgrid", _("micro-grid")


class Area(Row):
    """One node. `names` holds the name in other languages by language code; `name` is the one of the place itself."""

    code = models.CharField(max_length=32)
    level = models.CharField(max_length=12, choices=Level.choices)
    # A word of the map's makers (village, committee, exclusive, ...): shown, never decided upon.
    kind = models.CharField(max_length=32, blank=True)
    name = models.CharField(max_length=120)
    names = models.JSONField(default=dict, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=30, unique=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the first day on which it is no longer valid

    class Meta:
        ordering = ["code"]
        constraints = [
            # A code may come back after its area ended, never while it is valid.
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(valid_to__isnull=True),
                name="area_code_unique_while_valid",
            ),
        ]
        indexes = [models.Index(fields=["level", "code"], name="area_level_code")]


class BorderVersion(Row):
    """One whole map of the installation."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        IN_FORCE = "in_force", _("in force")
        PAST = "past", _("past")

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    takes_effect = models.DateField()
    in_force_at = models.DateTimeField(null=True, blank=True)
    past_at = models.DateTimeField(null=True, blank=True)
    # Names of the faults somebody took responsibility for, and how many trifles below 0.5 m2 were left alone.
    accepted = models.JSONField(default=list, blank=True)
    ignored = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="in_force"), name="one_border_version_in_force"
            ),
        ]


class Border(Row):
    """The border of one area in one version: a GeoJSON Polygon or MultiPolygon in WGS 84."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="borders")
    version = models.ForeignKey(BorderVersion, on_delete=models.CASCADE, related_name="borders")
    # How the map names the area; the area itself takes this over when the map comes into force.
    kind = models.CharField(max_length=32, blank=True)
    name = models.CharField(max_length=120)
    names = models.JSONField(default=dict, blank=True)
    geometry = models.TextField()
    surface_m2 = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "version"], name="one_border_per_area_and_version")
        ]
