"""What the network sees of two tokens: every feature lies within its table, whatever the text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_sample import columns_of, press, texts

from qawl.reader import pairs
from qawl.reader.columns import Columns


def counts(c: Columns, cues: set[int]) -> tuple[pairs.Array, pairs.Array]:
    flags = np.array([k in cues for k in range(len(c.tokens))] + [False]).astype(np.int64)
    return np.concatenate([[0], np.cumsum(flags)])[:-1], flags


def pair(text: str, i: int, j: int, cues: set[int] | None = None) -> dict[str, int]:
    c = columns_of(text)
    before, flags = counts(c, {i} if cues is None else cues)
    values = pairs.pair(c, before, flags, np.array([i]), np.array([j]))
    names = ("distance", "where", "commas", "marks", "complementizers", "colons", "cues")
    return dict(zip(names, (int(v[0]) for v in values), strict=True))


def span(text: str, s: int, e: int) -> dict[str, int]:
    c = columns_of(text)
    before, _ = counts(c, set())
    values = pairs.span(c, before, np.array([s]), np.array([e]))
    names = ("distance", "relation", "marks", "sentences", "cues")
    return dict(zip(names, (int(v[0]) for v in values), strict=True))


def test_distance_tells_the_side_and_grows() -> None:
    text = "قال " * 200
    distances = [pair(text, 100, j)["distance"] for j in range(200)]
    assert distances == sorted(distances)
    assert distances[99] < distances[100] < distances[101]
    assert (distances[0], distances[-1]) == (0, 25)


def test_same_sentence_and_line() -> None:
    text = "قال سعيد. عاد الماء\nمن قاسم"
    assert pair(text, 0, 1)["where"] == 5  # same sentence, same line
    assert pair(text, 0, 3)["where"] == 7  # the next sentence, same line
    assert pair(text, 3, 6)["where"] == 6  # the next sentence, another line
    assert pair(text, 6, 3)["where"] == 2


def test_marks_between_are_counted() -> None:
    text = "قال ، سعيد : «عاد» أن"
    words = text.replace("«", "« ").replace("»", " »").split()
    at = words.index
    assert pair(text, 0, at("سعيد"))["commas"] // 2 == 1
    assert pair(text, 0, at("عاد"))["colons"] // 4 == 1
    assert pair(text, 0, at("عاد"))["marks"] == 1 * 3 + 1  # one mark between, an opening one before
    assert pair(text, 0, at("أن"))["marks"] == 2 * 3 + 2
    assert pair(text, at("عاد"), 0)["commas"] % 2 == 0  # behind


def test_cues_between_count_without_the_cue_itself() -> None:
    text = "قال سعيد وأكد قاسم وأضاف"
    assert pair(text, 0, 1)["cues"] // 4 == 0
    assert pair(text, 0, 3, cues={0, 2})["cues"] // 4 == 1
    assert pair(text, 0, 2, cues={0, 2})["cues"] % 4 // 2 == 1  # the place is a cue
    assert pair(text, 0, 1, cues={0, 2})["cues"] % 2 == 1  # the next one is


@pytest.mark.parametrize(
    ("text", "s", "e", "relation"),
    [
        ("قال عاد الماء اليوم", 1, 2, 0),
        ("قال «عاد الماء اليوم", 2, 3, 1),
        ("قال «عاد الماء» اليوم", 2, 3, 2),
        ("قال «عاد الماء» اليوم", 2, 2, 3),
        ("قال «عاد الماء» اليوم", 2, 4, 4),
        ("قال «عاد الماء» اليوم من", 2, 5, 5),
    ],
)
def test_a_span_and_its_quotation_marks(text: str, s: int, e: int, relation: int) -> None:
    assert span(text, s, e)["relation"] == relation


def test_the_last_word_of_a_sentence_says_so() -> None:
    assert span("قال سعيد. عاد الماء.", 0, 2)["cues"] % 2 == 1
    assert span("قال سعيد. عاد الماء.", 0, 1)["cues"] % 2 == 0


def test_form_features_read_the_punctuation() -> None:
    def features(text: str, cue: int, start: int, end: int) -> list[float]:
        return pairs.form_features(columns_of(text), cue, start, end)

    direct = features("قال: «عاد الماء».", 0, 3, 4)
    assert direct == [1, 1, 0, 0, 1, 0, 1]
    assert features("قال: «عاد الماء", 0, 3, 4)[2] == 1  # opened, never closed
    indirect = features("قال إن الماء عاد.", 0, 2, 3)
    assert indirect == [0, 0, 0, 0, 0, 1, 0]
    mixed = features("قال إن الماء «عاد أخيرا».", 0, 2, 6)
    assert mixed[3] == 1
    before = features("«عاد الماء»، قال سعيد.", 5, 1, 2)
    assert before[:2] == [1, 1]
    assert all(len(f) == pairs.FORM_WIDTH for f in (direct, indirect, mixed, before))


@settings(deadline=None)
@given(texts, st.data())
def test_features_of_a_pair_are_within_their_tables(text: str, data: st.DataObject) -> None:
    c = columns_of(text, title=data.draw(st.sampled_from(["", "عنوان"])))
    n = len(c.tokens)
    if not n:
        return
    cues = data.draw(st.sets(st.integers(0, n - 1), max_size=8))
    before, flags = counts(c, cues)
    i, j = (a.ravel() for a in np.meshgrid(np.arange(n), np.arange(n)))
    for values, size in zip(pairs.pair(c, before, flags, i, j), pairs.SIZES, strict=True):
        assert values.shape == i.shape
        assert values.min() >= 0
        assert values.max() < size
    s, e = i[i <= j], j[i <= j]
    for values, size in zip(pairs.span(c, before, s, e), pairs.SPAN_SIZES, strict=True):
        assert values.shape == s.shape
        assert values.min() >= 0
        assert values.max() < size


def test_features_of_places_far_apart_are_within_their_tables() -> None:
    c = columns_of("قال: «أن، وأكد» إن\n" * 400)
    n = len(c.tokens)
    before, flags = counts(c, set(range(0, n, 3)))
    rng = np.random.default_rng(1)
    i, j = rng.integers(0, n, (2, 20_000))
    for values, size in zip(pairs.pair(c, before, flags, i, j), pairs.SIZES, strict=True):
        assert 0 <= values.min() <= values.max() < size
    s, e = np.minimum(i, j), np.maximum(i, j)
    for values, size in zip(pairs.span(c, before, s, e), pairs.SPAN_SIZES, strict=True):
        assert 0 <= values.min() <= values.max() < size


@settings(deadline=None)
@given(press, st.data())
def test_form_features_of_any_statement(text: str, data: st.DataObject) -> None:
    c = columns_of(text)
    n = len(c.tokens)
    if not n:
        return
    cue = data.draw(st.integers(0, n - 1))
    start = data.draw(st.integers(0, n - 1))
    end = data.draw(st.integers(start, n - 1))
    features = pairs.form_features(c, cue, start, end)
    assert len(features) == pairs.FORM_WIDTH
    assert set(features) <= {0.0, 1.0}
