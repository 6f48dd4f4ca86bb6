"""What is erased is found nowhere: no table, file, log, index, and no restored backup."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from PIL import Image

from gewu.domain.journal.models import Entry
from gewu.domain.media import actions as media
from gewu.domain.media import queries as photos
from gewu.domain.media.models import Photo
from gewu.domain.privacy import contacts, erasure, rowkeys, texts
from gewu.domain.privacy.contacts import ContactInput
from gewu.domain.privacy.models import Contact, Erasure, RowKey, Text
from tests.privacy.people import clerk, officers
from tests.services.environment import store
from tests.services.time import START

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]

NAME = "陈秀英"
PHONE = "13800138000"


class Planted:
    """A name in a text, in contact data and on a photo, and every byte string that could give it away."""

    def __init__(self) -> None:
        self.text = texts.keep(f"{NAME}家门口堆了垃圾", kind="report")
        self.contact = contacts.keep(ContactInput(name=NAME, phone=PHONE))
        out = io.BytesIO()
        Image.effect_noise((320, 240), 60).save(out, "JPEG")
        self.photo = media.keep_photo(out.getvalue(), now=START)
        keys = RowKey.objects.filter(id__in=[self.text.id, self.contact.id, self.photo.id])
        self.traces = [NAME.encode(), PHONE.encode(), (self.contact.phone_mac or "").encode()]
        self.traces += [bytes(key.wrapped or b"") for key in keys]
        self.traces += [bytes(Text.objects.get(id=self.text.id).sealed)]
        self.traces += [bytes(Contact.objects.get(id=self.contact.id).sealed)]
        assert all(self.traces)

    def erase(self) -> Erasure:
        return erasure.erase(
            [self.text.id], [self.photo.id], [self.contact.id], reason="request", actor=clerk(), now=START
        )

    def in_bytes(self, data: bytes) -> list[bytes]:
        return [trace for trace in self.traces if trace in data]


def dump() -> bytes:
    """Every row of every table."""
    return b"\n".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for model in apps.get_models()
        for row in model._default_manager.values_list()
        for value in row
    )


def backup(into: Path) -> dict[Any, list[Any]]:
    """What a backup holds: every row but the row keys, and beside it the row-key file."""
    into.mkdir(exist_ok=True)
    rowkeys.sync_backup(into / erasure.BACKUP_KEYS)
    return {model: list(model.objects.all()) for model in (Text, Contact, Photo)}


def restore(rows: dict[Any, list[Any]], from_folder: Path) -> None:
    for model in (RowKey, *rows):
        model.objects.all().delete()
    for model, kept in rows.items():
        model.objects.bulk_create(kept)
    rowkeys.load_from(from_folder / erasure.BACKUP_KEYS)


def test_it_is_gone_from_every_table_and_file(settings: Any) -> None:
    planted = Planted()
    other = texts.keep("stays", kind="note")
    assert planted.in_bytes(dump())

    planted.erase()

    assert planted.in_bytes(dump()) == []
    assert texts.read([planted.text.id, other.id]) == {other.id: "stays"}
    assert photos.photo_bytes(planted.photo.id) is None
    assert [path for path in settings.PHOTOS.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(store() != "sqlite", reason="reads the SQLite file")
@pytest.mark.parametrize("neighbours", [0, 400])
def test_it_is_gone_from_the_raw_file_and_its_log(neighbours: int) -> None:
    file = Path(str(connection.settings_dict["NAME"]))
    for number in range(neighbours):
        texts.keep(f"before {number}" * 20, kind="note")
    planted = Planted()
    for number in range(neighbours):
        texts.keep(f"after {number}" * 20, kind="note")
    log = file.with_name(file.name + "-wal")
    assert planted.in_bytes(file.read_bytes() + log.read_bytes())

    planted.erase()

    assert planted.in_bytes(file.read_bytes()) == []
    assert planted.in_bytes(log.read_bytes()) == []


def test_an_older_backup_brings_back_everything_but_the_erased(settings: Any) -> None:
    planted = Planted()
    other = texts.keep("stays", kind="note")
    rows = backup(settings.BACKUPS)
    restore(rows, settings.BACKUPS)
    assert texts.read([planted.text.id])  # control: an unerased name does come back

    planted.erase()
    restore(rows, settings.BACKUPS)

    assert texts.read([planted.text.id, other.id]) == {other.id: "stays"}
    assert contacts.for_sending([planted.contact.id]) == {}
    file = (settings.BACKUPS / erasure.BACKUP_KEYS).read_bytes()
    assert planted.in_bytes(file) == []
    assert Text.objects.filter(id=planted.text.id).exists()
    erasure.finish_restored()
    assert not Text.objects.filter(id=planted.text.id).exists()
    assert contacts.find_by_phone(PHONE, reason="caller", actor=clerk(), now=START) == []


def test_a_backup_folder_that_was_away_catches_up(settings: Any, tmp_path: Path) -> None:
    planted = Planted()
    rows = backup(settings.BACKUPS)
    away = tmp_path / "unplugged"
    settings.BACKUPS.rename(away)
    planted.erase()

    rowkeys.sync_backup(away / erasure.BACKUP_KEYS)

    restore(rows, away)
    assert texts.read([planted.text.id]) == {}


def test_a_stale_key_file_revives_nothing(settings: Any, tmp_path: Path) -> None:
    planted = Planted()
    backup(settings.BACKUPS)
    away = tmp_path / "unplugged"
    settings.BACKUPS.rename(away)
    planted.erase()

    rowkeys.load_from(away / erasure.BACKUP_KEYS)

    assert RowKey.objects.filter(id=planted.text.id, wrapped=None).exists()


def test_an_empty_installation_takes_no_keys_from_a_backup(settings: Any) -> None:
    planted = Planted()
    rows = backup(settings.BACKUPS)
    RowKey.objects.all().delete()

    assert rowkeys.sync_backup(settings.BACKUPS / erasure.BACKUP_KEYS) == 3

    restore(rows, settings.BACKUPS)
    assert planted.text.id in texts.read([planted.text.id])


@pytest.mark.skipif(store() != "sqlite", reason="copies the SQLite file")
def test_a_stripped_copy_holds_no_key(tmp_path: Path) -> None:
    planted = Planted()
    keys = [bytes(key.wrapped or b"") for key in RowKey.objects.all()]
    copy = tmp_path / "copy.sqlite3"
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as live,
        closing(sqlite3.connect(copy)) as to,
    ):
        live.backup(to)

    rowkeys.strip(copy)

    assert [key for key in keys if key in copy.read_bytes()] == []
    assert planted.traces[-1] in copy.read_bytes()  # the ciphertext is there


def test_one_entry_says_how_many_and_names_nothing() -> None:
    planted = Planted()
    erased = planted.erase()

    entry = Entry.objects.get(kind="privacy.erased")
    assert entry.data == {
        "reason": "request",
        "texts": 1,
        "photos": 1,
        "contacts": 1,
        "digest": erased.digest,
    }
    assert erased.counts == {"texts": 1, "photos": 1, "contacts": 1}


def test_a_sealed_identity_and_its_requests_end_too() -> None:
    from tests.privacy.test_identities import CHEN, approve, ask, somebody

    present = officers()
    sealed = contacts.seal_to_officers(CHEN, now=START)
    opening = approve(ask(sealed, somebody()), "one", present["one"])

    erasure.erase(contact_ids=[sealed.id], reason="retention", now=START)

    opening.refresh_from_db()
    assert (opening.state, opening.held) == ("ended", None)
    assert texts.read([opening.motive_id]) == {}
    assert not sealed.shares.exists()


def test_erasing_twice_does_no_harm() -> None:
    planted = Planted()
    planted.erase()

    assert planted.erase().counts == {"texts": 0, "photos": 0, "contacts": 0}
