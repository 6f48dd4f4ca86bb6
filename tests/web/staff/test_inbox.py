"""Notices of one's own posts, read when they have been on the page."""

from __future__ import annotations

from types import ModuleType
from uuid import uuid4

from gewu.domain.accounts.models import User
from gewu.domain.notify.models import Message
from tests.web.pages import form
from tests.web.staff.pages import client_of, text_of


def _notice(desk: ModuleType, who: str, number: str) -> None:
    user = User.objects.get(username=who)
    Message.objects.create(
        entry_id=uuid4(), code="assigned", recipient=f"user:{user.pk.hex}", to_user=user, channel="page",
        facts={"number": number}, queued_at=desk.NOW, not_before=desk.NOW,
    )  # fmt: skip


def test_a_notice_is_read(desk: ModuleType) -> None:
    told = desk.report_case()
    _notice(desk, "lead_a1", told.case.number)
    client = client_of("lead_a1")
    page = client.get("/staff/inbox")
    assert f"Case {told.case.number}: assigned to you" in text_of(page)
    client.post("/staff/inbox", form(page, ""))
    assert Message.objects.get().seen


def test_nobody_reads_for_somebody_else(desk: ModuleType) -> None:
    _notice(desk, "lead_a1", desk.report_case().case.number)
    client_of("lead_b1").post("/staff/inbox", {"id": str(Message.objects.get().pk)})
    assert not Message.objects.get().seen
    assert client_of("lead_b1").post("/staff/inbox", {"id": "nothing"}).status_code == 404
