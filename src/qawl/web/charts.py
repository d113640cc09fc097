"""Small charts as numbers that a template draws: bars of counts over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Bars of a chart at most: longer spans are drawn by quarter or year.
BARS = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """``label`` is "2019", "2019-07" or "2019-07 … 2019-09"; ``since`` and ``until`` its first and last month;
    ``height`` a share (0..1) of the highest."""

    label: str
    since: str
    until: str
    count: int
    height: float


def bars(months: Sequence[tuple[str, int]]) -> list[Bar]:
    """Bars of counts by month, of as many months each as make no more than ``BARS``."""
    if not months:
        return []
    step = next(n for n in (1, 3, 12, 60, 1200) if len(months) / n <= BARS)
    groups: dict[int, list[tuple[str, int]]] = {}
    for month, count in months:
        year, number = int(month[:4]), int(month[5:])
        groups.setdefault((12 * year + number - 1) // step, []).append((month, count))
    most = max(sum(c for _, c in group) for group in groups.values()) or 1
    out = []
    for group in groups.values():
        first, last = group[0][0], group[-1][0]
        total = sum(c for _, c in group)
        label = first if first == last else f"{first} … {last}"
        out.append(Bar(label, first, last, total, total / most))
    return out
