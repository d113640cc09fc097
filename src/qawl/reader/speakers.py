"""Speakers: the words that name the source beside the cue, or none. The third stage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qawl.reader import pairs
from qawl.reader.contents import EDGE, TOGETHER, Index, Scene
from qawl.reader.draft import Draft

#: A speaker's words: at most as many tokens.
LONGEST = 40


def find(s: Scene, drafts: Sequence[Draft]) -> None:
    """Sets ``speaker`` (token span) and its chance on each draft."""
    for k in range(0, len(drafts), TOGETHER):
        _find(s, s.cues[k : k + TOGETHER], drafts[k : k + TOGETHER])


def _find(s: Scene, cues: Index, drafts: Sequence[Draft]) -> None:
    c, net = s.c, s.network
    possible = np.flatnonzero(s.edges[:, 2] > EDGE)
    rows, at = s.near(cues, possible)
    j = possible[at]
    cue_part = net.linear("speaker.A.0", s.h[cues])
    none = net.linear("speaker.null", s.h[cues])[:, 0]
    scores = np.zeros(0, dtype=np.float32)
    if len(j):
        features = pairs.pair(c, s.cues_before, s.is_cue, cues[rows], j)
        scores = net.point(
            "speaker",
            s.project("speaker", "B", possible).take(at, axis=0),
            [cue_part.take(rows, axis=0)],
            features,
        )
    bounds = np.searchsorted(rows, np.arange(len(drafts) + 1))
    chosen: list[tuple[int, int]] = []
    for k, draft in enumerate(drafts):
        a, b = int(bounds[k]), int(bounds[k + 1])
        z = np.concatenate([scores[a:b], none[k : k + 1]])
        z = np.exp(z - z.max())
        z /= z.sum()
        p = int(z.argmax())
        draft.speaker_probability = float(z[p])
        if p < b - a:
            chosen.append((k, int(j[a + p])))
    if not chosen:
        return
    which = np.array([k for k, _ in chosen])
    starts = np.array([p for _, p in chosen])
    for k, start, end in zip(which, starts, ends(s, cues[which], starts), strict=True):
        drafts[int(k)].speaker = (int(start), end)


def ends(s: Scene, cues: Index, starts: Index) -> list[int]:
    """The last token of the speaker's words that begin at each of ``starts``, for its cue."""
    if not len(starts):
        return []
    c, net = s.c, s.network
    possible = np.flatnonzero(s.edges[:, 3] > EDGE)
    rows, at = s.after(starts, possible, LONGEST)
    e = possible[at]
    one_line = c.paragraph[e] == c.paragraph[starts[rows]]  # no name runs over a line's end
    rows, at, e = rows[one_line], at[one_line], e[one_line]
    features = pairs.pair(c, s.cues_before, s.is_cue, cues[rows], e)
    features += pairs.span(c, s.cues_before, starts[rows], e)
    cue_part = net.linear("speaker_end.A.0", s.h[cues])
    start_part = s.h[starts] @ net.arrays["speaker_end.A.1.weight"].T
    scores = net.point(
        "speaker_end",
        s.project("speaker_end", "B", possible).take(at, axis=0),
        [cue_part.take(rows, axis=0), start_part.take(rows, axis=0)],
        features,
    )
    bounds = np.searchsorted(rows, np.arange(len(starts) + 1)).tolist()
    return [
        int(e[a + int(scores[a:b].argmax())]) if b > a else int(start)
        for start, a, b in zip(starts, bounds, bounds[1:], strict=False)
    ]
