"""Contents: where what was said begins and ends. The second stage.

For each cue the network points at a beginning and, for each of the likeliest beginnings, at an end. Of the
likely pairs the one is taken that is most likely to be nearly right. Only tokens that could bound a content are
looked at (the encoder's edge head says so), so the work grows with the number of cues alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qawl.reader import pairs
from qawl.reader.columns import Columns
from qawl.reader.cues import CUE
from qawl.reader.draft import Draft
from qawl.reader.network import Floats, Network, sigmoid

Index = npt.NDArray[np.int64]

#: Beginnings whose ends are looked for.
BEAM = 2
#: A token is looked at as an edge from this chance on (keeps 99.9 % of the true edges of held-out
#: articles and a tenth of the tokens).
EDGE = 0.002
#: An end is weighed from this log-chance on, given its beginning.
LIKELY = -3.0
#: What the chance to be quite right weighs beside the chance to be nearly right: half of the union shared, as
#: the measure asks. On 1,600 articles that the network had not seen, 0.2 raises found F1 by 0.002 and lowers exact F1
#: by 0.001; 1 does a half of both.
EXACT = 0.2
#: Cues looked at together, which changes no answer: a page of news has 30, a text of nothing but cues
#: 12,000 in one window, whose pairs would fill 5 GB at once.
TOGETHER = 128


@dataclass(slots=True)
class Scene:
    """What the pointer stages share for one article, or for several that were joined."""

    c: Columns
    h: Floats
    network: Network
    cues: Index
    cues_before: Index
    is_cue: Index
    edges: Floats  # n × 4: content begins, ends; speaker begins, ends

    def part(self, c: Columns, first: int) -> Scene:
        """That of the article with the columns ``c``, whose first token is ``first`` here."""
        end = first + len(c.sentence)
        cues = self.cues[(self.cues >= first) & (self.cues < end)] - first
        before = self.cues_before[first:end]
        return Scene(
            c, self.h[first:end], self.network, cues, before, self.is_cue[first:end],
            self.edges[first:end],
        )  # fmt: skip

    def near(self, cues: Index, possible: Index) -> tuple[Index, Index]:
        """``windows`` of the places among which a cue's content begins and its speaker stands."""
        first, last = self.c.of_article(cues)
        low, high = np.maximum(cues - pairs.BEFORE, first), np.minimum(cues + pairs.AFTER, last)
        return windows(possible, low, high)

    def after(self, starts: Index, possible: Index, most: int) -> tuple[Index, Index]:
        """``windows`` of the places from ``starts`` on, ``most`` tokens further at most."""
        return windows(possible, starts, np.minimum(starts + most, self.c.of_article(starts)[1]))

    def project(self, head: str, letter: str, places: Index) -> Floats:
        """The vectors of ``places`` through one matrix of a head."""
        y: Floats = self.h.take(places, axis=0) @ self.network.arrays[f"{head}.{letter}.weight"].T
        return y


def scene(c: Columns, h: Floats, network: Network, drafts: Sequence[Draft], labels: Index) -> Scene:
    """Prepares the pointer stages."""
    flags = (labels == CUE).astype(np.int64)
    edges = sigmoid(network.linear("edge", h))
    edges[c.sentence < 0] = 0.0
    return Scene(
        c=c,
        h=h,
        network=network,
        cues=np.array([d.cue for d in drafts], dtype=np.int64),
        cues_before=np.cumsum(flags) - flags,
        is_cue=flags,
        edges=edges,
    )


def windows(possible: Index, low: Index, high: Index) -> tuple[Index, Index]:
    """For each row the members of ``possible`` (sorted) in low..high: row numbers, and the members'
    places in ``possible``."""
    first = np.searchsorted(possible, low, side="left")
    last = np.searchsorted(possible, high, side="right")
    counts = np.maximum(last - first, 0)
    rows = np.repeat(np.arange(len(low)), counts)
    total = int(counts.sum())
    offsets = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    return rows, np.repeat(first, counts) + offsets


def by_row(rows: Index, scores: Floats, count: int) -> tuple[Floats, Index]:
    """Log-chances of the pairs within their row, and where each row begins (count + 1 places)."""
    bounds = np.searchsorted(rows, np.arange(count + 1))
    filled = np.flatnonzero(bounds[1:] > bounds[:-1])
    sizes = bounds[filled + 1] - bounds[filled]
    top = np.maximum.reduceat(scores, bounds[filled])
    powers = np.exp(scores - np.repeat(top, sizes))
    ends = bounds[filled + 1].tolist()
    sums = [powers[b - n : b].sum() for n, b in zip(sizes.tolist(), ends, strict=True)]
    return scores - np.repeat(top + np.log(sums), sizes), bounds


def find(s: Scene, drafts: Sequence[Draft]) -> None:
    """Sets ``start``, ``end`` and their chance on each draft; a draft without any keeps -1."""
    for k in range(0, len(drafts), TOGETHER):
        _find(s, s.cues[k : k + TOGETHER], drafts[k : k + TOGETHER])


def _find(s: Scene, cues: Index, drafts: Sequence[Draft]) -> None:
    c, net = s.c, s.network
    possible = np.flatnonzero(s.edges[:, 0] > EDGE)
    rows, at = s.near(cues, possible)
    if not len(at):
        return
    j = possible[at]
    features = pairs.pair(c, s.cues_before, s.is_cue, cues[rows], j)
    cue_part = net.linear("start.A.0", s.h[cues])
    scores = net.point(
        "start",
        s.project("start", "B", possible).take(at, axis=0),
        [cue_part.take(rows, axis=0)],
        features,
    )
    logs, bounds = by_row(rows, scores, len(drafts))

    beam_rows, beam_starts, beam_logs = [], [], []
    for k in range(len(drafts)):
        a, b = int(bounds[k]), int(bounds[k + 1])
        for p in a + np.argsort(-logs[a:b])[:BEAM]:
            if logs[p] > -6.0:
                beam_rows.append(k)
                beam_starts.append(int(j[p]))
                beam_logs.append(float(logs[p]))
    if not beam_rows:
        return
    which = np.array(beam_rows)
    starts = np.array(beam_starts)
    ends_possible = np.flatnonzero(s.edges[:, 1] > EDGE)
    rows, at = s.after(starts, ends_possible, pairs.REACH)
    e = ends_possible[at]
    # the end that the quotation's own mark gives
    far = c.mate[np.maximum(starts - 1, c.of_article(starts)[0])] - 1
    if not len(e):
        return
    features = pairs.pair(c, s.cues_before, s.is_cue, cues[which[rows]], e)
    features += pairs.span(c, s.cues_before, starts[rows], e)
    cue_part = net.linear("end.A.0", s.h[cues])
    start_part = s.h[starts] @ net.arrays["end.A.1.weight"].T
    scores = net.point(
        "end",
        s.project("end", "B", ends_possible).take(at, axis=0),
        [cue_part.take(which[rows], axis=0), start_part.take(rows, axis=0)],
        features,
    )
    logs, bounds = by_row(rows, scores, len(starts))
    likely: list[list[tuple[int, int, float]]] = [[] for _ in drafts]
    for b, start in enumerate(beam_starts):
        lo, hi = int(bounds[b]), int(bounds[b + 1])
        spans = likely[beam_rows[b]]
        if far[b] - start > pairs.REACH:
            spans.append((start, int(far[b]), beam_logs[b] - 0.1))
        elif hi > lo:
            some = logs[lo:hi]
            for p in np.flatnonzero(some >= min(LIKELY, some.max())).tolist():
                spans.append((start, int(e[lo + p]), beam_logs[b] + float(some[p])))
    for draft, spans in zip(drafts, likely, strict=True):
        if spans:
            draft.start, draft.end, draft.content_probability = nearest(spans)


def nearest(spans: Sequence[tuple[int, int, float]]) -> tuple[int, int, float]:
    """Of spans (first and last token, log-chance) the one that is most likely to share half of its union with the
    right one (the least Bayes risk; Goel and Byrne 2000), and its chance to be the right one."""
    if len(spans) == 1:
        start, end, log = spans[0]
        return start, end, float(np.exp(log))
    starts, ends, logs = (np.array(column) for column in zip(*spans, strict=True))
    chances = np.exp(logs)
    shared = np.minimum(ends[:, None], ends) - np.maximum(starts[:, None], starts) + 1
    sizes = ends - starts + 1
    near = (2 * shared >= sizes[:, None] + sizes - shared) @ chances
    best = int((near + EXACT * chances).argmax())
    return int(starts[best]), int(ends[best]), float(chances[best])
