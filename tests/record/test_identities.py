"""Who is who across articles: names, short forms, offices, states, sources without a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qawl.model import Article, Span, Statement
from qawl.record.identities import Link, Mention, Remembered, link, mentions_of

DAY = dt.date(2024, 3, 1)


def article(
    text: str,
    *whos: str,
    id: str = "",
    outlet: str | None = None,
    date: dt.date | None = DAY,
    speakers: Sequence[str] = (),
) -> Article:
    """An article in which each of ``whos`` says one thing."""
    whole = Article.of(text, id=id or str(abs(hash(text))), outlet=outlet, date=date)
    spans = [*speakers, *[None] * len(whos)]
    statements = [
        Statement(
            content=(Span.of(text, 0, 3),),
            cue=None,
            speaker=Span.of(text, text.index(said), text.index(said) + len(said)) if said else None,
            who=who,
            form="indirect",
            act="inform",
        )
        for who, said in zip(whos, spans, strict=False)
    ]
    return whole.with_statements(statements)


def take(record: Remembered, *articles: Article) -> list[tuple[Mention, Link, int]]:
    """Takes articles in; each mention with its link and source, in order."""
    taken = []
    for one in articles:
        for mention in mentions_of(one):
            found = link(mention, record)
            taken.append((mention, found, record.keep(mention, found.source_id)))
    return taken


def sources(*articles: Article) -> list[int]:
    """The source of each mention of the articles, in order."""
    return [source for _, _, source in take(Remembered(), *articles)]


def both(one: str, other: str, *, state_text: str = "") -> bool:
    """Whether two names, each in an article of its own, are one source."""
    a, b = sources(
        article(f"قال {one} إن العمل مستمر {state_text}", one, id="1"),
        article(f"وأضاف {other} أن العمل انتهى {state_text}", other, id="2"),
    )
    return a == b


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("مارتن كاغيلز", "مارتن كاجيلز"),
        ("مارتن كاغيلز", "مارتن كاغلز"),
        ("خوسيه غوميريش", "خوسيه غوميريس"),
        ("رودولف دوريتي", "رودولف دوريته"),
        ("دانيال كرومب", "دانييل #كرمب"),
        ("إبراهيم الراوي", "ابراهيم الراوى"),
        ("عبد الرؤوف الشمري", "عبدالرؤوف الشمري"),
        ("الدكتور سامر النابلسي", "سامر النابلسي"),
        ("اللواء سامر النابلسي", "العميد سامر النابلسي"),
        ("طلال بن فواز", "طلال بن فواز بن ناصر"),
        ("طلال بن فواز بن ناصر", "طلال بن فواز بن ناصر آل راشد"),
        ("طارق السالمي", "طارق عبيد السالمي"),
        ("محمد نادر كرماني", "نادر كرماني"),
        ("حركة الفجر الجديد", "الفجر الجديد"),
        ("صحيفة «ذا مورو ديلي» البريطانية", "صحيفة (ذا مورو ديلي)"),
        ("شركة نوفالين", "نوفالين"),
        ("وكالة الأنباء القطرية", "قنا"),
        ("وكالة أنباء البحرين (بنا)", "وكالة الأنباء البحرينية"),
        ("منظمة الصحة العالمية", "الصحة العالمية"),
        ("تقرير صندوق النقد الدولي", "صندوق النقد الدولي"),
        ("الاتحاد الانجليزي للسباحة", "الاتحاد الإنكليزي للسباحة"),
        ("دمشق", "الحكومة السورية"),
        ("الأتراك", "تركيا"),
        ("أميركا", "الولايات المتحدة الأمريكية"),
        ("وزارة النفط العراقية", "وزارة البترول العراقية"),
        ("رئاسة الوزراء الكويتية", "رئاسة مجلس الوزراء الكويتية"),
        ("موقع «كي دي زي»", "موقع كيه دي زد"),
    ],
)
def test_one_source_under_two_names(one: str, other: str) -> None:
    assert both(one, other)
    assert both(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("سالم الدوري", "سليم الدوري"),
        ("كمال العطار", "جمال العطار"),
        ("محمد الصباغ", "محمود الصباغ"),
        ("سعد القاسمي", "سعود القاسمي"),
        ("محمد ربيع", "محمد الربيعي"),
        ("سلمان بن فواز", "طلال بن سلمان بن فواز"),
        ("فهد بن ناصر", "فهد بن سلطان بن ناصر"),
        ("وزارة الداخلية التونسية", "وزارة الداخلية المغربية"),
        ("وزارة الدفاع اليمنية", "وزارة الداخلية اليمنية"),
        ("الجيش الأردني", "الجيش العراقي"),
        ("رئاسة الحكومة التونسية", "الرئاسة التونسية"),
        ("حزب العمل الإسرائيلي", "حزب العمل المغربي"),
        ("صحيفة «مورو تايمز»", "صحيفة «لورو تايمز»"),
        ("وكالة الأنباء الليبية", "وكالة الأنباء التونسية"),
        ("إدارة كرومب", "إدارة الرئيس جون بريدن"),
        ("الكرملين", "روسيا"),
        ("جماعة الراوي", "سامر الراوي"),
        ("الأردن وسوريا", "الأردن"),
        ("الدكتور سامر النابلسي والدكتور هاني الراوي", "سامر النابلسي"),
    ],
)
def test_two_sources_stay_two(one: str, other: str) -> None:
    assert not both(one, other)
    assert not both(other, one)


@pytest.mark.parametrize(
    "who",
    [
        "مصدر أمني",
        "شهود عيان",
        "متحدث باسم الشرطة",
        "مراسلنا",
        "المتظاهرون",
        "عدد من الخبراء",
        "وسائل إعلام محلية",
        "محكمة فرنسية",
        "أحد السكان",
        "77%",
        "متعاملون في السوق",
        "البعض",
        "الحزب",
        "وزير إسرائيلي",
    ],
)
def test_who_has_no_name_is_nobody_else(who: str) -> None:
    first = article(f"قال {who} ذلك", who, id="1", outlet="hespress")
    again = article(f"وذكر {who} هذا", who, id="2", outlet="hespress")
    a, b = sources(first, again)
    assert a != b
    assert mentions_of(first)[0].kind == "unnamed"


def test_a_ministry_without_its_state_is_that_of_the_article() -> None:
    tunis = article(
        "أعلنت وزارة الداخلية توقيف شخصين في صفاقس", "وزارة الداخلية", id="1", outlet="site.tn"
    )
    full = article("وزارة الداخلية التونسية تنفي", "وزارة الداخلية التونسية", id="2")
    cairo = article("قالت وزارة الداخلية في مصر إن المصريين", "وزارة الداخلية", id="3")
    short = article("قالت الداخلية إن تونس آمنة وإن التونسيين", "الداخلية", id="4")
    a, b, c, d = sources(tunis, full, cairo, short)
    assert a == b == d != c


def test_the_state_beside_the_name_counts_more_than_the_article() -> None:
    text = "فرنسا وفرنسا وفرنسا. وقالت وزارة العدل السويسرية ذلك. وأضافت وزارة العدل هذا."
    (mention,) = mentions_of(article(text, "وزارة العدل"))
    assert mention.state == "سويسرا"


def test_the_government_is_the_state() -> None:
    a, b, c = sources(
        article("قالت الحكومة في الرباط إن المغرب", "الحكومة", id="1"),
        article("المغرب يرفض ذلك", "المغرب", id="2"),
        article("قالت الحكومة في باريس إن فرنسا", "الحكومة", id="3"),
    )
    assert a == b != c


def test_a_dateline_says_nothing_of_the_state() -> None:
    text = "دبي، الإمارات العربية المتحدة (CNN) -- قالت الشرطة إن العراق"
    (mention,) = mentions_of(article(text, "الشرطة"))
    assert mention.state == "العراق"


def test_a_family_name_is_its_bearer_in_the_same_outlet_and_weeks() -> None:
    full = article("قال سامر القطيفاني", "سامر القطيفاني", id="1", outlet="okaz")
    short = article(
        "وأضاف القطيفاني", "القطيفاني", id="2", outlet="okaz", date=DAY + dt.timedelta(5)
    )
    later = article(
        "وأضاف القطيفاني", "القطيفاني", id="3", outlet="okaz", date=DAY + dt.timedelta(900)
    )
    a, b, c = sources(full, short, later)
    assert a == b != c
    other = article("قال هاني القطيفاني", "هاني القطيفاني", id="4", outlet="okaz")
    *_, last = take(Remembered(), full, other, short)
    assert last[1].source_id is None
    assert "several" in last[1].reason


def test_a_family_name_is_the_fuller_name_of_its_article() -> None:
    a, b = sources(
        article("التقى سامر القطيفاني الوفد. وقال القطيفاني ذلك", "القطيفاني", id="1", date=None),
        article("قال سامر القطيفاني", "سامر القطيفاني", id="2", date=None),
    )
    assert a == b


def test_a_family_name_alone_is_not_every_name_of_its_consonants() -> None:
    full = article("قال رودي جولياني", "رودي جولياني", id="1", outlet="a.com")
    other = article("ونفى غولن ذلك", "غولن", id="2", outlet="a.com")
    a, b = sources(full, other)
    assert a != b


def test_a_rare_name_of_a_source_brings_no_other_to_it() -> None:
    often = [
        article("قال دانيال كرومب", "دانيال كرومب", id=f"{k}", outlet="a.com") for k in range(9)
    ]
    misread = article("دانيال كرومب فيلمور", "دانيال كرومب فيلمور", id="m", outlet="a.com")
    other = article("قال فيلمور", "فيلمور", id="o", outlet="a.com")
    *same, last = sources(*often, misread, other)
    assert last not in same


def test_a_bare_name_turns_out_a_company() -> None:
    record = Remembered()
    bare, full = take(
        record,
        article("قالت نوفالين", "نوفالين", id="1"),
        article("شركة نوفالين", "شركة نوفالين", id="2"),
    )
    assert bare[2] == full[2]
    assert [source.kind for source in record.sources(full[0].asks)] == ["body"]


def test_an_office_gets_the_name_of_its_holder_when_it_is_told_soon_after() -> None:
    office = article("رئيس مجلس الشيوخ البرتغالي ينفي", "رئيس مجلس الشيوخ البرتغالي", id="1")
    named = article(
        "قال رئيس مجلس الشيوخ البرتغالي سامي كوستيرا",
        "سامي كوستيرا",
        id="2",
        date=DAY + dt.timedelta(9),
    )
    late = article(
        "قال رئيس مجلس الشيوخ البرتغالي هادي ماترا",
        "هادي ماترا",
        id="3",
        date=DAY + dt.timedelta(20),
    )
    a, b, c = sources(office, named, late)
    assert a == b != c


def test_a_chinese_family_name_stands_first() -> None:
    full = article("قال شي وي تشين", "شي وي تشين", id="1", outlet="a.com")
    short = article("وأكد شي", "شي", id="2", outlet="a.com")
    assert len(set(sources(full, short))) == 1


def test_an_office_is_its_holder_of_that_time_only() -> None:
    record = Remembered()
    first = article("قال وزير الخارجية البرتغالي سامي كوستيرا", "سامي كوستيرا", id="1")
    soon = article(
        "وزير الخارجية البرتغالي يزور",
        "وزير الخارجية البرتغالي",
        id="2",
        date=DAY + dt.timedelta(40),
    )
    later = article(
        "وزير الخارجية البرتغالي يزور",
        "وزير الخارجية البرتغالي",
        id="3",
        date=DAY + dt.timedelta(1500),
    )
    other = article("وزير الخارجية الهولندي يزور", "وزير الخارجية الهولندي", id="4")
    a, b, c, d = take(record, first, soon, later, other)
    assert (b[1].reason, b[2]) == ("office", a[2])
    assert c[2] != a[2]
    assert d[2] not in (a[2], c[2])


def test_two_holders_of_an_office_stay_two() -> None:
    a, b = sources(
        article("قال وزير المالية التونسي سامي الجربي", "سامي الجربي", id="1"),
        article(
            "قال وزير المالية التونسي هادي الماطري",
            "هادي الماطري",
            id="2",
            date=DAY + dt.timedelta(30),
        ),
    )
    assert a != b


def test_one_person_in_two_offices_stays_one() -> None:
    a, b = sources(
        article("قال وزير الخزانة البريطاني فيكتور هامند", "فيكتور هامند", id="1"),
        article(
            "قال وزير الخارجية البريطاني فيكتور هامند",
            "فيكتور هامند",
            id="2",
            date=DAY + dt.timedelta(900),
        ),
    )
    assert a == b


def test_namesakes_of_two_states_are_two() -> None:
    a, b = sources(
        article("قال وزير الصحة العراقي محمد العمري", "محمد العمري", id="1"),
        article("قال وزير النقل المغربي محمد العمري", "محمد العمري", id="2"),
    )
    assert a != b


def test_every_link_says_why_and_how_sure() -> None:
    record = Remembered()
    one = article("قال سامر القطيفاني وقالت الشرطة الأردنية", "سامر القطيفاني", "الشرطة الأردنية")
    for _, found, _ in take(record, one, one):
        assert found.reason
        assert 0 < found.confidence <= 1


def test_the_place_of_a_role_is_kept_with_its_state() -> None:
    text = "قال سامر القطيفاني، وزير الري الأردني، إن الماء"
    (mention,) = mentions_of(article(text, "سامر القطيفاني"))
    assert [role.text for role in mention.roles] == ["وزير الري الأردني"]
    assert mention.state == "الأردن"
    assert f"o {mention.roles[0].key}" in mention.keys


@pytest.mark.parametrize(
    "who", ["", " ", "«»", "()", "،", "...", "و", "#_", "ال", "\u200f", "🙂", "١٢"]
)
def test_odd_names_break_nothing(who: str) -> None:
    assert len(mentions_of(article("نص قصير", who))) == (1 if who else 0)


NAMES = [
    "سالم الدوري",
    "سليم الدوري",
    "وزارة الداخلية التونسية",
    "وزارة الداخلية المغربية",
    "مصدر أمني",
]
NAMES += [
    "الجيش الأردني",
    "الجيش العراقي",
    "محمد الصباغ",
    "محمود الصباغ",
    "الحكومة المصرية",
    "مصر",
    "تركيا",
]
ONE = [{"الحكومة المصرية", "مصر"}]


@settings(max_examples=60, deadline=None)
@given(st.permutations(NAMES))
def test_no_order_of_articles_makes_two_sources_one(names: list[str]) -> None:
    articles = [article(f"قال {name} ذلك", name, id=name) for name in names]
    found = dict(zip(names, sources(*articles), strict=True))
    for one in names:
        for other in names:
            same = one == other or {one, other} in ONE
            assert (found[one] == found[other]) == same


WORDS = st.sampled_from(
    [
        "محمد",
        "سالم",
        "بن",
        "عبد",
        "الله",
        "الدوري",
        "وزارة",
        "الداخلية",
        "التونسية",
        "صحيفة",
        "«الرأي»",
        "رئيس",
        "الحكومة",
        "كاغيلز",
        "مصدر",
        "حركة",
        "و",
        "في",
    ]
)


@example(["محمد بن الله"])
@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=6))
def test_an_article_taken_in_twice_adds_no_source(names: list[str]) -> None:
    articles = [
        article(f"قال {name} ذلك", name, id=f"{k} {name}", outlet="okaz")
        for k, name in enumerate(names)
    ]
    record = Remembered()
    for one in articles:
        first, again = take(record, one, one)
        assert first[2] == again[2]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.text(max_size=200))
def test_any_text_is_taken(who: str, text: str) -> None:
    for mention in mentions_of(article("نص " + text, who)):
        assert mention.key
        assert mention.keys
        assert mention.asks
