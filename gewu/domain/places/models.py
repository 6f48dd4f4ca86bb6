"""What is stored of a place: where it is and how many households it counts; who lives there is not."""

from __future__ import annotations

from django.db import models

from gewu.domain.rows import Row


class Place(Row):
    """A compound, a group of buildings, a village group, a venue. Households and residents are counts, no persons."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="places")
    lon = models.FloatField()
    lat = models.FloatField()
    households = models.PositiveIntegerField(default=0)
    residents = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name
