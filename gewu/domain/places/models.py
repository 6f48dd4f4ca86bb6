"""What is stored of a place: where it is, how many households it counts, and the two names on its sign.

Nobody who lives there stands here, nobody who looked is remembered: of scans, patrols and complaints about a sign only
the last day is kept (rules.md 6).
"""

from __future__ import annotations

from django.db import models

from gewu.domain.rows import Row


class Place(Row):
    """A compound, a group of buildings, a shop, a fire lane. Households and residents are counts, no persons."""

    code = models.CharField(max_length=40, unique=True)  # how lists and imports name it
    kind = models.CharField(max_length=32)  # kinds.KINDS
    name = models.CharField(max_length=120)
    names = models.JSONField(default=dict)  # language -> name
    area = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="places")
    lon = models.FloatField()
    lat = models.FloatField()
    households = models.PositiveIntegerField(default=0)
    residents = models.PositiveIntegerField(default=0)
    keeper = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    attributes = models.JSONField(default=dict)  # kinds.check_attributes
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)  # raised when any of the above changes
    # On the sign (codes.py): the QR code's, and the number people can type.
    sign = models.CharField(max_length=20, unique=True)
    number = models.CharField(max_length=8, unique=True)
    # The last days on which ...
    scanned_on = models.DateField(null=True)  # somebody opened the page of the sign
    unreadable_on = models.DateField(
        null=True
    )  # somebody said the sign cannot be read, and it was not printed since
    printed_on = models.DateField(null=True)
    seen_on = models.DateField(null=True)  # a patrol was here

    class Meta:
        indexes = [models.Index(fields=["area", "code"], name="place_area_code")]

    def __str__(self) -> str:
        return self.name


class FormerSign(Row):
    """A sign that was replaced: whoever still scans it is led to the place."""

    sign = models.CharField(max_length=20, unique=True)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="former_signs")
    replaced_on = models.DateField()
