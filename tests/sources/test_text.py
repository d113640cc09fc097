"""Plain text → article: the title found, the text kept as it came."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qawl.errors import InputError
from qawl.sources.text import article

TITLE = "وزيرة المياه: منسوب السد مطمئن"
BODY = "قالت وزيرة المياه إن المنسوب مطمئن.\n\nوأضافت أن الصيانة انتهت."


def test_the_first_short_line_is_the_title() -> None:
    found = article(f"{TITLE}\n{BODY}")
    assert found.title == TITLE
    assert found.text == f"{TITLE}\n{BODY}"
    assert [p.kind for p in found.paragraphs] == ["title", "text", "text"]


@pytest.mark.parametrize(
    "first",
    [
        "قالت وزيرة المياه إن المنسوب مطمئن.",
        "القاهرة (الوادي) -",
        "قال الوزير:",
        "كلمة " * 60,
    ],
)
def test_a_first_line_that_is_no_title(first: str) -> None:
    found = article(f"{first}\n{BODY}")
    assert found.title == ""
    assert found.text == f"{first}\n{BODY}"
    assert {p.kind for p in found.paragraphs} == {"text"}


def test_one_line_alone_is_no_title() -> None:
    assert article(TITLE).title == ""
    assert article(TITLE).text == TITLE


def test_a_question_or_a_quotation_may_be_a_title() -> None:
    assert article(f"هل يكفي الماء؟\n{BODY}").title == "هل يكفي الماء؟"


def test_a_given_title_is_put_before_the_text() -> None:
    found = article(BODY, title=TITLE, outlet="وكالة الوادي", id="7")
    assert (found.text, found.outlet, found.id) == (f"{TITLE}\n{BODY}", "وكالة الوادي", "7")
    assert article(f"{TITLE}\n{BODY}", title="").title == ""


def test_newlines_and_the_mark_at_the_beginning_are_all_that_changes() -> None:
    found = article("\ufeffعنوان\r\nنص\x00 أول \u200f.\rنص\u2028ثان\t")
    assert found.text == "عنوان\nنص\x00 أول \u200f.\nنص\u2028ثان\t"
    assert "it holds 1 NUL characters, kept as they are" in found.notes


def test_blank_lines_above_the_title_stay() -> None:
    found = article(f"\n\n{TITLE}\n{BODY}")
    assert found.text == f"\n\n{TITLE}\n{BODY}"
    assert found.paragraphs[0].kind == "title"
    assert found.title == ""


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\ufeff"])
def test_nothing_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        article(text)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("The minister said so.", "there is no Arabic in it"),
        ("وزیر گفت که این پروژه تا پایان سال به پایان می‌رسد و چهار پل ساخته شد", "Persian"),
        ("نص \ufffd هنا", "could not be decoded"),
    ],
)
def test_what_a_person_should_know_is_noted(text: str, note: str) -> None:
    assert any(note in n for n in article(text).notes)


def test_arabic_with_foreign_names_is_not_noted() -> None:
    assert (
        article(
            "قال الوزير إن شركة «گوگل» ستفتح مكتبا في العاصمة قبل نهاية العام الجاري " * 3
        ).notes
        == ()
    )


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff"), max_size=200)
)
def test_the_text_is_never_changed(text: str) -> None:
    try:
        found = article(text)
    except InputError:
        assert not text.strip()
        return
    assert found.text == text
    if found.title:
        assert found.text.startswith(found.title + "\n")
    for p in found.paragraphs:
        assert text[p.start : p.end].strip()
        assert "\n" not in text[p.start : p.end]
