"""The days that a run of words names: when something was said, not after the article itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from qawl.arabic.date_grammar import grammar
from qawl.arabic.dates import find_dates
from qawl.model import Article
from qawl.reader.columns import Columns

#: Words before a date that go with it.
_PRECEDE = frozenset(["في", "يوم", "بتاريخ"])


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or a day and time, from token ``first`` to ``last``; ``cut``: letters of the first that
    are no part of it (a glued و)."""

    first: int
    last: int
    value: dt.date | dt.datetime
    cut: int


@lru_cache(maxsize=16_384)
def _may_open(folded: str) -> bool:
    """Whether a date may begin with a word, or with it less a glued letter."""
    openers = grammar().opened_by
    return folded[:1].isdigit() or folded in openers or folded[1:] in openers


class Days:
    """The days named from token ``low`` to ``high``."""

    def __init__(self, article: Article, c: Columns, low: int, high: int) -> None:
        self._c = c
        self._found: dict[int, tuple[int, dt.date | dt.datetime, int]] = {}
        if any(map(_may_open, c.folded[low : high + 1])):
            self._find(article, low, high)

    def at(self, k: int, high: int) -> Day | None:
        """The day whose words begin at token ``k`` and end by ``high``."""
        c, j = self._c, k
        if not self._found:
            return None
        while j < min(k + 2, high) and j not in self._found and c.folded[j].lstrip("و") in _PRECEDE:
            j += 1
        found = self._found.get(j)
        if found is None or found[0] > high:
            return None
        last, value, start = found
        if j == k:
            glued = c.folded[j][:1] in "وف" and start > c.tokens[j].start
        else:
            glued = c.folded[k][:1] == "و"
        return Day(k, last, value, int(glued))

    def closing(self, first: int, last: int) -> Day | None:
        """The day with which the words from ``first`` to ``last`` end."""
        for k in range(first, last + 1):
            day = self.at(k, last)
            if day is not None and day.last == last:
                return day
        return None

    def _find(self, article: Article, low: int, high: int) -> None:
        text, toks = article.text, self._c.tokens
        at = toks[low].start
        published = article.date
        latest = None
        if published is not None:
            day = published.date() if isinstance(published, dt.datetime) else published
            latest = day + dt.timedelta(days=1) if day < dt.date.max else day
        k = low
        for found in find_dates(text[at : toks[high].end], published=published):
            value = found.value
            if found.precision not in ("day", "hour", "minute") or not isinstance(value, dt.date):
                continue
            day = value.date() if isinstance(value, dt.datetime) else value
            if latest is not None and day > latest:
                continue
            while k <= high and toks[k].end <= at + found.start:
                k += 1
            last = k
            while last < high and toks[last].end < at + found.end:
                last += 1
            self._found[k] = (last, value, at + found.start)
