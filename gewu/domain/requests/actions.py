"""Doing something once however often it is asked for, and not more often than a limit allows.

A phone that got no answer sends the same act again. `once` performs it the first time and gives the first answer to
every repeat. The answer may hold a receipt's secret, so it is sealed under a key made from the client's own key, of
which only a hash is stored: the database alone opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from gewu.core import chance, crypto
from gewu.core.errors import FieldError, InProgress, Invalid, TooMany
from gewu.domain import statements
from gewu.domain.requests.models import ClientKey, Throttle
from gewu.domain.requests.work import LOCK_WAIT, sqlstate, unit_of_work, wait_for_locks
from gewu.domain.statements import Written

KEPT = timedelta(days=30)
RUNNING_WAIT = "2s"  # how long a repeat waits for the first one before it is told to come back
_LOCK_NOT_AVAILABLE = "55P03"
_CLAIM = Written(
    """
    INSERT INTO requests_clientkey (id, key_hash, body_hash, answer, created_at, expires_at)
    VALUES (%s, %s, %s, NULL, %s, %s)
    ON CONFLICT (key_hash) DO UPDATE
    SET body_hash = excluded.body_hash, answer = NULL,
        created_at = excluded.created_at, expires_at = excluded.expires_at
    WHERE requests_clientkey.expires_at <= excluded.created_at
    """
)


@dataclass(frozen=True)
class Answer:
    """What the act answered; `repeated` when it was performed by an earlier request."""

    body: bytes = field(repr=False)
    repeated: bool


@dataclass(frozen=True)
class _Names:
    """What one client key turns into: the row it is found by, and the secret that opens the answer."""

    row: bytes
    secret: bytes = field(repr=False)
    body: bytes

    @classmethod
    def of(cls, scope: str, key: UUID, body: bytes) -> _Names:
        # HKDF wants randomness, and a client key is random; the scope keeps two clients with one key apart.
        secret = crypto.derive(key.bytes, f"gewu client key {scope}")
        row = sha256(crypto.derive(secret, "row")).digest()
        return cls(row, crypto.derive(secret, "answer"), crypto.mac(crypto.derive(secret, "body"), body))


def once(scope: str, key: UUID | None, body: bytes, *, now: datetime, perform: Callable[[], bytes]) -> Answer:
    """Perform and keep the answer in one transaction; a repeat of key and body gets the first answer.

    `scope` tells clients apart (kind, actor or device); `body` is the normalised request. Only success is kept: an
    error of `perform` undoes everything, and the same key may be tried again. Without a key it is performed each
    time. Raises `Invalid` (`key_reused`) for another body and `InProgress` while the first request still runs.
    """
    if key is None:
        with unit_of_work():
            return Answer(perform(), repeated=False)
    names = _Names.of(scope, key, body)
    with unit_of_work():
        if not _claim(names, now):
            return _first_answer(names, now) or _still_running()
        answer = perform()
        sealed = crypto.seal(names.secret, answer, aad=names.row)
        statements.change(ClientKey, {"answer": sealed}, {"key_hash": names.row})
    return Answer(answer, repeated=False)


def peek(scope: str, key: UUID | None, body: bytes, *, now: datetime) -> Answer | None:
    """The first answer, if there is one: one query, before anything costly (photos, places) is looked at."""
    return None if key is None else _first_answer(_Names.of(scope, key, body), now)


def spend(bucket: str, *, limit: int, window: timedelta, now: datetime) -> None:
    """Count one try; raises `TooMany` once `limit` are used up in the window that began with the first.

    Committed on its own before the work begins, and refused inside a transaction: a failed try must still count.
    """
    until, spent = _count(_bucket_hash(bucket), now=now, until=now + window, most=limit + 1)
    if spent > limit:
        raise TooMany(_("Too many tries. Please wait a little and try again."), retry_after=until - now)


def sweep(now: datetime) -> int:
    """Remove keys whose time is over and windows that have passed; how many rows it were."""
    with unit_of_work():
        keys, _by_model = ClientKey.objects.filter(expires_at__lte=now).delete()
        windows, _by_model = Throttle.objects.filter(until__lte=now).delete()
    return keys + windows


def _claim(names: _Names, now: datetime) -> bool:
    """Write the key's row before performing: the unique index decides who is first. An expired row is taken over."""
    wait_for_locks(RUNNING_WAIT)
    moment = connection.ops.adapt_datetimefield_value
    try:
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [_own_id(), names.row, names.body, moment(now), moment(now + KEPT)])
            claimed = bool(cursor.rowcount == 1)
    except DatabaseError as error:
        # PostgreSQL lets the second INSERT wait for the first one's end, up to RUNNING_WAIT.
        if sqlstate(error) == _LOCK_NOT_AVAILABLE:
            raise _running() from error
        raise
    wait_for_locks(LOCK_WAIT)
    return claimed


def _own_id() -> UUID | str:
    made = chance.new_id()
    return made if connection.features.has_native_uuid_field else made.hex


def _first_answer(names: _Names, now: datetime) -> Answer | None:
    row = ClientKey.objects.filter(key_hash=names.row, expires_at__gt=now).first()
    if row is None:
        return None
    if not crypto.same(bytes(row.body_hash), names.body):
        raise _reused()
    if row.answer is None:
        return None
    return Answer(crypto.unseal(names.secret, bytes(row.answer), aad=names.row), repeated=True)


def _still_running() -> Answer:
    """The key is taken without an answer: by this very transaction, or its row has just been swept."""
    raise _running()


def _running() -> InProgress:
    return InProgress(
        _("This is being saved already. Please wait a few seconds."), retry_after=timedelta(seconds=2)
    )


def _reused() -> Invalid:
    message = _("This was sent before with other content. Please open the form again.")
    error = Invalid([FieldError("key", "key_reused", message)], message)
    error.code = "key_reused"
    return error


def _bucket_hash(bucket: str) -> bytes:
    # Keyed, because a bucket may name a network address or a phone, and those can be guessed from a plain hash.
    return crypto.mac(settings.SECRET_KEY.encode(), "bucket", bucket)


def _count(bucket: bytes, *, now: datetime, until: datetime, most: int) -> tuple[datetime, int]:
    """One statement, so that 64 tries at once are counted as 64; never counts beyond `most`."""
    moment = connection.ops.adapt_datetimefield_value
    with unit_of_work(durable=True):
        (window,) = Throttle.objects.raw(
            """
            INSERT INTO requests_throttle (bucket_hash, spent, until) VALUES (%s, 1, %s)
            ON CONFLICT (bucket_hash) DO UPDATE SET
                spent = CASE WHEN requests_throttle.until <= %s THEN 1
                             WHEN requests_throttle.spent < %s THEN requests_throttle.spent + 1
                             ELSE requests_throttle.spent END,
                until = CASE WHEN requests_throttle.until <= %s THEN excluded.until
                             ELSE requests_throttle.until END
            RETURNING bucket_hash, spent, until
            """,
            [bucket, moment(until), moment(now), most, moment(now)],
        )
    return window.until, window.spent
