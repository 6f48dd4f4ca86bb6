"""Sixteen at once: one takes the case, one case comes of one report, one bulk act runs once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from gewu.core.errors import Conflict, GewuError, InProgress, Unavailable
from gewu.domain.access.actor import ANYONE, Actor
from gewu.domain.cases.actions import ReportInput, act, bulk, report
from gewu.domain.cases.models import Bulk, Case, Report
from gewu.domain.figures.proof import prove
from gewu.domain.journal.models import Entry
from gewu.domain.requests.actions import once
from tests import town as cast
from tests.requests.threads import run_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]
AT_ONCE = 16
KEY = UUID("01900000-0000-7000-8000-00000000000a")


def outcomes(what: Callable[[], object]) -> Counter[str]:
    """The same by sixteen at once: what each of them was told."""
    told: list[str] = []

    def attempt() -> None:
        try:
            what()
            told.append("done")
        except GewuError as error:
            told.append(type(error).__name__)

    run_at_once([attempt] * AT_ONCE)
    return Counter(told)


def test_one_of_sixteen_takes_a_case() -> None:
    cast.town()
    told = cast.report_case()
    lead, number = cast.actor("lead_a1"), told.case.number

    def take() -> None:
        act("accept", number, {}, actor=lead, now=cast.NOW, version=1)

    found = outcomes(take)
    assert found["done"] == 1
    assert set(found) <= {"done", Conflict.__name__, "Refused", Unavailable.__name__}
    assert Case.objects.get(number=number).version == 2
    assert Entry.objects.filter(subject_id=told.case.pk).count() == 2
    assert prove() == []


def test_a_report_sent_sixteen_times_is_one_case() -> None:
    cast.town()
    lon, lat = cast.middle("a1")
    given = ReportInput(text="垃圾桶旁有大量垃圾", condition=cast.WASTE, lon=lon, lat=lat)
    answers: list[bytes] = []

    def send() -> None:
        def perform() -> bytes:
            return report(given, actor=ANYONE, now=cast.NOW).secret.encode()

        answers.append(once("a phone", KEY, b"the same", now=cast.NOW, perform=perform).body)

    found = outcomes(send)
    assert set(found) <= {"done", InProgress.__name__, Unavailable.__name__}
    assert len(set(answers)) == 1, "every answer names the same receipt"
    assert Case.objects.count() == Report.objects.count() == 1


@pytest.mark.parametrize(("move", "given"), [("accept", {}), ("internal_note", {"text": "已电话联系"})])
def test_two_workers_run_a_bulk_act_once(move: str, given: dict[str, str]) -> None:
    """Also one that no state forbids a second time."""
    cast.town()
    numbers = [cast.report_case().case.number for _ in range(5)]
    dispatcher: Actor = cast.actor("lead_a1")
    asked = bulk.ask(move, numbers, given, actor=dispatcher, now=cast.NOW)
    later = cast.NOW + timedelta(seconds=11)
    found = outcomes(lambda: bulk.run_due(later))
    assert found["done"] >= 1
    assert Bulk.objects.get(pk=asked.pk).state == "done"
    assert Entry.objects.filter(kind="bulk.done").count() == 1
    assert set(Case.objects.values_list("version", flat=True)) == {2}
    assert prove() == []
