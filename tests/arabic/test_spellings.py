"""Spellings of one name are one; names that Arabic tells apart stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import DATA, rows
from qawl.arabic.spellings import near_word, same_word, skeleton, variant

WORDS = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويىةء", min_size=1, max_size=9).map(fold)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كاغيلز", "كاجيلز"),
        ("كاغيلز", "كاغلز"),
        ("فولديرمان", "ڤولديرمان"),
        ("غوميريش", "غوميريس"),
        ("دوريتي", "دوريته"),
        ("مولر", "موللر"),
        ("رحمان", "رحمن"),
        ("داوود", "داود"),
        ("شولتس", "شولتز"),
        ("مايك", "مايكل"),
    ],
)
def test_one_name(one: str, other: str) -> None:
    assert same_word(fold(one), fold(other))
    assert same_word(fold(other), fold(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("سالم", "سليم"),
        ("كمال", "جمال"),
        ("محمد", "محمود"),
        ("حسن", "حسين"),
        ("سعد", "سعود"),
        ("سلمان", "سليمان"),
        ("ربيع", "ربيعي"),
        ("عبادي", "عبده"),
        ("ماي", "مي"),
    ],
)
def test_two_names(one: str, other: str) -> None:
    assert not same_word(fold(one), fold(other))


def test_a_name_alone_is_compared_more_strictly() -> None:
    assert same_word("غولن", "جولين")
    assert not near_word("جولياني", "غولن")
    assert near_word("ترامب", "ترمب")
    assert not near_word("باشكوف", "بيسكوف")


@given(WORDS, WORDS)
def test_sameness_is_mutual_and_near_is_same(one: str, other: str) -> None:
    assert same_word(one, one)
    assert same_word(one, other) == same_word(other, one)
    assert near_word(one, other) == near_word(other, one)
    if near_word(one, other):
        assert same_word(one, other)


@given(WORDS)
def test_a_skeleton_is_never_longer_than_its_word(word: str) -> None:
    assert len(skeleton(word)) <= len(word)


def test_all_forms_of_a_name_have_one_first_form() -> None:
    for row in rows(DATA / "name_variants.tsv"):
        names = [fold(name) for name in row["names"].split(" | ")]
        assert len(names) > 1
        assert variant(names[0]) == variant(names[0])
        assert all(same_word(names[0], name) for name in names)
