"""Who relays a statement: the sources of the statements round it, and outlets named beside it."""

from __future__ import annotations

import pytest
from details_sample import all_told

from qawl.reader.relays import same

OUTER = "{ذكرت} <صحيفة المرفأ> أن ⟦الوزير أكد أن القرار نهائي⟧."
INNER = "ذكرت صحيفة المرفأ أن <الوزير> {أكد} أن ⟦القرار نهائي⟧."


def test_a_statement_within_another_is_told_by_its_source() -> None:
    outer, inner = all_told([(OUTER, None), (INNER, None)])
    assert outer.via == ()
    assert inner.via == ("صحيفة المرفأ",)


def test_the_order_of_the_statements_does_not_matter() -> None:
    inner, outer = all_told([(INNER, None), (OUTER, None)])
    assert (inner.via, outer.via) == (("صحيفة المرفأ",), ())


def test_a_chain_is_told_from_the_outermost_in() -> None:
    made = all_told(
        [
            ("{أوردت} <إذاعة الواحة> أن ⟦المتحدث قال إن الوالي وعد بفتح الطريق⟧.", None),
            ("أوردت إذاعة الواحة أن <المتحدث> {قال} إن ⟦الوالي وعد بفتح الطريق⟧.", None),
            ("أوردت إذاعة الواحة أن المتحدث قال إن <الوالي> {وعد} ⟦بفتح الطريق⟧.", None),
        ]
    )
    assert [s.via for s in made] == [(), ("إذاعة الواحة",), ("إذاعة الواحة", "المتحدث")]


def test_who_quotes_himself_relays_nothing() -> None:
    _, inner = all_told(
        [
            ("{قال} <سعيد قاسم>: «⟦قلنا لهم إن الباب مفتوح⟧».", "سعيد قاسم"),
            ("قال سعيد قاسم: «{قلنا} لهم إن ⟦الباب مفتوح⟧».", "سعيد قاسم"),
        ],
        form="direct",
    )
    assert inner.via == ()


def test_who_is_condemned_for_his_words_is_not_told_of_by_who_condemns_him() -> None:
    _, inner = all_told(
        [
            ("{أدان} <المجلس> ⟦وصف النائب الصحفيين بالمرتزقة⟧.", None),
            ("أدان المجلس {وصف} <النائب> ⟦الصحفيين بالمرتزقة⟧.", None),
        ],
        act="accuse",
    )
    assert inner.via == ()


def test_an_agency_passes_words_on_without_a_clause() -> None:
    _, inner = all_told(
        [
            ("{نقلت} <وكالة السهل> عن ⟦المدير قوله إن المصنع يعمل⟧.", None),
            ("نقلت وكالة السهل عن <المدير> {قوله} إن ⟦المصنع يعمل⟧.", None),
        ]
    )
    assert inner.via == ("وكالة السهل",)


def test_an_outlet_beside_the_words_comes_before_those_that_hold_them() -> None:
    _, inner = all_told(
        [
            ("{قال} <المتحدث> إن ⟦الوالي وعد بفتح الطريق⟧، وفق ما ذكرت وكالة السهل.", None),
            ("قال المتحدث إن <الوالي> {وعد} ⟦بفتح الطريق⟧، وفق ما ذكرت وكالة السهل.", None),
        ]
    )
    assert inner.via == ("وكالة السهل", "المتحدث")


@pytest.mark.parametrize(
    ("name", "other", "one"),
    [
        ("استطلاع", "استطلاع الرأي", True),
        ("الأزهر الشريف", "الأزهر", True),
        ("ليلى عودة", "سعيد عودة", False),
        ("الوكالة", None, False),
    ],
)
def test_two_names_of_one_source(name: str, other: str | None, one: bool) -> None:
    assert same(name, other) is one
