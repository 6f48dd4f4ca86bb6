"""The map: brought in after a look, put into force together with the open cases it moves."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gewu.domain.areas import queries
from gewu.domain.areas.models import BorderVersion
from tests.web.pages import form
from tests.web.staff.pages import client_of, text_of

IMPORT = "/staff/maps/import"


def _file(*, border: float | None = None) -> SimpleUploadedFile:
    """The map in force; with `border` the line between the grids a1 and a2 lies there."""
    version = queries.current_version()
    assert version is not None
    content = json.dumps(queries.feature_collection(version))
    if border is not None:
        content = content.replace("32.52]", f"{border}]")
    return SimpleUploadedFile("map.geojson", content.encode())


def _send(client: Any, **more: Any) -> Any:
    return client.post(IMPORT, form(client.get(IMPORT), IMPORT) | more)


def test_a_look_keeps_nothing(desk: ModuleType) -> None:
    answer = _send(client_of("administrator"), file=_file(), do="check")
    assert answer.status_code == 200
    assert "Nothing is kept yet." in text_of(answer)
    assert BorderVersion.objects.count() == 1


def test_a_new_border_moves_its_open_cases(desk: ModuleType) -> None:
    lon, lat = desk.middle("a1")
    told = desk.report_case()
    client = client_of("administrator")
    kept = _send(client, file=_file(border=lat + 0.003), do="import")
    assert kept["Location"] == "/staff/maps/2", text_of(kept)
    assert told.case.number in text_of(client.get("/staff/maps/2"))
    client.post("/staff/maps/2/force")
    assert queries.current_version().number == 2  # type: ignore[union-attr]
    located = queries.locate(lon, lat).area
    assert located is not None
    assert desk.fresh(told).scope_path == located.path
    assert located.code == "a2"


def test_the_same_form_twice_keeps_one_map(desk: ModuleType) -> None:
    client = client_of("administrator")
    fields = form(client.get(IMPORT), IMPORT)
    for _n in range(2):
        client.post(IMPORT, fields | {"file": _file(), "do": "import"})
    assert BorderVersion.objects.count() == 2


def test_faults_are_listed_with_size_and_place_to_be_accepted(desk: ModuleType) -> None:
    content = json.loads(_file().read())
    content["features"] = [one for one in content["features"] if one["properties"]["code"] != "a1"]
    answer = _send(
        client_of("administrator"), file=SimpleUploadedFile("m", json.dumps(content).encode()), do="import"
    )
    assert answer.status_code == 422
    assert 'name="accept"' in text_of(answer)
    assert "m²" in text_of(answer)
    assert BorderVersion.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"no json", b"[]"])
def test_a_file_that_is_no_map_is_refused(desk: ModuleType, content: bytes) -> None:
    answer = _send(client_of("administrator"), file=SimpleUploadedFile("m", content), system="gcj02")
    assert answer.status_code == 422
    assert 'value="gcj02" selected' in text_of(answer)


def test_a_prepared_map_can_be_thrown_away(desk: ModuleType) -> None:
    client = client_of("administrator")
    _send(client, file=_file(), do="import")
    assert client.post("/staff/maps/2/discard")["Location"] == "/staff/areas"
    assert BorderVersion.objects.count() == 1
    assert client.post("/staff/maps/1/discard").status_code == 403
