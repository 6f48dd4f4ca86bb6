"""One case through all four levels, in real browsers against the running server, as eight people and a resident.

It is reported without script, handed up with a reason, handed back, whistled, put on hold, finished with evidence,
refused by the resident and taken up one level higher, finished there, confirmed and closed.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gewu.core import clock
from gewu.domain.access.actor import SYSTEM
from gewu.domain.accounts import actions as accounts
from gewu.domain.accounts.models import User
from gewu.domain.cases.models import Case
from gewu.domain.cases.queries import view_case
from gewu.domain.journal.actions import seal_all
from gewu.domain.journal.verify import is_sound, verify
from tests import town as cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None, data_dir: Path, heads_dir: Path) -> Any:
    """The town in a store that the server's threads see as well."""
    cast.town()
    return cast


class Desk:
    """One person of the staff at their own browser, after the second factor."""

    def __init__(self, chromium: Browser, url: str, name: str) -> None:
        self.url = url
        self.context: BrowserContext = chromium.new_context(
            locale="en-GB", viewport={"width": 1280, "height": 720}
        )
        self.page: Page = self.context.new_page()
        self._sign_in(User.objects.get(username=name))

    def _sign_in(self, user: User) -> None:
        """By password, and by a code where the post demands one."""
        now = clock.now()
        password = accounts.set_password(user, actor=SYSTEM, now=now)
        secret = accounts.add_totp(user, actor=SYSTEM, now=now) if user.username in STRONG else ""
        self.page.goto(f"{self.url}/staff/")
        self.page.locator("[name=login]").fill(user.username)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("form:has([name=password]) button").first.click()
        if secret:
            self.page.locator("[name=code]").fill(totp.format_hotp_value(totp.hotp_value(secret, _step())))
            self.page.locator("form:has([name=code]) button").first.click()
        self.page.wait_for_url(f"{self.url}/staff/**")

    def act(self, number: str, move: str, photo: bytes | None = None, **given: str) -> None:
        """Open the case, choose the move, fill its form, send it, and see it done."""
        self.page.goto(f"{self.url}/staff/cases/{number}?do={move}")
        form = self.page.locator("form#move")
        for name, value in given.items():
            field = form.locator(f"[name={name}]")
            kind = field.evaluate("e => e.type || e.tagName")
            if "select" in kind:
                field.select_option(value.split(","))
            elif kind == "checkbox":
                field.check()
            else:
                field.fill(value)
        if photo is not None:
            form.locator("[name=photos]").first.set_input_files(
                {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": photo}
            )
        form.locator("button:not([type=button])").first.click()
        expect(self.page.locator(".notice--good, .toast, .notice[role=status]").first).to_be_visible()


@pytest.mark.long
def test_a_case_walks_through_all_four_levels(world: Any, chromium: Browser, live_server: Any) -> None:
    url = live_server.url
    resident = chromium.new_context(
        java_script_enabled=False, locale="en-GB", viewport={"width": 390, "height": 844}
    )
    home = resident.new_page()
    number = _report(home, url)
    desk = {name: Desk(chromium, url, name) for name in STAFF}

    desk["lead_a1"].act(number, "accept", condition=cast.ROAD)
    desk["lead_a1"].act(number, "assign", to="post:worker-a1")
    desk["worker_a1"].act(number, "start")
    desk["worker_a1"].act(
        number, "hand_up", reason="no_means", text="Filled the hole with gravel; it needs asphalt."
    )
    desk["director_a"].act(number, "assign", to="unit:property")
    desk["property_hand"].act(number, "start")
    desk["property_hand"].act(number, "hand_back", reason="wrong_address", text="A public road, not ours.")
    desk["director_a"].act(
        number, "hand_up", reason="several", text="Road and drain belong to different units."
    )
    desk["dispatcher"].act(
        number, "whistle", units="team,safety", lead="team", text="Please look at it together."
    )
    desk["safety_hand"].act(number, "confirm_arrival", text="Two of us are here.")
    desk["team_hand"].act(number, "confirm_arrival")
    desk["team_hand"].act(number, "start")
    tomorrow = (
        (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    )  # the server runs on the machine's clock
    desk["team_hand"].act(number, "pause", reason="season", until=tomorrow, text="It rains; we come back.")
    desk["team_hand"].act(number, "resume")
    desk["team_hand"].act(
        number, "report_done", photo=_photo(), closing="solved", closing_met="yes", text="The hole is closed."
    )
    desk["dispatcher"].act(number, "verify", text="Seen on the spot.")
    assert Case.objects.get(number=number).level == "S"

    _answer(home, url, "refuse", reason="came_back", text="It broke again after one night.")
    refused = Case.objects.select_related("holder_unit").get(number=number)
    assert (refused.state, refused.level, refused.confirmation) == ("handling", "D", "refused")
    assert refused.holder_unit is not None

    hand = {"transport": "transport_hand", "urban": "urban_hand"}[refused.holder_unit.code]
    desk[hand].act(
        number,
        "report_done",
        photo=_photo(),
        closing="solved",
        closing_met="yes",
        text="New asphalt, ten metres.",
    )
    desk["dispatcher"].act(number, "verify")
    _answer(home, url, "rate", rating="5", text="Thank you.")

    closed = Case.objects.get(number=number)
    assert (closed.state, closed.closing, closed.confirmation) == ("closed", "solved", "confirmed")
    _history_is_whole(number)
    for one in desk.values():
        one.context.close()
    resident.close()


STAFF = (
    "lead_a1", "worker_a1", "director_a", "property_hand", "dispatcher", "safety_hand", "team_hand", "transport_hand",
    "urban_hand",
)  # fmt: skip


STRONG = {"dispatcher"}


def _step() -> int:
    """The present step of a code that changes each half minute."""
    return int(clock.now().timestamp()) // 30


def _report(home: Page, url: str) -> str:
    home.goto(f"{url}/report?area=a1")
    home.locator("[name=text]").fill("A deep hole in the road in front of the school.")
    home.locator("[name=photos]").first.set_input_files(
        {"name": "hole.jpg", "mimeType": "image/jpeg", "buffer": _photo()}
    )
    home.get_by_role("button", name="Send the report").click()
    number = home.locator(".receipt__number").inner_text().strip()
    secret = re.sub(r"\D", "", home.locator(".receipt__secret").inner_text())
    assert len(secret) == 16
    home.goto(f"{url}/r/{number}/{secret}")
    assert secret not in home.url
    expect(home.locator("h1")).to_be_visible()
    return number


def _answer(home: Page, url: str, move: str, **given: str) -> None:
    """The resident's answer on the tracking page; the receipt's cookie is still there."""
    home.goto(f"{url}/track")
    button = f"button[formaction='/track/{move}']"
    summary = home.locator(f"details:has({button}) > summary")
    if summary.count():
        summary.click()
    for name, value in given.items():
        field = home.locator(f"[name={move}_{name}]")
        if field.first.get_attribute("type") == "radio":
            home.locator(f"[name={move}_{name}][value='{value}']").check(force=True)
        else:
            field.fill(value)
    home.locator(button).click()


def _history_is_whole(number: str) -> None:
    """Versions without a gap, one open nothing left, every level in the ledger, a sealed journal that verifies."""
    view = view_case(number, actor=SYSTEM)
    assert [story.entry.subject_version for story in view.story] == list(range(1, view.case.version + 1))
    assert [stage for stage in view.stages if stage.ended_at is None] == []
    assert {stage.level for stage in view.stages} == {"G", "V", "S", "D"}
    assert [clock.kind for clock in view.clocks if clock.stopped_at is None] == []
    assert [clock.kind for clock in view.clocks].count("promise") == 2  # the second began with the refusal
    now = datetime.now(UTC)
    seal_all(now)
    assert is_sound(verify(now=now))


def _photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 110, 120)).save(out, "JPEG")
    return out.getvalue()
