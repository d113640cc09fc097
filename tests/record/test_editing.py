"""What a person types when he corrects, understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qawl
from qawl.errors import InputError
from qawl.model import Article
from qawl.record import editing
from qawl.record.store import Record

TEXT = "قال المدير إن العمل بدأ.\nوأضاف أن العمل بدأ مبكرا … وأن الناس راضون."


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("41-67", [[41, 67]]),
        (" ٤١ - ٦٧ ، 80–92 ", [[41, 67], [80, 92]]),
        ("41-67 80-92", [[41, 67], [80, 92]]),
        ("41-67;80:92", [[41, 67], [80, 92]]),
    ],
)
def test_places(typed: str, places: list[list[int]]) -> None:
    assert editing.places_of(typed) == places


@pytest.mark.parametrize("typed", ["", "41", "41-", "a-b", "41-67-80", "-1-3", "9" * 30 + "-1"])
def test_what_is_no_place(typed: str) -> None:
    with pytest.raises(InputError, match="write the places"):
        editing.places_of(typed)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=5))
def test_places_are_read_as_they_are_shown(content: list[tuple[int, int]]) -> None:
    assert editing.places_of(editing.shown_places(content)) == [list(part) for part in content]


def test_the_nearest_of_several_places_is_meant() -> None:
    first, second = TEXT.index("العمل بدأ"), TEXT.rindex("العمل بدأ")
    assert editing.content_in(TEXT, "العمل  بدأ", 0) == [[first, first + 9]]
    assert editing.content_in(TEXT, "العمل\nبدأ", second) == [[second, second + 9]]


def test_parts_stand_one_behind_the_other() -> None:
    a, b = TEXT.index("العمل بدأ"), TEXT.index("الناس راضون")
    for between in (" … ", " […] ", "…", " [...] "):
        typed = f"العمل بدأ{between}الناس راضون"
        assert editing.content_in(TEXT, typed, 0) == [[a, a + 9], [b, b + 11]]
    with pytest.raises(InputError, match="has no «العمل بدأ» there"):
        editing.content_in(TEXT, "الناس راضون […] العمل بدأ")
    # the article's own … joins nothing
    whole = "بدأ مبكرا … وأن الناس"
    at = TEXT.index(whole)
    assert editing.content_in(TEXT, whole) == [[at, at + len(whole)]]


@given(st.text(max_size=30))
def test_typed_words_are_found_or_refused(typed: str) -> None:
    try:
        found = editing.content_in(TEXT, typed)
    except InputError:
        return
    assert all(TEXT[a:b].split() for a, b in found)


def test_the_names_of_an_article_in_its_order() -> None:
    article = qawl.read(
        Article.of("قال وزير الزراعة باسل حمود إن الموسم جيد. وقالت رولا شاهين إن شركة النور خسرت.")
    )
    names = editing.names_in(article)
    assert [n for n in names if n in ("باسل حمود", "رولا شاهين")] == ["باسل حمود", "رولا شاهين"]
    assert all(name in article.text for name in names)


def test_a_newcomer_is_linked_as_a_reader_would(record: Record) -> None:
    text = "قال وزير الزراعة باسل حمود إن الموسم جيد. وحضرت الخبيرة ليلى منصور، وغاب مصدر أمني."
    record.add(qawl.read(Article.of(text, outlet="الضفة")))
    article = record.article(1)
    with record.writing() as connection:
        known = editing.newcomer(connection, article, "باسل حمود")
        new = editing.newcomer(connection, article, "ليلى منصور")
        again = editing.newcomer(connection, article, "ليلى منصور")
        assert known == 1
        assert new == again != known
        assert editing.newcomer(connection, article, "مصدر أمني") is None
        with pytest.raises(InputError, match="has no name"):
            editing.newcomer(connection, article, "سامي")
        found = editing.choice(connection, article, "ليلي منصور")
        assert [k.source.id for k in found.sources] == [new]
        assert found.here is None
