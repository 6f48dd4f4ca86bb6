"""One move on many cases: previewed, held back ten seconds, called off or done, with an answer for each case.

After the ten seconds only the opposite move of the table helps; there is no rewind. Above fifty cases a second person
confirms first. What was given is sealed while it waits, because it may hold a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from gewu.core import limits
from gewu.core.errors import Conflict, GewuError, Invalid, NotFound, Refused, Unavailable
from gewu.domain.access.actor import Actor, Hat
from gewu.domain.access.table import TRIAGE, check_allowed, may
from gewu.domain.accounts.models import User
from gewu.domain.cases.actions import act, asks
from gewu.domain.cases.bulks import DONE, as_kept
from gewu.domain.cases.models import Bulk
from gewu.domain.cases.queries import get_case
from gewu.domain.cases.rules import blocked_by_returns
from gewu.domain.cases.workflow import MOVES
from gewu.domain.journal import actions as journal
from gewu.domain.people.models import Post
from gewu.domain.people.queries import actor_for
from gewu.domain.people.roles import ROLES
from gewu.domain.privacy import keys
from gewu.domain.requests.work import unit_of_work

WAIT = timedelta(seconds=10)
# Moves that make sense for many cases with one answer; the others need a look at each case.
MOVES_IN_BULK = (
    "accept",
    "assign",
    "hand_up",
    "hand_back",
    "transfer",
    "recategorise",
    "join",
    "answer",
    "internal_note",
)


class Preview(msgspec.Struct, frozen=True):
    """What a bulk act would do before it is asked for: how many, how many of them overdue, and which cannot."""

    count: int
    overdue: int
    refused: dict[str, str]


def preview(move_code: str, numbers: Sequence[str], *, actor: Actor) -> Preview:
    """Look at each case; nothing is written."""
    _check_list(move_code, numbers)
    refused: dict[str, str] = {}
    overdue = 0
    for number in dict.fromkeys(numbers):
        try:
            case = get_case(number, actor=actor)
        except NotFound as error:
            refused[number] = str(error)
            continue
        move = MOVES[move_code]
        if case.state not in move.frm or blocked_by_returns(case, move) or not may(actor, move.action, case):
            refused[number] = _("This cannot be done now.")
        elif case.overdue_at is not None:
            overdue += 1
    return Preview(len(set(numbers)) - len(refused), overdue, refused)


def ask(
    move_code: str, numbers: Sequence[str], given: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Bulk:
    """Put a bulk act down. It starts in ten seconds, or ten seconds after a second person has confirmed it.

    What is given is read once before, by the first case the actor may know of: a fault stands at its field.
    """
    _check_list(move_code, numbers)
    verdict = may(actor, "case.bulk")
    check_allowed(verdict)
    if actor.user_id is None or verdict.hat is None:
        raise Refused(_("This step belongs to somebody else."), code="not_yours")
    unique = list(dict.fromkeys(numbers))
    _check_given(move_code, unique, given, actor=actor, now=now)
    alone = len(unique) <= limits.BULK_ALONE
    with unit_of_work():
        bulk = Bulk(
            move=move_code,
            numbers=unique,
            post_id=_telling_hat(actor, verdict.hat).post_id,
            user_id=actor.user_id,
            asked_at=now,
            starts_at=now + WAIT if alone else None,
        )
        bulk.given = _seal(bulk, given)
        bulk.save(force_insert=True)
        data = {"move": move_code, "count": len(unique), "second": int(not alone)}
        journal.record("bulk.asked", actor=actor, subject=("bulk", bulk.id), at=now, data=data)
    return bulk


def confirm(bulk_id: Any, *, actor: Actor, now: datetime) -> Bulk:
    """The second person of a large bulk act; another one than who asked for it."""
    bulk = _bulk(bulk_id)
    check_allowed(may(actor, "case.bulk"))
    if bulk.user_id == actor.user_id:
        raise Refused(_("Above 50 cases somebody else has to confirm."), code="second_person")
    with unit_of_work():
        waiting = Bulk.objects.filter(pk=bulk.pk, state="waiting", starts_at=None)
        if not waiting.update(starts_at=now + WAIT):
            raise Conflict(_("This is already confirmed, done or called off."), code="bulk_over")
        data = {"move": bulk.move, "count": len(bulk.numbers)}
        journal.record("bulk.confirmed", actor=actor, subject=("bulk", bulk.id), at=now, data=data)
    return _bulk(bulk_id)


def call_off(bulk_id: Any, *, actor: Actor, now: datetime) -> Bulk:
    """Within the ten seconds, by who asked for it."""
    bulk = _bulk(bulk_id)
    if bulk.user_id != actor.user_id:
        raise NotFound
    with unit_of_work():
        if not Bulk.objects.filter(pk=bulk.pk, state="waiting").update(state="off"):
            raise Conflict(_("It has already started."), code="bulk_started")
        data = {"move": bulk.move, "count": len(bulk.numbers)}
        journal.record("bulk.called_off", actor=actor, subject=("bulk", bulk.id), at=now, data=data)
    return _bulk(bulk_id)


def run_due(now: datetime) -> int:
    """Called by the worker: start what has waited long enough. Each case is an act of its own.

    A worker killed in the middle leaves `running`; the next pass goes on with the cases that have no answer yet. An act
    and its answer are one transaction, and answers are read anew under the lock of their row: nothing is done twice,
    even when a pass outlives its lease and another worker follows. A busy store ends the pass; the next one goes on.
    """
    done = 0
    for bulk in Bulk.objects.filter(state__in=["waiting", "running"], starts_at__lte=now).order_by(
        "starts_at"
    ):
        if bulk.state == "running" or Bulk.objects.filter(pk=bulk.pk, state="waiting").update(
            state="running"
        ):
            _run(bulk, now)
            done += 1
    return done


def _run(bulk: Bulk, now: datetime) -> None:
    actor = _who_asked(bulk, now)
    given = msgspec.json.decode(keys.ring("data").decrypt(bytes(bulk.given), aad=bulk.id.bytes))
    for number in bulk.numbers:
        if number not in bulk.results:
            _do_one(bulk, number, given, actor=actor, now=now)
    with unit_of_work():
        failed = sum(answer != DONE for answer in _answers(bulk).values())
        if Bulk.objects.filter(pk=bulk.pk, state="running").update(state="done"):
            data = {"move": bulk.move, "count": len(bulk.numbers), "failed": failed}
            journal.record("bulk.done", actor=actor, subject=("bulk", bulk.id), at=now, data=data)


def _do_one(bulk: Bulk, number: str, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    try:
        with unit_of_work():
            if number not in _answers(bulk):
                act(bulk.move, number, given, actor=actor, now=now)
                _note(bulk, number, DONE)
    except Unavailable:
        raise  # the store, not the case
    except GewuError as error:
        with unit_of_work():
            if number not in _answers(bulk):
                _note(bulk, number, as_kept(error))


def _answers(bulk: Bulk) -> dict[str, Any]:
    """What every worker has answered so far; until the transaction ends no other one answers."""
    held = Bulk.objects.select_for_update().values_list("results", flat=True)
    bulk.results = held.get(pk=bulk.pk)
    return dict(bulk.results)


def _note(bulk: Bulk, number: str, answer: str | dict[str, Any]) -> None:
    bulk.results = bulk.results | {number: answer}
    Bulk.objects.filter(pk=bulk.pk).update(results=bulk.results)


def _who_asked(bulk: Bulk, now: datetime) -> Actor:
    """The person with the posts of today. A second factor was shown when the post they asked under demands one."""
    asked_as = Post.objects.filter(pk=bulk.post_id).values_list("role", flat=True).first()
    strong = asked_as is not None and ROLES[asked_as].strong
    return actor_for(User.objects.get(pk=bulk.user_id), now=now, strong=strong)


def _telling_hat(actor: Actor, hat: Hat) -> Hat:
    """The hat a bulk act is asked under: after a second factor, one that demands it, so that this is known."""
    strong = (one for one in actor.hats if ROLES[one.role].strong and one.role in TRIAGE)
    return next(strong, hat) if actor.strong else hat


def _check_given(
    move_code: str, numbers: Sequence[str], given: Mapping[str, Any], *, actor: Actor, now: datetime
) -> None:
    for number in numbers:
        try:
            case = get_case(number, actor=actor)
        except NotFound:
            continue
        asks.read(MOVES[move_code], given, case, now=now)
        return


def _bulk(bulk_id: Any) -> Bulk:
    bulk = Bulk.objects.filter(pk=bulk_id).first()
    if bulk is None:
        raise NotFound
    return bulk


def _check_list(move_code: str, numbers: Sequence[str]) -> None:
    if move_code not in MOVES_IN_BULK:
        raise Invalid.at("move", "choice", _("This step needs a look at each case."))
    if not numbers or len(numbers) > limits.BULK:
        raise Invalid.at(
            "numbers", "range", _("Choose between 1 and %(most)s cases.") % {"most": limits.BULK}
        )


def _seal(bulk: Bulk, given: Mapping[str, Any]) -> bytes:
    return keys.ring("data").encrypt(msgspec.json.encode(dict(given)), aad=bulk.id.bytes)
