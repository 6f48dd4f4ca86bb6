"""Make a new installation: folders, keys, tables. With --code and --name it is opened too, and gets the starting
catalogue; without them that can be done later by the same command. Nothing that is there already is changed."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from gewu.config import environment
from gewu.core import clock
from gewu.core.errors import Invalid
from gewu.domain.access.actor import SYSTEM
from gewu.domain.catalogue import actions as catalogue
from gewu.domain.journal import heads
from gewu.domain.place import actions as place
from gewu.domain.place import queries as places
from gewu.domain.place.models import PREFIX, ZONE
from gewu.domain.privacy import keys, retention


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--code", help="area code of the place, e.g. that of the subdistrict")
    parser.add_argument("--name", help="name of the place as its people write it")
    parser.add_argument("--name-en", default="", help="its name in English")
    parser.add_argument("--prefix", default=PREFIX, help="first letters of case numbers (%(default)s)")
    parser.add_argument("--zone", default=ZONE, help="time zone (%(default)s)")
    parser.add_argument("--phone", default="", help="service phone shown on every page")
    parser.add_argument("--supervision-phone", default="", help="phone of the supervisor")
    parser.add_argument("--hours", default="8:00-12:00, 14:00-18:00", help="working hours (%(default)s)")


def run(args: argparse.Namespace) -> int:
    prepare_folders()
    migrate()
    if args.code and args.name:
        _open(args)
    elif args.code or args.name:
        raise Invalid.at("--code", "missing", "To open the installation give both --code and --name.")
    print(f"The installation in {settings.DATA} is ready.")
    if not places.is_open():
        print("It is not opened yet: gewu init --code CODE --name NAME")
    print(f"Keep a copy of the keys in {settings.KEYS} in a safe place: no backup holds them.")
    return 0


def prepare_folders() -> None:
    """The folders of settings.py, and every key, so that each process finds the same."""
    for folder in (settings.DATA, settings.KEYS, settings.PHOTOS, settings.BACKUPS, settings.HEADS):
        Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.KEYS.chmod(0o700)
    environment.keep_secret(settings.SESSION_KEY, settings.SECRET_KEY)
    keys.ring("data")
    for purpose in keys.SECRETS:
        keys.secret(purpose)
    heads.signing_key()


def migrate() -> None:
    """Make or complete the tables."""
    call_command("migrate", interactive=False, verbosity=0)


def _open(args: argparse.Namespace) -> None:
    now = clock.now()
    if not places.is_open():
        place.open_installation(
            code=args.code,
            name=args.name,
            names={"zh-hans": args.name, **({"en": args.name_en} if args.name_en else {})},
            prefix=args.prefix,
            zone=args.zone,
            phone=args.phone,
            supervision_phone=args.supervision_phone,
            hours=args.hours,
            actor=SYSTEM,
            now=now,
        )
    catalogue.load_seed(now=now, actor=SYSTEM)
    retention.set_up()
