"""Acts and forms: as the formula of the attention says, for one statement and for many."""

from __future__ import annotations

import numpy as np
import pytest
from reader_sample import network
from test_contents import TEXTS, scene_of

from qawl.model import ACTS, FORMS
from qawl.reader import acts, contents, pairs
from qawl.reader.acts import MOST
from qawl.reader.contents import Scene
from qawl.reader.draft import Draft
from qawl.reader.network import Floats


def dense(s: Scene, name: str, x: Floats) -> Floats:
    a = s.network.arrays
    y: Floats = a[f"{name}.weight"] @ x + a[f"{name}.bias"]
    return y


def plain(s: Scene, d: Draft) -> tuple[str, float, str]:
    h = s.h
    word = s.network.arrays["encoder.word.weight"][s.c.words[:, 1]]
    places = range(d.start, min(d.end + 1, d.start + MOST))
    query = dense(s, "act.query", h[d.cue])
    z = np.array([dense(s, "act.key", h[p]) @ query / np.sqrt(len(query)) for p in places])
    weights = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    mean = sum(w * h[p] for w, p in zip(weights, places, strict=True))
    mean_word = sum(w * word[p] for w, p in zip(weights, places, strict=True))
    x = np.concatenate([h[d.cue], h[d.start], mean, word[d.cue], mean_word])
    logits = dense(s, "act.last", np.maximum(dense(s, "act.first", x), 0))
    chances = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    marks = np.array(pairs.form_features(s.c, d.cue, d.start, d.end))
    x = np.concatenate([h[d.cue], h[d.start], marks])
    form = dense(s, "form.2", np.maximum(dense(s, "form.0", x), 0)).argmax()
    return ACTS[int(chances.argmax())], float(chances.max()), FORMS[int(form)]


@pytest.mark.parametrize("text", [*TEXTS, "قال: " + "الماء على " * MOST])
def test_acts_and_forms_are_those_of_the_formula(text: str) -> None:
    seen = set()
    for seed in range(6):
        s, drafts = scene_of(network(seed, cue=2.0), text)
        contents.find(s, drafts)
        kept = [d for d in drafts if d.start >= 0]
        acts.find(s, kept)
        for d in kept:
            act, chance, form = plain(s, d)
            assert (d.act, d.form) == (act, form)
            assert d.act_probability == pytest.approx(chance, abs=1e-4)
            seen.add(d.act)
    assert len(seen) > 2


def test_no_statement_no_act() -> None:
    s, _ = scene_of(network(0), TEXTS[0])
    acts.find(s, [])
