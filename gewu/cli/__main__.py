"""`gewu --data DIR COMMAND ...`: finds the command, reads the settings, says what went wrong in one sentence.

Exit codes: 0 done, 1 a finding or a failure, 2 the command line itself is wrong. One folder holds an installation;
`--data` names it, else GEWU_DATA, else `./data`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import gewu
from gewu.cli.commands import Command, offered
from gewu.core.errors import Broken, GewuError, Invalid

OK, FAILED, WRONG_USE = 0, 1, 2
STOPPED = 130  # by the keyboard, as shells count it


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    words = list(sys.argv[1:] if words is None else words)
    try:
        return _run(words)
    except GewuError as error:
        _complain(error)
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if os.environ.get("GEWU_DEBUG"):
            raise
        _complain_about_ourselves(error)
    return FAILED


def _run(words: Sequence[str]) -> int:
    data, command = _look_ahead(words)
    if command is None:
        _parser(None, None).parse_args(words)
        return WRONG_USE
    os.environ["GEWU_DATA"] = str(data)
    if command.early:
        module = command.load()
        args = _parser(command, module).parse_args(words)
        module.prepare(args)
        _set_up()
    else:
        _set_up()
        module = command.load()
        args = _parser(command, module).parse_args(words)
    if not command.begins and not data.is_dir():
        raise Broken(f"There is no installation in {data}. Run: gewu --data {data} init")
    if not command.plain:
        return int(module.run(args))
    from django.utils import translation

    with translation.override("en"):
        try:
            return int(module.run(args))
        except GewuError as error:
            _complain(error)  # here: sentences are put into words only when they are read
            return FAILED


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gewu.config.settings")
    import django

    django.setup()


def _look_ahead(words: Sequence[str]) -> tuple[Path, Command | None]:
    """The folder and the command, before anything is parsed: both decide what can be imported."""
    data = os.environ.get("GEWU_DATA") or "data"
    rest = iter(words)
    for word in rest:
        if word == "--data":
            data = next(rest, data)
        elif word.startswith("--data="):
            data = word.removeprefix("--data=")
        elif not word.startswith("-"):
            known = {command.name: command for command in offered()}
            return _folder(data), known.get(word)
    return _folder(data), None


def _folder(name: str) -> Path:
    return Path(name).expanduser().resolve()


def _parser(chosen: Command | None, module: ModuleType | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gewu", description="The working system of a neighbourhood service grid.", allow_abbrev=False
    )
    parser.add_argument(
        "--data", metavar="DIR", help="folder of the installation (else GEWU_DATA, else ./data)"
    )
    parser.add_argument("--version", action="version", version=f"gewu {gewu.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in offered():
        own = commands.add_parser(command.name, help=command.help, allow_abbrev=False)
        if module and command is chosen:
            own.description = module.__doc__
            module.add_arguments(own)
    return parser


def _complain(error: GewuError) -> None:
    if isinstance(error, Invalid):
        print(f"gewu: {error.message}", file=sys.stderr)
        for fault in error.errors:
            print(f"  {fault.field}: {fault.message}", file=sys.stderr)
    else:
        print(f"gewu: {error}", file=sys.stderr)


def _complain_about_ourselves(error: Exception) -> None:
    from django.db import DatabaseError, InterfaceError

    if isinstance(error, DatabaseError | InterfaceError):
        reason = str(error).strip().splitlines()
        print(f"gewu: The database did not do what was asked: {reason[0] if reason else ''}", file=sys.stderr)
    elif isinstance(error, OSError):
        print(f"gewu: {error.strerror or error}: {error.filename or ''}", file=sys.stderr)
    else:
        print(f"gewu: The program itself is at fault: {type(error).__name__}: {error}", file=sys.stderr)
    print("  GEWU_DEBUG=1 shows where.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
