"""Messages go out once, at the right hour, through real servers; what fails is tried again, later and later."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from gewu.core import chance
from gewu.domain.cases import asking
from gewu.domain.journal.models import Entry
from gewu.domain.notify import actions, queries
from gewu.domain.notify.models import Message
from gewu.domain.notify.recipients import EMAIL, NEWS, Recipient
from gewu.domain.privacy import contacts
from gewu.domain.privacy.contacts import ContactInput
from gewu.domain.privacy.models import Contact
from tests.notify.cast import Town
from tests.services.mail import Mailbox
from tests.services.ports import free_port

FACTS = {"number": "LT-2026-000123-7", "due": "2026-03-10T09:00:00+00:00"}
NIGHT = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)  # 22:00 in Shanghai


def queued(
    town: Town, *, role: str = "worker", urgent: bool = False, language: str = "en", **more: Any
) -> Message:
    recipient = Recipient(user_id=town.people[role].pk, channels=(EMAIL,), language=language)
    entry = Entry(id=chance.new_id())
    actions.queue(entry, [recipient], "assigned", FACTS, now=town.clock.now(), urgent=urgent, **more)
    return Message.objects.get(entry_id=entry.id)


def news(town: Town, contact: ContactInput) -> Message:
    kept = contacts.keep(contact)
    entry = Entry(id=chance.new_id())
    recipient = Recipient(contact_id=kept.id, channels=(NEWS,), language="en")
    actions.queue(entry, [recipient], "accepted", FACTS, now=town.clock.now())
    return Message.objects.get(entry_id=entry.id)


def again(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_a_mail_goes_out_once(town: Town, post_office: Mailbox) -> None:
    message = queued(town)
    assert actions.deliver_due(town.clock.now()).sent == 1
    assert actions.deliver_due(town.clock.now()).sent == 0
    (mail,) = post_office.wait_for(1)
    assert mail["To"] == "worker@example.org"
    assert "LT-2026-000123-7: assigned to you. Due 2026-03-10 17:00." in mail.get_content()
    assert (again(message).state, message.attempts) == ("sent", 1)


def test_the_mail_is_in_the_recipients_language(town: Town, post_office: Mailbox) -> None:
    queued(town, language="zh-hans")
    actions.deliver_due(town.clock.now())
    (mail,) = post_office.wait_for(1)
    assert mail["Subject"] == "案卷 LT-2026-000123-7：有新进展"
    assert "已派给你" in mail.get_content()
    assert "本消息由系统自动发送。" in mail.get_content()


def test_a_reporter_is_reached_through_the_sealed_contact(town: Town, post_office: Mailbox) -> None:
    news(town, ContactInput(name="乙", email="somebody@example.org"))
    actions.deliver_due(town.clock.now())
    assert post_office.wait_for(1)[0]["To"] == "somebody@example.org"
    assert "乙" not in str(post_office.messages[0])


def test_an_erased_contact_gets_nothing(town: Town, post_office: Mailbox) -> None:
    message = news(town, ContactInput(email="somebody@example.org"))
    Contact.objects.filter(id=message.to_contact).delete()
    assert actions.deliver_due(town.clock.now()).dropped == 1
    assert again(message).last_error == "no_contact"
    assert post_office.messages == []


def test_without_a_mail_server_the_message_is_dropped_and_found(town: Town, settings: Any) -> None:
    settings.EMAIL_URL = ""
    queued(town)
    assert actions.deliver_due(town.clock.now()).dropped == 1
    assert queries.undelivered() == {("dropped", "email", "channel_off"): 1}


def test_quiet_hours_hold_all_but_the_urgent(town: Town, post_office: Mailbox) -> None:
    town.clock.set(NIGHT)
    calm, urgent = queued(town), queued(town, urgent=True)
    done = actions.deliver_due(NIGHT)
    assert (done.held, done.sent, again(calm).state, again(urgent).state) == (1, 1, "held", "sent")
    assert actions.deliver_due(NIGHT + timedelta(hours=9, minutes=59)).sent == 0
    assert actions.deliver_due(NIGHT + timedelta(hours=10)).sent == 1  # 08:00


def test_a_message_waits_for_its_moment(town: Town, post_office: Mailbox) -> None:
    """After a bulk act: ten seconds in which it can be called off."""
    start = town.clock.now()
    queued(town, not_before=start + timedelta(seconds=10))
    assert actions.deliver_due(start + timedelta(seconds=9)).sent == 0
    assert actions.deliver_due(start + timedelta(seconds=10)).sent == 1


def test_a_failing_server_is_asked_later_and_later_and_then_no_more(town: Town, post_office: Mailbox) -> None:
    message = queued(town, urgent=True)
    post_office.refusal = "451 try later"
    now, waits = town.clock.now(), []
    while actions.deliver_due(now).again:
        waits.append(again(message).not_before - now)
        now = message.not_before
    assert [wait.total_seconds() / 60 for wait in waits] == [1, 5, 30, 120, 720]
    assert (again(message).state, message.attempts) == ("failed", 6)
    assert queries.undelivered() == {("failed", "email", "smtp_451"): 1}


def test_a_refusal_for_good_is_not_repeated(town: Town, post_office: Mailbox) -> None:
    message = queued(town)
    post_office.refusal = "550 no such mailbox"
    assert actions.deliver_due(town.clock.now()).failed == 1
    assert (again(message).state, message.last_error) == ("failed", "smtp_550")


def test_a_server_that_is_down_costs_one_try_not_the_whole_queue(town: Town, settings: Any) -> None:
    settings.EMAIL_URL = f"mailto://127.0.0.1:{free_port()}?from=gewu@example.org"
    messages = [queued(town), queued(town, role="lead"), queued(town, role="director")]
    done = actions.deliver_due(town.clock.now())
    assert (done.again, done.down) == (1, {"email"})
    assert sorted(again(message).attempts for message in messages) == [0, 0, 1]


def test_who_was_told_is_not_told_again(town: Town) -> None:
    entry = Entry(id=chance.new_id())
    recipient = Recipient(user_id=town.people["worker"].pk, channels=(EMAIL,))
    for _ in range(2):
        actions.queue(entry, [recipient], "assigned", FACTS, now=town.clock.now())
    assert Message.objects.filter(entry_id=entry.id).count() == 1


def test_a_mail_whose_end_is_unknown_goes_again_under_the_same_id(town: Town, post_office: Mailbox) -> None:
    message, now = queued(town), town.clock.now()
    actions.deliver_due(now)
    Message.objects.update(state="sending", lease_until=now + actions.LEASE)  # died before noting it
    assert actions.deliver_due(now + actions.LEASE - timedelta(seconds=1)).sent == 0
    assert actions.deliver_due(now + actions.LEASE).sent == 1
    first, second = post_office.wait_for(2)
    assert first["Message-ID"] == second["Message-ID"]
    assert message.id.hex in first["Message-ID"]


def test_somebody_who_comes_back_late_does_not_overwrite_the_new_try(
    town: Town, post_office: Mailbox
) -> None:
    message, now = queued(town), town.clock.now()
    assert actions._claim(message, now)
    Message.objects.update(attempts=2)  # another worker took it over meanwhile
    assert actions._settle(message, "failed", "late") == 0
    assert again(message).state == "sending"


@pytest.fixture
def gateway(settings: Any) -> Iterator[list[dict[str, Any]]]:
    """A text message gateway that takes JSON."""
    taken: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append({"path": self.path, **json.loads(body)})
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_URL = f"json://127.0.0.1:{server.server_port}/send/{{phone}}"
    yield taken
    server.shutdown()
    server.server_close()


def test_a_text_goes_to_the_phone(town: Town, gateway: list[dict[str, Any]]) -> None:
    news(town, ContactInput(phone="13800138000"))
    assert actions.deliver_due(town.clock.now()).sent == 1
    (text,) = gateway
    assert "13800138000" in text["path"]
    assert text["message"].startswith("[Luotang] Your report LT-2026-000123-7 has been accepted")


def test_a_text_whose_end_is_unknown_is_a_finding_not_a_second_text(
    town: Town, gateway: list[dict[str, Any]]
) -> None:
    message, now = news(town, ContactInput(phone="13800138000")), town.clock.now()
    actions.deliver_due(now)
    Message.objects.update(state="sending", lease_until=now + actions.LEASE)
    assert actions.deliver_due(now + actions.LEASE).failed == 1
    assert (len(gateway), again(message).last_error) == (1, "outcome_unknown")


def test_old_messages_are_forgotten(town: Town, post_office: Mailbox) -> None:
    queued(town)
    actions.deliver_due(town.clock.now())
    queued(town, role="lead")
    assert actions.forget(town.clock.now() + actions.KEPT + timedelta(seconds=1)) == 1
    assert Message.objects.get().state == "waiting"


def test_the_question_carries_the_way_to_its_answer_and_no_table_does(
    town: Town, post_office: Mailbox
) -> None:
    case = town.report()
    for who, move, given in (
        ("lead", "accept", {}),
        ("lead", "assign", {"to": "post:worker-left1"}),
        ("worker", "start", {}),
        ("worker", "report_done", {"text": "There is no waste.", "closing": "unfounded"}),
    ):
        town.act(who, move, case, **given)
    actions.tell(town.act("lead", "verify", case, text="Clean."), now=town.clock.now())
    assert actions.deliver_due(town.clock.now()).sent >= 1
    (mail,) = [one for one in post_office.wait_for(1) if one["To"] == "reporter@example.org"]
    word = mail.get_content().split("/a/")[1].split()[0]
    assert asking.number_asked(word, now=town.clock.now()) == case.number
    assert all(word not in str(row) for row in Message.objects.values_list())
