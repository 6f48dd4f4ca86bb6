"""Who claims what about the tree: the database's own rows, and the heads folder outside it.

`verify` walks the entries once and holds every claim against the root it computed at that size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext as _

from gewu.core.errors import Broken
from gewu.core.merkle import Frontier
from gewu.domain.journal import heads
from gewu.domain.journal.models import Head, Tree

Severity = Literal["fault", "note"]
_CHUNK = 5000


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be (`fault`), or that the reader must know (`note`)."""

    code: str
    message: str
    where: str = ""
    severity: Severity = "fault"


@dataclass(frozen=True)
class Claim:
    """Somebody says that the first `size` entries have this root."""

    size: int
    root: bytes
    where: str
    published: bool = False


def of_rows() -> Iterator[Claim]:
    """What the rows of all seals say."""
    for size, root in Head.objects.order_by("size").values_list("size", "root").iterator(_CHUNK):
        yield Claim(size, bytes(root), f"head {size}")


def of_tree(tree: Tree) -> Iterator[Claim | Finding]:
    """What the tree says of itself, by its root and by the edge on which the next seal builds."""
    yield Claim(tree.size, bytes(tree.root), "tree")
    try:
        edge = Frontier.parse(bytes(tree.frontier))
    except Broken as error:
        yield Finding("frontier_damaged", str(error), "tree")
        return
    if edge.size == tree.size:
        yield Claim(edge.size, edge.root(), "frontier")
    else:
        yield Finding("frontier_damaged", _("The tree's edge has another size than the tree."), "tree")


def of_folder(folder: Path) -> Iterator[Claim | Finding]:
    """What was published: the log line by line, the newest head, and the signed head of each day."""
    size = 0
    for where, head in heads.read_log(folder):
        if head is None or head.size <= size:
            yield _damaged(where)
        else:
            size = head.size
            yield _claim(head, where)
    newest = heads.latest(folder)
    if newest is None:
        if size:
            yield _damaged(heads.LATEST)
    else:
        yield _claim(newest, heads.LATEST)
        if newest.size > size:
            yield Finding(
                "heads_cut", _("The log of heads ends before the newest published head."), heads.LOG
            )
    yield from _of_days(folder)


def _of_days(folder: Path) -> Iterator[Claim | Finding]:
    key = heads.public_key(folder)
    for where, document in heads.daily_heads(folder):
        if heads.signature_holds(document, public_key=key):
            yield _claim(heads.Published.of(document), where)
        else:
            yield Finding("signature_wrong", _("The signature of this daily head does not hold."), where)


def _claim(head: heads.Published, where: str) -> Claim:
    return Claim(head.size, bytes.fromhex(head.root), where, published=True)


def _damaged(where: str) -> Finding:
    return Finding("heads_damaged", _("This published head cannot be read or is out of order."), where)


def parted(items: Iterator[Claim | Finding]) -> tuple[list[Claim], list[Finding]]:
    """Claims to hold against the tree, and what was found on the way."""
    told: dict[bool, list[Any]] = {True: [], False: []}
    for item in items:
        told[isinstance(item, Claim)].append(item)
    return told[True], told[False]
