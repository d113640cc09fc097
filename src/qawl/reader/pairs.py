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
#: Sizes of the features of ``pair``.
SIZES = [26, 10, 10, 15, 12, 8, 12]
#: Sizes of the features of ``span``.
SPAN_SIZES = [26, 6, 16, 8, 10]
FORM_WIDTH = 7


def pair(c: Columns, cues_before: Array, is_cue: Array, i: Array, j: Array) -> list[Array]:
    """Features of cue ``i`` (n × 1) and places ``j`` (n × w).

    ``cues_before`` is the running count (exclusive) of the tokens that are cues, ``is_cue`` the
    flags, both with a last row for the end of the text.
    """
    low, high = np.minimum(i, j), np.maximum(i, j)
    forward = (j > i).astype(np.int64)
    n = len(c.sentence)
    prev = np.maximum(j - 1, 0)
    after = np.minimum(j + 1, n - 1)
    distance = np.searchsorted(_EDGES, j - i, side="left")
    sentences = np.clip(c.sentence[j] - c.sentence[i], -2, 2) + 2
    where = sentences * 2 + (c.paragraph[j] == c.paragraph[i])
    commas = np.minimum(c.commas[high] - c.commas[low], 4) * 2 + forward
    depth = c.small[:, 3]
    marks = np.minimum(c.marks[high] - c.marks[low], 4) * 3 + _bracket(depth[prev])
    comp = np.minimum(c.complementizers[high] - c.complementizers[low], 2) * 4
    comp = comp + 2 * forward + (c.complementizers[j] - c.complementizers[prev] > 0)
    colons = np.minimum(c.colons[high] - c.colons[low], 1) * 4
    colons = colons + 2 * forward + (c.colons[j] - c.colons[prev] > 0)
    cues = np.minimum(cues_before[high] - cues_before[low] - (low == i), 2)
    cues = np.maximum(cues, 0) * 4 + is_cue[j] * 2 + is_cue[after]
    return [distance, where, commas, marks, comp, colons, cues]


def _bracket(quote: Array) -> Array:
    """0 no mark, 1 an opening mark, 2 a closing one."""
    return np.where(quote >= 6, 2, np.where(quote >= 4, 1, 0))


def span(c: Columns, cues_before: Array, s: Array, e: Array) -> list[Array]:
    """Features of a beginning ``s`` (n × 1) and ends ``e`` (n × w), ``e`` ≥ ``s``, both inclusive."""
    n = len(c.sentence)
    before = np.maximum(s - 1, 0)
    after = np.minimum(e + 1, n - 1)
    mate = np.asarray(c.quotes.mate)
    opens = c.small[before, 3] // 2 == 2
    m = mate[before]
    relation = np.where(
        ~opens,
        0,
        np.where(
            m < 0,
            1,
            np.where(after == m, 2, np.where(after < m, 3, np.where(after == m + 1, 4, 5))),
        ),
    )
    distance = np.searchsorted(_EDGES, np.minimum(e - s, 200), side="left")
    parity = np.minimum(c.marks[after] - c.marks[s], 3)
    depth = np.minimum(c.small[e, 3], 1)
    after_quote = c.small[after, 3] // 2
    marks = parity * 4 + np.minimum(np.maximum(after_quote - 1, 0), 2) + 0 * depth
    sentences = np.minimum(c.sentence[e] - c.sentence[s], 3) * 2 + (
        c.paragraph[e] == c.paragraph[s]
    )
    last = (c.sentence[after] != c.sentence[e]).astype(np.int64)
    cues = np.clip(cues_before[after] - cues_before[s], 0, 4) * 2 + last
    return [distance, relation, marks, np.clip(sentences, 0, 7), cues]


def form_features(c: Columns, cue: int, start: int, end: int) -> list[float]:
    """What the punctuation says of a statement's form."""
    before = max(start - 1, 0)
    opened = c.quotes.opens[before]
    mate = c.quotes.mate[before] if opened else -1
    lo, hi = (cue, start) if cue < start else (end, cue)
    inner = c.marks[end + 1] - c.marks[start]
    return [
        float(opened),
        float(opened and mate in (end + 1, end + 2)),
        float(opened and mate < 0),
        float(inner > 0),
        float(c.colons[hi] - c.colons[min(lo + 1, hi)] > 0),
        float(c.complementizers[hi] - c.complementizers[lo] > 0 if hi > lo else 0),
        float(c.small[start, 3] in (1, 2)),
    ]
