"""Every stored field of these packages says what it is about people, why it is there and who may see it."""

from __future__ import annotations

import pytest
from django.apps import apps

from gewu.domain.privacy import registry


@pytest.mark.parametrize("package", ["privacy", "media"])
def test_every_field_has_a_line(package: str) -> None:
    assert registry.missing(list(apps.get_app_config(package).get_models())) == []


def test_no_line_is_left_from_a_field_that_went() -> None:
    known = {
        (model._meta.label, field.name)
        for package in ("privacy", "media")
        for model in apps.get_app_config(package).get_models()
        for field in model._meta.get_fields()
    }
    assert [
        line
        for line in registry.lines()
        if line.model.split(".")[0] in ("privacy", "media") and (line.model, line.field) not in known
    ] == []


def test_the_notice_tells_of_people_only() -> None:
    told = {(line.model, line.field) for line in registry.notice()}

    assert ("privacy.Contact", "sealed") in told
    assert ("privacy.RowKey", "wrapped") not in told


def test_one_field_cannot_mean_two_things() -> None:
    with pytest.raises(ValueError, match="two meanings"):
        registry.register(
            "privacy.Contact",
            "sealed",
            kind="public",
            purpose="reach",
            retention="contact",
            readers="everyone",
        )
