"""Say what is counted, what is set, and what is wrong, in plain words. Ends with 1 when something is wrong."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import connection

import gewu
from gewu.cli.health import counts, findings
from gewu.core import clock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    now = clock.now()
    found = findings.all_findings(now)
    told = {
        "program": gewu.__version__,
        "at": now.isoformat(),
        "settings": in_force(),
        "counts": counts.all_counts(now) if findings.has_tables() else {},
        "findings": [asdict(one) for one in found],
    }
    if args.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print(told)
    return 1 if any(one.severity == "error" for one in found) else 0


def in_force() -> dict[str, Any]:
    """The settings as they are; of secrets only whether they are set."""
    return {
        "GEWU_DATA": str(settings.DATA),
        "GEWU_KEYS": str(settings.KEYS),
        "GEWU_HEADS": str(settings.HEADS),
        "GEWU_BACKUPS": str(settings.BACKUPS),
        "GEWU_PHOTOS": str(settings.PHOTOS),
        "GEWU_DATABASE_URL": _store(),
        "GEWU_ADDRESS": settings.ADDRESS,
        "GEWU_HOSTS": list(settings.ALLOWED_HOSTS),
        "GEWU_HTTPS": settings.HTTPS,
        "GEWU_BEHIND_PROXY": settings.BEHIND_PROXY,
        "GEWU_LANGUAGE": settings.LANGUAGE_CODE,
        "GEWU_DEBUG": settings.DEBUG,
        "GEWU_EMAIL_URL": bool(settings.EMAIL_URL),
        "GEWU_SMS_URL": bool(settings.SMS_URL),
    }


def _store() -> str:
    """Which store, without its password."""
    database = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        return f"sqlite {database['NAME']}"
    return f"postgresql {database['NAME']} on {database['HOST'] or 'this machine'}"


def _print(told: dict[str, Any]) -> None:
    print(f"Gewu {told['program']}\n\nSettings")
    for name, value in told["settings"].items():
        print(f"  {name:<18} {_in_words(value)}")
    print("\nCounts")
    _print_tree(told["counts"], 1)
    print("\nFindings")
    for one in told["findings"]:
        print(f"  {one['severity']:<7} {one['code']}: {one['message']}")
    if not told["findings"]:
        print("  none")


def _print_tree(tree: dict[str, Any], depth: int) -> None:
    for name, value in tree.items():
        if isinstance(value, dict):
            print(f"{'  ' * depth}{name}")
            _print_tree(value, depth + 1)
        else:
            print(f"{'  ' * depth}{name:<24} {value}")


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)
