"""Which predicted statement answers which gold one.

Two contents are compared by the places of their letters and digits: punctuation, quotation marks,
spaces and an opening أنّ / إنه do not count. Pairs are one to one, the largest overlap first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qawl.model import Span, Statement

#: The least intersection/union of letters at which a prediction is the gold statement.
#: Half, so that no letter run can answer for two statements that do not overlap.
FOUND_OVERLAP = 0.5

#: أنّ, إنّ, بأنّ, وأنه … at the head of a content, with what stands before it.
_OPENING = re.compile(r"[\W_]*[وف]?ب?[أإا]ن(?:ه|ها|هم|هما|هن|نا|ني|ك|كم)?\s")


@dataclass(frozen=True, slots=True)
class Match:
    """Places of a gold and a predicted statement in their lists, and the letters of both.

    ``shared`` and ``either`` count letters in both contents and in one at least.
    """

    gold: int
    predicted: int
    shared: int
    either: int

    @property
    def overlap(self) -> float:
        """Letters shared over letters in either, 0 to 1."""
        return self.shared / self.either

    @property
    def exact(self) -> bool:
        """Whether both contents hold the same letters."""
        return self.shared == self.either


def letters(statement: Statement, text: str) -> frozenset[int]:
    """The places (code points in ``text``) of a content's letters and digits."""
    places: set[int] = set()
    for part, span in enumerate(statement.content):
        start = span.start
        if part == 0:
            opening = _OPENING.match(text, start, span.end)
            if opening and opening.end() < span.end:
                start = opening.end()
        places.update(i for i in range(start, min(span.end, len(text))) if text[i].isalnum())
    return frozenset(places)


def match(gold: Sequence[frozenset[int]], predicted: Sequence[frozenset[int]]) -> tuple[Match, ...]:
    """Pairs gold with predicted contents (their ``letters``), the largest overlap first.

    Of equal overlaps, the earlier gold and then the earlier predicted statement goes first.
    """
    candidates = []
    for i, one in enumerate(gold):
        for j, other in enumerate(predicted):
            shared = len(one & other)
            if shared and shared / len(one | other) >= FOUND_OVERLAP:
                candidates.append(Match(i, j, shared, len(one | other)))
    candidates.sort(key=lambda m: (-m.overlap, m.gold, m.predicted))
    taken_gold: set[int] = set()
    taken_predicted: set[int] = set()
    pairs = []
    for m in candidates:
        if m.gold not in taken_gold and m.predicted not in taken_predicted:
            taken_gold.add(m.gold)
            taken_predicted.add(m.predicted)
            pairs.append(m)
    return tuple(pairs)


def overlap(one: Span | None, other: Span | None) -> bool:
    """Whether two spans share a character; no span shares none."""
    return bool(one and other and one.start < other.end and other.start < one.end)


def same_place(one: Span | None, other: Span | None) -> bool:
    """Whether two spans hold the same characters of the text; two absent spans do."""
    if one is None or other is None:
        return one is other
    return (one.start, one.end) == (other.start, other.end)
