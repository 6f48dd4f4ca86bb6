"""One measured figure, and whether its target is met.

Machines are shared and noisy. So every figure is the median of nine rounds (`gewu bench --rounds` asks for others) with
its quartiles, stands beside the machine's floor in the same run where there is one, and misses its target only when
even its better quartile does.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

ROUNDS = 9
_asked = ROUNDS  # of this process, which measures one store


def set_rounds(number: int) -> None:
    """How often everything is measured from now on."""
    global _asked
    _asked = number


def rounds() -> range:
    """The rounds to measure."""
    return range(_asked)


@dataclass(frozen=True)
class Sample:
    """Median and quartiles of the rounds."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Sample:
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(low, median, high)


@dataclass(frozen=True)
class Figure:
    """One line of the table. `target` as people read it; empty when the figure is only told."""

    name: str
    store: str
    value: float
    unit: str
    low: float
    high: float
    floor: float | None = None
    ratio: float | None = None
    target: str = ""
    met: bool | None = None

    def as_dict(self) -> dict[str, Any]:
        return {key: _short(value) for key, value in asdict(self).items()}


def figure(
    name: str,
    store: str,
    sample: Sample,
    unit: str,
    *,
    least: float | None = None,
    most: float | None = None,
    floor: float | None = None,
    ratio_least: float | None = None,
    ratio_most: float | None = None,
) -> Figure:
    """A figure judged by its better quartile: of rates the upper one, of times the lower one."""
    more_is_better = least is not None or ratio_least is not None
    best = sample.high if more_is_better else sample.low
    verdicts, words = [], []
    if least is not None:
        verdicts.append(best >= least)
        words.append(f">= {_plain(least)} {unit}")
    if most is not None:
        verdicts.append(best <= most)
        words.append(f"<= {_plain(most)} {unit}")
    if floor and ratio_least is not None:
        verdicts.append(best / floor >= ratio_least)
        words.append(f"ratio >= {ratio_least}")
    if floor and ratio_most is not None:
        verdicts.append(best / floor <= ratio_most)
        words.append(f"ratio <= {ratio_most}")
    return Figure(
        name=name, store=store, value=sample.median, unit=unit, low=sample.low, high=sample.high,
        floor=floor, ratio=sample.median / floor if floor else None,
        target=", ".join(words), met=all(verdicts) if verdicts else None,
    )  # fmt: skip


def timed(work: Callable[[], object], *, times: int = 1) -> Sample:
    """Seconds for one `work`, from rounds of `times` each; one call before is not counted."""
    work()
    values = []
    for _ in rounds():
        begun = time.perf_counter()
        for _ in range(times):
            work()
        values.append((time.perf_counter() - begun) / times)
    return Sample.of(values)


def scaled(sample: Sample, factor: float) -> Sample:
    """The same in another unit."""
    return Sample(sample.low * factor, sample.median * factor, sample.high * factor)


def table(figures: Sequence[Figure]) -> str:
    """For people: ratios first, since absolutes belong to one machine."""
    head = ("figure", "store", "ratio", "value", "quartiles", "floor", "target", "met")
    rows = [
        (
            one.name,
            one.store,
            "" if one.ratio is None else _plain(one.ratio),
            f"{_plain(one.value)} {one.unit}",
            f"{_plain(one.low)} .. {_plain(one.high)}",
            "" if one.floor is None else _plain(one.floor),
            one.target,
            "" if one.met is None else ("yes" if one.met else "NO"),
        )
        for one in figures
    ]
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]
    ]
    return "\n".join(line.rstrip() for line in lines)


def _plain(value: float) -> str:
    if value and abs(value) < 0.1:
        return f"{value:.3f}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}".rstrip("0").rstrip(".")


def _short(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value
