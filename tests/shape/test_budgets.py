"""Pages stay light for an old phone on a slow line, and readable for old eyes."""

from __future__ import annotations

import gzip
import itertools
import json
import math
import re
from functools import cache
from typing import Any

import pytest

from tests.shape.sources import ROOT

ASSETS = ROOT / "gewu" / "web" / "static" / "assets"
TOKENS = ROOT / "frontend" / "css" / "tokens.css"
KILOBYTE = 1024
BUDGETS = {  # entry -> KB on the wire (gzip), with everything it imports at once
    "entries/base.css": 15,
    "entries/resident.ts": 5,
    "entries/field.ts": 25,
    "entries/field.css": 2,
    "entries/staff.ts": 30,
    "entries/queue.ts": 30,
    "entries/command.ts": 650,
}

TEXTS = ("ink", "muted", "brand", "brand-hover")
STATES = ("new", "assigned", "doing", "overdue", "done")

# How people with protan, deutan and tritan vision see linear RGB (Machado, Oliveira, Fernandes 2009, severity 1).
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


@cache
def manifest() -> dict[str, Any]:
    path = ASSETS / "manifest.json"
    assert path.exists(), "The pages are not built: run `make install`."
    return json.loads(path.read_text(encoding="utf-8"))


def on_the_wire(entry: str) -> int:
    """Bytes after gzip of an entry and what it imports, also later, each file once; styles and workers apart."""
    files: set[str] = set()
    waiting = [entry]
    while waiting:
        chunk = manifest()[waiting.pop()]
        if chunk["file"] not in files:
            files.add(chunk["file"])
            waiting += [*chunk.get("imports", []), *chunk.get("dynamicImports", [])]
    return sum(len(gzip.compress((ASSETS / name).read_bytes(), 9)) for name in files)


def test_every_entry_has_a_budget_and_keeps_it() -> None:
    entries = [name for name, chunk in manifest().items() if chunk.get("isEntry")]
    assert {"entries/base.css", "entries/resident.ts", "entries/staff.ts"} <= set(entries) <= set(BUDGETS)
    sizes = {name: on_the_wire(name) for name in entries}
    assert {name: size for name, size in sizes.items() if size > BUDGETS[name] * KILOBYTE} == {}


def tokens(mode: str) -> dict[str, str]:
    """The colours of a mode, read from the style sheet itself."""
    light, dark = TOKENS.read_text(encoding="utf-8").split("@media screen and (prefers-color-scheme: dark)")
    dark = dark[: dark.index("\n}\n")]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return colours if mode == "light" else colours | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))


def linear(colour: str) -> tuple[float, float, float]:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def contrast(one: str, other: str) -> float:
    lights = sorted(
        sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(colour: str, vision: str) -> tuple[float, float, float]:
    """CIE Lab as seen with a kind of vision."""
    seen = [
        min(1, max(0, sum(w * p for w, p in zip(row, linear(colour), strict=True))))
        for row in VISIONS[vision]
    ]
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    ratios = [
        sum(w * p for w, p in zip(row, seen, strict=True)) / n for row, n in zip(to_xyz, white, strict=True)
    ]
    x, y, z = (r ** (1 / 3) if r > 0.008856 else 7.787 * r + 16 / 116 for r in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_can_be_read(mode: str) -> None:
    colour = tokens(mode)
    pairs = [(text, ground) for text in TEXTS for ground in ("bg", "surface")]
    pairs += [("on-brand", "brand"), ("on-brand", "brand-hover"), ("on-overdue", "overdue"), ("bg", "ink")]
    pairs += [(state, ground) for state in STATES for ground in ("bg", "surface", f"{state}-tint")]
    pairs += [("ink", f"{state}-tint") for state in STATES]
    assert {
        pair: contrast(colour[pair[0]], colour[pair[1]])
        for pair in pairs
        if contrast(colour[pair[0]], colour[pair[1]]) < 4.5
    } == {}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_can_be_used_can_be_seen(mode: str) -> None:
    colour = tokens(mode)
    assert min(contrast(colour["line"], colour[ground]) for ground in ("bg", "surface")) >= 3
    assert contrast(colour["focus"], colour["focus-ink"]) >= 3


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("vision", VISIONS)
def test_states_differ_for_every_eye(mode: str, vision: str) -> None:
    seen = {state: lab(tokens(mode)[state], vision) for state in STATES}
    distances = {pair: math.dist(seen[pair[0]], seen[pair[1]]) for pair in itertools.combinations(STATES, 2)}
    assert {pair: round(far, 1) for pair, far in distances.items() if far < 12} == {}


def test_contrast_is_computed_as_published() -> None:
    assert round(contrast("#005a9c", "#ffffff"), 2) == 7.14
    assert round(contrast("#17212b", "#ffffff"), 2) == 16.29
