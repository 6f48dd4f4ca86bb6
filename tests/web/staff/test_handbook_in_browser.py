"""The pictures of the handbook, made from the test town: every picture a chapter names can still be made.

`make handbook` sets HANDBOOK_WRITE and so writes them into the program; all other runs write into a folder apart.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser

from gewu.domain.accounts.models import User
from gewu.domain.desk.models import HintPutAway
from gewu.domain.patrols.actions import make_plan, make_rounds
from gewu.domain.people.roles import ROLES
from gewu.domain.places.actions import add_place
from gewu.web.chapters import CHAPTERS, PICTURED
from tests.patrols.conftest import plan_input
from tests.places.conftest import given
from tests.web.staff.pages import client_of, show

pytestmark = pytest.mark.browser

# Picture: who looks, at which page, and what must be on it.
SHOTS = {
    "report": ("", "/report?area=a1", 'input[name="tile"]'),
    "track": ("", "/r/{number}/{secret}", ".timeline, main h1"),
    "case": ("lead_a1", "/staff/cases/{number}", "main h1"),
    "queue": ("lead_a1", "/staff/cases", "tbody tr"),
    "moves": ("lead_a1", "/staff/cases/{number}?do=hand_up", "main form textarea"),
    "phone": ("worker_a1", "/field", "#app .item"),
    "patrols": ("lead_a1", "/staff/patrols", "main h1"),
    "places": ("director_a", "/staff/places", "tbody tr"),
    "place": ("", "/p/{sign}", ".tiles"),
    "command": ("duty_lead", "/staff/command", "#ground[data-features]:not([data-features='0'])"),
    "privacy": ("", "/privacy", "tbody tr"),
    "running": ("administrator", "/staff/posts", "tbody tr"),
}
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 720}
TEXTS = ("东门路灯不亮", "楼道里堆着旧家具，挡住消防通道", "垃圾桶旁有大量垃圾", "井盖松动，夜里看不见")
MOST = 40 * 1024  # what a reader on a slow line loads for one picture
PICTURES = [picture for chapter in CHAPTERS for picture in chapter.pictures]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chosen = Path(configured.STATIC_ROOT) / "help" if os.environ.get("HANDBOOK_WRITE") else tmp_path / "help"
    chosen.mkdir(exist_ok=True)
    return chosen


def light(shot: bytes) -> bytes:
    """As WebP, as good as fits into MOST."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    for quality in range(70, 5, -10):
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MOST:
            return out.getvalue()
    raise AssertionError(f"too heavy: {out.tell()}")


def test_every_picture_of_the_handbook_can_be_made(desk: ModuleType, chromium: Browser, folder: Path) -> None:
    assert {picture.name for picture in PICTURES} == set(SHOTS)
    told = desk.walk_to("accepted", desk.report_case(text=TEXTS[0]))
    for text in TEXTS[1:]:
        desk.report_case(text=text)
    place = add_place(given(town=desk), actor=desk.actor("director_a"), now=desk.NOW)
    plan = plan_input(desk, name="楼栋巡查", kind="order", place_kinds=[place.kind])
    make_plan(plan, actor=desk.actor("lead_a1"), now=desk.NOW)
    make_rounds(desk.NOW)
    lookers = User.objects.filter(username__in=[who for who, *_rest in SHOTS.values()])
    HintPutAway.objects.bulk_create(HintPutAway(user=user, role=role) for user in lookers for role in ROLES)
    parts = {"number": told.case.number, "secret": told.secret, "sign": place.sign}
    for language in PICTURED:
        for picture in PICTURES:
            who, address, wanted = SHOTS[picture.name]
            anyone = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE=language)
            client = client_of(who, language=language) if who else anyone
            context = chromium.new_context(locale=language, viewport=PHONE if picture.is_tall else DESK)  # type: ignore[arg-type]
            page: Any = show(context, client, address.format(**parts))
            page.locator(wanted).first.wait_for(state="attached", timeout=30_000)
            shot = page.screenshot(animations="disabled")
            (folder / f"{picture.name}.{language}.webp").write_bytes(light(shot))
            context.close()
    assert len(list(folder.glob("*.webp"))) == len(PICTURES) * len(PICTURED)
