"""Places at the desk: the list and the health of its signs, one place, signs on paper, a list brought in."""

from __future__ import annotations

import io
import re
from types import ModuleType
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from pypdf import PdfReader

from gewu.core import limits, tables
from gewu.domain.accounts.rules import LANGUAGES
from gewu.domain.places import table
from gewu.domain.places.actions import add_place
from gewu.domain.places.kinds import KINDS, check_attributes
from gewu.domain.places.models import Place
from tests.places.conftest import given
from tests.web.staff.pages import client_of, text_of

FORM = {
    "code": "P7", "kind": "shop", "name": "东门超市", "area": "", "lon": "120.135", "lat": "32.525",
    "households": "", "residents": "", "keeper": "property", "active": "yes", "attributes_extinguishers": "2",
}  # fmt: skip


@pytest.fixture
def building(desk: ModuleType) -> Place:
    return add_place(given(town=desk), actor=desk.actor("director_a"), now=desk.NOW)


def test_a_lead_sees_and_finds_the_places_of_the_own_grid(desk: ModuleType, building: Place) -> None:
    add_place(given("P2", grid="a2", town=desk, name="别处"), actor=desk.actor("director_a"), now=desk.NOW)
    page = text_of(client_of("lead_a1").get("/staff/places"))
    assert "望湖小区3号楼" in page
    assert "别处" not in page
    found = text_of(client_of("director_a").get("/staff/places", {"text": building.number}))
    assert "望湖小区3号楼" in found
    assert "别处" not in found
    book = {"text": "长" * 60_000}
    assert client_of("director_a").get("/staff/places", book).status_code == 200
    assert client_of("director_a").post("/staff/places/signs.pdf", book).status_code == 302


def test_the_list_asks_few_queries_however_long(desk: ModuleType, django_assert_max_num_queries: Any) -> None:
    for number in range(8):
        add_place(given(f"P{number}", town=desk), actor=desk.actor("director_a"), now=desk.NOW)
    client = client_of("director_a")
    with django_assert_max_num_queries(14):
        client.get("/staff/places")


def test_a_place_is_added_changed_and_told_what_is_wrong(desk: ModuleType) -> None:
    client = client_of("director_a")
    wrong = client.post("/staff/places/add", FORM | {"name": "", "lon": "somewhere"})
    assert wrong.status_code == 422
    assert "东门" not in text_of(wrong)
    assert 'value="somewhere"' in text_of(wrong)
    assert client.post("/staff/places/add", FORM).status_code == 302
    place = Place.objects.get(code="P7")
    assert (place.area.code, place.attributes, place.keeper.code) == ("a1", {"extinguishers": 2}, "property")  # type: ignore[union-attr]
    client.post("/staff/places/P7", FORM | {"name": "西门超市", "version": "1"})
    assert Place.objects.get(code="P7").name == "西门超市"


def test_the_second_of_two_people_is_told_and_keeps_what_was_typed(desk: ModuleType) -> None:
    first, second = client_of("director_a"), client_of("lead_a1")
    first.post("/staff/places/add", FORM)
    for one in (first, second):
        assert 'name="version" value="1"' in text_of(one.get("/staff/places/P7"))
    assert first.post("/staff/places/P7", FORM | {"keeper": "", "version": "1"}).status_code == 302
    told = second.post("/staff/places/P7", FORM | {"name": "西门超市", "version": "1"})
    assert told.status_code == 409
    assert 'value="西门超市"' in text_of(told)
    place = Place.objects.get()
    assert (place.keeper, place.name) == (None, "东门超市")
    noted = {"kind": "shop", "attributes_extinguishers": "3", "version": "1"}
    assert client_of("worker_a1").post("/staff/places/P7", noted).status_code == 409


def test_a_worker_notes_details_and_a_damaged_sign_and_no_more(desk: ModuleType, building: Place) -> None:
    client = client_of("worker_a1")
    client.post(
        "/staff/places/P1", {"kind": "building", "attributes_floors": "6", "name": "另名", "version": "1"}
    )
    client.post("/staff/places/P1/unreadable")
    place = Place.objects.get()
    assert (place.attributes, place.name) == ({"floors": 6}, "望湖小区3号楼")
    assert place.unreadable_on == desk.NOW.date()
    assert client.get("/staff/places/add").status_code == 404


def test_printed_signs_scan_and_are_set_in_our_font(desk: ModuleType, building: Place) -> None:
    for number in range(2, 12):
        add_place(given(f"P{number}", town=desk), actor=desk.actor("director_a"), now=desk.NOW)
    answer = client_of("director_a").post("/staff/places/signs.pdf")
    made = answer.content
    reader = PdfReader(io.BytesIO(made))
    words = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert words.count("望湖小区3号楼") == 11
    fonts = {str(font["/BaseFont"]) for page in reader.pages for font in _fonts(page)}
    assert all("NotoSansSC" in name for name in fonts)
    document = pypdfium2.PdfDocument(made)
    found = {
        code.text
        for number in range(len(document))
        for code in zxingcpp.read_barcodes(document[number].render(scale=2.5).to_pil())
    }
    signs = set(Place.objects.values_list("sign", flat=True))
    assert found == {f"http://127.0.0.1:8000/p/{sign}" for sign in signs}
    assert Place.objects.get(code="P1").printed_on == desk.NOW.date()


def test_a_sign_speaks_chinese_and_english_whoever_prints_it(desk: ModuleType, building: Place) -> None:
    made = client_of("director_a", language="en").post("/staff/places/signs.pdf").content
    words = "".join(PdfReader(io.BytesIO(made)).pages[0].extract_text().split())
    for said in ("扫码反映", "Scan:reporthere", "服务电话", "Servicephone", "110"):
        assert said in words


def test_a_long_list_is_printed_in_batches(
    desk: ModuleType, building: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (2, 3):
        add_place(given(f"P{number}", town=desk), actor=desk.actor("director_a"), now=desk.NOW)
    monkeypatch.setattr("gewu.core.limits.SIGNS", 2)
    client, asked = client_of("director_a"), {"health": "not_printed"}
    page = text_of(client.post("/staff/places/signs.pdf", asked))
    assert "Signs 1 to 2" in page
    assert "Signs 3 to 3" in page
    starts = re.findall(r'name="after" value="([^"]*)"', page)
    for after in starts:  # the second holds what it held, although the first has left the list meanwhile
        assert (
            client.post("/staff/places/signs.pdf", asked | {"after": after})["Content-Type"]
            == "application/pdf"
        )
    assert Place.objects.filter(printed_on=desk.NOW.date()).count() == 3


def test_only_the_ticked_ones_are_printed(desk: ModuleType, building: Place) -> None:
    add_place(given("P2", town=desk), actor=desk.actor("director_a"), now=desk.NOW)
    client_of("director_a").post("/staff/places/signs.pdf", {"code": ["P2"]})
    assert Place.objects.get(code="P1").printed_on is None
    nothing = client_of("lead_b1").post("/staff/places/signs.pdf", {"code": ["P1"]}, follow=True)
    assert "nothing to print" in text_of(nothing)


def test_a_list_comes_in_looked_at_first(desk: ModuleType) -> None:
    client = client_of("director_a")
    rows = [
        ["编码", "类型", "名称", "网格编码", "经度", "纬度", "户数", "floors"],
        ["P1", "building", "三号楼", "a1", 120.135, 32.525, 12, 6],
        ["P2", "Fire lane", "东门通道", "", "120.135", "32.515", None, None],
    ]
    assert "2 new, 0 changed" in text_of(_sent(client, rows, do="check"))
    assert not Place.objects.exists()
    assert "2 new, 0 changed" in text_of(_sent(client, rows, do="import"))
    assert Place.objects.get(code="P2").area.code == "a2"
    assert "0 new, 0 changed, 2 as they were" in text_of(_sent(client, rows, do="import"))


def test_every_fault_is_told_with_its_row(desk: ModuleType) -> None:
    rows = [["code", "kind", "name", "grid"], ["P1", "castle", "", "a1"], ["P1", "shop", "店", "nowhere"]]
    answer = _sent(client_of("director_a"), rows, do="import")
    assert answer.status_code == 422
    page = text_of(answer)
    assert page.count('<td class="number">2</td>') >= 2
    assert '<td class="number">3</td>' in page
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "choose a file"),
        (b'{"features": [{"geometry": null}]}', "not a GeoJSON"),
        ("类型,名称\nshop,店\n".encode("gb18030"), "columns are missing"),
        (b"PK\x03\x04 broken", "file-error"),
    ],
)
def test_a_file_that_is_no_list_is_told(desk: ModuleType, content: bytes, words: str) -> None:
    sent = {"do": "import", "file": SimpleUploadedFile("places", content)} if content else {"do": "import"}
    answer = client_of("director_a").post("/staff/places/import", sent)
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_geojson_and_gb18030_come_in_as_well(desk: ModuleType) -> None:
    points = b"""{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point",
        "coordinates": [120.135, 32.525]}, "properties": {"code": "P1", "kind": "venue", "name": "Station",
        "attributes": {"step_free": true}}}]}"""
    client = client_of("director_a")
    client.post("/staff/places/import", {"do": "import", "file": SimpleUploadedFile("p.geojson", points)})
    assert Place.objects.get().attributes == {"step_free": True}
    lines = "编码,类型,名称,经度,纬度\nP2,shop,东门超市,120.135,32.525\n".encode("gb18030")
    client.post("/staff/places/import", {"do": "import", "file": SimpleUploadedFile("p.csv", lines)})
    assert Place.objects.get(code="P2").name == "东门超市"


def test_the_template_is_read_back(desk: ModuleType) -> None:
    made = client_of("director_a").get("/staff/places/template.xlsx").content
    sheets = tables.read_workbook(made)
    assert [table._column(str(head)) for head in next(iter(sheets.values()))[0]] == list(table.COLUMNS)


def test_a_list_of_one_language_comes_in_whatever_its_bringer_reads(desk: ModuleType) -> None:
    heads = "編碼,類型,名稱,網格編碼,經度,緯度,戶數,人數,管理單位,無障礙,開放時間"
    row = "P1,活動陣地,東門書屋,a1,120.135,32.525,0,0,property,是,8-20"
    [read] = table.read(f"{heads}\n{row}\n".encode())
    assert (read.code, read.kind, read.name, read.area) == ("P1", "venue", "東門書屋", "a1")
    assert (read.lon, read.lat, read.households, read.residents) == (120.135, 32.525, 0, 0)
    assert (read.keeper, read.attributes) == ("property", {"step_free": "是", "hours": "8-20"})
    assert check_attributes(KINDS["venue"], read.attributes) == {"step_free": True, "hours": "8-20"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_of_every_language_is_read_back(language: str) -> None:
    with override(language):
        head = next(iter(tables.read_workbook(table.template()).values()))[0]
    assert [table._column(str(word)) for word in head] == list(table.COLUMNS)


def _sent(client: Any, rows: list[list[Any]], *, do: str) -> Any:
    file = SimpleUploadedFile("places.xlsx", tables.write_workbook({"1": rows}))
    return client.post("/staff/places/import", {"do": do, "file": file})


def _fonts(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"]["/Font"].get_object().values()]


def test_the_next_page_of_a_narrowed_list_keeps_what_was_typed(
    desk: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PAGE", 1)
    for code in ("P1", "P2"):
        add_place(given(code, town=desk, name="3&4号楼 #1"), actor=desk.actor("director_a"), now=desk.NOW)
    page = text_of(client_of("director_a").get("/staff/places", {"text": "3&4号楼 #1"}))
    assert "text=3%264%E5%8F%B7%E6%A5%BC+%231" in page
