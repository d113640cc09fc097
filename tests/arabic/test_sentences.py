"""Sentences: where they end, and that none is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, overload

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qawl.arabic.quotes import quotes
from qawl.arabic.sentences import LONGEST, sentences
from qawl.arabic.tokens import tokens

T = TypeVar("T")


def read(text: str) -> list[str]:
    """The sentences of ``text``, each as it stands there."""
    toks = tokens(text)
    q = quotes(text, toks)
    return [text[toks[a].start : toks[b - 1].end] for a, b in sentences(toks, q.depth, q.closes)]


@pytest.mark.parametrize("stop", [".", "!", "؟", "?", "...", "..", "…", "۔"])
def test_every_stop_ends_a_sentence(stop: str) -> None:
    assert read(f"وصل القطار{stop} ثم مضى") == [f"وصل القطار{stop}", "ثم مضى"]


@pytest.mark.parametrize("mark", ["،", "؛", ":", "-", ",", ";"])
def test_other_marks_do_not(mark: str) -> None:
    assert len(read(f"وصل القطار{mark} ثم مضى.")) == 1


def test_a_line_ends_a_sentence() -> None:
    assert read("وصل القطار\nثم مضى\n\nوعاد.") == ["وصل القطار", "ثم مضى", "وعاد."]


@pytest.mark.parametrize(
    "text",
    [
        "التقى د. سمير البيطار أ. هند الصالح.",
        "قال م. رائد إن الجسر آمن.",
        "بلغ السعر 3.5 دينار في 12.5.2024 أمس.",
        "وقع العقد J. Smith أمس.",
    ],
)
def test_a_point_of_an_initial_or_a_number_is_no_stop(text: str) -> None:
    assert read(text) == [text]


def test_a_stop_after_a_one_letter_word_with_a_space_is_one() -> None:
    assert read("الفئة أ . ثم مضى") == ["الفئة أ .", "ثم مضى"]


@pytest.mark.parametrize(("left", "right"), [("«", "»"), ("“", "”"), ('"', '"')])
def test_a_stop_inside_a_quotation_does_not_end_the_sentence_around(left: str, right: str) -> None:
    text = f"قال: {left}عدنا. ولن نغيب{right} ومضى الوزير."
    assert read(text) == [text]


def test_a_quotation_that_ends_with_its_own_stop_ends_the_sentence() -> None:
    assert read("قال: «عدنا. ولن نغيب.» ومضى الوزير.") == [
        "قال: «عدنا. ولن نغيب.»",
        "ومضى الوزير.",
    ]


@pytest.mark.parametrize("mark", [".", "،", "؛", ":"])
def test_unless_a_mark_goes_on(mark: str) -> None:
    assert read(f"قال: «عدنا.»{mark} ومضى")[0].startswith(f"قال: «عدنا.»{mark}")


def test_a_stop_in_a_quotation_never_closed_does_not_reach_the_next_line() -> None:
    assert read("قال: «عدنا. ولن نغيب.\nمضى الوزير. ثم عاد.") == [
        "قال: «عدنا. ولن نغيب.",
        "مضى الوزير.",
        "ثم عاد.",
    ]


def test_a_quotation_over_paragraphs_is_cut_at_the_line() -> None:
    assert read("قال: «عدنا.\nولن نغيب» ومضى.") == ["قال: «عدنا.", "ولن نغيب» ومضى."]


def test_a_long_sentence_is_cut_behind_a_comma() -> None:
    words = ["كلمة"] * 119 + ["هنا،"] + ["أخرى"] * 100
    first, second = read(" ".join(words))
    assert first.endswith("هنا،")
    assert second == " ".join(["أخرى"] * 100)


def test_a_long_sentence_without_a_comma_is_cut_at_the_longest() -> None:
    found = read("كلمة " * (3 * LONGEST))
    assert [len(s.split()) for s in found] == [LONGEST] * 3


def test_nothing_in_nothing() -> None:
    assert sentences([], [], []) == []
    assert read(" \n\n ") == []


press = st.lists(
    st.sampled_from(
        [" ", " ", " ", "\n", ".", "...", "؟", "،", "؛", "«", "»", '"', "قال", "د", "نعم", "5", ":"]
    ),
    max_size=400,
).map("".join)


@given(press)
def test_sentences_are_in_order_and_hold_every_token_but_newlines(text: str) -> None:
    toks = tokens(text)
    q = quotes(text, toks)
    place = 0
    for a, b in sentences(toks, q.depth, q.closes):
        assert a < b
        assert all(toks[k].text == "\n" for k in range(place, a))
        assert not any(toks[k].text == "\n" for k in range(a, b))
        assert b - a <= LONGEST
        place = b
    assert all(t.text == "\n" for t in toks[place:])


@given(press)
def test_no_stop_outside_a_quotation_stands_inside_a_sentence(text: str) -> None:
    toks = tokens(text)
    q = quotes(text, toks)
    for a, b in sentences(toks, q.depth, q.closes):
        for k in range(a + 1, b - 1):
            if toks[k].text in {"...", "؟"}:
                assert q.depth[k] > 0


@given(press, press)
def test_a_line_reads_the_same_whatever_lines_stand_before(one: str, other: str) -> None:
    first, second = f"{one}\nقال الوزير", other.replace("\n", " ")
    assert read(f"{first}\n{second}") == read(first) + read(second)


class Counted(Sequence[T]):
    """A sequence that counts how often an item of it is looked at."""

    def __init__(self, items: Sequence[T]) -> None:
        self.items = items
        self.looks = 0

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, k: int) -> T: ...
    @overload
    def __getitem__(self, k: slice) -> Sequence[T]: ...
    def __getitem__(self, k: int | slice) -> T | Sequence[T]:
        self.looks += 1
        return self.items[k]


@pytest.mark.parametrize(
    "piece",
    [
        "كلمة ",
        "كلمة، ",
        "د. ",
        "قال: «نعم.» ",
        "« ",
        ". ",
        "\n",
        "قال: «نعم. " * 20,
        "، " * 90 + "ا " * 90,
    ],
)
def test_work_grows_with_the_length_alone(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    toks = tokens(text)
    q = quotes(text, toks)
    words, depth, closes = Counted(toks), Counted(q.depth), Counted(q.closes)
    sentences(words, depth, closes)
    assert words.looks + depth.looks + closes.looks <= 10 * len(toks)


def test_one_paragraph_of_two_hundred_thousand_words() -> None:
    text = "وقال الوزير إن المحصول جيد، " * 40_000
    found = read(text)
    assert sum(len(s.split()) for s in found) == 200_000
    assert max(len(tokens(s)) for s in found) <= LONGEST
    assert all(s.endswith("،") for s in found)
