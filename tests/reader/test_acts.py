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
from qawl.reader.act_network import MOST, places
from qawl.reader.act_words import signs, words_of
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
    """The chances of the acts of one statement, by the network of acts alone."""
    a = {name[5:]: x for name, x in s.network.arrays.items() if name.startswith("acts.")}
    at, roles = places(d.cue, d.cue_last, d.start, d.end, len(s.c.tokens) - 1)
    rows = []
    for k, role in zip(at, roles, strict=True):
        named = list(zip(("word", "stem", "ending", "beginning"), s.c.words[k], strict=True))
        named += [(f"small.{n}", row) for n, row in enumerate(s.c.small[k])]
        named += [(f"lexicon.{n}", row) for n, row in enumerate(s.c.lexicon[k])]
        token = np.concatenate([a[f"{name}.weight"][row] for name, row in named])
        rows.append(dense(s, "acts.project", token) + a["role.weight"][role])
    x = np.pad(np.array(rows), ((1, 1), (0, 0)))
    h = convolved(a, "lower", x)
    h[1:-1] += convolved(a, "upper", h)[1:-1]
    of_cue = [h[row] for row, role in enumerate(roles, 1) if role in (1, 5)]
    content = [h[row] for row, role in enumerate(roles, 1) if role == 3]
    cue = sum(of_cue) / len(of_cue) if of_cue else np.zeros(h.shape[1])
    asked = a["query.weight"] @ cue + a["query.bias"]
    weights = soft(
        np.array([c @ asked / np.sqrt(len(c)) + a["key.weight"][0] @ c for c in content])
    )
    mean = sum(w * c for w, c in zip(weights, content, strict=True))
    z = np.concatenate([cue, mean, np.max(content, axis=0), content[0]])
    return soft(dense(s, "acts.last", np.maximum(dense(s, "acts.first", z), 0)))


def convolved(a: dict[str, Floats], name: str, x: Floats) -> Floats:
    """Each row but the first and the last, which are of nothing, with those beside it."""
    weight, bias = a[f"{name}.weight"], a[f"{name}.bias"]
    y = np.zeros((len(x), len(bias)))
    for k in range(1, len(x) - 1):
        y[k] = np.maximum(sum(weight[:, :, n] @ x[k - 1 + n] for n in range(3)) + bias, 0)
    return y


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


@pytest.mark.parametrize(
    ("cue", "content", "told"),
    [
        ((6, 6), (8, 10), "00001233344"),  # the cue before the content
        ((12, 13), (8, 10), "33305522"),  # behind it; what is near both is counted once
        ((7, 7), (8, 8), "00001324"),
        ((1, 1), (2, 90), "01" + "3" * MOST),  # the last of a long content is not looked at
        ((5, 5), (4, 6), "00033324"),  # an answer, whose cue is in it
    ],
)
def test_an_act_is_told_from_the_words_by_the_cue_and_those_of_the_content(
    cue: tuple[int, int], content: tuple[int, int], told: str
) -> None:
    at, roles = places(*cue, *content, 15)
    assert at == sorted(set(at))
    assert at[0] >= 0
    assert at[-1] <= 15 or content[1] > 15
    assert "".join(map(str, roles)) == told


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
