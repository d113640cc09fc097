"""Who is meant: which mentions bear one name, what a choice looks at, and the fullest name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_sample import columns_of, press

from qawl.reader.fullest import fullest
from qawl.reader.links import COMMON, link
from qawl.reader.mentions import gather, names_of
from qawl.reader.who import (
    HISTORY,
    MOST,
    OWN,
    SHARED,
    SIZES,
    Context,
    Said,
)
from qawl.reader.who_choice import FEW, WIDE, History, resolve

NAMES = (
    "relation", "shape", "kind", "where", "distance", "recency", "count", "agreement", "place",
    "mentions", "inside", "form", "between", "office", "head", "own head", "memory", "rival", "ago",
    "mentioned", "persons", "title", "kin", "often", "beside", "behind", "agree",
)  # fmt: skip


def context(
    text: str, said: list[Said], names: list[tuple[int, int, int]], title: str = ""
) -> Context:
    c = columns_of(text, title)
    groups, own = gather(c, [s.speaker for s in said], names)
    return Context(c, groups, own, said)


def people(*names: str, kind: int = 1) -> Context:
    """A text of names, each a mention."""
    spans, at = [], 0
    for name in names:
        size = len(name.split())
        spans.append((at, at + size - 1, kind))
        at += size + 1
    return context(" ، ".join(names), [], spans)


def test_a_part_of_a_persons_name_is_the_person() -> None:
    c = people("علي قاسم", "ليلى حداد", "قاسم", "سعيد علي قاسم")
    assert c.root == [0, 1, 0, 0]


def test_two_people_of_one_family_are_two() -> None:
    assert people("سعيد قاسم", "ليلى قاسم").root == [0, 1]


def test_a_body_is_not_the_person_whose_name_it_bears() -> None:
    c = context("مؤسسة سعيد قاسم . سعيد قاسم", [], [(0, 2, 2), (4, 5, 1)])
    assert c.root == [0, 1]


def test_bodies_are_one_from_two_words_on() -> None:
    assert people("وزارة الصحة", "وزارة الصحة اللبنانية", kind=2).root == [0, 0]
    assert people("وزارة الصحة", "الصحة", kind=2).root == [0, 1]
    assert people("حماس", "حماس", kind=2).root == [0]


def test_who_speaks_for_a_body_is_not_the_body() -> None:
    assert people("وزارة الصحة", "متحدث باسم وزارة الصحة", kind=2).root == [0, 1]
    assert people("متحدثة باسم وزارة الصحة", "وزارة الصحة", kind=2).root == [0, 1]
    assert people("الصحة اللبنانية", "وزارة الصحة اللبنانية", kind=2).root == [0, 0]


def test_names_are_linked_in_linear_work() -> None:
    c = people(*(f"سعيد بن{k}" for k in range(300)))
    assert len(set(c.root)) == 300
    assert max(len(g.words) for g in c.groups) <= 3
    assert COMMON < 300


def full(c: Context, g: int, text: str) -> str:
    a, b = fullest(c, g)
    toks = columns_of(text).tokens
    return text[toks[a].start : toks[b].end]


def test_the_fullest_name_is_given_for_any_of_its_parts() -> None:
    text = "قاسم ، سعيد علي قاسم ، علي قاسم"
    c = people(*text.split(" ، "))
    assert {full(c, g, text) for g in range(3)} == {"سعيد علي قاسم"}


def test_the_first_of_two_names_as_full() -> None:
    text = "سعيد قاسم ، قاسم ، قاسم علي"
    c = people(*text.split(" ، "))
    assert full(c, 1, text) == "سعيد قاسم"


def test_a_person_does_not_take_the_name_of_another_of_the_family() -> None:
    text = "علي قاسم ، قاسم ، ليلى قاسم"
    c = people(*text.split(" ، "))
    assert full(c, 2, text) == "ليلى قاسم"
    assert full(c, 0, text) == "علي قاسم"


def test_the_name_within_the_speakers_words_is_who() -> None:
    text = "قال الوزير سعيد قاسم إن الماء عاد"
    c = context(text, [Said(0, (1, 3), 5, 6)], [(2, 3, 1)])
    assert full(c, c.own[0], text) == "سعيد قاسم"


def test_a_bodys_fullest_name() -> None:
    text = "وزارة الصحة ، وزارة الصحة اللبنانية"
    c = people(*text.split(" ، "), kind=2)
    assert full(c, 0, text) == "وزارة الصحة اللبنانية"


def features(c: Context, k: int, resolved: list[int]) -> dict[int, dict[str, int]]:
    """The features of statement ``k``'s candidates by group, after those before chose ``resolved``."""
    history = History(c.root)
    for own, chosen in zip(c.own, resolved, strict=False):
        history.add(own, chosen)
    choices = c.choices(k)
    rows = np.array(choices.features)
    rows[:, HISTORY] = history.features(c.own[k], choices.roots)
    return {
        g: dict(zip(NAMES, map(int, row), strict=True))
        for g, row in zip(choices.groups, rows, strict=True)
    }


#        0    1     2    3   4     5   6   7    8    9   10    11
SAID = "قال سعيد قاسم إن الماء عاد . وأضاف أنه بخير . وأكد قاسم أن"


def test_candidates_of_a_hidden_subject_are_the_articles_mentions() -> None:
    said = [Said(0, (1, 2), 4, 5), Said(7, None, 9, 9)]
    c = context(SAID, said, [(1, 2, 1)])
    choices = features(c, 1, [0])
    assert set(choices) == {0}
    assert choices[0]["relation"] == 0  # it has no words of its own
    assert choices[0]["recency"] == 1  # who spoke last
    assert choices[0]["count"] == 1
    assert features(c, 1, [])[0]["recency"] == 0


def test_the_speakers_own_words_come_first() -> None:
    said = [Said(0, (1, 2), 4, 5), Said(11, (12, 12), 13, 13)]
    c = context(SAID, said, [(1, 2, 1), (12, 12, 1)])
    choices = c.choices(1)
    own = c.own[1]
    assert choices.groups[0] == own
    assert choices.places[0] == 12
    rows = features(c, 1, [0])
    assert rows[own]["relation"] == 1
    assert rows[own]["kind"] == OWN
    assert rows[0]["relation"] == 2, "its words are all in the other's name"


def test_who_spoke_before_the_last_and_long_before_differ() -> None:
    text = "قال سعيد . قالت ليلى . قال كريم . وأضاف أن"
    said = [
        Said(0, (1, 1), 2, 2),
        Said(3, (4, 4), 5, 5),
        Said(6, (7, 7), 8, 8),
        Said(9, None, 10, 10),
    ]
    c = context(text, said, [])
    assert [features(c, 3, [0, 1, 2])[g]["recency"] for g in (2, 1, 0)] == [1, 2, 3]


def test_the_initials_of_a_body_are_told() -> None:
    text = "قوات سوريا الديمقراطية . وقالت قسد إن"
    c = context(text, [Said(4, (5, 5), 6, 6)], [(0, 2, 2), (5, 5, 2)])
    by_key = {c.groups[g].key: row for g, row in features(c, 0, []).items()}
    assert by_key["قوات سوريا ديمقراطيه"]["relation"] == 8


@pytest.mark.parametrize(
    ("first", "second", "kin"),
    [
        ("باحثين من الجامعة", "الباحثون", 4),  # told again, with the article
        ("باحثو الجامعة", "الباحثون الشباب", 3),  # some of what is told again
        ("الباحثون الشباب", "باحثين", 2),  # without the article: others, perhaps
        ("علماء من الجامعة", "العالم", 4),  # a broken plural
        ("مؤسسة الباحثين", "الباحثون", 5),
        ("باحثين", "مؤسسة الباحثين", 6),
        ("الجامعة", "الباحثون", 1),
    ],
)
def test_another_form_of_a_first_word_is_told(first: str, second: str, kin: int) -> None:
    a, b = len(first.split()), len(second.split())
    said = [Said(0, (1, a), a + 2, a + 3), Said(a + 5, (a + 6, a + 5 + b), a + 7 + b, a + 8 + b)]
    c = context(f"قال {first} إن الماء عاد . وأكد {second} أن النهر جف", said, [])
    assert features(c, 1, [0])[0]["kin"] == kin


def test_who_speaks_often_and_next_to_a_statement_is_told() -> None:
    text = "قال سعيد إن الماء عاد وأضاف أن النهر جف وأكد سامي أن المطر غزير وأكد سعيد أن الجو حار"
    said = [Said(0, (1, 1), 3, 4), Said(5, None, 7, 8), Said(9, (10, 10), 12, 13)]
    c = context(text, [*said, Said(14, (15, 15), 17, 18)], [])
    saeed, sami = c.own[0], c.own[2]
    row = features(c, 1, [saeed])
    assert (row[saeed]["often"], row[saeed]["beside"]) == (
        3 * 1 + 1,
        1,
    )  # before it, and once behind
    assert (row[sami]["often"], row[sami]["beside"]) == (1, 2)  # in the next one
    assert features(c, 2, [])[saeed]["beside"] == 2
    assert features(c, 0, [])[saeed]["often"] == 1, "its own speaker is not counted"


def test_how_far_a_statement_stands_behind_the_one_before() -> None:
    text = "قال سعيد إن الماء عاد . وأضاف أن النهر جف\nوأكد أن المطر غزير"
    said = [Said(0, (1, 1), 3, 4), Said(6, None, 8, 9), Said(11, None, 13, 14)]
    c = context(text, said, [])
    assert [int(c.choices(k).features[0, NAMES.index("behind")]) for k in range(3)] == [10, 4, 6]


def test_at_most_so_many_candidates_the_nearest() -> None:
    text = " . ".join(f"اسم{k}" for k in range(100)) + " . قال"
    names = [(2 * k, 2 * k, 1) for k in range(100)]
    c = context(text, [Said(200, None, 200, 200)], names)
    choices = c.choices(0)
    assert sorted(c.groups[g].places[0] for g in choices.groups) == [
        2 * k for k in range(100 - MOST, 100)
    ]


def test_resolving_goes_in_order_and_remembers() -> None:
    said = [Said(0, (1, 2), 4, 5), Said(7, None, 9, 9)]
    c = context(SAID, said, [])
    seen = []

    def first(k: int, ways: list[list[tuple[int, ...]]]) -> np.ndarray:
        (history,) = ways
        seen.append((k, history[0]))
        return np.array([[9.0, *[0.0] * (len(history) - 1)]], dtype=np.float32)

    assert [g for g, _ in resolve(c, [c.choices(0), c.choices(1)], first)] == [0, 0]
    assert seen == [(0, (0, 0, 0, 0)), (1, (1, 1, 0, 1))]


def test_what_the_words_of_a_role_meant_is_remembered() -> None:
    text = "سعيد قاسم . قال الوزير إن . قال الوزير إن"
    said = [Said(3, (4, 4), 5, 5), Said(7, (8, 8), 9, 9)]
    c = context(text, said, [(0, 1, 1)])
    person, role = next(g for g in range(2) if c.groups[g].person), c.own[1]
    rows = features(c, 1, [person])
    assert (rows[person]["memory"], rows[role]["memory"]) == (1, 2)
    assert (rows[person]["ago"], rows[role]["ago"]) == (1, 0)
    assert {row["memory"] for row in features(c, 1, []).values()} == {0}


def test_a_role_knows_whom_its_office_fits_best() -> None:
    text = "رئيس البلدية سعيد قاسم والنائبة ليلى حداد . وقال رئيس البلدية إن"
    c = context(text, [Said(8, (9, 10), 11, 11)], [(2, 3, 1), (5, 6, 1)])
    by_key = {c.groups[g].key: row for g, row in features(c, 0, []).items()}
    assert by_key["سعيد قاسم"]["office"] == 4
    assert by_key["سعيد قاسم"]["rival"] == 1, "the nearest of those it fits best"
    assert by_key["رييس بلديه"]["rival"] == 5 + 4, "another is fit"


@pytest.mark.parametrize(
    ("text", "name", "may"),
    [
        ("الرئيس الروسي أندريه . الرئيس الفرنسي", 2, False),
        ("الرئيس الروسي أندريه . الرئيس الروسي", 2, True),
        ("الرئيس الروسي أندريه . رئيس فرنسا", 2, True),  # its state's name, no adjective
        ("الرئيس أندريه . الرئيس الفرنسي", 1, True),
        ("المدرب الروسي أندريه . المدرب الفرنسي", 2, True),  # French, of a Russian club
    ],
)
def test_a_political_office_is_of_its_own_state(text: str, name: int, may: bool) -> None:
    last = len(text.split()) - 1
    c = context(
        f"{text} أكد", [Said(last + 1, (last - 1, last), last + 1, last + 1)], [(name, name, 1)]
    )
    assert (len(c.choices(0).groups) == 2) == may


@pytest.mark.parametrize(
    ("speaker", "there"),
    [("الرئيس الفرنسي", True), ("الرئيس الروسي", False), ("الحكومة الفرنسية", False)],
)
def test_the_bearer_of_an_office_is_looked_at_from_afar(speaker: str, there: bool) -> None:
    between = " . ".join(f"بلدة{k}" for k in range(MOST + 5))
    text = f"الرئيس الفرنسي بيير . {between} . {speaker} أكد"
    tokens = text.split()
    last = len(tokens) - 1
    names = [(2, 2, 1), *((k, k, 3) for k, word in enumerate(tokens) if word.startswith("بلدة"))]
    choices = context(text, [Said(last, (last - 2, last - 1), last, last)], names)
    some = choices.choices(0)
    assert len(some.groups) == MOST
    assert ("بيير" in {choices.groups[g].key for g in some.groups}) == there


def test_a_state_does_not_speak_for_another() -> None:
    text = "فرنسا ، روسيا ، ليلى ، باريس أكدت"
    names = [(0, 0, 3), (2, 2, 3), (4, 4, 1)]
    c = context(text, [Said(7, (6, 6), 7, 7)], names)
    chosen = {c.groups[g].key for g in c.choices(0).groups}
    assert chosen == {"باريس", "فرنسا", "ليلي"}


def test_who_speaks_for_a_person_is_not_that_person() -> None:
    text = "جان كولر . قالت متحدثة باسم جان كولر"
    c = context(text, [Said(3, (4, 7), 3, 3)], [(0, 1, 1), (6, 7, 1)])
    assert c.choices(0).groups == [c.own[0]]


def test_several_persons_are_meant_by_no_other_name() -> None:
    text = "سامي بشارة . قال سامي بشارة وليلى حداد"
    names = [(0, 1, 1), (4, 5, 1), (6, 7, 1)]
    c = context(text, [Said(3, (4, 7), 3, 3)], names)
    assert c.choices(0).groups == [c.own[0]]


def test_a_full_name_means_nobody_else_and_a_single_one_may() -> None:
    text = "حضر نبيل الهادي . قال سعيد قاسم إن . قال كريم إن"
    names = [(1, 2, 1), (5, 6, 1), (10, 10, 1)]
    said = [Said(4, (5, 6), 7, 7), Said(9, (10, 10), 11, 11)]
    c = context(text, said, names)
    choices = [c.choices(0), c.choices(1)]

    def other(k: int, ways: list[list[tuple[int, ...]]]) -> np.ndarray:
        keys = [c.groups[g].key for g in choices[k].groups]
        return np.array([[9.0 * ("نبيل" in key) for key in keys]] * len(ways), dtype=np.float32)

    meant = [c.groups[g].key for g, _ in resolve(c, choices, other)]
    assert meant == ["سعيد قاسم", "نبيل هادي"]


def test_a_speaker_of_one_word_is_the_one_whose_name_ends_with_it() -> None:
    text = "سعيد البرقوي . قال البرقوي إن . قال الوزير إن"
    said = [Said(3, (4, 4), 5, 5), Said(7, (8, 8), 9, 9)]
    c = context(text, said, [(0, 1, 1)])
    person = next(g for g in range(3) if c.groups[g].person)
    assert [c.root[own] == person for own in c.own] == [True, False]
    assert full(c, c.own[0], text) == "سعيد البرقوي"


def test_a_name_of_which_the_tagger_marked_a_piece_is_shown_whole() -> None:
    text = "قالت المزارعة ليلى العلوي إن"
    c = context(text, [Said(0, (1, 3), 4, 4)], [(2, 2, 1)])
    assert full(c, c.own[0], text) == "ليلى العلوي"
    text = "قالت ليلى مديرة المدرسة إن"
    c = context(text, [Said(0, (1, 3), 4, 4)], [(1, 1, 1)])
    assert full(c, c.own[0], text) == "ليلى"


def test_a_foreign_name_in_another_spelling_is_the_same() -> None:
    assert people("يورغن شتاينماير", "شتاينماير", "شتاينماي").root == [0, 0, 0]
    assert people("يورغن شتاينماير", "كارل شتاينماير", "شتاينمايز").root == [0, 1, 2]
    assert people("يورغن شتاينماير", "شتينماير").root == [0, 0], "another way with its vowels"
    assert people("يورغن شتاينماير", "كارل شتينماير", "شتاينمار").root == [0, 1, 2]
    assert people("هيلدغارد بورمستر", "هيلديغرد").root == [0, 0], "the first of her names"
    assert people("يورغن شتاينماير", "شتوتمار").root == [0, 1], "other consonants"
    text = "يورغن شتاينماير ، شتاينماي ، كارل"
    assert full(people(*text.split(" ، ")), 1, text) == "يورغن شتاينماير"
    assert people("ليلى الحسيني", "الحسني").root == [0, 1], "two families that the lists know"


def test_a_body_named_by_its_kind_alone_is_the_one_of_that_kind() -> None:
    text = "الهيئة الوطنية للنقل . وقالت الهيئة إن"
    said = [Said(4, (5, 5), 6, 6)]
    c = context(text, said, [(0, 2, 2)])
    assert full(c, c.own[0], text) == "الهيئة الوطنية للنقل"
    text = "الهيئة الوطنية للنقل والهيئة العامة للمياه . وقالت الهيئة إن"
    c = context(text, [Said(7, (8, 8), 9, 9)], [(0, 2, 2), (3, 5, 2)])
    assert full(c, c.own[0], text) == "الهيئة", "two of that kind"


def test_an_acronym_is_what_it_stands_for() -> None:
    text = "قوات سوريا الديمقراطية . وأكدت قسد أن"
    c = context(text, [Said(4, (5, 5), 6, 6)], [(0, 2, 2), (5, 5, 2)])
    assert full(c, c.own[0], text) == "قوات سوريا الديمقراطية"


@pytest.mark.parametrize(("verb", "meant"), [("قالت", "روسيا"), ("زار", "موسكو")])
def test_a_capital_is_its_state_where_that_speaks_by_its_name_too(verb: str, meant: str) -> None:
    text = f"{verb} روسيا إن . وقالت موسكو إن"
    said = [Said(4, (5, 5), 6, 6)]
    if verb == "قالت":
        said.insert(0, Said(0, (1, 1), 2, 2))
    c = context(text, said, [(1, 1, 3), (5, 5, 3)])
    assert full(c, c.own[-1], text) == meant


def test_a_capital_stays_where_the_article_does_not_name_its_state() -> None:
    text = "فرنسا . قالت موسكو إن"
    c = context(text, [Said(2, (3, 3), 4, 4)], [(0, 0, 3), (3, 3, 3)])
    assert full(c, c.own[0], text) == "موسكو"


@pytest.mark.parametrize(
    ("named", "short", "shown"),
    [
        ("الهيئة الوطنية للنقل", "الهيئة الوطنية", "الهيئة الوطنية للنقل"),
        (
            "نقابة موظفي وزارة المياه",
            "نقابة موظفي",
            "نقابة موظفي وزارة المياه",
        ),  # its و is a letter
        ("وزارة الصحة والسكان", "وزارة الصحة", "وزارة الصحة والسكان"),
        ("مكتب تابع للهيئة الوطنية", "الهيئة الوطنية", "الهيئة الوطنية"),
        ("الهيئة الوطنية وهيئة المياه", "الهيئة الوطنية", "الهيئة الوطنية"),
    ],
)
def test_a_longer_name_of_a_body_begins_with_its_words_and_adds_no_other(
    named: str, short: str, shown: str
) -> None:
    text = f"{named} . قالت {short} إن"
    size = len(named.split())
    said = [Said(size + 1, (size + 2, size + 3), size + 4, size + 4)]
    c = context(text, said, [(0, size - 1, 2)])
    assert full(c, c.own[0], text) == shown


def test_a_name_that_a_hashtag_joins_is_shown_apart_where_the_article_writes_it_so() -> None:
    text = "رابطة_النقل البري . قالت رابطة النقل إن"
    c = context(text, [Said(3, (4, 5), 6, 6)], [(0, 1, 2)])
    assert full(c, c.own[0], text) == "رابطة النقل"


def test_a_family_name_that_is_a_title_too_is_the_one_bearers() -> None:
    text = "فادي الحاج . قال الحاج إن"
    c = context(text, [Said(3, (4, 4), 5, 5)], [(0, 1, 1)])
    assert full(c, c.own[0], text) == "فادي الحاج"


def test_a_family_name_of_two_people_is_left_open() -> None:
    text = "سعيد البرقوي . ليلى البرقوي . قال البرقوي إن"
    c = context(text, [Said(6, (7, 7), 8, 8)], [(0, 1, 1), (3, 4, 1)])
    assert c.root[c.own[0]] == c.own[0]


def test_names_that_are_parted_otherwise_or_joined_by_a_hashtag_are_one() -> None:
    assert people("نويل لو غران", "لوغران", "سامي_بشارة", "بشارة").root == [0, 0, 2, 2]


def test_the_chance_is_that_of_the_name_not_of_a_spelling() -> None:
    text = "سعيد قاسم . قاسم . وأضاف"
    c = context(text, [Said(5, None, 5, 5)], [(0, 1, 1), (3, 3, 1)])
    ((_, chance),) = resolve(c, [c.choices(0)], lambda *_: np.zeros((1, 2), dtype=np.float32))
    assert chance == pytest.approx(1)


def test_spellings_of_one_name_outweigh_another_name() -> None:
    text = "سعيد قاسم . قاسم . كريم حداد . وأضاف"
    c = context(text, [Said(8, None, 8, 8)], [(0, 1, 1), (3, 3, 1), (5, 6, 1)])
    choices = c.choices(0)
    chances = {"سعيد قاسم": 0.35, "قاسم": 0.25, "كريم حداد": 0.4}
    z = np.log([[chances[c.groups[g].key] for g in choices.groups]])
    ((g, chance),) = resolve(c, [choices], lambda *_: z)
    assert (c.groups[g].key, chance) == ("سعيد قاسم", pytest.approx(0.6))


def two_ways(second: tuple[float, float]) -> tuple[list[str], list[int]]:
    """What is chosen where the first of two statements is either one's (0.55 and 0.45) and the second follows the
    first, more or less surely (the chances where the first name came first, and where the second did); and how many
    ways were looked at with each."""
    text = "سعيد قاسم . كريم حداد . وأضاف أن . وتابعت أن"
    c = context(text, [Said(6, None, 6, 6), Said(9, None, 9, 9)], [(0, 1, 1), (3, 4, 1)])
    choices = [c.choices(0), c.choices(1)]
    keys = [[c.groups[g].key for g in some.groups] for some in choices]
    asked = []

    def scores(k: int, ways: list[list[tuple[int, ...]]]) -> np.ndarray:
        asked.append(len(ways))
        rows = []
        for history in ways:
            if k == 0:
                chances = {"سعيد قاسم": 0.55, "كريم حداد": 0.45}
            else:
                last = keys[k][[recency for recency, *_ in history].index(1)]
                same = second[0] if last == "سعيد قاسم" else second[1]
                chances = {key: same if key == last else 1 - same for key in keys[k]}
            rows.append([np.log(chances[key]) for key in keys[k]])
        return np.array(rows)

    return [c.groups[g].key for g, _ in resolve(c, choices, scores)], asked


def test_a_later_statement_tells_whose_the_one_before_was() -> None:
    assert two_ways((0.5, 0.98)) == (["كريم حداد"] * 2, [1, 2])
    assert two_ways((0.98, 0.98)) == (["سعيد قاسم"] * 2, [1, 2])


def test_a_sure_choice_is_looked_at_in_one_way() -> None:
    text = "سعيد قاسم . كريم حداد . وأضاف أن . وتابعت أن"
    c = context(text, [Said(6, None, 6, 6), Said(9, None, 9, 9)], [(0, 1, 1), (3, 4, 1)])
    asked = []

    def scores(k: int, ways: list[list[tuple[int, ...]]]) -> np.ndarray:
        asked.append(len(ways))
        return np.log([[1 - 0.9 * FEW, 0.9 * FEW]])

    resolve(c, [c.choices(0), c.choices(1)], scores)
    assert asked == [1, 1]


def test_an_article_that_names_nobody() -> None:
    c = context("وأضاف أن الماء عاد", [Said(0, None, 2, 3)], [])
    assert resolve(c, [c.choices(0)], lambda *_: np.zeros((1, 0), dtype=np.float32)) == [(-1, 0.0)]
    assert link([]) == []


@settings(deadline=None)
@given(press, st.sampled_from(["", "الوزير سعيد"]), st.data())
def test_features_of_any_article_are_within_their_tables(
    text: str, title: str, data: st.DataObject
) -> None:
    c = columns_of(text, title)
    n = len(c.tokens)
    if not n:
        return
    token = st.integers(0, n - 1)
    span = st.tuples(token, st.integers(0, 5)).map(lambda p: (p[0], min(p[0] + p[1], n - 1)))
    made = data.draw(st.lists(st.tuples(token, st.none() | span, span), max_size=8))
    said = [Said(cue, speaker, *content) for cue, speaker, content in made]
    names = names_of(
        data.draw(st.lists(st.sampled_from([0, 0, 0, *range(9)]), min_size=n, max_size=n))
    )
    groups, own = gather(c, [s.speaker for s in said], names)
    context = Context(c, groups, own, said)
    rng = np.random.default_rng(data.draw(st.integers(0, 9)))

    choices = [context.choices(k) for k in range(len(said))]

    def any_scores(k: int, ways: list[list[tuple[int, ...]]]) -> np.ndarray:
        rows = np.array(choices[k].features)
        assert 1 <= len(ways) <= WIDE
        for history in ways:
            assert rows.shape == (len(history), len(SIZES))
            rows[:, HISTORY] = history
            assert (rows >= 0).all()
            assert (rows < np.array(SIZES)).all()
            assert (rows[:, SHARED] == rows[:1, SHARED]).all()
        assert len(rows) <= MOST
        assert all(0 <= p < n for p in choices[k].places)
        return rng.normal(0, 3, (len(ways), len(rows))).astype(np.float32)

    chosen = resolve(context, choices, any_scores)
    assert len(chosen) == len(said)
    for g, chance in chosen:
        assert (g >= 0) == bool(groups)
        assert -0.001 <= chance <= 1.001
        if g >= 0:
            a, b = fullest(context, g)
            assert 0 <= a <= b < n
    assert all(context.root[r] == r for r in context.root), "a root is its own root"
