"""95 % intervals by bootstrap over articles: 1,000 seeded resamples of the articles."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: As in the shared measure, so that the intervals are the same figures: 1,000 resamples, of which
#: the 26th and the 975th lowest are the bounds, from Python's own generator seeded with 0.
RESAMPLES = 1000
LOW, HIGH = 25, 974
SEED = 0


@dataclass(frozen=True, slots=True)
class Interval:
    """The lower and upper bound of a figure."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ArticleCounts:
    """What one article adds to an F1: hits by the name of the figure, gold and predicted."""

    hits: Mapping[str, int]
    gold: int
    predicted: int


def f1_intervals(articles: Sequence[ArticleCounts], seed: int = SEED) -> dict[str, Interval]:
    """The interval of each figure's micro F1, over the same resamples for all of them.

    Raises ``ValueError`` without articles.
    """
    if not articles:
        raise ValueError("no articles to resample")
    names = list(articles[0].hits)
    both = [a.gold + a.predicted for a in articles]
    hits = {name: [a.hits[name] for a in articles] for name in names}
    rng = random.Random(seed)
    drawn: dict[str, list[float]] = {name: [] for name in names}
    places = range(len(articles))
    for _ in range(RESAMPLES):
        rows = rng.choices(places, k=len(articles))
        total = sum(both[i] for i in rows)
        for name in names:
            ours = hits[name]
            drawn[name].append(2 * sum(ours[i] for i in rows) / total if total else 0.0)
    intervals = {}
    for name, values in drawn.items():
        values.sort()
        intervals[name] = Interval(values[LOW], values[HIGH])
    return intervals
