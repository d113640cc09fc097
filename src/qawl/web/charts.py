"""Small charts as numbers that a template draws: bars over time, bars stacked by act, stretches of time,
positions for and against. No text is in the drawings, so that they can be mirrored for Arabic.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Bars of a chart at most: longer spans are drawn by quarter, year and so on.
BARS = 60
#: Months of a bar.
STEPS = (1, 3, 12, 60, 1200)
#: The drawing of stacked bars and of positions, in its own units.
WIDTH, HEIGHT = 720.0, 160.0
#: Widest bar of a chart, so that a few do not look like blocks.
WIDEST = 48.0
#: A stretch of time is drawn at least so wide (a share of the whole), that a day can be seen.
LEAST = 0.012


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
    step = next(n for n in STEPS if len(months) / n <= BARS)
    groups: dict[int, list[tuple[str, int]]] = {}
    for month, count in months:
        groups.setdefault(_month(month) // step, []).append((month, count))
    most = max(sum(c for _, c in group) for group in groups.values()) or 1
    out = []
    for group in groups.values():
        first, last = group[0][0], group[-1][0]
        total = sum(c for _, c in group)
        label = first if first == last else f"{first} … {last}"
        out.append(Bar(label, first, last, total, total / most))
    return out


def _month(written: str) -> int:
    return 12 * int(written[:4]) + int(written[5:7]) - 1


def _written(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a column: its kind, its count, and where it is drawn (``y`` from above, ``height``)."""

    kind: str
    count: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """A bar of a chart, stacked: months as in ``Bar``, where it is drawn, and its parts from below."""

    label: str
    since: str
    until: str
    count: int
    x: float
    width: float
    segments: tuple[Segment, ...]

    def of(self, kind: str) -> int:
        """The count of one kind."""
        return next((s.count for s in self.segments if s.kind == kind), 0)


def columns(
    moments: Iterable[tuple[str, str]],
    kinds: Sequence[str],
    *,
    most: int | None = None,
    between: tuple[str, str] | None = None,
) -> list[Column]:
    """Stacked bars of (month, kind), the earliest first, months without any among them.

    ``most`` is the count that is drawn highest (that of the highest bar if None) and ``between`` the first
    and last month, for charts of one scale.
    """
    counts = Counter(moments)
    months = sorted({_month(m) for m in (*(month for month, _ in counts), *(between or ()))})
    if not months:
        return []
    step = next(n for n in STEPS if (months[-1] - months[0] + 1) / n <= BARS)
    groups: dict[int, Counter[str]] = {
        n: Counter() for n in range(months[0] // step, months[-1] // step + 1)
    }
    for (month, kind), count in counts.items():
        groups[_month(month) // step][kind] += count
    most = most or max(c.total() for c in groups.values()) or 1
    space = WIDTH / len(groups)
    width = min(space * 0.86, WIDEST)
    out = []
    for k, (group, some) in enumerate(groups.items()):
        first, last = max(group * step, months[0]), min(group * step + step - 1, months[-1])
        segments, top = [], HEIGHT
        for kind in kinds:
            if some[kind]:
                height = HEIGHT * some[kind] / most
                top -= height
                segments.append(Segment(kind, some[kind], round(top, 2), round(height, 2)))
        since, until = _written(first), _written(last)
        label = since if first == last else f"{since} … {until}"
        x = space * k + (space - width) / 2
        total = some.total()
        out.append(
            Column(label, since, until, total, round(x, 2), round(width, 2), tuple(segments))
        )
    return out


@dataclass(frozen=True, slots=True)
class Stretch:
    """What held from the day ``first`` to ``last``; ``start`` and ``width`` are shares (0..1) of the chart."""

    label: str
    count: int
    first: dt.date
    last: dt.date
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A year's beginning at a share of the chart."""

    label: str
    start: float


def stretches(
    rows: Iterable[tuple[str, int, str | None, str | None]], most: int = 12
) -> tuple[list[Stretch], list[Tick]]:
    """Stretches of (label, count, first day, last day), by their first days, and the years beneath them.

    Of more than ``most`` the commonest are drawn; those without a day are left out.
    """
    known = sorted(((label, n, a, b) for label, n, a, b in rows if a and b), key=lambda r: -r[1])
    days = [
        (label, n, dt.date.fromisoformat(a), dt.date.fromisoformat(b))
        for label, n, a, b in known[:most]
    ]
    if not days:
        return [], []
    begin, end = min(d[2] for d in days), max(d[3] for d in days)
    whole = max((end - begin).days, 1)

    def share(day: dt.date) -> float:
        return (day - begin).days / whole

    out = []
    for label, n, first, last in sorted(days, key=lambda d: (d[2], d[3], d[0])):
        width = max(share(last) - share(first), LEAST)
        start = min(share(first), 1 - width)
        out.append(Stretch(label, n, first, last, round(start, 4), round(width, 4)))
    years = range(begin.year + 1, end.year + 1)
    every = max(1, -(-len(years) // 6))
    ticks = [Tick(str(y), round(share(dt.date(y, 1, 1)), 4)) for y in years if y % every == 0]
    return out, ticks


@dataclass(frozen=True, slots=True)
class Point:
    """A statement at its time: ``side`` is 1 (for), 0 or -1 (against); ``turned`` whether it leaves a side."""

    n: int
    x: float
    y: float
    side: int
    turned: bool


#: How high the points of each side lie, and how far from the edges the first and last are.
LEVELS = {1: 24.0, 0: 60.0, -1: 96.0}
EDGE = 14.0


def points(
    steps: Sequence[tuple[dt.datetime, int, bool]],
    between: tuple[dt.datetime, dt.datetime] | None = None,
) -> list[Point]:
    """The points of (moment, side, whether it turned), the earliest first and numbered from 1, over the width
    of the drawing, which reaches from the first to the last moment ``between`` (else of the steps)."""
    if not steps:
        return []
    begin, end = between or (steps[0][0], steps[-1][0])
    whole = (end - begin).total_seconds() or 1.0
    room = WIDTH - 2 * EDGE
    alone = begin == end
    return [
        Point(
            n,
            round(
                WIDTH / 2 if alone else EDGE + room * (moment - begin).total_seconds() / whole, 1
            ),
            LEVELS[side],
            side,
            turned,
        )
        for n, (moment, side, turned) in enumerate(steps, start=1)
    ]
