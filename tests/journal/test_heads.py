"""Publishing: each head to the folder beside the data, one a day signed."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from gewu.core.errors import Broken
from gewu.domain.journal import actions, heads
from gewu.domain.journal.models import Head, Tree
from tests.journal.builders import paint, paint_and_seal
from tests.requests.threads import run_at_once
from tests.services.time import START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / heads.LOG).read_text().splitlines()]


def test_each_seal_adds_one_line(heads_dir: Path) -> None:
    paint_and_seal(2)
    paint_and_seal(3, now=START + timedelta(minutes=1))
    root = bytes(Tree.objects.get().root).hex()
    assert [line["size"] for line in lines(heads_dir)] == [2, 5]
    assert lines(heads_dir)[-1] == {"size": 5, "root": root, "at": "2026-03-10T01:01:00+00:00"}
    assert json.loads((heads_dir / heads.LATEST).read_text()) == lines(heads_dir)[-1]


def test_nothing_new_adds_nothing(heads_dir: Path) -> None:
    assert heads.publish(heads_dir, now=START) is None
    paint_and_seal(1)
    assert heads.publish(heads_dir, now=START) is None
    assert len(lines(heads_dir)) == 1


def test_one_head_a_day_is_signed(heads_dir: Path) -> None:
    paint_and_seal(1)
    paint_and_seal(1)
    heads.publish(heads_dir, now=START + timedelta(days=1))
    (_, first), (where, second) = heads.daily_heads(heads_dir)
    key = heads.public_key(heads_dir)
    assert (first["size"], second["size"], where) == (1, 2, "daily/2026-03-11.json")
    assert heads.signature_holds(first, public_key=key)
    assert heads.signature_holds(second, public_key=key)


@pytest.mark.parametrize(
    "change", [{"size": 2}, {"root": "00"}, {"signature": "00"}, {"at": ""}, {"size": None}]
)
def test_a_changed_daily_head_does_not_hold(heads_dir: Path, change: dict[str, object]) -> None:
    paint_and_seal(1)
    ((_, document),) = heads.daily_heads(heads_dir)
    assert not heads.signature_holds({**document, **change}, public_key=heads.public_key(heads_dir))
    assert not heads.signature_holds(document, public_key="00" * 32)


def test_the_signing_key_is_made_once_and_only_for_its_owner(heads_dir: Path) -> None:
    first = heads.signing_key().public_key()
    file = settings.KEYS / heads.SIGNING_KEY
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert heads.signing_key().public_key() == first
    assert [path.name for path in settings.KEYS.iterdir()] == [heads.SIGNING_KEY]
    assert not list(heads_dir.iterdir())


def test_a_damaged_signing_key_is_said_so(heads_dir: Path) -> None:
    heads.signing_key()
    (settings.KEYS / heads.SIGNING_KEY).write_bytes(b"short")
    with pytest.raises(Broken) as caught:
        heads.signing_key()
    assert caught.value.code == "key_malformed"


def test_a_line_cut_off_by_a_power_failure_is_dropped(heads_dir: Path) -> None:
    paint_and_seal(1)
    with (heads_dir / heads.LOG).open("ab") as log:
        log.write(b'{"at": "2026-03-1')
    paint_and_seal(1)
    assert [line["size"] for line in lines(heads_dir)] == [1, 2]


def test_an_older_database_is_not_published_over_newer_heads(heads_dir: Path) -> None:
    paint_and_seal(3)
    Tree.objects.update(size=2)
    Head.objects.filter(size=3).delete()
    with pytest.raises(Broken) as caught:
        heads.publish(heads_dir, now=START)
    assert caught.value.code == "rolled_back"


def test_an_older_database_that_grew_again_is_not_published_either(heads_dir: Path) -> None:
    paint_and_seal(3)
    Head.objects.filter(size=3).update(root=bytes(32))
    for _ in range(4):
        paint()
    with pytest.raises(Broken, match="gewu verify"):
        actions.seal_all(START)
    assert [line["size"] for line in lines(heads_dir)] == [3]


@pytest.mark.django_db(transaction=True)
def test_several_publishers_at_once_write_one_line(heads_dir: Path) -> None:
    paint_and_seal(2)
    (heads_dir / heads.LOG).unlink()
    run_at_once([partial(heads.publish, heads_dir, now=START)] * 8)
    assert [line["size"] for line in lines(heads_dir)] == [2]
