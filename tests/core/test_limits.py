"""Bounds agree with one another."""

from __future__ import annotations

from gewu.core import limits


def test_every_bound_is_a_positive_whole_number() -> None:
    bounds = {name: value for name, value in vars(limits).items() if name.isupper()}
    assert bounds
    assert all(type(value) is int and value > 0 for value in bounds.values()), bounds


def test_a_report_with_all_its_photos_fits_into_one_form() -> None:
    assert limits.PHOTOS * limits.PHOTO_BYTES + 4 * limits.TEXT < limits.FORM_BYTES


def test_smaller_bounds_lie_below_larger_ones() -> None:
    assert limits.PAGE <= limits.PAGE_MOST
    assert limits.NAME < limits.TITLE < limits.NOTE < limits.TEXT
    assert limits.BULK_ALONE < limits.BULK
    # A photo that fills the kept size is well below what may be sent.
    assert limits.PHOTO_EDGE**2 < limits.PHOTO_PIXELS
