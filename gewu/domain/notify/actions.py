"""Writing messages: queueing them once, sending what is due, forgetting what is old.

A message is marked `sending` under a lease before it leaves, and `sent` after. Who is killed in between leaves the end
unknown: when the lease is over, a mail goes out again under the same Message-ID, which mail programs show once; a text
message is given up as a finding, never sent twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q

from gewu.core import chance
from gewu.core.errors import Broken
from gewu.core.worktime import quiet_until
from gewu.domain.accounts.models import User
from gewu.domain.cases import asking, by_day
from gewu.domain.cases.story import tells_hour
from gewu.domain.journal import heads
from gewu.domain.journal.models import Entry
from gewu.domain.names import name_of
from gewu.domain.notify import texts, whom
from gewu.domain.notify.channels import Channel, NotSent, Outgoing, email, sms
from gewu.domain.notify.models import DROPPED, FAILED, HELD, PENDING, SENDING, SENT, WAITING, Message
from gewu.domain.notify.recipients import EMAIL, PAGE, Recipient
from gewu.domain.notify.table import MESSAGES, STAFF_CHANNELS, WITH_LINK
from gewu.domain.people.queries import day_after, day_of
from gewu.domain.place import queries as place
from gewu.domain.privacy import contacts
from gewu.domain.requests.work import unit_of_work
from gewu.domain.statements import ID, Prepared, Slot

LEASE = timedelta(
    minutes=10
)  # longer than one pass can take: LIMIT mails, each at the server's longest patience
LIMIT = 20
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
KEPT = timedelta(days=90)
MODULES: dict[str, Channel] = {"email": email, "sms": sms}

_TOLD = Prepared(lambda: Message.objects.filter(entry_id=Slot("entry", ID)).values_list("code", flat=True))


@dataclass
class Delivered:
    """How one pass went: numbers, no addresses."""

    sent: int = 0
    again: int = 0
    failed: int = 0
    dropped: int = 0
    held: int = 0
    down: set[str] = field(default_factory=set)


def tell(entry: Entry, *, now: datetime) -> None:
    """Queue everything the table says about this entry. All of it or none, so running twice tells nobody anew."""
    rows = [row for row in MESSAGES.get(entry.kind, ()) if row.applies(_readable(entry))]
    if not rows or {row.text for row in rows} & set(_TOLD(entry=entry.id)):
        return
    scene = whom.Scene.of(entry, now=now)
    if scene is None:
        return
    facts, urgent = _facts(scene), _is_urgent(scene)
    hidden = by_day.hides_hours(scene.case) and tells_hour(entry)
    # When a mail has left stands in it for good: of what the reporter of a confidential case does it says the day.
    later = day_after(now) if hidden and entry.actor_kind == "reporter" and not urgent else None
    with unit_of_work():
        for row in rows:
            to = whom.recipients(row, scene)
            queue(entry, to, row.text, facts, now=now, urgent=urgent, not_before=later, by_days=hidden)


def queue(
    entry: Entry,
    recipients: Iterable[Recipient],
    code: str,
    facts: Mapping[str, str | int],
    *,
    now: datetime,
    urgent: bool = False,
    not_before: datetime | None = None,
    by_days: bool = False,
) -> None:
    """Have `recipients` told of `entry`; whoever was told of it under this code already is not told again.

    A notice on a page needs no sending: it shows from `not_before` on, and disturbs nobody's quiet hours. One that is
    told by the day (`by_days`) shows at once, under its day.
    """
    at = not_before or now
    _insert(entry.id, recipients, code, facts, now=now, urgent=urgent, not_before=at, by_days=by_days)


def tell_head(now: datetime) -> None:
    """Send today's signed head of the journal to the supervisors: a witness outside this machine (rules.md 6)."""
    head = heads.latest(settings.HEADS)
    entry = Entry.objects.filter(position=head.size).first() if head else None
    if head is None or entry is None:
        return
    signature = str(heads.signed(head)["signature"])
    facts: dict[str, str | int] = {"size": head.size, "root": head.root, "signature": signature}
    queue(entry, whom.everybody("supervisor", STAFF_CHANNELS, now=now), "head", facts, now=now)


def warn_of_calendar(now: datetime) -> None:
    """Tell the administrators that the published working days end soon: once, and again when messages are forgotten."""
    for finding in place.provisional_findings(now=now):
        administrators = whom.everybody("administrator", STAFF_CHANNELS, now=now)
        facts = {"until": f"{finding.day}T00:00:00+00:00"}
        _insert(
            place.installation().uid, administrators, "calendar", facts, now=now, urgent=False, not_before=now
        )


def _insert(
    entry_id: UUID,
    recipients: Iterable[Recipient],
    code: str,
    facts: Mapping[str, str | int],
    *,
    now: datetime,
    urgent: bool,
    not_before: datetime,
    by_days: bool = False,
) -> None:
    day = day_of(now)
    Message.objects.bulk_create(
        [
            Message(
                id=chance.id_told_as(day) if by_days else chance.new_id(),
                entry_id=entry_id, code=code, recipient=recipient.key, to_user_id=recipient.user_id,
                to_contact=recipient.contact_id, channel=channel, language=recipient.language,
                facts={**facts, "day": 1} if by_days else dict(facts),
                urgent=urgent, state=SENT if channel == PAGE else WAITING, queued_at=day if by_days else now,
                not_before=day if by_days and channel == PAGE else not_before,
            )
            for recipient in recipients
            for channel in recipient.channels
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def deliver_due(now: datetime, *, limit: int = LIMIT) -> Delivered:
    """Send what is due, oldest first, at most `limit`. Two workers may do this at once: each message has one claim."""
    done = Delivered()
    _give_up_or_repeat(now, done)
    until = quiet_until(now, place.calendar().zone)
    if until is not None:
        calm = Message.objects.filter(state=WAITING, urgent=False, not_before__lte=now)
        done.held = calm.update(state=HELD, not_before=until)
    due = Message.objects.filter(state__in=PENDING, not_before__lte=now)
    if until is not None:
        due = due.filter(urgent=True)
    for message in due.order_by("not_before", "id")[:limit]:
        _deliver(message, done, now)
    return done


def mark_seen(user: User, ids: Iterable[UUID]) -> int:
    """The reader's own notices are read; when, nobody keeps."""
    return Message.objects.filter(to_user=user, channel=PAGE, id__in=list(ids), seen=False).update(seen=True)


def forget(now: datetime) -> int:
    """Delete what is long over: the journal knows what happened, and nobody needs to know who was told when."""
    over = Message.objects.filter(queued_at__lt=now - KEPT).exclude(state__in=[*PENDING, SENDING])
    deleted, _ = over.delete()
    return deleted


def _deliver(message: Message, done: Delivered, now: datetime) -> None:
    way = _way(message)
    if isinstance(way, str):
        done.dropped += _settle(message, DROPPED, way)
        return
    name, address = way
    if name in done.down or not _claim(message, now):
        return
    try:
        MODULES[name].send(_outgoing(message, name, address, now))
    except (NotSent, Broken) as error:
        _not_sent(message, name, error, done, now)
    else:
        done.sent += _settle(message, SENT, "")


def _way(message: Message) -> tuple[str, str] | str:
    """Channel and address, read at this moment; or the code why there is none."""
    if message.channel == EMAIL:
        user = User.objects.filter(is_active=True, pk__in=[message.to_user_id]).first()
        found = {"email": user.email} if user and user.email else {}
        first = "email"
    else:
        contact = (
            contacts.for_sending([message.to_contact]).get(message.to_contact) if message.to_contact else None
        )
        if contact is None:
            return "no_contact"
        found = {"sms": contact.phone, "email": contact.email}
        first = contact.channel
    if not any(found.values()):
        return "no_address"
    # The chosen way first; another one only when the chosen one does not exist here.
    for name in sorted(found, key=lambda one: one != first):
        if found[name] and MODULES[name].is_on():
            return name, found[name]
    return "channel_off"


def _claim(message: Message, now: datetime) -> bool:
    claimed = Message.objects.filter(pk=message.pk, state__in=PENDING, not_before__lte=now).update(
        state=SENDING, attempts=F("attempts") + 1, lease_until=now + LEASE
    )
    message.attempts += claimed
    return bool(claimed)


def _outgoing(message: Message, name: str, address: str, now: datetime) -> Outgoing:
    installation = place.installation()
    sender = name_of(installation, message.language)
    code, facts = _with_link(message, now)
    if name == "sms":
        text = texts.short(code, facts, language=message.language, sender=sender)
        return Outgoing(message.id.hex, address, "", text, now)
    words = texts.letter(code, facts, language=message.language, sender=sender)
    return Outgoing(message.id.hex, address, words.subject, words.body, now)


def _with_link(message: Message, now: datetime) -> tuple[str, dict[str, Any]]:
    """Text and facts as they go out: with the way to the answer while the question is open."""
    other = WITH_LINK.get(message.code)
    if other is None or message.to_contact is None:
        return message.code, message.facts
    word = asking.word_for(message.to_contact, str(message.facts["number"]), now=now)
    if not word:
        return message.code, message.facts
    return other, {**message.facts, "link": f"{settings.ADDRESS.rstrip('/')}/a/{word}"}


def _not_sent(message: Message, name: str, error: NotSent | Broken, done: Delivered, now: datetime) -> None:
    code = error.code
    if not isinstance(error, NotSent) or error.unreachable:
        done.down.add(name)
    for_good = isinstance(error, NotSent) and error.for_good
    if for_good or message.attempts > len(BACKOFF):
        done.failed += _settle(message, FAILED, code)
    else:
        done.again += _settle(message, WAITING, code, not_before=now + BACKOFF[message.attempts - 1])


def _settle(message: Message, state: str, code: str, **more: Any) -> int:
    """Note the end of one try; not if somebody else has taken it over since (then it has another number of tries)."""
    mine = Q(state=SENDING, attempts=message.attempts) if state != DROPPED else Q(state__in=PENDING)
    return Message.objects.filter(mine, pk=message.pk).update(
        state=state, last_error=code, lease_until=None, **more
    )


def _give_up_or_repeat(now: datetime, done: Delivered) -> None:
    """Messages whose sender died: repeat what a second delivery cannot double, give up the rest as findings."""
    for message in Message.objects.filter(state=SENDING, lease_until__lte=now).order_by("lease_until")[
        :LIMIT
    ]:
        way = _way(message)
        repeat = not isinstance(way, str) and MODULES[way[0]].repeatable and message.attempts <= len(BACKOFF)
        if repeat:
            done.again += _settle(message, WAITING, "outcome_unknown", not_before=now)
        else:
            done.failed += _settle(message, FAILED, "outcome_unknown")


def _readable(entry: Entry) -> dict[str, Any]:
    return {**entry.data, "by": entry.actor_kind}


def _facts(scene: whom.Scene) -> dict[str, str | int]:
    """Codes and numbers, as of now: what the recipient needs in order to act."""
    case, data = scene.case, scene.entry.data
    facts: dict[str, str | int] = {
        "number": case.number,
        "state": str(data.get("to") or case.state),
        "level": case.level,
        "due": case.due_at.isoformat() if case.due_at else "",
    }
    for name in ("clock", "reason"):
        if data.get(name):
            facts[name] = str(data[name])
    if by_day.hides_hours(case):
        facts["by_day"] = 1
    if case.wakes_at:
        facts["until"] = case.wakes_at.isoformat()
    return facts


def _is_urgent(scene: whom.Scene) -> bool:
    """Emergencies and matters with urgent hours go out at night too."""
    return scene.case.emergency or str(scene.case.condition.limit or "").startswith("U")
