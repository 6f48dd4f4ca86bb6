"""What stands on paper leads to the page it names."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from gewu.domain.papers import links


def test_every_link_of_a_paper_is_the_address_of_its_page(settings: Any) -> None:
    settings.ADDRESS = "https://grid.example/"
    assert links.place("S1") == "https://grid.example" + reverse("resident:place", args=["S1"])
    assert links.grid("a1") == "https://grid.example" + reverse("resident:grid", args=["a1"])
    assert links.address(links.VISIT_OFF) == "https://grid.example" + reverse("resident:visit_off")
    assert links.address(links.FIND_PLACE) == "https://grid.example" + reverse("resident:find_place")
    assert links.shown(links.grid("a1")) == "grid.example/g/a1"
