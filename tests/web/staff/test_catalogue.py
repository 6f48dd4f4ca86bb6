"""The catalogue: versions, what is only assumed, and changes that meet."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from gewu.domain.catalogue import queries
from tests.web.pages import form
from tests.web.staff.pages import client_of, text_of

WASTE = "/staff/catalogue/0110"


def _fields(client: Any) -> dict[str, Any]:
    """What the change form would send untouched; of a list of several choices all that are chosen."""
    found = form(client.get(WASTE), "")
    return found | {"evidence": ["before", "after"]}


def test_a_new_limit_makes_the_next_version(desk: ModuleType) -> None:
    client = client_of("administrator")
    answer = client.post(WASTE, _fields(client) | {"limit": "W6h"}, follow=True)
    assert "Version 2 applies to new cases." in text_of(answer)
    new = queries.condition("0110")
    assert new is not None
    assert (new.version, new.limit, new.sources["limit"]) == (2, "W6h", "edited")


def test_an_assumed_value_is_confirmed_as_it_is(desk: ModuleType) -> None:
    client = client_of("administrator")
    client.post(WASTE, _fields(client) | {"confirm": "level"})
    new = queries.condition("0110")
    assert new is not None
    assert new.sources["level"] == "edited"
    assert new.level == "G"


def test_a_malformed_limit_is_named_and_stays(desk: ModuleType) -> None:
    client = client_of("administrator")
    answer = client.post(WASTE, _fields(client) | {"limit": "soon"})
    assert answer.status_code == 422
    assert 'id="limit-error"' in text_of(answer)
    assert 'value="soon"' in text_of(answer)


def test_of_two_administrators_the_second_is_told(desk: ModuleType) -> None:
    client = client_of("administrator")
    fields = _fields(client)
    client.post(WASTE, fields | {"limit": "W6h"})
    assert client.post(WASTE, fields | {"limit": "W8h"}).status_code == 409


def test_a_condition_is_added_and_retired(desk: ModuleType) -> None:
    client = client_of("administrator")
    given = {"code": "0110x", "subclass": "0110", "names_zh-hans": "桶满外溢", "closing_zh-hans": "已清走"}
    client.post("/staff/catalogue/add", given | {"level": "G", "target": "done", "limit": "W4h"})
    assert queries.condition("0110x") is not None
    client.post("/staff/catalogue/0110x/retire", {"version": "1"})
    assert "retired" in text_of(client.get("/staff/catalogue/0110x"))


def test_a_code_is_used_once(desk: ModuleType) -> None:
    given = {"code": "0110", "subclass": "0110", "names_zh-hans": "桶满外溢", "closing_zh-hans": "已清走"}
    answer = client_of("administrator").post("/staff/catalogue/add", given | {"level": "G", "target": "done"})
    assert answer.status_code == 422
    assert "桶满外溢" in text_of(answer)


def test_others_read_and_do_not_write(desk: ModuleType) -> None:
    client = client_of("lead_a1")
    assert "Write the next version" not in text_of(client.get(WASTE))
    assert client.post(WASTE, {"version": "1", "limit": "W6h"}).status_code == 404


def test_words_find_conditions(desk: ModuleType) -> None:
    assert "/staff/catalogue/0110" in text_of(client_of("lead_a1").get("/staff/catalogue?words=垃圾"))
