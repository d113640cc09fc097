"""A verb of the first person within a quotation is that of whom it quotes."""

from __future__ import annotations

import pytest
from reader_sample import columns_of

from qawl.reader import own_words
from qawl.reader.draft import Draft

TEXT = "قال سعيد: «سألت ليلى عن الماء وقلت لها إن الماء عاد» وأضاف كريم أن الباب مغلق"


@pytest.mark.parametrize(
    ("word", "first"),
    [("قلت", True), ("وقلت", True), ("نقول", True), ("قال", False), ("يقول", False), ("الماء", False), ("", False)],
)  # fmt: skip
def test_verbs_of_the_first_person(word: str, first: bool) -> None:
    assert own_words.first_person(word) is first


def drafts(form: str = "direct", speaker: tuple[int, int] | None = None) -> list[Draft]:
    c = columns_of(TEXT)
    at = {t.text: k for k, t in enumerate(c.tokens)}
    close = at["»"]
    outer = Draft(0, 0, False, 0.9, start=at["سألت"], end=close - 1, form=form, group=3)
    inner = Draft(
        at["وقلت"], at["وقلت"], False, 0.9, start=close - 2, end=close - 1, speaker=speaker
    )
    inner.group, inner.who_probability, outer.who_probability = 5, 0.4, 0.9
    other = Draft(
        at["وأضاف"],
        at["وأضاف"],
        False,
        0.9,
        start=len(c.tokens) - 2,
        end=len(c.tokens) - 1,
        group=6,
    )
    found = [outer, inner, other]
    own_words.give(c, found)
    return found


def test_it_is_given_the_source_of_the_quotation() -> None:
    outer, inner, other = drafts()
    assert (outer.group, inner.group, inner.who_probability, other.group) == (3, 3, 0.9, 6)


def test_not_where_the_words_are_the_reporters_or_somebody_is_named() -> None:
    assert drafts(form="indirect")[1].group == 5
    assert drafts(speaker=(1, 1))[1].group == 5


def test_of_two_quotations_it_is_the_inner_one() -> None:
    c = columns_of(TEXT)
    at = {t.text: k for k, t in enumerate(c.tokens)}
    verb, end = at["وقلت"], at["»"] - 1
    wide = Draft(0, 0, False, 0.9, start=3, end=end, form="direct", group=1)
    near = Draft(3, 3, False, 0.9, start=5, end=end, form="mixed", group=2)
    past = Draft(3, 3, False, 0.9, start=5, end=6, form="direct", group=4)
    own = Draft(verb, verb, False, 0.9, start=end - 1, end=end, group=7)
    own_words.give(c, [wide, near, past, own])
    assert own.group == 2
