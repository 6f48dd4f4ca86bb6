"""Pages in traditional characters name areas and units of the model place in them."""

from __future__ import annotations

from gewu.demo.town import build, feature_collection
from gewu.demo.traditional import names
from tools import messages

# The dictionary takes 路志 out of 护学路|志愿队 for a word of its own.
CUT_WRONGLY = ("誌願", "志願")


def test_every_name_has_the_characters_a_dictionary_gives_it() -> None:
    town, convert = build(2026), messages.converter()
    called = {one.name for one in (*town.areas, *town.units, *town.unit_kinds)}
    assert len(called) > 700
    for name in called:
        assert names(name, "")["zh-hant"] == convert(name).replace(*CUT_WRONGLY), name


def test_the_map_brings_them_in() -> None:
    features = feature_collection(build(2026))["features"]
    assert isinstance(features, list)
    told = {one["properties"]["code"]: one["properties"]["names"] for one in features}
    assert told["321204001"] == {"zh-hans": "罗塘街道", "zh-hant": "羅塘街道", "en": "Luotang Subdistrict"}
