"""Quotations whose bounds the marks alone decide, in ways too seldom for the network to have learned.

- cut in two by their cue («…»، قال فلان، «…»): one statement with two parts;
- closed twice («…» … »): they go on to the second mark.
"""

from __future__ import annotations

from collections.abc import Sequence

from qawl.model import Decision
from qawl.reader.columns import Columns
from qawl.reader.draft import Draft

_BETWEEN = frozenset("،,-–—")
#: Tokens between the two closing marks at least.
FEWEST = 3
#: What ``--explain`` shows.
HALVES = "rule: a quotation that its cue cuts in two"
TWICE = "rule: a quotation that is closed twice"


def widen(c: Columns, drafts: Sequence[Draft]) -> None:
    """Widens the contents of drafts that are a part of such a quotation."""
    _join_halves(c, drafts)
    _close_twice(c, drafts)


def _join_halves(c: Columns, drafts: Sequence[Draft]) -> None:
    """Where the cue and its speaker alone stand between the two pairs of marks, and no other draft has
    the other half."""
    taken = bytearray(len(c.tokens) + 1)
    for draft in drafts:
        if draft.start >= 0:
            taken[draft.start : draft.end + 1] = b"\1" * (draft.end + 1 - draft.start)
    for draft in drafts:
        if draft.bare or draft.start < 0 or draft.start <= draft.cue <= draft.end:
            continue
        first, last = draft.cue, draft.cue_last
        if draft.speaker is not None:
            first, last = min(first, draft.speaker[0]), max(last, draft.speaker[1])
        closing, opening = _skipped(c, first - 1, -1), _skipped(c, last + 1, 1)
        if closing < 0 or opening < 0 or c.paragraph[closing] != c.paragraph[opening]:
            continue
        begin, end = c.quotes.mate[closing], c.quotes.mate[opening]
        if not (0 <= begin < closing and opening < end and c.quotes.closes[closing]):
            continue
        if (
            begin
            and c.sentence[begin - 1] == c.sentence[begin]
            and c.folded[begin - 1][:1].isalnum()
        ):
            continue  # a name or a term within a sentence (متصفح «كروم»)
        before, after = (begin + 1, closing - 1), (opening + 1, end - 1)
        if _is(draft, after) and not any(taken[before[0] : before[1] + 1]):
            draft.start = before[0]
        elif _is(draft, before) and not any(taken[after[0] : after[1] + 1]):
            draft.end = after[1]
        else:
            continue
        draft.decisions.append(Decision("content", HALVES))


def _close_twice(c: Columns, drafts: Sequence[Draft]) -> None:
    """Where a closing mark without an opening one ends the line, and neither a mark nor a cue stands
    between the quotation and it."""
    cues = {d.cue for d in drafts if not d.bare}
    seconds: dict[int, int] = {}  # many cues may point at one quotation
    for draft in drafts:
        if draft.start < 1 or not c.quotes.opens[draft.start - 1]:
            continue
        first = c.quotes.mate[draft.start - 1]
        if not draft.end <= first <= draft.end + 2:
            continue
        if first not in seconds:
            seconds[first] = _second(c, first, cues)
        if seconds[first] - first > FEWEST:
            draft.end = seconds[first] - 1
            draft.decisions.append(Decision("content", TWICE))


def _second(c: Columns, first: int, cues: set[int]) -> int:
    """The closing mark of its own that ends the line behind the closing mark ``first``; -1: none."""
    n, k = len(c.tokens), first + 1
    while k < n and c.tokens[k].text != "\n" and k not in cues:
        if c.quotes.opens[k] or c.quotes.closes[k]:
            break
        k += 1
    if k >= n or not c.quotes.closes[k] or c.quotes.mate[k] >= 0:
        return -1
    last = k + 1
    while last < n and c.tokens[last].text in ".،؛!؟":
        last += 1
    return k if last >= n or c.tokens[last].text == "\n" else -1


def _is(draft: Draft, half: tuple[int, int]) -> bool:
    """Whether the content is all of a half, a mark at its end aside."""
    return half[0] < half[1] and draft.start == half[0] and half[1] - 1 <= draft.end <= half[1]


def _skipped(c: Columns, k: int, step: int) -> int:
    """The quotation mark at ``k``, commas skipped in steps of ``step``; -1 where there is none."""
    while 0 <= k < len(c.tokens) and c.tokens[k].text in _BETWEEN:
        k += step
    if 0 <= k < len(c.tokens) and (c.quotes.closes[k] if step < 0 else c.quotes.opens[k]):
        return k
    return -1
