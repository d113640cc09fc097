"""Quotation marks as the press sets them: every style, mixed, swapped, nested, lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import SupportsIndex, overload

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qawl.arabic.quotes import MARKS, Quotes, quotes
from qawl.arabic.tokens import Token, tokens

PAIRS = [
    ("«", "»"),
    ("“", "”"),
    ('"', '"'),
    ("''", "''"),
    ("″", "″"),
    ("„", "“"),
    (",,", "“"),
    ("``", "''"),
    ("‘", "’"),
    ("'", "'"),
    ("‹", "›"),
    ("＂", "＂"),
    # swapped
    ("”", "“"),
    ("»", "«"),
    ("’", "‘"),
    # mixed
    ("«", "”"),
    ("«", '"'),
    ('"', "»"),
    ("“", "»"),
    ("“", '"'),
    ('"', "”"),
    ("“", "“"),
    ("”", "”"),
    ("''", '"'),
]


def read(text: str) -> tuple[list[Token], Quotes]:
    toks = tokens(text)
    return toks, quotes(text, toks)


def inside(text: str, depth: int = 1) -> list[str]:
    """What stands between the marks of each pair that lies ``depth`` deep."""
    toks, q = read(text)
    return [
        text[toks[k].end : toks[m].start]
        for k, m in enumerate(q.mate)
        if m > k and q.depth[k] == depth
    ]


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_a_pair_in_every_style(left: str, right: str) -> None:
    text = f"قال الوزير: {left}سنعود غدا{right}."
    toks, q = read(text)
    assert inside(text) == ["سنعود غدا"]
    words = [t.text for t in toks]
    first, last = words.index("سنعود") - 1, words.index("غدا") + 1
    assert (q.mate[first], q.mate[last]) == (last, first)
    assert q.opens[first]
    assert not q.closes[first]
    assert q.closes[last]
    assert not q.opens[last]
    assert q.depth == [1 if first <= k <= last else 0 for k in range(len(toks))]


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_two_pairs_of_one_style_in_a_sentence(left: str, right: str) -> None:
    text = f"{left}سنعود{right}، قال الوزير، {left}ولن نتأخر{right}."
    assert inside(text) == ["سنعود", "ولن نتأخر"]


@pytest.mark.parametrize(("left", "right"), [("«", "»"), ('"', '"'), ("“", "”")])
def test_marks_glued_to_the_words_around(left: str, right: str) -> None:
    assert inside(f"قال:{left}نعم{right}وأضاف:{left}لا{right}") == ["نعم", "لا"]


def test_a_mark_glued_to_a_preposition_with_tatweel() -> None:
    assert inside('قال لـ"الشرق" و«الغد»') == ["الشرق", "الغد"]


@pytest.mark.parametrize("mark", ["\u200f", "\u200e", "\u00a0"])
def test_direction_marks_and_hard_spaces_beside_the_marks(mark: str) -> None:
    assert inside(f'قال: {mark}"سنعود"{mark}.') == ["سنعود"]
    assert inside(f"قال: {mark}«سنعود»{mark}.") == ["سنعود"]


def test_white_space_inside_the_marks() -> None:
    assert inside('قال: " سنعود " ومضى') == [" سنعود "]
    assert inside("قال: « سنعود » ومضى") == [" سنعود "]


def test_a_stop_before_and_after_the_closing_mark() -> None:
    assert inside('قال: "سنعود." وأضاف: "لا".') == ["سنعود.", "لا"]


def test_an_empty_pair() -> None:
    assert inside("قال «» ومضى") == [""]


@pytest.mark.parametrize(
    "text",
    [
        'قال: «قلت له "عد غدا" فعاد».',
        "قال: «قلت له «عد غدا» فعاد».",
        "قال: “قلت له ‘عد غدا’ فعاد”.",
        'قال: "قلت له «عد غدا» فعاد".',
    ],
)
def test_a_quotation_in_a_quotation(text: str) -> None:
    assert inside(text, 2) == ["عد غدا"]
    assert inside(text, 1) == [text[text.index("قلت") : text.index("فعاد") + 4]]


def test_deeper_ones_are_marked_but_not_counted() -> None:
    text = "قال: «أ «ب «ج» د» هـ»."
    _, q = read(text)
    assert max(q.depth) == 2
    assert sum(q.opens) == sum(q.closes) == 3


def test_marks_doubled() -> None:
    assert inside('قال: ""سنعود"".', 2) == ["سنعود"]


def test_closed_twice_pairs_with_the_first() -> None:
    text = "قال: «سنعود»» ثم مضى: «نعم»."
    toks, q = read(text)
    assert inside(text) == ["سنعود", "نعم"]
    second = [t.text for t in toks].index("»") + 1
    assert q.closes[second]
    assert q.mate[second] == -1
    assert q.depth[second] == 0


def test_closed_but_never_opened() -> None:
    _, q = read("سنعود غدا»، قال الوزير.")
    assert sum(q.closes) == 1
    assert max(q.mate) == -1
    assert max(q.depth) == 0


def test_never_closed_ends_with_its_paragraph() -> None:
    text = "قال: «سنعود غدا.\nومضى الوزير إلى مكتبه.\nوقالت: «نعم»."
    toks, q = read(text)
    assert inside(text) == ["نعم"]
    first_line = [k for k, t in enumerate(toks) if t.end <= text.index("\n")]
    assert [q.depth[k] for k in first_line] == [0, 0, 1, 1, 1, 1]
    assert q.depth[[t.text for t in toks].index("ومضى")] == 0


def test_a_quotation_over_two_paragraphs() -> None:
    text = "قال: «سنعود غدا.\nولن نتأخر» ومضى."
    toks, q = read(text)
    assert inside(text) == ["سنعود غدا.\nولن نتأخر"]
    end = [t.text for t in toks].index("»")
    assert all(q.depth[2 : end + 1])
    assert not any(q.depth[end + 1 :])


def test_a_paragraph_that_opens_anew_does_not_pair_with_the_last() -> None:
    text = "قال: «سنعود غدا.\n«ولن نتأخر» ومضى."
    assert inside(text) == ["ولن نتأخر"]


@pytest.mark.parametrize("text", ["L'Orient", "l’Orient", "قرأت l’Orient في d'Alger", "O‘Brien"])
def test_an_apostrophe_is_no_quotation_mark(text: str) -> None:
    _, q = read(text)
    assert not any(q.opens)
    assert not any(q.closes)
    assert not any(q.depth)


def test_an_apostrophe_inside_a_quotation_does_not_close_it() -> None:
    assert inside("قال ‘قرأت l’Orient أمس’ ومضى.") == ["قرأت l’Orient أمس"]


def test_inches_do_not_open() -> None:
    _, q = read('شاشة مقاس 5" ومقاس 6" فقط')
    assert not any(q.opens)
    assert not any(q.depth)


def test_brackets_are_no_quotation_marks() -> None:
    _, q = read("قال (سنعود) ثم [مضى]")
    assert not any(q.opens)
    assert not any(q.closes)


def test_a_mark_alone() -> None:
    for mark in sorted(MARKS):
        _, q = read(mark)
        assert q.mate == [-1] * len(q.mate)


def test_nothing_in_nothing() -> None:
    assert quotes("", []) == Quotes([], [], [], [])


press = st.lists(
    st.sampled_from(
        [*sorted(MARKS), " ", " ", "\n", ".", "،", "قال", "نعم", "و", "l", "5", ":", "("]
    ),
    max_size=60,
).map("".join)


@given(press)
def test_mates_point_at_each_other_and_the_opening_one_comes_first(text: str) -> None:
    toks, q = read(text)
    for k, m in enumerate(q.mate):
        if m < 0:
            continue
        assert q.mate[m] == k
        first, last = min(k, m), max(k, m)
        assert first < last
        assert q.opens[first]
        assert q.closes[last]
        assert toks[k].text in MARKS


@given(press)
def test_a_mark_opens_or_closes_never_both(text: str) -> None:
    toks, q = read(text)
    for k, token in enumerate(toks):
        assert not (q.opens[k] and q.closes[k])
        if q.opens[k] or q.closes[k]:
            assert token.text in MARKS


@given(press)
def test_pairs_do_not_cross(text: str) -> None:
    _, q = read(text)
    open_pairs: list[int] = []
    for k, m in enumerate(q.mate):
        if m > k:
            open_pairs.append(k)
        elif m >= 0:
            assert open_pairs.pop() == m


@given(press)
def test_depth_counts_the_pairs_around(text: str) -> None:
    _, q = read(text)
    around = 0
    for k, m in enumerate(q.mate):
        around += m > k
        assert around <= q.depth[k] <= 2
        around -= 0 <= m < k


@given(press, press)
def test_what_follows_a_closed_line_changes_nothing_in_it(one: str, other: str) -> None:
    first = f"{one}\nقال الوزير\n"
    toks, q = read(first)
    _, both = read(first + other)
    n = len(toks)
    assert both.opens[:n] == q.opens
    assert both.closes[:n] == q.closes
    assert both.mate[:n] == q.mate
    assert both.depth[:n] == q.depth


class Counted(list[Token]):
    """Tokens that count how often one of them is looked at."""

    looks = 0

    @overload
    def __getitem__(self, k: SupportsIndex) -> Token: ...
    @overload
    def __getitem__(self, k: slice) -> list[Token]: ...
    def __getitem__(self, k: SupportsIndex | slice) -> Token | list[Token]:
        self.looks += 1
        return super().__getitem__(k)

    def __iter__(self) -> Iterator[Token]:
        for token in super().__iter__():
            self.looks += 1
            yield token


@pytest.mark.parametrize(
    "piece",
    [
        "قال: «سنعود ",
        "قال: «سنعود\n",
        'قال: "سنعود\n\n',
        "«\n",
        "\n",
        "»",
        "'",
        "قال: «سنعود\nغدا» ثم مضى\n",
        "قال: «سنعود " + "غدا " * 450 + "\n",
    ],
)
def test_work_grows_with_the_length_alone(piece: str) -> None:
    def looks(times: int) -> tuple[int, int]:
        text = piece * times
        toks = Counted(tokens(text))
        quotes(text, toks)
        return toks.looks, len(toks)

    small, small_tokens = looks(50)
    large, large_tokens = looks(500)
    assert large <= 5 * large_tokens
    assert large * small_tokens <= 1.1 * small * large_tokens + 10 * large_tokens


def test_ten_thousand_quotations_never_closed() -> None:
    text = "قال الوزير: «سنعود غدا. " * 10_000
    _, q = read(text)
    assert sum(q.opens) == 10_000
    assert not any(q.closes)
    assert max(q.depth) == 2
    assert set(q.mate) == {-1}


def test_ten_thousand_lines_that_open_and_never_close() -> None:
    text = "قال الوزير: «سنعود غدا.\n" * 10_000 + "وقال: «نعم»."
    assert inside(text) == ["نعم"]
