"""Tokens: where words, numbers and marks stand, exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qawl.arabic.letters import MARKS
from qawl.arabic.tokens import Token, tokens

press = st.text(
    st.one_of(
        st.sampled_from("وقاللشرةأإىءابتم"),
        st.sampled_from("«»“”„‟\"'’‘″`,.:،؛!؟?…-–()[]@#_/%"),
        st.sampled_from(MARKS),
        st.sampled_from("0123456789٠١٢٣۴۵۶"),
        st.sampled_from(" \n\t\r\u00a0\u2009\u2028\u3000\x85\x1c"),
        st.sampled_from("azAZéüßﻗﻻگہ"),
        st.characters(exclude_categories=["Cs"]),
    )
)


def words(text: str) -> list[str]:
    return [t.text for t in tokens(text)]


@pytest.mark.parametrize(
    "word",
    [
        "وقال",
        "فسيكتبونها",
        "للرقة",
        "وبشراكتهم",
        "وَقَالَ",
        "مُحَمَّدٌ",
        "الـــوزير",
        "می‌گوید",
        "گفت",
        "ہے",
        "ﻗﺎﻝ",
        "ﷺ",
        "Reuters",
        "Müller",
        "كوفيد19",
        "م3",
        "وسم_جديد",
        "لـ",
    ],
)
def test_a_word_is_one_token(word: str) -> None:
    assert words(word) == [word]
    assert words(f"«{word}».") == ["«", word, "»", "."]


@pytest.mark.parametrize(
    "number",
    ["7", "2024", "3.5", "1,200,000", "٣٫٥", "١٬٢٠٠", "۱۴۰۳", "12/5/2024", "10:30", "٢٠٢٤/٥/١٢"],
)
def test_a_number_is_one_token(number: str) -> None:
    assert words(number) == [number]
    assert words(f"بلغ {number}.") == ["بلغ", number, "."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("انتهى.»", ["انتهى", ".", "»"]),
        ("كتابٌ.", ["كتابٌ", "."]),
        ('لـ"الشرق"', ["لـ", '"', "الشرق", '"']),
        ("قال:«نعم»وأضاف", ["قال", ":", "«", "نعم", "»", "وأضاف"]),
        ("''نعم''", ["''", "نعم", "''"]),
        ("``نعم''", ["``", "نعم", "''"]),
        (",,نعم“", [",,", "نعم", "“"]),
        ("«»", ["«", "»"]),
        ('""', ['"', '"']),
        ("بغداد/دمشق", ["بغداد", "/", "دمشق"]),
        ("السبت-الأحد", ["السبت", "-", "الأحد"]),
        ("l’Orient", ["l", "’", "Orient"]),
        ("@muna #خبر", ["@", "muna", "#", "خبر"]),
        ("50%", ["50", "%"]),
        ("١٥٪", ["١٥", "٪"]),
        ("3م", ["3", "م"]),
        ("قال... ثم", ["قال", "...", "ثم"]),
        ("قال.. ثم", ["قال", "..", "ثم"]),
        ("قال… ثم", ["قال", "…", "ثم"]),
        ("د. سمير", ["د", ".", "سمير"]),
        ("في 12.", ["في", "12", "."]),
        ("🙂🙂", ["🙂", "🙂"]),
    ],
)
def test_marks_stand_alone(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("space", [" ", "\u00a0", "\t", "\u2009", "\u3000", "\r", "\u2028", "  "])
def test_any_white_space_parts_words_and_is_no_token(space: str) -> None:
    assert words(f"قال{space}الوزير") == ["قال", "الوزير"]


def test_a_newline_is_a_token_of_its_own() -> None:
    assert words("أ\r\nب\n\nج") == ["أ", "\n", "ب", "\n", "\n", "ج"]


@pytest.mark.parametrize(
    "mark", ["\u200c", "\u200d", "\u200e", "\u200f", "\u00ad", "\u0640", "\u064b"]
)
def test_a_mark_inside_a_word_does_not_cut_it(mark: str) -> None:
    assert words(f"كت{mark}ابنا قال") == [f"كت{mark}ابنا", "قال"]


def test_a_lone_direction_mark_is_kept_as_a_token() -> None:
    assert words('قال \u200f"نعم"') == ["قال", "\u200f", '"', "نعم", '"']


def test_a_null_and_other_controls_are_single_marks() -> None:
    assert words("قا\x00ل") == ["قا", "\x00", "ل"]


def test_nothing_in_nothing() -> None:
    assert tokens("") == []
    assert tokens(" \t\u00a0") == []


def test_a_part_of_the_text_keeps_the_places_of_the_whole() -> None:
    text = "قال الوزير إن القمح كاف"
    part = tokens(text, text.index("الوزير"), text.index(" كاف"))
    assert [t.text for t in part] == ["الوزير", "إن", "القمح"]
    assert all(t.text == text[t.start : t.end] for t in part)


@given(press)
def test_a_token_is_the_text_at_its_place(text: str) -> None:
    for token in tokens(text):
        assert token.text == text[token.start : token.end]
        assert token.start < token.end


@given(press)
def test_tokens_follow_each_other_and_leave_only_white_space_out(text: str) -> None:
    place = 0
    for token in [*tokens(text), Token("", len(text), len(text))]:
        assert token.start >= place
        between = text[place : token.start]
        assert not between.strip()
        assert "\n" not in between
        place = token.end


@given(press)
def test_a_token_holds_no_white_space_but_a_newline_alone(text: str) -> None:
    for token in tokens(text):
        assert token.text == "\n" or not any(c.isspace() for c in token.text)


@given(press, press)
def test_lines_do_not_change_each_other(one: str, other: str) -> None:
    assert words(f"{one}\n{other}") == [*words(one), "\n", *words(other)]


@given(press)
def test_a_part_reads_as_that_part_alone(text: str) -> None:
    padded = f"قال {text} الوزير"
    part = tokens(padded, 4, 4 + len(text))
    assert [(t.text, t.start - 4) for t in part] == [(t.text, t.start) for t in tokens(text)]


@pytest.mark.parametrize(
    ("piece", "count"),
    [("1_", 400_000), ("1.", 2), ("م_", 1), ("ـ", 1), ("ً", 1), ("'", 100_000), ("م1_", 1)],
)
def test_runs_without_a_space_are_cut_once(piece: str, count: int) -> None:
    # would not finish if the pattern went back over what it had read
    text = piece * 200_000
    found = tokens(text)
    assert len(found) == count
    assert "".join(t.text for t in found) == text
