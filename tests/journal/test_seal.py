"""Sealing: gapless positions, one tree, one worker at a time."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pymerkle
import pytest
from django.db import transaction

from gewu.core.errors import Broken, Conflict
from gewu.core.merkle import Frontier
from gewu.domain.journal import actions, canonical, queries
from gewu.domain.journal.models import Entry, Head, Lease, Tree
from tests.journal.builders import paint, paint_and_seal
from tests.requests.threads import run_at_once
from tests.services.time import START

pytestmark = pytest.mark.django_db


def lease(holder: str = "worker", **words: Any) -> Lease:
    taken = actions.take_lease(actions.SEALER, holder, now=words.get("now", START), seconds=30)
    assert taken is not None
    return taken


def test_entries_get_the_next_positions_oldest_first() -> None:
    entries = [paint() for _ in range(5)]
    assert queries.after(0, 10) == []
    assert actions.seal(now=START, fence=lease().fence, batch=3) == 3
    assert actions.seal(now=START, fence=lease().fence, batch=3) == 2
    assert actions.seal(now=START, fence=lease().fence) == 0
    assert [(entry.id, entry.position) for entry in queries.after(0, 10)] == [
        (entry.id, number) for number, entry in enumerate(entries, start=1)
    ]
    assert [entry.position for entry in queries.after(3, 1)] == [4]
    assert queries.last_position() == 5


def test_an_independent_tree_has_the_same_root_at_every_head() -> None:
    other = pymerkle.InmemoryTree(algorithm="sha256")
    for count in (1, 2, 4, 7):
        for _ in range(count):
            paint()
        actions.seal(now=START, fence=lease().fence)
    for entry in queries.after(0, 100):
        other.append_entry(canonical.leaf(entry.position or 0, entry.digest))
    assert {head.size: bytes(head.root) for head in Head.objects.all()} == {
        size: other.get_root(size) for size in (1, 3, 7, 14)
    }
    tree = Tree.objects.get()
    assert (tree.size, bytes(tree.root)) == (14, other.get_root())
    assert Frontier.parse(bytes(tree.frontier)).root() == other.get_root()


def test_an_entry_that_commits_late_gets_a_later_position() -> None:
    late, early = paint(), paint()
    Entry.objects.filter(pk=late.pk)._raw_delete("default")
    actions.seal(now=START, fence=lease().fence)
    Entry.objects.bulk_create([late])
    actions.seal(now=START, fence=lease().fence)
    assert [entry.id for entry in queries.after(0, 10)] == [early.id, late.id]


def test_sealing_takes_few_queries_however_much_waits(django_assert_max_num_queries: Any) -> None:
    fence = lease().fence
    for _ in range(40):
        paint()
    with django_assert_max_num_queries(14):  # first seal: with the tree's own row and savepoints
        actions.seal(now=START, fence=fence)
    for _ in range(80):
        paint()
    with django_assert_max_num_queries(8):
        actions.seal(now=START, fence=fence)
    with django_assert_max_num_queries(2):
        actions.seal(now=START, fence=fence)


def test_only_one_holds_the_lease() -> None:
    first = lease("first")
    assert actions.take_lease(actions.SEALER, "second", now=START, seconds=30) is None
    later = START + timedelta(seconds=20)
    assert lease("first", now=later).fence == first.fence
    after_all = later + timedelta(seconds=30)
    assert lease("second", now=after_all).fence == first.fence + 1
    assert actions.take_lease(actions.SEALER, "first", now=after_all, seconds=30) is None


def test_a_lease_given_back_is_free_at_once() -> None:
    first = lease("first")
    assert actions.release_lease(actions.SEALER, fence=first.fence, now=START)
    second = lease("second")
    assert second.fence == first.fence + 1
    assert not actions.release_lease(actions.SEALER, fence=first.fence, now=START)


@pytest.mark.parametrize("waiting", [0, 2])
def test_a_worker_who_lost_the_lease_changes_nothing(waiting: int) -> None:
    old = lease("old")
    later = START + timedelta(minutes=1)
    new = lease("new", now=later)
    for _ in range(waiting):
        paint()
    with pytest.raises(Conflict) as caught:
        actions.seal(now=later, fence=old.fence)
    assert caught.value.code == "lease_lost"
    assert not Entry.objects.filter(position__isnull=False).exists()
    assert actions.seal(now=later, fence=new.fence) == waiting


def test_a_worker_whose_time_is_over_changes_nothing() -> None:
    fence = lease().fence
    paint()
    with pytest.raises(Conflict, match="taken over"):
        actions.seal(now=START + timedelta(minutes=1), fence=fence)


def test_the_tree_itself_refuses_an_older_fence() -> None:
    paint_and_seal(1)
    Tree.objects.update(fence=99)
    paint()
    later = START + timedelta(seconds=1)
    with pytest.raises(Conflict), transaction.atomic():
        actions.seal(now=later, fence=lease(now=later).fence)
    assert Tree.objects.get().size == 1
    assert Entry.objects.filter(position__isnull=True).count() == 1


def test_seal_all_seals_and_publishes(heads_dir: Path) -> None:
    for _ in range(3):
        paint()
    assert actions.seal_all(START) == 3
    assert (heads_dir / "latest.json").exists()
    paint()
    assert actions.seal_all(START) == 1


def test_seal_all_leaves_a_running_worker_alone() -> None:
    lease("worker")
    with pytest.raises(Conflict) as caught:
        actions.seal_all(START)
    assert caught.value.code == "lease_held"


def test_a_reader_moves_on_and_only_from_where_it_is() -> None:
    assert queries.cursor("figures") == 0
    assert actions.move_cursor("figures", 0, 3)
    assert not actions.move_cursor("figures", 0, 5)
    assert not actions.move_cursor("figures", 2, 5)
    assert actions.move_cursor("figures", 3, 5)
    assert queries.cursor("figures") == 5
    with pytest.raises(Broken):
        actions.move_cursor("figures", 5, 4)


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_leave_no_gap_and_no_fork(heads_dir: Path) -> None:
    entries = 40
    lost: list[str] = []

    def seal_sometimes(holder: str) -> None:
        now = START
        for _ in range(12):
            now += timedelta(seconds=20)
            taken = actions.take_lease(actions.SEALER, holder, now=now, seconds=15)
            if taken is None:
                continue
            try:
                actions.seal(now=now, fence=taken.fence, batch=4)
            except Conflict as error:
                lost.append(error.code)

    for _ in range(entries):
        paint()
    run_at_once([partial(seal_sometimes, name) for name in ("one", "two", "three")])
    actions.seal_all(START + timedelta(hours=1))
    assert [entry.position for entry in queries.after(0, 100)] == list(range(1, entries + 1))
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in queries.after(0, 100):
        tree.append_entry(canonical.leaf(entry.position or 0, entry.digest))
    assert bytes(Tree.objects.get().root) == tree.get_root()
    assert set(lost) <= {"lease_lost"}


@pytest.mark.django_db(transaction=True)
def test_recording_goes_on_while_another_seals(heads_dir: Path) -> None:
    stop = threading.Event()

    def record() -> None:
        try:
            for _ in range(25):
                paint()
        finally:
            stop.set()

    def seal() -> None:
        fence = lease().fence
        while not stop.is_set():
            actions.seal(now=START, fence=fence, batch=3)
        actions.release_lease(actions.SEALER, fence=fence, now=START)

    run_at_once([record, seal])
    actions.seal_all(START)
    assert [entry.position for entry in queries.after(0, 100)] == list(range(1, 26))
