"""Repeats: the same utterance or not, what changed, side by side, and the keys that find it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qawl.arabic.letters import fold_word
from qawl.arabic.lexicon import rows
from qawl.record.repeats import FEATURES, KEYS, Said, compare, keys_of
from qawl.record.wordings import DATA, places_in, ranks, words_in

DAY = dt.datetime(2024, 3, 5, 10, tzinfo=dt.UTC)
FERRY = "سنعيد تشغيل العبّارات بين الميناءين قبل نهاية الشهر إذا وصلت قطع الغيار من المصنع"

#: (a text, another telling of it).
RETOLD = [
    (FERRY, FERRY.replace("سنعيد", "سنعيد حتما") + " في موعدها"),
    (
        "بلادنا ملتزمة باتفاقية المياه المشتركة ولن نقطع التعاون مع جيراننا",
        "بلاده ملتزمة باتفاق المياه المشتركة ولن تقطع التعاون مع جيرانها",
    ),
    (
        "أُصيب 23 عاملاً في انهيار السقالة بالورشة الشمالية",
        "إصابة ثلاثة وعشرين عاملا في انهيار سقالة الورشة الشمالية",
    ),
    (
        "المصرف المركزي الأمريكي سيرفع معدل الفائدة مرتين على الأقل هذا الخريف",
        "البنك المركزي الأميركي سيرفع نسبة الفائدة مرتين على الأقل هذا الخريف",
    ),
    (
        "نرحب بعودة الصيادين إلى مرفأ الزيتونة بعد الإفراج عن قواربهم",
        "الترحيب بعودة الصيادين إلى مرفأ الزيتونة",
    ),
]
#: (change, a text, the same utterance with it).
CHANGED = [
    (
        "number",
        "سقط 14 جدارا في حي النخيل القديم بعد العاصفة",
        "سقط 41 جدارا في حي النخيل القديم بعد العاصفة",
    ),
    (
        "number",
        "سيُسجن مهرب الآثار سبع سنوات في سجن الواحة",
        "سيسجن مهرب الآثار 7 أشهر في سجن الواحة",
    ),
    ("number", "خسر معمل الزجاج نحو 3 ملايين دينار", "خسر معمل الزجاج 3 ملايين دينار"),
    ("number", "غادر مئات النازحين مخيم الصنوبر فجرا", "غادر عشرات النازحين مخيم الصنوبر فجرا"),
    (
        "negation",
        "لم توقع النقابة محضر التسوية مع إدارة المناجم",
        "وقعت النقابة محضر التسوية مع إدارة المناجم",
    ),
    (
        "negation",
        "الجسر الجديد غير صالح لعبور الشاحنات الثقيلة",
        "الجسر الجديد صالح لعبور الشاحنات الثقيلة",
    ),
    (
        "negation",
        "نحرص على تجنب تعطيل الملاحة في الخليج الغربي",
        "نحرص على تعطيل الملاحة في الخليج الغربي",
    ),
    ("meaning", "العطل ناجم عن تخريب محتمل في محطة التحلية", "العطل ناجم عن تخريب في محطة التحلية"),
    (
        "meaning",
        "معظم المدرسين وافقوا على جدول الدوام المقترح",
        "كثير من المدرسين وافقوا على جدول الدوام المقترح",
    ),
    ("meaning", "يجب إغلاق مكب النفايات شرق البلدة", "إغلاق مكب النفايات شرق البلدة"),
    ("shortened", FERRY, "سنعيد تشغيل العبّارات بين الميناءين"),
    (
        "indirect/direct",
        "سندافع عن أرضنا وزيتوننا في القرية كلها",
        "سيدافعون عن أرضهم وزيتونهم في القرية كلها",
    ),
]
#: The same pair of texts in both, with nothing changed that turns the meaning.
ALIKE = [
    ("لا يزال الحوار قائما بين البلديتين حول النفق", "ما زال الحوار قائما بين البلديتين حول النفق"),
    ("لن نقبل إلا باستقالة مدير المرفأ", "نقبل فقط باستقالة مدير المرفأ"),
    ("بلغت نسبة الإنجاز 12.5 في المئة", "بلغت نسبة الإنجاز 12,5 بالمئة"),
    ("حضر التدشين خمسة عشر نقيبا", "حضر التدشين 15 نقيبا"),
]


def said(text: str, who: str | None = "سامر العبدلي", days: float = 0, **more: object) -> Said:
    return Said(text, who, date=DAY + dt.timedelta(days=days), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("one", "other"), RETOLD)
def test_what_is_told_otherwise_is_the_same(one: str, other: str) -> None:
    assert compare(said(one), said(other, "العبدلي", 0.3)).same
    assert set(keys_of(one)) & set(keys_of(other))


@pytest.mark.parametrize(("change", "one", "other"), CHANGED)
def test_what_changed_is_named_both_ways(change: str, one: str, other: str) -> None:
    there, back = compare(said(one), said(other)), compare(said(other), said(one))
    assert there.same
    assert change in there.changes
    assert there.changes == back.changes


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_other_words_for_the_same_turn_no_meaning(one: str, other: str) -> None:
    assert not {"number", "negation", "meaning"} & set(compare(said(one), said(other)).changes)


def test_gravest_change_first() -> None:
    text = "لم نعثر على الغواصة رغم البحث تسعة أيام في المضيق الجنوبي"
    other = "عثرنا على الغواصة بعد البحث ستة أيام في المضيق الجنوبي"
    assert compare(said(text), said(other)).changes[:2] == ("negation", "number")


def test_a_denial_needs_no_negation_in_its_words() -> None:
    denied = said("وجود صفقة سرية مع شركة المناجم", act="deny")
    affirmed = said("وجود صفقة سرية مع شركة المناجم", act="inform")
    negated = said("لا وجود لصفقة سرية مع شركة المناجم", act="inform")
    assert "negation" in compare(denied, affirmed).changes
    assert "negation" not in compare(denied, negated).changes
    assert not compare(denied, replace(affirmed, who="ليلى حداد")).same


def test_forms_say_who_speaks() -> None:
    text = "المعبر سيُفتح غدا أمام قوافل القمح"
    told = compare(said(text, form="direct"), said(text, form="indirect"))
    assert told.changes == ("indirect/direct",)
    assert compare(said(text, form="direct"), said(text, form="mixed")).changes == ()


def test_the_same_formula_of_another_day_is_another_utterance() -> None:
    one = "سقطت 3 قذائف على سوق الخضار دون وقوع إصابات"
    other = "سقطت 9 قذائف على سوق الخضار دون وقوع إصابات"
    assert compare(said(one), said(other)).same
    assert not compare(said(one), said(other, days=30)).same


def test_two_names_are_two_sources_and_an_office_may_be_a_name() -> None:
    one = "ندين بأشد العبارات تفجير محطة القطار في مدينة الرمان"
    other = "ندين بشدة الهجوم على محطة القطار في الرمان"
    score = {
        who: compare(said(one), said(other, who)).score
        for who in ("العبدلي", "وزير النقل", "ليلى حداد")
    }
    assert score["العبدلي"] > score["وزير النقل"] > score["ليلى حداد"]


def test_one_identity_is_one_source_whatever_its_names() -> None:
    one = said(FERRY, "سامر العبدلي", source=7)
    assert (
        compare(one, said(FERRY, "الناطق", source=7)).score
        > compare(one, said(FERRY, "الناطق", source=8)).score
    )


def test_unlike_texts_are_not_the_same() -> None:
    other = "لم نتلق دعوة إلى مهرجان السينما في العاصمة"
    likeness = compare(said(FERRY), said(other))
    assert not likeness.same
    assert likeness.changes == ()
    assert not set(keys_of(FERRY)) & set(keys_of(other))


def test_a_shared_name_is_no_shared_saying() -> None:
    assert not compare(said("الأمم المتحدة", "سامر"), said("الأمم المتحدة", "ليلى", 20)).same


def test_an_unknown_date_or_source_is_no_error() -> None:
    assert compare(Said(FERRY), Said(FERRY, date=dt.date(2024, 3, 5))).same
    assert not compare(Said(""), Said(FERRY)).same


def test_a_long_text_is_compared_too() -> None:
    text = " ".join(one for pair in RETOLD for one in pair) * 20
    likeness = compare(said(text), said(text.replace("23", "32", 1)))
    assert likeness.same
    assert "".join(d.b.text for d in likeness.differences) == likeness.b


def test_differences_show_what_was_replaced_left_out_and_added() -> None:
    a = "وصلت القافلة الطبية إلى مدينة الرمان مساء"
    b = "بلغت القافلة إلى مدينة الرمان، مساء اليوم"
    found = [(d.kind, d.a.text, d.b.text) for d in compare(said(a), said(b)).differences]
    assert found == [
        ("replaced", "وصلت ", "بلغت "),
        ("equal", "القافلة ", "القافلة "),
        ("left out", "الطبية ", ""),
        ("equal", "إلى مدينة الرمان مساء", "إلى مدينة الرمان، مساء "),
        ("added", "", "اليوم"),
    ]


def test_keys_find_an_excerpt_and_a_text_in_another_order() -> None:
    keys = set(keys_of(FERRY))
    assert keys & set(keys_of("تشغيل العبّارات بين الميناءين"))
    assert keys & set(keys_of("إذا وصلت قطع الغيار فسيعاد قبل نهاية الشهر تشغيل العبارات"))


def test_keys_are_what_records_hold() -> None:
    """They are kept in databases: other ones mean that all records must have theirs made again."""
    assert keys_of("فُتح معبر الصنوبر أمام قوافل القمح") == [
        2993525580768963469,
        8144930609065506330,
        4144848345677152534,
        7635927950118233911,
        6733087412239649717,
    ]


def test_many_words_are_read_as_one_number() -> None:
    (word,) = words_in("ثلاثة وعشرون")
    assert word.number == 23
    assert places_in("ثلاثة وعشرون") == [(0, 12)]
    assert [w.number for w in words_in("٣٥٩ 1,5 1,500 17:00 في المئة")][:4] == [359, 1.5, 1500, 17]


words = st.sampled_from(
    [w for pair in RETOLD for text in pair for w in text.split()]
    + ["لا", "لن", "5", "5,5", "،", "(", "«", "#سوق_الخضار", "و"]
)
texts = st.lists(words, max_size=14).map(" ".join) | st.text(max_size=40)
saids = st.builds(
    Said,
    texts,
    st.none() | st.sampled_from(["سامر العبدلي", "وزير النقل", "الوزير", "ليلى", "؟"]),
    source=st.none() | st.integers(1, 2),
    form=st.none() | st.sampled_from(["direct", "mixed", "indirect"]),
    act=st.none() | st.sampled_from(["inform", "deny", "support", "accuse"]),
    date=st.none() | st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2021, 1, 1)) | st.dates(),
)


@given(saids, saids)
def test_compare_takes_no_side(a: Said, b: Said) -> None:
    there, back = compare(a, b), compare(b, a)
    assert (there.same, there.changes) == (back.same, back.changes)
    assert there.score == pytest.approx(back.score)
    assert 0 <= there.score <= 1


@given(saids)
def test_a_text_is_the_same_as_itself(a: Said) -> None:
    likeness = compare(a, a)
    assert likeness.same
    assert likeness.changes == ()
    assert all(d.kind == "equal" for d in likeness.differences)


@settings(max_examples=200)
@given(texts, texts)
def test_differences_cover_both_texts(a: str, b: str) -> None:
    found = compare(Said(a), Said(b)).differences
    assert "".join(d.a.text for d in found) == a
    assert "".join(d.b.text for d in found) == b
    for d in found:
        assert (d.a.text, d.b.text) == (a[d.a.start : d.a.end], b[d.b.start : d.b.end])


@given(texts)
def test_keys_are_few_and_fit_a_database(text: str) -> None:
    keys = keys_of(text)
    assert len(keys) == len(set(keys)) <= KEYS
    assert all(0 <= key < 1 << 63 for key in keys)
    assert bool(keys) == bool(words_in(text))
    assert len(places_in(text)) == len(words_in(text))


def test_lists_are_sound() -> None:
    same = [
        w for row in rows(DATA / "same_words.tsv") for w in map(fold_word, row["words"].split())
    ]
    turns = rows(DATA / "turns.tsv")
    numbers = [fold_word(row["word"]) for row in rows(DATA / "numbers.tsv")]
    frequent = list(ranks())
    for some in (same, [fold_word(row["word"]) for row in turns], numbers, frequent):
        assert len(some) == len(set(some))
    header = (DATA / "turns.tsv").read_text("utf-8").split("\nword\t")[0]
    assert all(row["class"] in header for row in turns)
    assert all(word == fold_word(word) for word in frequent)
    assert not set(numbers) & set(same)


def test_weights_have_the_sign_that_reason_gives_them() -> None:
    weights = {row["feature"]: row for row in rows(DATA / "likeness.tsv")}
    assert list(weights) == [*FEATURES, "bias"]
    for name in FEATURES:
        assert ("(+)" in weights[name]["why"]) == (float(weights[name]["weight"]) > 0)
