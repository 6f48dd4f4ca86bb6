"""Six weeks of invented work: everything there is to see, and the same for the same seed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from gewu.core import chance
from gewu.core.clock import DrivenClock, driven
from gewu.demo import cases, load, town
from gewu.demo.replay import checks
from gewu.demo.replay.outcome import digest
from gewu.domain.cases.models import Case, CasePhoto, Party, Report
from gewu.domain.journal.models import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir", "heads_dir")]

UNTIL = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)  # a Thursday morning in Shanghai


def filled(*, number: int, seed: int = 2026) -> cases.Filled:
    begin = UNTIL - cases.PAST - timedelta(days=1)
    with chance.seeded(f"town {seed}"), driven(DrivenClock(begin)):
        load.load(town.build(seed), now=begin)
        load.appoint_officers(["a long passphrase"] * 3, now=begin)
    return cases.fill(cases=number, seed=seed, until=UNTIL)


@pytest.mark.long
@pytest.mark.one_store  # the next one, and tests/cli/test_replay.py, hold both stores to one course
def test_there_is_something_of_everything(data_dir: Path) -> None:
    made = filled(number=160)
    assert made.refused == {}
    assert made.cases == 160
    assert set(made.states) == {
        "submitted", "accepted", "assigned", "handling", "waiting", "handled", "closed", "declined",
    }  # fmt: skip
    assert set(Case.objects.values_list("level", flat=True)) == set("GVSD")
    done = set(Entry.objects.values_list("kind", flat=True))
    assert done >= {
        f"case.{move}"
        for move in (
            "hand_up",
            "transfer",
            "whistle",
            "confirm_arrival",
            "pause",
            "resume",
            "refuse",
            "rate",
            "reopen",
        )
    }
    assert CasePhoto.objects.filter(kind="after").exists()
    assert Party.objects.filter(relation="whistled", answered_at=None).exists()  # one that did not come
    assert Report.objects.filter(contact_id__isnull=False).exists()
    assert Case.objects.filter(sensitivity="confidential").exists()
    assert not Entry.objects.filter(position=None).exists()
    assert checks.broken(acknowledged=(), secrets={}, promised={}, now=UNTIL) == ()


def test_one_seed_gives_one_course(data_dir: Path) -> None:
    filled(number=12, seed=7)
    first = digest()
    call_command("flush", interactive=False, verbosity=0)
    filled(number=12, seed=7)
    assert digest() == first
