"""Acts and forms: as the formula of the attention says, for one statement and for many."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from reader_sample import columns_of, network, press
from test_contents import TEXTS, scene_of

from qawl.model import ACTS, FORMS
from qawl.reader import acts, contents, pairs
from qawl.reader.act_words import MOST, signs, words_of
from qawl.reader.acts import in_chain
from qawl.reader.contents import Scene
from qawl.reader.draft import Draft
from qawl.reader.network import Floats
from qawl.reader.together import Found


def dense(s: Scene, name: str, x: Floats) -> Floats:
    a = s.network.arrays
    y: Floats = a[f"{name}.weight"] @ x + a[f"{name}.bias"]
    return y


def soft(z: Floats) -> Floats:
    e: Floats = np.exp(z - z.max())
    return e / e.sum()


def by_network(s: Scene, d: Draft) -> Floats:
    """The chances of the acts of one statement, by the network alone."""
    h = s.h
    word = s.network.arrays["encoder.word.weight"][s.c.words[:, 1]]
    places = range(d.start, min(d.end + 1, d.start + MOST))
    query = dense(s, "act.query", h[d.cue])
    weights = soft(
        np.array([dense(s, "act.key", h[p]) @ query / np.sqrt(len(query)) for p in places])
    )
    mean = sum(w * h[p] for w, p in zip(weights, places, strict=True))
    mean_word = sum(w * word[p] for w, p in zip(weights, places, strict=True))
    x = np.concatenate([h[d.cue], h[d.start], mean, word[d.cue], mean_word])
    return soft(dense(s, "act.last", np.maximum(dense(s, "act.first", x), 0)))


def by_words(s: Scene, d: Draft) -> Floats:
    """The same by the linear model alone."""
    linear = s.network.act_words
    total = linear.bias.copy()
    for feature in words_of(s.c, d.cue, d.cue_last, d.start, d.end):
        if feature in linear.known:
            total += linear.weights[linear.known[feature]]
    return soft(total)


def in_any_order(own: Floats, follows: Floats) -> Floats:
    """The chain's chances by weighing every sequence of acts."""
    out = np.zeros(own.shape)
    for acts_in_turn in product(range(own.shape[1]), repeat=len(own)):
        weight = np.prod([own[k, a] for k, a in enumerate(acts_in_turn)])
        weight *= np.prod([follows[a, b] for a, b in pairwise(acts_in_turn)])
        for k, a in enumerate(acts_in_turn):
            out[k, a] += weight
    return out / out.sum(axis=1, keepdims=True)


def form_of(s: Scene, d: Draft) -> str:
    marks = np.array(pairs.form_features(s.c, d.cue, d.start, d.end))
    x = np.concatenate([s.h[d.cue], s.h[d.start], marks])
    return FORMS[int(dense(s, "form.2", np.maximum(dense(s, "form.0", x), 0)).argmax())]


@pytest.mark.parametrize("text", [*TEXTS, "قال: " + "الماء على " * MOST])
def test_acts_and_forms_are_those_of_the_formula(text: str) -> None:
    seen = set()
    for seed in range(6):
        s, drafts = scene_of(network(seed, cue=2.0), text)
        contents.find(s, drafts)
        kept = [d for d in drafts if d.start >= 0]
        acts.find(s, [Found(s, kept, s.is_cue)])
        kept.sort(key=lambda d: (d.cue, d.start))
        w = acts.LINEAR
        both = np.array([by_network(s, d) ** (1 - w) * by_words(s, d) ** w for d in kept])
        chances = in_chain(both, s.network.act_chain) if kept else []
        for d, chance in zip(kept, chances, strict=True):
            assert (d.act, d.form) == (ACTS[int(chance.argmax())], form_of(s, d))
            assert d.act_probability == pytest.approx(chance.max(), abs=1e-4)
            seen.add(d.act)
    assert len(seen) > 2


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_the_chain_weighs_every_sequence_of_acts(length: int) -> None:
    rng = np.random.default_rng(length)
    own, follows = rng.uniform(0.01, 1, (length, 5)), rng.uniform(0.2, 4, (5, 5))
    np.testing.assert_allclose(in_chain(own, follows), in_any_order(own, follows), atol=1e-9)


def test_the_act_before_decides_where_the_words_do_not() -> None:
    follows = np.array([[3.0, 0.2], [0.2, 3.0]])
    sure_then_unsure = np.array([[0.95, 0.05], [0.5, 0.5]])
    assert in_chain(sure_then_unsure, follows)[1].argmax() == 0


@given(press)
def test_the_words_of_any_content_fit_a_line_each(text: str) -> None:
    c = columns_of(text)
    last = len(c.tokens) - 1
    for start in range(0, last + 1, 3):
        words = words_of(c, 0, min(1, last), start, last)
        assert words == words_of(c, 0, min(1, last), start, last)
        assert all(w and "\n" not in w for w in words)


@pytest.mark.parametrize(
    ("content", "sign"),
    [
        ("لن نعود", "+negative"),
        ("لن نعود", "-first"),
        ("سنعود غدا", "+we will"),
        ("وسيعود الماء", "+will"),
        ("ينبغي أن يعود", "+duty"),
        ("هل يعود", "+question"),
        ("ليس صحيحا", "-=صحيحا"),
    ],
)
def test_signs_of_the_act(content: str, sign: str) -> None:
    c = columns_of(f"قال {content}")
    assert sign in words_of(c, 0, 0, 1, len(c.tokens) - 1)


def test_signs_are_of_known_classes() -> None:
    classes = {cls for some in signs().values() for cls in some}
    assert classes == {"negative", "future", "duty", "question"}
    assert all(word.strip() == word and word for word in signs())


def test_a_noun_that_begins_like_the_future_is_none() -> None:
    c = columns_of("قال سيارة وسياسة")
    assert "+will" not in words_of(c, 0, 0, 1, 2)


def test_no_statement_no_act() -> None:
    s, _ = scene_of(network(0), TEXTS[0])
    acts.find(s, [Found(s, [], s.is_cue)])
