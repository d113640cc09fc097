"""Sources that no name tells: who is meant by a hidden subject or a role, where an article tells of him by plain words
and never beside a cue (خرج آلاف المتظاهرين … مطالبين).

A pointer of the network's, which has learned where an article first tells of a statement's source, looks at the
tokens that may begin a speaker's words; where the likeliest of them is in no name and in no speaker's words, what it
begins is a mention too, among which ``who`` chooses.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from qawl.reader import pairs, speakers
from qawl.reader.contents import EDGE, TOGETHER, Index, Scene, by_row

Flags = npt.NDArray[np.bool_]

#: The chance at least of the place that is pointed at. On 796 unseen articles it was, for hidden subjects, the
#: source's 64 times of 127 from there on, and hardly ever below.
LIKELY = 0.3


def unnamed(
    count: int,
    names: Sequence[tuple[int, int, int]],
    speakers: Sequence[tuple[int, int] | None],
) -> tuple[Flags, list[int]]:
    """Of a text of ``count`` tokens with these ``names`` (``mentions.names_of``) and its statements' ``speakers``:
    whether a name or a speaker's words hold each token, and which statements have no name beside their cue."""
    taken = np.zeros(count, dtype=bool)
    for a, b, _ in names:
        taken[a : b + 1] = True
    which = [
        k
        for k, span in enumerate(speakers)
        if span is None or not taken[span[0] : span[1] + 1].any()
    ]
    for span in speakers:
        if span is not None:
            taken[span[0] : span[1] + 1] = True
    return taken, which


def find(s: Scene, cues: Index, taken: Flags) -> list[tuple[int, int]]:
    """The token spans (inclusive) of such mentions, in order, for the statements with these ``cues``; ``taken``
    as ``unnamed`` tells it."""
    found: dict[int, int] = {}
    for k in range(0, len(cues), TOGETHER):
        some = cues[k : k + TOGETHER]
        whose, starts = _starts(s, some, taken)
        for start, end in zip(starts, speakers.ends(s, some[whose], np.array(starts)), strict=True):
            found.setdefault(start, end)
    return sorted(found.items())


def _starts(s: Scene, cues: Index, taken: Flags) -> tuple[list[int], list[int]]:
    """Which of the cues are pointed from, and where to."""
    possible = np.flatnonzero(s.edges[:, 2] > EDGE)
    rows, at = s.near(cues, possible)
    if not len(rows):
        return [], []
    asked = s.network.linear("source.A.0", s.h[cues])
    features = pairs.pair(s.c, s.cues_before, s.is_cue, cues[rows], possible[at])
    places = s.project("source", "B", possible).take(at, axis=0)
    log, bounds = by_row(
        rows, s.network.point("source", places, [asked.take(rows, axis=0)], features), len(cues)
    )
    whose, starts = [], []
    for k in np.flatnonzero(bounds[1:] > bounds[:-1]).tolist():
        best = bounds[k] + int(log[bounds[k] : bounds[k + 1]].argmax())
        place = int(possible[at[best]])
        if not taken[place] and log[best] >= np.log(LIKELY):
            whose.append(k)
            starts.append(place)
    return whose, starts
