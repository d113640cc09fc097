"""What the reader's network sees of a pair of tokens: a cue and a place, a beginning and an end.

Every feature is a small integer made from running counts, so a whole window costs a few array
operations. The same code serves training and reading.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qawl.reader.columns import Columns

Array = npt.NDArray[np.integer]

#: Tokens before and after a cue among which its content begins and its speaker stands.
BEFORE = 110
AFTER = 60
#: Tokens after the content's beginning among which it ends; a quotation's own mark may lie further.
REACH = 220

_EDGES = np.array(
    [
        -80,
        -50,
        -35,
        -25,
        -18,
        -13,
        -9,
        -6,
        -4,
        -3,
        -2,
        -1,
        0,
        1,
        2,
        3,
        4,
        6,
        9,
        13,
        18,
        25,
        35,
        50,
        80,
    ]
)
#: Of ``Columns.counts`` between a pair as many count at most, and each step in a feature is as wide.
_COUNTED, _STEPS = np.array([[4, 4, 2, 1], [2, 3, 4, 4]], dtype=np.int32)
#: A place within a quotation, at its closing mark, next behind it, further behind (index -1, 0, 1, 2).
_RELATION = np.array([2, 4, 5, 3])
#: Sizes of the features of ``pair``.
SIZES = [26, 10, 10, 15, 12, 8, 12]
#: Sizes of the features of ``span``.
SPAN_SIZES = [26, 6, 16, 8, 10]
FORM_WIDTH = 7


def pair(c: Columns, cues_before: Array, is_cue: Array, i: Array, j: Array) -> list[Array]:
    """Features of cue ``i`` (n × 1) and places ``j`` (n × w).

    ``cues_before`` is the running count (exclusive) of the tokens that are cues, ``is_cue`` the flags.
    """
    low, high = np.minimum(i, j), np.maximum(i, j)
    ahead = j > i
    distance = np.searchsorted(_EDGES, j - i, side="left")
    sentences = np.minimum(np.maximum(c.sentence.take(j) - c.sentence.take(i), -2), 2) + 2
    where = sentences * 2 + (c.paragraph.take(j) == c.paragraph.take(i))
    between = c.counts.take(high, axis=0) - c.counts.take(low, axis=0)
    between = np.minimum(between, _COUNTED) * _STEPS
    before = c.before.take(j, axis=0)
    commas = between[..., 0] + ahead
    marks = between[..., 1] + before[..., 0]
    sides = before[..., 1:] + 2 * ahead[..., None]
    comp = between[..., 2] + sides[..., 0]
    colons = between[..., 3] + sides[..., 1]
    cues = np.minimum(cues_before.take(high) - cues_before.take(low) - (j >= i), 2)
    cues = np.maximum(cues, 0) * 4 + is_cue.take(j) * 2 + is_cue.take(c.next.take(j))
    return [distance, where, commas, marks, comp, colons, cues]


def span(c: Columns, cues_before: Array, s: Array, e: Array) -> list[Array]:
    """Features of a beginning ``s`` (n × 1) and ends ``e`` (n × w), ``e`` ≥ ``s``, both inclusive."""
    after = c.next.take(e)
    closing = c.closing.take(s)
    beyond = np.minimum(np.maximum(after - closing, -1), 2)
    relation = np.where(closing < 0, closing + 2, _RELATION[beyond])
    distance = np.searchsorted(_EDGES, e - s, side="left")
    marks = c.counts[:, 1].take(after) - c.counts[:, 1].take(s)
    marks = np.minimum(marks, 3) * 4 + c.mark.take(after)
    sentence, paragraph = c.sentence.take(e), c.paragraph.take(e)
    sentences = np.minimum(sentence - c.sentence.take(s), 3) * 2 + (
        paragraph == c.paragraph.take(s)
    )
    last = c.sentence.take(after) != sentence
    cues = np.minimum(np.maximum(cues_before.take(after) - cues_before.take(s), 0), 4) * 2 + last
    return [distance, relation, marks, np.maximum(sentences, 0), cues]


def form_features(c: Columns, cue: int, start: int, end: int) -> list[float]:
    """What the punctuation says of a statement's form."""
    before = max(start - 1, 0)
    opened = c.quotes.opens[before]
    mate = c.quotes.mate[before] if opened else -1
    lo, hi = (cue, start) if cue < start else (end, cue)
    inner = c.counts[end + 1, 1] - c.counts[start, 1]
    return [
        float(opened),
        float(opened and mate in (end + 1, end + 2)),
        float(opened and mate < 0),
        float(inner > 0),
        float(c.counts[hi, 3] - c.counts[min(lo + 1, hi), 3] > 0),
        float(c.counts[hi, 2] - c.counts[lo, 2] > 0 if hi > lo else 0),
        float(c.small[start, 3] in (1, 2)),
    ]
