"""A receipt brings a reporter back to the own case; a guess brings nobody anywhere."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from gewu.core import chance
from gewu.core.errors import Invalid, NotFound, TooMany
from gewu.core.text import CaseNumber
from gewu.domain.privacy import receipts
from gewu.domain.privacy.receipts import Held
from tests.services.time import START

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]

NUMBER = str(CaseNumber("LT", 2026, 123))
UNKNOWN = str(CaseNumber("LT", 2026, 124))
OTHER = "0000000000000000"


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> dict[str, Held]:
    """Where receipts are stored, as another package would."""
    held: dict[str, Held] = {}
    monkeypatch.setattr(receipts._Registry, "lookup", staticmethod(held.get))
    return held


def issue(stored: dict[str, Held]) -> tuple[str, UUID]:
    secret, mac = receipts.issue(NUMBER)
    stored[NUMBER] = Held(chance.new_id(), mac)
    return secret, stored[NUMBER].holder


def test_number_and_secret_open_the_case(stored: dict[str, Held]) -> None:
    secret, holder = issue(stored)

    assert len(secret) == 16
    assert secret.isdigit()
    assert receipts.check(NUMBER, secret, address="192.0.2.1", now=START) == holder


def test_it_may_be_typed_in_any_width_and_grouping(stored: dict[str, Held]) -> None:
    secret, holder = issue(stored)
    wide = " · ".join(secret[at : at + 4] for at in range(0, 16, 4)).translate(
        {ord(str(digit)): ord("０") + digit for digit in range(10)}
    )

    assert receipts.check(f" {NUMBER.lower()} ", wide, address="192.0.2.1", now=START) == holder


def test_the_stored_hash_is_bound_to_the_number(stored: dict[str, Held]) -> None:
    secret, _holder = issue(stored)
    stored[UNKNOWN] = Held(chance.new_id(), stored[NUMBER].mac)

    with pytest.raises(NotFound):
        receipts.check(UNKNOWN, secret, address="192.0.2.1", now=START)


def test_wrong_secret_and_unknown_number_look_alike(stored: dict[str, Held]) -> None:
    issue(stored)
    said = []
    for number in (NUMBER, UNKNOWN):
        with pytest.raises(NotFound) as refusal:
            receipts.check(number, OTHER, address="192.0.2.1", now=START)
        said.append((str(refusal.value), refusal.value.code, refusal.value.facts))

    assert said[0] == said[1]


def test_a_slip_in_the_number_is_told_without_looking(stored: dict[str, Held]) -> None:
    with pytest.raises(Invalid) as refusal:
        receipts.check(
            NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"), OTHER, address="192.0.2.1", now=START
        )
    assert refusal.value.errors[0].code == "number_check"


def test_five_tries_in_fifteen_minutes_for_each_case_and_address(stored: dict[str, Held]) -> None:
    secret, holder = issue(stored)
    for _try in range(5):
        with pytest.raises(NotFound):
            receipts.check(NUMBER, OTHER, address="192.0.2.1", now=START)

    with pytest.raises(TooMany):
        receipts.check(NUMBER, secret, address="192.0.2.1", now=START)
    assert receipts.check(NUMBER, secret, address="192.0.2.2", now=START) == holder
    assert receipts.check(NUMBER, secret, address="192.0.2.1", now=START + timedelta(minutes=16)) == holder


def test_the_cookie_stands_for_the_number_for_an_hour() -> None:
    cookie = receipts.cookie_for(NUMBER, now=START)

    assert receipts.number_in(cookie, now=START + timedelta(minutes=59)) == NUMBER
    assert receipts.number_in(cookie, now=START + timedelta(minutes=60)) is None


@pytest.mark.parametrize("change", ["", "x", ".", "罗塘", "a.b", "\udcff", "A" * 5000])
def test_a_made_up_cookie_stands_for_nothing(change: str) -> None:
    assert receipts.number_in(change, now=START) is None
    cookie = receipts.cookie_for(NUMBER, now=START)
    assert receipts.number_in("A" + cookie[1:], now=START) is None


def test_the_code_carries_the_secret_behind_the_hash() -> None:
    payload = receipts.qr_payload("https://gewu.example/", NUMBER, OTHER)

    assert payload == f"https://gewu.example/r#{NUMBER}.{OTHER}"
    assert receipts.qr_svg(payload).startswith("<svg")
