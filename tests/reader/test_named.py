"""The tagger's names, made whole."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_sample import columns_of, press

from qawl.reader.named import whole_names

PERSON, BODY, PLACE, OTHER = 1, 2, 3, 4


def named(text: str, *tagged: tuple[str, int]) -> list[str]:
    c = columns_of(text)
    rows = []
    for words, kind in tagged:
        start = text.index(words)
        inside = [
            k for k, t in enumerate(c.tokens) if start <= t.start and t.end <= start + len(words)
        ]
        rows.append((inside[0], inside[-1], kind, 0))
    return [
        text[c.tokens[a].start + cut : c.tokens[b].end] for a, b, _, cut in whole_names(c, rows)
    ]


def test_pieces_of_one_name_are_joined() -> None:
    assert named("وصل إلى ريف دمشق", ("ريف", PLACE), ("دمشق", PLACE)) == ["ريف دمشق"]
    assert named("في بيروت ، دمشق", ("بيروت", PLACE), ("دمشق", PLACE)) == ["بيروت", "دمشق"]
    assert named("ضم السويد للناتو", ("السويد", PLACE), ("للناتو", PLACE)) == ["السويد", "للناتو"]
    assert named("زار سعيد دمشق", ("سعيد", PERSON), ("دمشق", PLACE)) == ["سعيد", "دمشق"]


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("قال أبو أمس", "أبو", PERSON),
        ("الهيئة الدولية", "الدولية", BODY),
        ("دفع 40 مليون ريال", "ريال", BODY),
        ("دفع 40 دولار", "دولار", OTHER),
        ("قدرت بمليار ريال", "ريال", BODY),
        ("ترخيص حزب جديد", "حزب", BODY),
    ],
)
def test_what_is_no_name(text: str, word: str, kind: int) -> None:
    assert named(text, (word, kind)) == []


def test_a_club_is_no_currency() -> None:
    assert named("فاز ريال أمس", ("ريال", BODY)) == ["ريال"]


def test_glued_prepositions_are_cut_where_the_lists_know_the_word() -> None:
    assert named("التقى الوفد بفاس", ("بفاس", PLACE)) == ["فاس"]
    assert named("مدينة بغداد", ("بغداد", PLACE)) == ["بغداد"]
    assert named("في وهران", ("وهران", PLACE)) == ["وهران"]


def test_only_names_that_begin_where_they_are_looked_for() -> None:
    c = columns_of("زار سعيد ريف دمشق ثم بيروت")
    rows = [(1, 1, PERSON, 0), (2, 2, PLACE, 0), (3, 3, PLACE, 0), (5, 5, PLACE, 0)]
    said = [k in (3, 5) for k in range(6)]
    assert list(whole_names(c, rows, said)) == [(5, 5, PLACE, 0)]  # ريف دمشق begins before


@given(press, st.data())
def test_names_come_in_order_and_apart(text: str, data: st.DataObject) -> None:
    c = columns_of(text)
    words = [k for k, folded in enumerate(c.folded) if folded[:1].isalnum()]
    if not words:
        return
    chosen = sorted(data.draw(st.sets(st.sampled_from(words), max_size=8)))
    rows = [(k, k, data.draw(st.integers(1, 4)), 0) for k in chosen]
    found = list(whole_names(c, rows))
    assert all(a <= b for a, b, _, _ in found)
    assert all(x[1] < y[0] for x, y in pairwise(found))
    assert {k for a, b, _, _ in found for k in range(a, b + 1)} <= set(chosen)
    for a, _, _, cut in found:
        assert 0 <= cut < len(c.tokens[a].text)
