"""Quotations cut in two by their cue («…»، قال فلان، «…»): one statement with two parts.

The press does it too seldom for the network to have learned it; the marks alone say it.
"""

from __future__ import annotations

from collections.abc import Sequence

from qawl.model import Decision
from qawl.reader.columns import Columns
from qawl.reader.draft import Draft

_BETWEEN = frozenset("،,-–—")
#: What ``--explain`` shows.
BY = "rule: a quotation that its cue cuts in two"


def join(c: Columns, drafts: Sequence[Draft]) -> None:
    """Widens each draft whose content is one half to both, where the cue and its speaker alone stand
    between the two pairs of marks and no other draft has the other half."""
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
        draft.decisions.append(Decision("content", BY))


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
