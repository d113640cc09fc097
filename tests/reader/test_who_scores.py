"""Scores of who may be meant: as their formula says, for any choices before."""

from __future__ import annotations

import numpy as np
import pytest
from reader_sample import network
from test_contents import TEXTS, scene_of

from qawl.reader import contents, pairs
from qawl.reader.contents import Scene
from qawl.reader.mentions import gather, names_of
from qawl.reader.network import Floats
from qawl.reader.who import HISTORY, Choices, Context, Said
from qawl.reader.who_choice import Past
from qawl.reader.who_scores import WhoScores


def textbook(s: Scene, said: Said, choices: Choices, past: list[Past]) -> Floats:
    """The scores of one statement's candidates, one by one."""
    a = s.network.arrays
    speaker = said.speaker[0] if said.speaker else said.cue
    rows = np.array(choices.features)
    rows[:, HISTORY] = past
    hidden = []
    for place, row in zip(choices.places, rows, strict=True):
        where = np.array([place])
        features = pairs.pair(s.c, s.cues_before, s.is_cue, np.array([said.cue]), where)
        asked = s.network.linear("source.A.0", s.h[[said.cue]])
        source = s.network.point("source", s.project("source", "B", where), [asked], features)
        z = a["who.A.weight"] @ s.h[said.cue] + a["who.A.bias"]
        z = z + a["who.B.weight"] @ s.h[place] + a["who.C.weight"] @ s.h[speaker]
        z = z + a["who.S.weight"][:, 0] * source[0]
        z = z + sum(a[f"who.F.{k}.weight"][value] for k, value in enumerate(row))
        hidden.append(np.maximum(z, 0))
    best = a["who.all.weight"] @ np.max(hidden, axis=0)
    second = [a["who.hidden.weight"] @ z + a["who.hidden.bias"] + best for z in hidden]
    scores: Floats = np.array(
        [a["who.v.weight"][0] @ np.maximum(z, 0) + a["who.v.bias"][0] for z in second]
    )
    return scores


@pytest.mark.parametrize("text", TEXTS)
def test_scores_are_those_of_the_formula(text: str) -> None:
    looked = 0
    for seed in range(4):
        net = network(seed, cue=2.0)
        s, drafts = scene_of(net, text)
        contents.find(s, drafts)
        rng = np.random.default_rng(seed)
        n = len(s.c.tokens)
        said = [
            Said(d.cue, (int(at),) * 2 if at < n else None, d.start, d.end)
            for d, at in zip(drafts, rng.integers(0, 2 * n, len(drafts)), strict=True)
            if d.start >= 0
        ]
        groups, own = gather(s.c, [one.speaker for one in said], names_of(rng.integers(0, 9, n)))
        context = Context(s.c, groups, own, said)
        choices = [context.choices(k) for k in range(len(said))]
        scorer = WhoScores(s, [(0, one) for one in said], choices).of(0)
        for k, some in enumerate(choices):
            if not some.groups:
                continue
            ways = [
                [
                    tuple(map(int, rng.integers(0, (4, 5, 3, 8))))  # SIZES of HISTORY, or fewer
                    for _ in some.groups
                ]
                for _ in range(1 + k % 3)
            ]
            got = scorer(k, ways)
            for way, row in zip(ways, got, strict=True):
                assert np.allclose(row, textbook(s, said[k], some, way), atol=1e-3)
                looked += 1
    assert looked
