"""Patrols at the desk: a plan from its form, a round walked on paper, places not seen, a visit with its slip."""

from __future__ import annotations

import html
import io
import re
from types import ModuleType
from typing import Any
from uuid import UUID

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import BrowserContext

from gewu.core.text import format_secret
from gewu.domain.access.actor import SYSTEM
from gewu.domain.cases.models import Case
from gewu.domain.catalogue.queries import condition
from gewu.domain.media.actions import keep_photo
from gewu.domain.patrols.actions import When, close_round, find, make_plan, make_rounds
from gewu.domain.patrols.models import Finding, Late, Plan, Round, Stop, Visit
from gewu.domain.places.actions import set_up
from gewu.domain.privacy import texts
from tests.media import photos
from tests.patrols.conftest import plan_input
from tests.places.conftest import given
from tests.web.pages import dead_links, form
from tests.web.staff.pages import client_of, show, text_of

FORM = {
    "key": "5b0c9a66-7b8d-4a33-9d0e-0d7f1c1f8c01", "name": "消防通道", "kind": "fire_lane", "area": "a1",
    "frequency": "weekly", "every": "7", "starts": "2026-03-10", "place_kinds": ["fire_lane"],
}  # fmt: skip
VISIT = {
    "key": "5b0c9a66-7b8d-4a33-9d0e-0d7f1c1f8c02", "post": "worker-a1", "purpose": "safety", "day": "2026-03-11",
    "begins": "10:00", "ends": "11:00", "where": "3号楼201", "agreed": "yes",
}  # fmt: skip


def shot(width: int, height: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", photos.jpeg(photos.scene(width, height)), content_type="image/jpeg")


@pytest.fixture
def walk(desk: ModuleType) -> Round:
    set_up([given(f"L{n}", town=desk, kind="fire_lane") for n in (1, 2)], actor=SYSTEM, now=desk.NOW)
    make_plan(plan_input(desk), actor=desk.actor("lead_a1"), now=desk.NOW)
    make_rounds(desk.NOW)
    return Round.objects.get()


def test_a_plan_is_made_once_however_often_it_is_sent(desk: ModuleType, walk: Round) -> None:
    client = client_of("lead_a1")
    answers = {client.post("/staff/patrols/add", FORM)["Location"] for _n in range(2)}
    assert Plan.objects.count() == 2
    assert "2026-03-17" in text_of(client.get(answers.pop()))


def test_the_next_rounds_are_shown_before_anything_is_kept(desk: ModuleType) -> None:
    page = text_of(
        client_of("lead_a1").post("/staff/patrols/add", FORM | {"frequency": "monthly", "do": "preview"})
    )
    assert "2026-03-10 · 2026-04-10 · 2026-05-10" in page
    assert 'value="消防通道"' in page
    assert Plan.objects.count() == 0


def test_what_is_wrong_stands_at_its_field_and_stays_typed(desk: ModuleType) -> None:
    wrong = client_of("lead_a1").post("/staff/patrols/add", FORM | {"name": "", "season_from": "13-40"})
    page = text_of(wrong)
    assert wrong.status_code == 422
    assert 'id="name-error"' in page
    assert 'value="13-40"' in page


def test_a_second_planner_is_told(desk: ModuleType, walk: Round) -> None:
    plan = Plan.objects.get()
    address = f"/staff/patrols/plans/{plan.pk}"
    assert client_of("lead_a1").post(address, FORM | {"version": "1"}).status_code == 302
    second = client_of("director_a").post(address, FORM | {"version": "1", "name": "另一个"})
    assert second.status_code == 409
    assert 'value="另一个"' in text_of(second)


def test_a_round_walked_on_paper_is_entered_and_closed(desk: ModuleType, walk: Round) -> None:
    client = client_of("worker_a1")
    assert "消防通道" in text_of(client.get("/staff/patrols"))
    stops = list(Stop.objects.order_by("rank"))
    sent = {f"result-{stops[0].pk}": "fine", f"result-{stops[1].pk}": "unreached", "close": "1"}
    client.post(f"/staff/patrols/rounds/{walk.pk}", sent)
    walk.refresh_from_db()
    assert walk.state == "closed"
    assert sorted(Stop.objects.values_list("result", flat=True)) == ["fine", "unreached"]
    assert client_of("worker_b1").get(f"/staff/patrols/rounds/{walk.pk}").status_code == 404


def test_what_was_found_on_paper_is_entered_with_the_marks(desk: ModuleType, walk: Round) -> None:
    one, two = Stop.objects.order_by("rank")
    sent = {
        "key": FORM["key"],
        f"fault-{one.pk}": ["blocked"], f"result-{one.pk}": "finding",
        f"text-{two.pk}": "消火栓盖已盖好", f"settled-{two.pk}": "yes",
    }  # fmt: skip
    client = client_of("worker_a1")
    for _n in range(2):  # a double click enters it once
        page = text_of(client.post(f"/staff/patrols/rounds/{walk.pk}", sent, follow=True))
    assert sorted(Finding.objects.values_list("settled", flat=True)) == [False, True]
    assert Case.objects.get().number in page
    assert "消火栓盖已盖好" in page
    assert Stop.objects.get(pk=one.pk).faults == ["blocked"]


def test_a_tick_alone_is_a_finding_and_comes_in_once(desk: ModuleType, walk: Round) -> None:
    one = Stop.objects.order_by("rank")[0]
    client, address = client_of("worker_a1"), f"/staff/patrols/rounds/{walk.pk}"
    sent = form(client.get(address), address) | {f"fault-{one.pk}": ["blocked"]}
    client.post(address, sent)
    assert Stop.objects.get(pk=one.pk).result == "finding"
    assert Case.objects.count() == 1
    client.post(address, form(client.get(address), address))  # the sheet comes back with the tick in it
    assert Case.objects.count() == 1


def test_a_finding_without_words_is_told_at_its_place_and_hinders_no_other(
    desk: ModuleType, walk: Round
) -> None:
    one, two = Stop.objects.order_by("rank")
    sent = {"key": FORM["key"], f"result-{one.pk}": "finding", f"result-{two.pk}": "fine", "close": "1"}
    answer = client_of("worker_a1").post(f"/staff/patrols/rounds/{walk.pk}", sent)
    assert answer.status_code == 422
    assert f'id="text-{one.pk}-error"' in text_of(answer)
    assert Stop.objects.get(pk=two.pk).result == "fine"
    walk.refresh_from_db()
    assert walk.state == "open"


def test_a_paper_finding_takes_a_category_and_photos(desk: ModuleType, walk: Round) -> None:
    one, two = Stop.objects.order_by("rank")
    address, client = f"/staff/patrols/rounds/{walk.pk}", client_of("worker_a1")
    sent = {
        "key": FORM["key"],
        f"text-{one.pk}": "通道堵住", f"condition-{one.pk}": "1101", f"photos-{one.pk}": [shot(16, 12), shot(12, 16)],
        f"text-{two.pk}": "已搬走", f"settled-{two.pk}": "yes", f"photos-{two.pk}": shot(14, 12),
    }  # fmt: skip
    answer = client.post(address, sent, follow=True)
    case = Case.objects.get()
    assert (case.condition.code, case.photos.count()) == (condition("1101").code, 2)
    settled = Finding.objects.get(settled=True)
    (photo,) = settled.photo_ids
    assert f'src="/staff/patrols/findings/{settled.pk}/photos/{UUID(photo)}"' in text_of(answer)


def test_what_is_wrong_with_a_paper_finding_stands_at_its_field_and_costs_no_photo(
    desk: ModuleType, walk: Round
) -> None:
    one, two = Stop.objects.order_by("rank")
    address, client = f"/staff/patrols/rounds/{walk.pk}", client_of("worker_a1")
    damaged = SimpleUploadedFile("b.jpg", b"no picture")
    sent = {
        "key": FORM["key"],
        f"condition-{one.pk}": "1101", f"photos-{one.pk}": shot(16, 12),  # no words
        f"text-{two.pk}": "消火栓损坏", f"condition-{two.pk}": "0410", f"photos-{two.pk}": [shot(12, 16), damaged],
    }  # fmt: skip
    wrong = client.post(address, sent)
    page, again = text_of(wrong), form(wrong, address)
    assert wrong.status_code == 422
    assert (f'id="text-{one.pk}-error"' in page, f'id="photos-{two.pk}-error"' in page) == (True, True)
    assert dead_links(wrong) == []
    assert again[f"text-{two.pk}"] == ["消火栓损坏"]
    assert (again[f"condition-{one.pk}"], again[f"condition-{two.pk}"]) == (["1101"], ["0410"])
    assert [len(again[f"photo-{stop.pk}"]) for stop in (one, two)] == [1, 1]
    assert Case.objects.count() == 0
    client.post(address, again | {f"text-{one.pk}": "通道堵住"})
    assert sorted(case.photos.count() for case in Case.objects.all()) == [1, 1]


def test_a_category_that_cannot_be_is_told_at_its_field(desk: ModuleType, walk: Round) -> None:
    one = Stop.objects.earliest("rank")
    sent = {"key": FORM["key"], f"text-{one.pk}": "通道堵住", f"condition-{one.pk}": "0000"}
    answer = client_of("worker_a1").post(f"/staff/patrols/rounds/{walk.pk}", sent)
    assert answer.status_code == 422
    assert f'id="condition-{one.pk}-error"' in text_of(answer)
    assert dead_links(answer) == []
    assert "通道堵住" in text_of(answer)


def test_a_sheet_sent_back_with_other_words_loses_none_of_them(desk: ModuleType, walk: Round) -> None:
    one = Stop.objects.earliest("rank")
    client = client_of("worker_a1")
    for words in ("通道堵住", "通道堵住", "标线磨损"):
        sent = {"key": FORM["key"], f"text-{one.pk}": words, f"photos-{one.pk}": shot(16, 12)}
        client.post(f"/staff/patrols/rounds/{walk.pk}", sent)
    assert sorted(texts.read(Case.objects.values_list("text_id", flat=True)).values()) == [
        "标线磨损",
        "通道堵住",
    ]


def test_a_sheet_of_many_places_is_taken_in(desk: ModuleType, walk: Round) -> None:
    """A browser sends a part for each file field that was left empty."""
    stops = {f"photos-{n}": SimpleUploadedFile("none", b"") for n in range(60)}
    one = Stop.objects.earliest("rank")
    sent = {**stops, f"result-{one.pk}": "fine", "key": FORM["key"]}
    assert client_of("worker_a1").post(f"/staff/patrols/rounds/{walk.pk}", sent).status_code == 302


def test_photos_of_what_was_settled_are_seen_in_the_own_area(desk: ModuleType, walk: Round) -> None:
    photo = keep_photo(photos.jpeg(photos.scene(16, 12)), now=desk.NOW)
    given = {"text": "已搬走", "settled": True, "photos": [photo.pk.hex]}
    find(walk.pk, "L1", given, when=When(), actor=desk.actor("worker_a1"), now=desk.NOW)
    address = f"/staff/patrols/findings/{Finding.objects.get().pk}/photos/{photo.pk}"
    for page in ("/staff/patrols/not-seen", f"/staff/patrols/rounds/{walk.pk}"):
        assert f'src="{address}"' in text_of(client_of("director_a").get(page))
    seen = client_of("director_a").get(address)
    assert (seen["Content-Type"], seen["Content-Security-Policy"]) == (
        "image/jpeg",
        "sandbox; default-src 'none'",
    )
    assert "no-store" in seen["Cache-Control"]
    other = keep_photo(photos.jpeg(photos.scene(12, 16)), now=desk.NOW)
    assert client_of("director_a").get(address.replace(str(photo.pk), str(other.pk))).status_code == 404
    assert client_of("director_b").get(address).status_code == 404


def test_places_not_seen_are_narrowed_and_paged(
    desk: ModuleType, walk: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gewu.core.limits.PAGE", 1)
    client = client_of("director_a")
    first = text_of(client.get("/staff/patrols/not-seen?days=7"))
    assert "/staff/places/L1" in first
    assert "/staff/places/L2" not in first
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more
    second = text_of(client.get("/staff/patrols/not-seen" + html.unescape(more[1])))
    assert "/staff/places/L2" in second
    assert 'rel="next"' not in second
    assert "No place matches" in text_of(client.get("/staff/patrols/not-seen?area=a2"))


def test_a_plan_shows_its_versions_without_a_name(desk: ModuleType, walk: Round) -> None:
    plan, client = Plan.objects.get(), client_of("lead_a1")
    client.post(f"/staff/patrols/plans/{plan.pk}", FORM | {"version": "1", "frequency": "daily"})
    page = text_of(client.get(f"/staff/patrols/plans/{plan.pk}"))
    assert "2 versions" in page
    assert "How often: Each week → Each day" in page
    assert "Lead A1" not in page.partition("2 versions")[2].partition("</details>")[0]


def test_the_slip_of_a_visit_comes_on_paper(desk: ModuleType) -> None:
    client = client_of("worker_a1")
    client.post("/staff/visits/add", VISIT)
    visit = Visit.objects.get()
    paper = client.get(f"/staff/visits/{visit.pk}/slip.pdf").content
    words = pypdf.PdfReader(io.BytesIO(paper)).pages[0].extract_text()
    assert "2026-03-11 10:00 – 11:00" in words
    assert format_secret(visit.code) in words
    assert "3号楼201" not in words  # the door is known to who lives behind it
    assert client_of("worker_b1").get(f"/staff/visits/{visit.pk}/slip.pdf").status_code == 404


def test_places_not_seen_and_what_was_found_name_no_person(desk: ModuleType, walk: Round) -> None:
    worker = desk.actor("worker_a1")
    find(walk.pk, "L1", {"text": "已搬走", "settled": True}, when=When(), actor=worker, now=desk.NOW)
    page = text_of(client_of("director_a").get("/staff/patrols/not-seen"))
    assert "seen today" in page
    assert "not seen yet" in page
    assert "已搬走" in page
    assert "Worker A1" not in page


def test_a_visit_gets_a_slip_and_is_called_off_with_its_code(desk: ModuleType) -> None:
    client = client_of("worker_a1")
    slip = client.post("/staff/visits/add", VISIT, follow=True)
    visit = Visit.objects.get()
    grouped = " ".join(visit.code[at : at + 4] for at in range(0, 12, 4))
    assert grouped in text_of(slip)
    resident = Client(headers={"accept-language": "en"})
    wrong = resident.post("/visit", {"code": "1234"})
    assert (wrong.status_code, "No visit has this code" in text_of(wrong)) == (422, True)
    assert "Nobody will come" in text_of(resident.post("/visit", {"code": grouped}))
    assert "No visit is agreed" in text_of(client.get("/staff/visits"))


def test_a_visit_far_ahead_has_its_slip_too(desk: ModuleType) -> None:
    slip = client_of("worker_a1").post("/staff/visits/add", VISIT | {"day": "2026-03-30"}, follow=True)
    assert slip.status_code == 200
    assert client_of("worker_b1").get(f"/staff/visits/{Visit.objects.get().pk}/slip").status_code == 404


def test_paper_that_comes_after_the_close_is_kept_once_and_said(desk: ModuleType, walk: Round) -> None:
    client, stop = client_of("worker_a1"), Stop.objects.earliest("rank")
    close_round(walk.pk, when=When(), actor=desk.actor("lead_a1"), now=desk.NOW)
    for _n in range(2):
        sent = {f"result-{stop.pk}": "fine"}
        answer = client.post(f"/staff/patrols/rounds/{walk.pk}", sent, follow=True)
    assert "kept as a note" in text_of(answer)
    assert "Came after the round was over" in text_of(answer)
    assert Late.objects.count() == 1


def test_a_visit_that_took_place_leaves_the_list(desk: ModuleType) -> None:
    client = client_of("worker_a1")
    client.post("/staff/visits/add", VISIT)
    client.post(f"/staff/visits/{Visit.objects.get().pk}/finish", {"do": "done", "text": "已换插座"})
    assert Visit.objects.get().state == "done"


def test_what_was_agreed_on_a_visit_is_not_lost_to_a_slip(desk: ModuleType) -> None:
    client = client_of("worker_a1")
    client.post("/staff/visits/add", VISIT)
    visit = Visit.objects.get()
    answer = client.post(f"/staff/visits/{visit.pk}/finish", {"do": "done", "text": "换插座" * 3000})
    assert answer.status_code == 422
    assert "换插座换插座" in text_of(answer)
    assert dead_links(answer) == []
    visit.refresh_from_db()
    assert visit.state == "agreed"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"begins": "22:00", "ends": "22:30"}, "begins"), ({"agreed": ""}, "agreed"), ({"day": ""}, "begins")],
)
def test_an_appointment_that_cannot_be_keeps_what_was_typed(
    desk: ModuleType, wrong: dict[str, Any], field: str
) -> None:
    answer = client_of("worker_a1").post("/staff/visits/add", VISIT | wrong)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in text_of(answer)
    assert 'value="3号楼201"' in text_of(answer)


def test_lists_ask_few_queries(desk: ModuleType, walk: Round, django_assert_max_num_queries: Any) -> None:
    client = client_of("director_a")
    for address in ("/staff/patrols", "/staff/patrols/not-seen", "/staff/visits"):
        with django_assert_max_num_queries(16):
            client.get(address)


@pytest.mark.browser
def test_the_pages_hold_on_a_phone_and_for_everybody(
    desk: ModuleType, browser: BrowserContext, walk: Round
) -> None:
    plan = Plan.objects.get()
    client = client_of("lead_a1")
    for address in (
        "/staff/patrols", f"/staff/patrols/rounds/{walk.pk}", f"/staff/patrols/plans/{plan.pk}",
        "/staff/patrols/not-seen", "/staff/visits/add",
    ):  # fmt: skip
        page = show(browser, client, address)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, address
        page.close()
