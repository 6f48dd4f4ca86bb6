"""What goes out comes in again: areas, people, calendar, catalogue, figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gewu.core import tables
from tests.cli.conftest import Place, Places


def square(west: float, south: float, side: float) -> dict[str, object]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(code: str, level: str, parent: str | None, geometry: dict[str, object]) -> dict[str, object]:
    named = {"code": code, "name": f"区域{code}", "level": level, "parent": parent}
    return {"type": "Feature", "properties": named, "geometry": geometry}


@pytest.fixture
def open_place(places: Places) -> Place:
    return places.opened("S1", "示例街道")


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    whole = square(120.13, 32.51, 0.01)
    areas = [
        feature("S1", "subdistrict", None, whole),
        feature("C1", "community", "S1", whole),
        feature("G1", "grid", "C1", whole),
    ]
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": areas}), encoding="utf-8")
    return file


def test_areas_come_in_and_go_out_again(open_place: Place, map_file: Path, tmp_path: Path) -> None:
    dry = open_place.done("import", "areas", str(map_file), "--dry-run")
    assert dry.startswith("3 areas: 3 new")
    assert open_place.told()["counts"]["areas"] == {}
    said = open_place.done("import", "areas", str(map_file), "--put-into-force")
    assert "Map 1 is in force." in said
    counts = open_place.told()["counts"]
    assert counts["areas"] == {"subdistrict": 1, "community": 1, "grid": 1}
    assert counts["area_km2"] == pytest.approx(1.04, abs=0.02)
    open_place.done("export", "areas", "--to", str(tmp_path / "out.geojson"))
    again = open_place.done("import", "areas", str(tmp_path / "out.geojson"), "--dry-run")
    assert again.startswith("3 areas: 0 new, 0 gone")


def test_a_faulty_map_names_its_faults_and_changes_nothing(open_place: Place, tmp_path: Path) -> None:
    half = square(120.13, 32.51, 0.005)
    areas = [
        feature("S1", "subdistrict", None, square(120.13, 32.51, 0.01)),
        feature("C1", "community", "S1", half),
        feature("G1", "grid", "C1", half),
    ]
    file = tmp_path / "faulty.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": areas}), encoding="utf-8")
    dry = open_place.run("import", "areas", str(file), "--dry-run")
    assert (dry.returncode, "fault  gap" in dry.stdout) == (1, True)
    assert " m2 at 120.13" in dry.stdout
    assert open_place.run("import", "areas", str(file)).returncode == 1
    assert open_place.told()["counts"]["areas"] == {}


def test_people_come_in_with_first_passwords(open_place: Place, map_file: Path, tmp_path: Path) -> None:
    open_place.done("import", "areas", str(map_file), "--put-into-force")
    template, filled, listed = tmp_path / "t.xlsx", tmp_path / "people.xlsx", tmp_path / "first.csv"
    open_place.done("export", "people", "--language", "en", "--to", str(template))
    sheets = tables.read_workbook(template.read_bytes())
    assert {"Units", "Posts", "People"} <= set(sheets)
    filled.write_bytes(
        tables.write_workbook(
            {
                "Posts": [
                    ["Code", "Role", "Area code", "Title"],
                    ["lead-g1", "lead", "G1", "Lead of grid 1"],
                ],
                "People": [["User name", "Name", "Post code"], ["wangmin", "Wang Min", "lead-g1"]],
            }
        )
    )
    said = open_place.run("import", "people", str(filled), "--passwords", str(listed))
    assert said.returncode == 0, said.stdout + said.stderr
    assert "appointments: 1 new" in said.stdout
    username, _name, password = tables.read_csv(listed.read_bytes())[1]
    assert username == "wangmin"
    assert len(str(password)) >= 12
    assert listed.stat().st_mode & 0o077 == 0
    open_place.done("export", "people", "--filled", "--to", str(tmp_path / "all.xlsx"))
    assert "0 would be new, 0 would be changed" in open_place.done(
        "import", "people", str(tmp_path / "all.xlsx"), "--dry-run"
    )
    again = open_place.run("import", "people", str(filled), "--passwords", str(listed))
    assert "exists already" in again.stderr


def test_hotline_tickets_in_the_encoding_of_the_hotline(
    open_place: Place, map_file: Path, tmp_path: Path
) -> None:
    open_place.done("import", "areas", str(map_file), "--put-into-force")
    file = tmp_path / "tickets.csv"
    rows = "工单编号,诉求内容,网格代码\n1,路灯不亮,G1\n2,井盖松动,G1\n"
    file.write_bytes(rows.encode("gb18030"))
    assert "2 cases would be new" in open_place.done("import", "tickets", str(file), "--dry-run")
    assert "2 cases new" in open_place.done("import", "tickets", str(file))
    assert "0 cases new, 2 known" in open_place.done("import", "tickets", str(file))
    file.write_bytes(b"a,b\n1,2\n")
    said = open_place.run("import", "tickets", str(file))
    assert (said.returncode, said.stderr.splitlines()[0]) == (1, "gewu: Please check the marked fields.")


def test_days_of_the_calendar_come_in(open_place: Place, tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    file.write_text("date,working,note\n2027-02-06,0,春节\n2027-02-20,1,调休\n", encoding="utf-8")
    assert "2 days" in open_place.done("import", "calendar", str(file), "--source", "通知")
    file.write_text("date,working\n2027-13-01,0\n", encoding="utf-8")
    said = open_place.run("import", "calendar", str(file))
    assert said.returncode == 1
    assert "line 2" in said.stderr


def test_the_catalogue_goes_out_as_a_table(open_place: Place, tmp_path: Path) -> None:
    rows = tables.read_csv(open_place.done("export", "catalogue").encode())
    assert rows[0][:2] == ["code", "version"]
    assert len(rows) > 150
    open_place.done("export", "catalogue", "--to", str(tmp_path / "c.xlsx"))
    assert len(tables.read_workbook((tmp_path / "c.xlsx").read_bytes())["catalogue"]) == len(rows)


def test_open_data_are_whole_past_months(open_place: Place) -> None:
    refused = open_place.run("export", "open-data")
    assert (refused.returncode, "Only whole, past months" in refused.stderr) == (1, True)


def test_figures_need_a_file(open_place: Place, tmp_path: Path) -> None:
    assert "--to FILE.xlsx" in open_place.run("export", "figures").stderr
    open_place.done("export", "figures", "--to", str(tmp_path / "f.xlsx"))
    assert tables.read_workbook((tmp_path / "f.xlsx").read_bytes())


def test_a_file_that_is_not_there(open_place: Place) -> None:
    said = open_place.run("import", "people", "nowhere.xlsx")
    assert said.returncode == 1
    assert "is not there" in said.stderr
