"""The word lists as columns of a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_sample import PIECES

from qawl.arabic.letters import fold_word
from qawl.arabic.lexicon import cue_forms
from qawl.reader import lexicon_columns
from qawl.reader.columns import bare_forms
from qawl.reader.lexicon_columns import NONE, SIZES, cue_columns, of


def columns(word: str) -> dict[str, int]:
    folded = fold_word(word)
    values = of([folded, *bare_forms(folded)])
    return dict(zip(("class", "form", "act", "entity", "gender_number"), values, strict=True))


def test_every_form_of_every_cue_has_columns_within_their_tables() -> None:
    table = cue_columns()
    assert len(table) > 3000
    for row in table.values():
        assert all(0 < value < size for value, size in zip(row, SIZES, strict=False))
    assert {words.partition(" ")[0] for words in cue_forms()} == set(table)


def test_forms_of_one_verb_share_class_and_act_and_differ_in_form() -> None:
    he, she, they = columns("أكد"), columns("أكدت"), columns("يؤكدون")
    assert he["class"] == she["class"] == they["class"] != 0
    assert he["act"] == she["act"] == they["act"] != 0
    assert len({he["form"], she["form"], they["form"]}) == 3


def test_a_cue_with_clitics_is_the_cue() -> None:
    assert columns("وقال")["class"] == columns("قال")["class"] != 0
    assert columns("وأضافت")["form"] == columns("أضافت")["form"] != 0


def test_cues_of_different_acts_differ() -> None:
    acts = {columns(w)["act"] for w in ("نفى", "اتهم", "طالب", "حذر", "تعهد", "توقع", "رحب")}
    assert len(acts) == 7
    assert 0 not in acts


@pytest.mark.parametrize("word", ["الوزير", "للوزير", "وزيرة", "رئيس", "ورئيسها", "الدكتور"])
def test_words_of_a_persons_role_are_known(word: str) -> None:
    assert columns(word)["entity"]


def test_gender_and_number_of_an_office() -> None:
    he, she = columns("وزير"), columns("وزيرة")
    assert he["entity"] == she["entity"]
    assert he["gender_number"] != she["gender_number"]


def test_what_no_list_holds_is_none() -> None:
    assert of(["خشخشخش"]) == NONE
    assert of([]) == NONE
    assert len(NONE) == len(SIZES)


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=4))
def test_any_spellings_are_within_the_tables(forms: list[str]) -> None:
    values = lexicon_columns.of(forms)
    assert all(0 <= value < size for value, size in zip(values, SIZES, strict=True))
