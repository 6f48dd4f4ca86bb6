"""Verifying: every kind of tampering on real rows, done by SQL as an insider would."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from gewu.core import chance
from gewu.core.merkle import Frontier
from gewu.domain.journal import actions, canonical, heads
from gewu.domain.journal import verify as verifier
from gewu.domain.journal.models import Entry, Head, Tree
from gewu.domain.journal.verify import Finding, is_sound, register_check, verify
from tests.journal.builders import paint, paint_and_seal, sql
from tests.services.time import START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]
LATER = START + timedelta(hours=2)


@pytest.fixture
def sealed(heads_dir: Path) -> list[Entry]:
    """Eight entries in two seals, both published."""
    return [*paint_and_seal(5), *paint_and_seal(3, now=START + timedelta(seconds=5))]


@pytest.fixture
def checks() -> Iterator[None]:
    before = dict(verifier._checks)
    yield
    verifier._checks.clear()
    verifier._checks.update(before)


def codes(folder: Path | None) -> set[str]:
    return {finding.code for finding in verify(heads=folder, now=LATER) if finding.severity == "fault"}


def column(entry: Entry) -> Any:
    """The entry's id as the store's own SQL wants it."""
    return entry.id if connection.features.has_native_uuid_field else entry.id.hex


def rebuild() -> None:
    """Seal everything anew, as an insider with the program's source would: digests, tree, heads."""
    frontier = Frontier()
    for entry in Entry.objects.filter(position__isnull=False).order_by("position"):
        digest = canonical.digest(entry)
        sql("UPDATE journal_entry SET digest = %s WHERE id = %s", digest, column(entry))
        frontier.append(canonical.leaf(entry.position or 0, digest))
        Head.objects.filter(size=frontier.size).update(root=frontier.root())
    Head.objects.filter(size__gt=frontier.size).delete()
    Tree.objects.update(size=frontier.size, frontier=bytes(frontier), root=frontier.root())


def renumber() -> None:
    for number, entry in enumerate(
        Entry.objects.filter(position__isnull=False).order_by("position"), start=1
    ):
        sql("UPDATE journal_entry SET position = %s WHERE id = %s", number, column(entry))


def test_an_untouched_journal_is_sound(sealed: list[Entry], heads_dir: Path) -> None:
    assert verify(heads=heads_dir, now=START) == []


def test_without_heads_a_roll_back_is_not_excluded(sealed: list[Entry]) -> None:
    (note,) = verify(now=START)
    assert (note.code, note.severity) == ("no_witness", "note")
    assert is_sound([note])
    assert not is_sound([note, Finding("entry_changed", "x")])


def test_an_empty_installation_is_sound(heads_dir: Path) -> None:
    assert is_sound(verify(heads=heads_dir, now=START))


@pytest.mark.parametrize(
    "change",
    ["kind = 'bench.sawn'", "data = '{\"coats\":9}'", "post_id = NULL", "scope_path = ''", "subject_version = 2",
     "at = '2026-03-10 01:00:00.000001+00:00'", "actor_kind = 'system'"],
)  # fmt: skip
def test_an_edited_entry_is_found(sealed: list[Entry], heads_dir: Path, change: str) -> None:
    sql(f"UPDATE journal_entry SET {change} WHERE position = 3")
    assert "entry_changed" in codes(None)
    (found,) = [each for each in verify(now=START) if each.code == "entry_changed"]
    assert found.where == f"position 3, id {sealed[2].id}"


def test_an_edited_entry_with_a_new_digest_is_found(sealed: list[Entry]) -> None:
    sql("UPDATE journal_entry SET kind = 'bench.sawn' WHERE position = 3")
    changed = canonical.digest(Entry.objects.get(position=3))
    sql("UPDATE journal_entry SET digest = %s WHERE position = 3", changed)
    assert codes(None) == {"tree_differs"}


@pytest.mark.parametrize("position", [1, 4, 8])
def test_a_deleted_entry_is_found(sealed: list[Entry], position: int) -> None:
    sql("DELETE FROM journal_entry WHERE position = %s", position)
    assert {"entry_missing", "tree_differs"} <= codes(None)


def test_a_deleted_entry_with_the_gap_closed_is_found(sealed: list[Entry]) -> None:
    sql("DELETE FROM journal_entry WHERE position = 4")
    renumber()
    assert {"entry_missing", "tree_differs"} <= codes(None)


@pytest.mark.parametrize("position", [-1, 0, 9])
def test_an_inserted_entry_is_found(sealed: list[Entry], position: int) -> None:
    paint()
    sql("UPDATE journal_entry SET position = %s WHERE position IS NULL", position)
    assert codes(None) == {"entry_beyond"}


def test_an_entry_inserted_in_the_middle_is_found(sealed: list[Entry]) -> None:
    sql("UPDATE journal_entry SET position = -position WHERE position > 4")
    sql("UPDATE journal_entry SET position = 1 - position WHERE position < 0")
    paint()
    sql("UPDATE journal_entry SET position = 5 WHERE position IS NULL")
    assert {"tree_differs", "entry_beyond"} == codes(None)


def test_two_entries_that_changed_places_are_found(sealed: list[Entry]) -> None:
    sql("UPDATE journal_entry SET position = -1 WHERE position = 2")
    sql("UPDATE journal_entry SET position = 2 WHERE position = 6")
    sql("UPDATE journal_entry SET position = 6 WHERE position = -1")
    assert codes(None) == {"tree_differs"}


def test_a_forged_unsealed_entry_is_found(sealed: list[Entry]) -> None:
    paint(at=LATER)
    sql("UPDATE journal_entry SET kind = 'bench.sawn' WHERE position IS NULL")
    assert codes(None) == {"entry_changed"}


def test_an_entry_waiting_too_long_is_found(sealed: list[Entry]) -> None:
    paint(at=LATER - timedelta(seconds=59))
    assert codes(None) == set()
    paint(at=LATER - timedelta(seconds=61))
    assert codes(None) == {"unsealed"}


def test_a_version_taken_out_before_the_seal_is_found(sealed: list[Entry]) -> None:
    bench = chance.new_id()
    for version in (1, 2, 3):
        paint(bench, version=version, at=LATER)
    assert codes(None) == set()
    sql("DELETE FROM journal_entry WHERE subject_version = 2")
    assert codes(None) == {"versions_broken"}


@pytest.mark.parametrize(
    "change",
    ["UPDATE journal_tree SET root = %s", "UPDATE journal_head SET root = %s WHERE size = 5"],
)
def test_a_changed_head_is_found(sealed: list[Entry], change: str) -> None:
    sql(change, bytes(32))
    assert codes(None) == {"tree_differs"}


def test_a_changed_edge_of_the_tree_is_found(sealed: list[Entry]) -> None:
    edge = Frontier()
    edge.extend(bytes([number]) for number in range(8))
    Tree.objects.update(frontier=bytes(edge))
    assert codes(None) == {"tree_differs"}
    for damaged in (bytes(Frontier()), b"\x00" * 3):
        Tree.objects.update(frontier=damaged)
        assert codes(None) == {"frontier_damaged"}


def test_a_cut_off_end_is_found(sealed: list[Entry]) -> None:
    sql("DELETE FROM journal_entry WHERE position > 5")
    assert {"entry_missing", "tree_differs"} == codes(None)


def test_a_cut_off_end_with_the_tree_made_to_match_needs_the_witness(
    sealed: list[Entry], heads_dir: Path
) -> None:
    sql("DELETE FROM journal_entry WHERE position > 5")
    rebuild()
    assert codes(None) == set()
    assert codes(heads_dir) == {"rolled_back"}


def test_a_cut_off_end_is_found_by_a_reader_who_was_further(sealed: list[Entry]) -> None:
    actions.move_cursor("figures", 0, 8)
    sql("DELETE FROM journal_entry WHERE position > 5")
    rebuild()
    assert codes(None) == {"cursor_beyond"}


def test_an_older_database_is_found_by_newer_heads(heads_dir: Path, tmp_path: Path) -> None:
    paint_and_seal(5)
    newer = tmp_path / "newer"
    shutil.copytree(heads_dir, newer)
    size, root = 9, "ab" * 32
    with (newer / heads.LOG).open("ab") as log:
        log.write(heads.Published(size, root, START.isoformat()).line())
    assert codes(heads_dir) == set()
    assert codes(newer) == {"rolled_back"}


def test_an_older_database_that_grew_again_is_found(sealed: list[Entry], heads_dir: Path) -> None:
    sql("DELETE FROM journal_entry WHERE position > 5")
    rebuild()
    for _ in range(7):
        paint()
    lease = actions.take_lease(actions.SEALER, "again", now=LATER, seconds=30)
    assert lease is not None
    actions.seal(now=LATER, fence=lease.fence)
    assert codes(None) == set()
    assert codes(heads_dir) == {"rewritten"}


def test_a_rewritten_history_with_everything_sealed_anew_needs_the_witness(
    sealed: list[Entry], heads_dir: Path
) -> None:
    sql("UPDATE journal_entry SET kind = 'bench.sawn' WHERE position = 3")
    rebuild()
    assert codes(None) == set()
    assert codes(heads_dir) == {"rewritten"}


def test_a_rewritten_log_is_found_by_the_signed_heads(sealed: list[Entry], heads_dir: Path) -> None:
    sql("UPDATE journal_entry SET kind = 'bench.sawn' WHERE position = 3")
    rebuild()
    lines = [
        heads.Published(head.size, bytes(head.root).hex(), "x").line()
        for head in Head.objects.order_by("size")
    ]
    (heads_dir / heads.LOG).write_bytes(b"".join(lines))
    (heads_dir / heads.LATEST).write_bytes(lines[-1])
    assert codes(heads_dir) == {"rewritten"}
    day = next((heads_dir / heads.DAILY).iterdir())
    document = json.loads(day.read_text()) | json.loads(lines[0])
    day.write_text(json.dumps(document))
    assert codes(heads_dir) == {"signature_wrong"}


def test_a_damaged_or_shortened_log_is_found(sealed: list[Entry], heads_dir: Path) -> None:
    log = heads_dir / heads.LOG
    whole = log.read_bytes()
    log.write_bytes(whole.splitlines(keepends=True)[0])
    assert codes(heads_dir) == {"heads_cut"}
    for damaged in (
        b"nonsense\n" + whole,
        b'{"at":"","root":"zz","size":9}\n' + whole,
        whole + whole,
        b"[]\n" + whole,
    ):
        log.write_bytes(damaged)
        assert codes(heads_dir) == {"heads_damaged"}
    log.write_bytes(whole)
    (heads_dir / heads.LATEST).write_bytes(b"\xff")
    assert codes(heads_dir) == {"heads_damaged"}


def test_what_is_not_yet_published_is_a_note(sealed: list[Entry], heads_dir: Path) -> None:
    paint(at=LATER)
    lease = actions.take_lease(actions.SEALER, "worker", now=LATER, seconds=30)
    assert lease is not None
    actions.seal(now=LATER, fence=lease.fence)
    (note,) = verify(heads=heads_dir, now=LATER)
    assert (note.code, note.severity) == ("heads_behind", "note")


@pytest.mark.usefixtures("checks")
def test_others_add_their_own_checks(sealed: list[Entry], heads_dir: Path) -> None:
    register_check("texts", lambda: [Finding("text_changed", "A text differs.", "text 1")])
    assert codes(heads_dir) == {"text_changed"}


def test_a_flood_of_findings_is_counted(heads_dir: Path) -> None:
    paint_and_seal(30)
    sql("UPDATE journal_entry SET kind = 'x'")
    found = [each for each in verify(heads=heads_dir, now=START) if each.code == "entry_changed"]
    assert len(found) == 21
    assert "10" in found[-1].message
