"""Contents are compared by the places of their letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qawl.evaluation.pairs import letters, match, overlap, same_place
from qawl.model import Span, Statement

TEXT = "قالت إنها ستعود غدا، وأضافت: «لن أنسى أحدا»."


def content(*parts: str, text: str = TEXT) -> Statement:
    spans = [Span.of(text, text.index(p), text.index(p) + len(p)) for p in parts]
    return Statement(tuple(spans), None, None, None, "direct", "inform")


def test_punctuation_and_an_opening_anna_do_not_count() -> None:
    plain = letters(content("ستعود غدا"), TEXT)
    assert letters(content("إنها ستعود غدا،"), TEXT) == plain
    assert letters(content("لن أنسى أحدا"), TEXT) == letters(content("«لن أنسى أحدا»."), TEXT)
    assert len(plain) == 8


def test_an_anna_that_is_all_of_the_content_or_stands_in_a_later_part_counts() -> None:
    assert len(letters(content("إنها"), TEXT)) == 4
    two = letters(content("غدا", "إنها ستعود"), TEXT)
    assert len(two) == 3 + 4 + 5


def test_a_span_past_the_end_of_the_text_is_cut() -> None:
    long = Statement((Span(0, 999, ""),), None, None, None, "direct", "inform")
    assert max(letters(long, TEXT)) < len(TEXT)


def test_half_an_overlap_is_found_and_less_is_not() -> None:
    gold = [frozenset(range(10))]
    assert [m.overlap for m in match(gold, [frozenset(range(5))])] == [0.5]
    assert match(gold, [frozenset(range(4))]) == ()
    assert match(gold, [frozenset()]) == ()


def test_one_to_one_largest_overlap_first() -> None:
    gold = [frozenset(range(12)), frozenset(range(10))]
    predicted = [frozenset(range(10)), frozenset(range(9))]
    pairs = match(gold, predicted)
    assert [(m.gold, m.predicted, m.exact) for m in pairs] == [(1, 0, True), (0, 1, False)]


def test_equal_overlaps_go_to_the_earlier() -> None:
    same = frozenset(range(8))
    assert [(m.gold, m.predicted) for m in match([same, same], [same, same])] == [(0, 0), (1, 1)]


SETS = st.lists(st.frozensets(st.integers(0, 12), max_size=10), max_size=6)


@given(SETS, SETS)
def test_no_statement_is_paired_twice_and_none_that_could_be_is_left(
    gold: list[frozenset[int]], predicted: list[frozenset[int]]
) -> None:
    pairs = match(gold, predicted)
    used_gold, used_predicted = {m.gold for m in pairs}, {m.predicted for m in pairs}
    assert len(used_gold) == len(used_predicted) == len(pairs)
    for i, one in enumerate(gold):
        for j, other in enumerate(predicted):
            if i not in used_gold and j not in used_predicted and one | other:
                assert len(one & other) / len(one | other) < 0.5


@pytest.mark.parametrize(
    ("one", "other", "shares", "same"),
    [
        (Span(0, 4, ""), Span(3, 6, ""), True, False),
        (Span(0, 4, ""), Span(4, 6, ""), False, False),
        (Span(0, 4, ""), Span(0, 4, ""), True, True),
        (Span(0, 4, ""), None, False, False),
        (None, None, False, True),
    ],
)
def test_spans(one: Span | None, other: Span | None, shares: bool, same: bool) -> None:
    assert overlap(one, other) is shares
    assert same_place(one, other) is same
