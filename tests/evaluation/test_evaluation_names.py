"""Names are compared by folded words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qawl.evaluation.names import (
    bears_name,
    fold,
    name_words,
    names_in_article,
    names_source,
    similarity,
)
from qawl.model import Span, Statement

NAMES = st.text(alphabet="ابتجحدرسعفلمنهويةأإ ", max_size=30)


def said(who: str, speaker: str | None = None) -> Statement:
    span = Span(0, 2, "لا")
    named = Span(0, len(speaker), speaker) if speaker else None
    return Statement((span,), None, named, who, "direct", "inform")


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("إيمان الأحمد", "ايمان الاحمد"),
        ("مُنى، سلوى", "مني سلوي"),
        ("هبــة", "هبه"),
        ("مؤتمر «رائد»", "موتمر رايد"),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_the_article_and_glued_letters_are_left_off() -> None:
    assert name_words("والوزارة للنقل بالمدينة") == {"وزاره", "نقل", "مدينه"}
    assert name_words("والد الا") == {"والد", "الا"}


def test_equal_part_extension_and_strangers() -> None:
    assert similarity("سلمى الحداد", "سلمي حداد") == 1.0
    assert similarity("الحداد", "سلمى الحداد") == 0.75
    assert similarity("الوزيرة سلمى الحداد", "سلمى الحداد") == pytest.approx(0.5 + 0.5 * 2 / 3)
    assert similarity("سلمى رشيد الحداد", "سلمى كمال الحداد") == 0.25
    assert similarity("سلمى رشيد", "سلمى الحداد") == 0.0
    assert similarity("", "سلمى") == 0.0


@given(NAMES, NAMES)
def test_similarity_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert similarity(one, other) == similarity(other, one)
    assert 0.0 <= similarity(one, other) <= 1.0


@given(NAMES)
def test_a_name_is_itself(name: str) -> None:
    assert similarity(name, name) == (1.0 if name_words(name) else 0.0)


def test_mentions_that_bear_the_name_count_and_roles_do_not() -> None:
    names = names_in_article(
        [said("سلمى الحداد", "الوزيرة الحداد"), said("سلمى الحداد", "الوزيرة"), said("نادر")]
    )
    assert names == {"سلمى الحداد": {"سلمى الحداد", "الوزيرة الحداد"}, "نادر": {"نادر"}}
    assert bears_name("الوزيرة الحداد", "سلمى الحداد")
    assert not bears_name("الوزيرة", "سلمى الحداد")


def test_the_nearest_source_wins_and_a_tie_counts() -> None:
    names = {"سلمى الحداد": {"سلمى الحداد"}, "كرم الحداد": {"كرم الحداد"}}
    assert names_source("سلمى الحداد", "سلمى الحداد", names)
    assert not names_source("كرم الحداد", "سلمى الحداد", names)
    assert names_source("الحداد", "سلمى الحداد", names)
    assert names_source("الحداد", "كرم الحداد", names)
    assert not names_source(None, "كرم الحداد", names)
    assert not names_source("الوزيرة", "سلمى الحداد", names)
