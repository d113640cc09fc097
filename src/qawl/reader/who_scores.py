"""The network's scores of who may be meant.

All but a few features of a candidate are known before any choice is made: their part is summed for
many statements at once, and each choice adds what hangs on the choices before it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qawl.reader import pairs
from qawl.reader.contents import TOGETHER, Scene
from qawl.reader.network import Floats
from qawl.reader.who import HISTORY, SHARED, Choices, Said
from qawl.reader.who_choice import Past, Scorer


class WhoScores:
    """Scores of each statement's candidates (``who_choice.Scorer``)."""

    def __init__(
        self, scene: Scene, said: Sequence[tuple[int, Said]], choices: Sequence[Choices]
    ) -> None:
        """Of the statements of one article or several, in order: each with the token of ``scene`` at which its
        article begins."""
        self.scene, self.said, self.choices = scene, said, choices
        self._sums: dict[int, Floats] = {}

    def of(self, first: int) -> Scorer:
        """The scores of an article whose statements begin with the ``first``."""
        return lambda k, ways: self(first + k, ways)

    def __call__(self, k: int, ways: Sequence[Sequence[Past]]) -> Floats:
        """Scores of statement ``k``'s candidates, given their features of ``HISTORY`` in each way."""
        if k not in self._sums:
            self._sums = self._sum(range(k, min(k + TOGETHER, len(self.said))))
        net = self.scene.network
        past = np.array(ways).reshape(-1, len(HISTORY))
        known = self._sums[k]
        z = np.tile(known, (len(ways), 1))
        for column, values in zip(HISTORY, past.T, strict=True):
            z += net.arrays[f"who.F.{column}.weight"].take(values, axis=0)
        np.maximum(z, 0, out=z)
        hidden = net.linear("who.hidden", z).reshape(len(ways), len(known), -1)
        # the most that is true of any of the candidates
        most = z.reshape(len(ways), len(known), -1).max(axis=1)
        hidden += net.linear("who.all", most)[:, None]
        np.maximum(hidden, 0, out=hidden)
        scores: Floats = net.linear("who.v", hidden).reshape(len(ways), -1)
        return scores

    def _sum(self, statements: range) -> dict[int, Floats]:
        """The part of the sum that hangs on no choice, for some statements."""
        s = self.scene
        net, h, a = s.network, s.h, s.network.arrays
        some = [self.choices[k] for k in statements]
        counts = [len(c.groups) for c in some]
        rows = np.repeat(np.arange(len(some)), counts)
        said = [self.said[k] for k in statements]
        cues = np.array([first + one.cue for first, one in said])
        speakers = np.array(
            [first + (one.speaker[0] if one.speaker else one.cue) for first, one in said]
        )
        places = np.array([p for c in some for p in c.places], dtype=np.int64)
        places += np.repeat([first for first, _ in said], counts)
        spoken_of = np.zeros(len(h), dtype=np.int64)
        spoken_of[places] = 1
        distinct = np.flatnonzero(spoken_of)
        at = np.cumsum(spoken_of)[places] - 1
        features = pairs.pair(s.c, s.cues_before, s.is_cue, cues[rows], places)
        source = net.point(
            "source",
            s.project("source", "B", distinct).take(at, axis=0),
            [net.linear("source.A.0", h[cues]).take(rows, axis=0)],
            features,
        )
        z = s.project("who", "B", distinct).take(at, axis=0)
        beside = net.linear("who.A", h[cues]) + h[speakers] @ a["who.C.weight"].T
        columns = np.concatenate([c.features for c in some]).T
        # the first candidate of each statement; of one that has none, any
        firsts = np.minimum(np.cumsum(counts) - counts, len(rows) - 1)
        for k in SHARED:
            beside += a[f"who.F.{k}.weight"].take(columns[k, firsts], axis=0)
        z += beside.take(rows, axis=0)
        z += source[:, None] * a["who.S.weight"][:, 0]
        for k, column in enumerate(columns):
            if k not in HISTORY and k not in SHARED:
                z += a[f"who.F.{k}.weight"].take(column, axis=0)
        ends = np.cumsum(counts).tolist()
        return {k: z[b - n : b] for k, n, b in zip(statements, counts, ends, strict=True)}
