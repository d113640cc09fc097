"""Folding: one spelling for many, and the way back to the places in the text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qawl.arabic.letters import MARKS, arabic_letters, fold, fold_map, fold_word, holds_arabic

#: Text as news pages mix it: Arabic, Persian, marks, digits, Latin, white space and anything else.
press = st.text(
    st.one_of(
        st.sampled_from("أإآٱاؤوئيىیةهکكگ ابتثجحخدذرزسشصضطظعغفقلمنـ"),
        st.sampled_from(MARKS),
        st.sampled_from("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹0123456789"),
        st.characters(exclude_categories=["Cs"]),
    )
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إيران", "ايران"),
        ("آذار", "اذار"),
        ("ٱلرحمن", "الرحمن"),
        ("مسؤول", "مسوول"),
        ("طائرة", "طايره"),
        ("على", "علي"),
        ("وزارة", "وزاره"),
        ("وَقَالَ", "وقال"),
        ("مُحَمَّدٌ", "محمد"),
        ("هٰذا", "هذا"),
        ("الـــوزير", "الوزير"),
        ("می‌گوید", "ميگويد"),  # Persian yeh and a zero-width non-joiner
        ("\u200fقال\u200e", "قال"),
        ("\u2067قال\u2069", "قال"),
        ("\ufeffقال", "قال"),
        ("قا\u00adل", "قال"),
    ],
)
def test_spellings_of_one_word_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("قال", "قيل"), ("علم", "عالم"), ("سماء", "سما"), ("ذكر", "دكر"), ("نفى", "نفا")],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"])
def test_digits_of_every_script_become_ascii(digits: str) -> None:
    assert fold(digits) == "0123456789"


def test_persian_and_urdu_letters_fold_where_arabic_has_one_for_them() -> None:
    assert fold("کرمانشاه") == fold("كرمانشاه")
    assert fold("گزارش") == "كزارش"
    assert fold("ہے") == "ہے"  # no Arabic letter stands for these


def test_punctuation_latin_and_spaces_stay() -> None:
    assert fold("«CNN»، \u00a0(2024)؟\n") == "«CNN»، \u00a0(2024)؟\n"


@given(press)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(press)
def test_fold_leaves_no_mark(text: str) -> None:
    assert not set(fold(text)) & set(MARKS)


@given(press, press)
def test_fold_goes_letter_by_letter(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)


@given(press)
def test_fold_map_gives_each_letter_its_place(text: str) -> None:
    folded, places = fold_map(text)
    assert folded == fold(text)
    assert len(places) == len(folded)
    assert places == sorted(set(places))
    for letter, place in zip(folded, places, strict=True):
        assert fold(text[place]) == letter


@given(press)
def test_fold_map_passes_over_marks_only(text: str) -> None:
    kept = set(fold_map(text)[1])
    assert all(text[i] in MARKS for i in range(len(text)) if i not in kept)


def test_fold_map_leads_back_to_a_word_with_harakat() -> None:
    text = "ثمّ قَالَ الوزيرُ"
    folded, places = fold_map(text)
    start = folded.index("قال")
    assert text[places[start] : places[start + 2] + 1] == "قَال"


@pytest.mark.parametrize(
    ("presented", "plain"), [("ﻗﺎﻝ", "قال"), ("ﻻ", "لا"), ("ﺍﻷﻣﻢ", "الامم"), ("ﯾﮏ", "يك")]
)
def test_fold_word_reads_presentation_forms(presented: str, plain: str) -> None:
    assert fold_word(presented) == plain


def test_fold_word_spells_out_a_ligature_of_words() -> None:
    assert fold_word("ﷺ") == fold("صلى الله عليه وسلم")


@given(press)
def test_fold_word_is_fold_where_no_presentation_form_stands(text: str) -> None:
    plain = "".join(c for c in text if not "\ufb50" <= c <= "\ufefc")
    assert fold_word(plain) == fold(plain)


@given(st.text(st.sampled_from("ﻗﺎﻝﻻﺍﻷﻣﻢﯾﮏأةى ـَّ")))
def test_fold_word_is_idempotent(text: str) -> None:
    assert fold_word(fold_word(text)) == fold_word(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("The minister said: 12 – 24.", 0),
        ("١٢٣، ۴۵؟ ـــ ًٌَّ", 0),
        ("قال", 3),
        ("قَالَ CNN", 3),
        ("گفت ہے", 5),
        ("ﻗﺎﻝ", 3),
        ("ٱ", 1),
    ],
)
def test_arabic_letters_counts_letters_alone(text: str, count: int) -> None:
    assert arabic_letters(text) == count


@given(press)
def test_arabic_letters_never_counts_what_is_no_letter(text: str) -> None:
    letters = sum(unicodedata.category(c)[0] in "LSP" for c in text)
    assert 0 <= arabic_letters(text) <= letters
    assert holds_arabic(text) == (arabic_letters(text) > 0)


def test_marks_are_no_letters() -> None:
    assert arabic_letters(MARKS) == 0
    assert len(set(MARKS)) == len(MARKS)
