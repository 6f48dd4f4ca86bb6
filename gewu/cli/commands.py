"""The commands of `gewu`, each in a module of its own with `add_arguments(parser)` and `run(args) -> int`.

A module is imported only when its command is called, so that `gewu --help` and a small command stay quick, and after
the program is set up, so that it may import what it needs. Only an `early` one is read before; its `prepare(args)` may
still say what the settings will find in the environment.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


@dataclass(frozen=True)
class Command:
    """One word of the command line.

    `begins`: may be called where no installation is yet. `plain`: what it says is for operators, in English throughout.
    """

    name: str
    help: str
    module: str = ""
    begins: bool = False
    early: bool = False
    plain: bool = False

    def exists(self) -> bool:
        return find_spec(self._path) is not None

    def load(self) -> ModuleType:
        return import_module(self._path)

    @property
    def _path(self) -> str:
        return f"gewu.cli.{self.module or self.name}"


COMMANDS: tuple[Command, ...] = (
    Command("init", "make a new installation: folders, keys, tables", begins=True, plain=True),
    Command("demo", "fill an empty installation with the model town and serve it here", begins=True),
    Command("serve", "answer browsers and programs, and run the worker", begins=True, early=True),
    Command("worker", "run the worker alone: seal, react, remind, send, count"),
    Command("replay", "play recorded days through the program", begins=True),
    Command(
        "import", "take in areas, people, calendar days or hotline tickets", module="import_", plain=True
    ),
    Command("export", "give out areas, catalogue, people's template or figures"),
    Command("verify", "recompute history and figures, compare with the outside witness", plain=True),
    Command("backup", "copy everything but the keys while the program runs", plain=True),
    Command("restore", "bring a backup into an empty installation", begins=True, plain=True),
    Command("doctor", "say what is counted, set and wrong", plain=True),
    Command("bench", "measure the program against the machine's floor", begins=True),
)


def offered() -> tuple[Command, ...]:
    """The commands this build has."""
    return tuple(command for command in COMMANDS if command.exists())
