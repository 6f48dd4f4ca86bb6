"""Pages in traditional characters, and in English, name everything of the model place in them."""

from __future__ import annotations

from gewu.demo.names import GIVEN_FIRST, GIVEN_SECOND, SURNAMES
from gewu.demo.patrols import PLANS
from gewu.demo.town import build, feature_collection
from gewu.demo.traditional import names
from tools import messages

# The dictionary takes 路志 out of 护学路|志愿队 for a word of its own.
CUT_WRONGLY = ("誌願", "志願")
# Surnames that are the same in both; the dictionary takes them for words.
SURNAMES_KEPT = "于范余"


def test_every_name_has_the_characters_a_dictionary_gives_it() -> None:
    town, convert = build(2026), messages.converter()
    called = {one.name for one in (*town.areas, *town.units, *town.unit_kinds, *town.places)}
    called |= {post.title for post in town.posts} | {plan[1][0] for plan in PLANS}
    called |= set(GIVEN_FIRST + GIVEN_SECOND)
    assert len(called) > 2000
    for name in called:
        assert names(name, "")["zh-hant"] == convert(name).replace(*CUT_WRONGLY), name
    for surname in SURNAMES:
        assert names(surname)["zh-hant"] == (surname if surname in SURNAMES_KEPT else convert(surname)), (
            surname
        )


def test_everything_but_people_has_an_english_name_too() -> None:
    town = build(2026)
    called = [one.name_en for one in (*town.areas, *town.units, *town.unit_kinds, *town.places)]
    called += [post.title_en for post in town.posts] + [plan[1][1] for plan in PLANS]
    assert all(name and name.isascii() for name in called)


def test_the_map_brings_them_in() -> None:
    features = feature_collection(build(2026))["features"]
    assert isinstance(features, list)
    told = {one["properties"]["code"]: one["properties"]["names"] for one in features}
    assert told["321204001"] == {"zh-hans": "罗塘街道", "zh-hant": "羅塘街道", "en": "Luotang Subdistrict"}
