"""Mentions: stretches that may name a source, gathered by spelling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_sample import columns_of, press

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import CUES, rows
from qawl.reader.mentions import (
    Group,
    gather,
    name_word,
    name_words,
    names_of,
    small_words,
    within_lines,
)


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ([], []),
        ([0, 0], []),
        ([1, 2, 2, 0], [(0, 2, 1)]),
        ([0, 3, 4], [(1, 2, 2)]),
        ([1, 1], [(0, 0, 1), (1, 1, 1)]),  # a second beginning
        ([1, 4], [(0, 0, 1), (1, 1, 2)]),  # another kind goes on: it begins
        ([2, 2, 0, 6], [(0, 1, 1), (3, 3, 3)]),  # an I after nothing begins
        ([7, 8], [(0, 1, 4)]),
    ],
)
def test_names_of_labels(labels: list[int], names: list[tuple[int, int, int]]) -> None:
    assert names_of(labels) == names


@given(st.lists(st.integers(0, 8)))
def test_names_cover_the_labelled_tokens_in_order(labels: list[int]) -> None:
    names = names_of(labels)
    covered = [k for a, b, _ in names for k in range(a, b + 1)]
    assert covered == [k for k, label in enumerate(labels) if label]
    for a, b, kind in names:
        assert {(labels[k] + 1) // 2 for k in range(a, b + 1)} == {kind}
        assert 1 <= kind <= 4


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("الوزير", "وزير"), ("والوزير", "وزير"), ("للوزير", "وزير"), ("بالوزاره", "وزاره"),
        ("وزير", "وزير"), ("اله", "اله"), ("سعيد", "سعيد"), ("ولي", "ولي"), ("", ""),
    ],
)  # fmt: skip
def test_words_of_names_lose_only_what_is_not_theirs(word: str, bare: str) -> None:
    assert name_word(word) == bare


def groups(
    text: str,
    speakers: list[tuple[int, int] | None],
    names: list[tuple[int, int, int]],
    title: str = "",
) -> tuple[list[Group], list[int]]:
    return gather(columns_of(text, title), speakers, names)


#       0    1      2   3    4   5     6  7    8      9    10  11
TEXT = "قال الوزير سعيد قاسم إن الماء . وأضاف الوزير سعيد قاسم أن"


def test_mentions_of_one_spelling_are_one_group() -> None:
    found, own = groups(TEXT, [(1, 3), (8, 10), None], [])
    assert own == [0, 0, -1]
    (group,) = found
    assert (group.places, group.ends, group.definite) == ([1, 8], [3, 10], True)
    assert group.key == "وزير سعيد قاسم"


def test_a_persons_name_inside_a_speaker_is_known() -> None:
    found, own = groups(TEXT, [(1, 3)], [(2, 3, 1), (9, 10, 1)])
    speaker, name = found
    assert own == [0]
    assert speaker.person == (2, 3)
    assert speaker.person_words == name.person_words == {"سعيد", "قاسم"}
    assert name.places == [2, 9]
    assert name.kind == 1


def test_a_name_that_is_the_speaker_gives_it_its_kind() -> None:
    found, own = groups("قالت وزارة الصحة إن", [(1, 2)], [(1, 2, 2)])
    assert (len(found), found[0].kind, own) == (1, 2, [0])


def test_clitics_and_the_article_make_no_other_spelling() -> None:
    found, own = groups("قالت وزارة الصحة . وفقا لوزارة الصحة", [(1, 2)], [])
    assert own == [0]
    found, own = groups(
        "قال الوزير . بحسب للوزير والوزير وزير", [(1, 1), (4, 4), (5, 5), (6, 6)], []
    )
    assert len(found) == 1
    assert own == [0] * 4


@pytest.mark.parametrize(
    ("text", "labels", "joined"),
    [
        ("سامي # بشارة", [1, 0, 1], [1, 2, 2]),
        ("سامي # بشارة", [1, 0, 2], [1, 2, 2]),
        ("سامي # بشارة", [1, 0, 0], [1, 0, 0]),
        ("سامي ، بشارة", [1, 0, 1], [1, 0, 1]),
        ("قال # سامي", [0, 0, 1], [0, 0, 1]),
        ("بيروت # سامي", [5, 0, 1], [5, 0, 1]),  # a place and a person
    ],
)
def test_a_hashtag_does_not_part_a_persons_name(
    text: str, labels: list[int], joined: list[int]
) -> None:
    assert within_lines(columns_of(text), np.array(labels)) == joined


def test_no_name_goes_over_a_lines_end() -> None:
    assert within_lines(columns_of("سامي\nبشارة"), np.array([1, 2, 2])) == [1, 0, 2]


def test_no_cue_is_part_of_a_name() -> None:
    c = columns_of("الأمير سامي قال إن الماء عاد")
    tagged = np.array([0, 1, 2, 0, 0, 0])
    assert names_of(within_lines(c, tagged)) == [(1, 2, 1)]
    assert names_of(within_lines(c, tagged, [2])) == [(1, 1, 1)]


def test_a_name_is_shown_without_the_strokes_of_a_hashtag() -> None:
    found, own = groups(
        "قال سامي_بشارة . وقال سامي بشارة", [(1, 1), (4, 5)], [(1, 1, 1), (4, 5, 1)]
    )
    assert own == [0, 0]
    assert (found[0].first, found[0].last, found[0].person) == (4, 5, (4, 5))
    found, _ = groups("قال سامي_بشارة . وقال سامي بشارة", [(4, 5)], [(1, 1, 1)])
    assert (found[0].first, found[0].person) == (4, None)  # of the mention that is shown
    found, _ = groups("قال سامي بشارة . وقال سامي_بشارة", [], [(1, 2, 1), (5, 5, 1)])
    assert (found[0].first, found[0].person) == (1, (1, 2))


@pytest.mark.parametrize(
    ("speaker", "persons", "several"),
    [
        ("سامي بشارة وليلى حداد", [(1, 2), (3, 4)], True),
        ("سامي بشارة و ليلى حداد", [(1, 2), (4, 5)], True),
        ("الرئيسان المصري سامي حنا والأردني ليث العمري", [(3, 4), (6, 7)], True),
        ("مدير الشركة سامي بشارة وزير الصحة ليلى حداد", [(3, 4), (7, 8)], False),
        ("محامي سامي بشارة ، ليلى حداد", [(2, 3), (5, 6)], False),
        ("سامي بشارة وزملاؤه", [(1, 2)], False),
    ],
)
def test_several_persons_are_nobody_alone(
    speaker: str, persons: list[tuple[int, int]], several: bool
) -> None:
    text = "قال " + speaker
    last = len(text.split()) - 1
    found, own = groups(text, [(1, last)], [(a, b, 1) for a, b in persons])
    group = found[own[0]]
    assert group.several == several
    assert (group.person is None) == several


def test_whom_one_speaks_for_is_not_the_speaker() -> None:
    found, own = groups("قالت متحدثة باسم جان كولر إن", [(1, 4)], [(3, 4, 1)])
    assert found[own[0]].person is None
    assert found[own[0]].spoken_for == {"جان", "كولر"}
    found, own = groups("قال المتحدث باسم الشركة باسم حداد إن", [(1, 5)], [(5, 5, 1)])
    assert found[own[0]].person == (4, 5)  # who is called so
    found, own = groups("قال متحدث باسم جان كولر ، سامي بشارة", [(1, 7)], [(3, 4, 1), (6, 7, 1)])
    assert found[own[0]].person == (6, 7)


def test_words_that_carry_no_name_are_left_out_of_the_comparison() -> None:
    found, _ = groups("قال معالي سعيد في بيان", [(1, 4)], [])
    assert found[0].words == {"سعيد", "بيان"}
    found, _ = groups("قال أحد إن", [(1, 1)], [])
    assert found[0].words == {"احد"}, "nothing else is left: the word itself"


def test_a_mention_in_the_title_says_so() -> None:
    found, _ = groups("قال سعيد إن", [], [(0, 0, 1), (3, 3, 1)], title="سعيد: عاد")
    assert [g.titled for g in found] == [True, False] or found[0].titled
    found, _ = groups("قال سعيد إن", [], [(1, 1, 1)])
    assert not found[0].titled


@settings(deadline=None)
@given(press, st.data())
def test_gathering_loses_no_mention(text: str, data: st.DataObject) -> None:
    c = columns_of(text)
    n = len(c.tokens)
    if not n:
        return
    token = st.integers(0, n - 1)
    span = st.tuples(token, st.integers(0, 5)).map(lambda p: (p[0], min(p[0] + p[1], n - 1)))
    speakers = data.draw(st.lists(st.none() | span, max_size=6))
    names = names_of(data.draw(st.lists(st.integers(0, 8), min_size=n, max_size=n)))
    found, own = gather(c, speakers, names)
    assert len(own) == len(speakers)
    for k, speaker in zip(own, speakers, strict=True):
        assert (k == -1) == (speaker is None)
        if speaker is not None:
            assert speaker in zip(found[k].places, found[k].ends, strict=True)
    mentions = {(a, b) for g in found for a, b in zip(g.places, g.ends, strict=True)}
    named = {(a, b) for a, b, _ in names if any(w[:1].isalnum() for w in c.folded[a : b + 1])}
    assert mentions == {s for s in speakers if s} | named
    assert len({g.key for g in found}) == len(found)
    for g in found:
        assert g.places == sorted(g.places)
        assert 0 <= g.kind <= 4
        if g.person is not None:
            assert g.first <= g.person[0] <= g.person[1] <= g.last
            words = name_words(c.folded[g.person[0] : g.person[1] + 1])
            assert words
            assert g.person_words == set(words)


def test_a_given_name_that_the_tagger_missed_joins_its_family() -> None:
    c = columns_of("قال المواطن علي قاسم إن الماء عاد")
    groups, own = gather(c, [(1, 3)], [(3, 3, 1)])
    assert groups[own[0]].person == (2, 3)


def test_a_preposition_joins_no_family() -> None:
    c = columns_of("قال الناطق على قاسم إن الماء عاد")
    groups, own = gather(c, [(1, 3)], [(3, 3, 1)])
    assert groups[own[0]].person == (3, 3)


@pytest.mark.parametrize(
    ("text", "name", "person"),
    [
        ("قالت عائلة سعيد قاسم إن", (2, 3), None),
        ("قال مصدر مقرب من الرئيس سعيد قاسم إن", (5, 6), None),
        ("قالت مديرة الشركة ليلى حداد إن", (3, 4), (3, 4)),
        ("قال أحد الشهود، سعيد قاسم، إن", (4, 5), (4, 5)),
        ("قالت أوساط مقربة من سعيد قاسم إن", (4, 5), None),
        ("قالت خطيبة اللاعب سعيد قاسم إن", (3, 4), None),
        ("قال كثيرون من جمهور ليلى حداد إن", (4, 5), None),
        ("قال محامي الدفاع سعيد قاسم إن", (3, 4), (3, 4)),  # a calling, and its bearer's name
        ("قال طبيب المنتخب سعيد قاسم إن", (3, 4), (3, 4)),
    ],
)
def test_some_words_are_for_another_than_the_name_behind_them(
    text: str, name: tuple[int, int], person: tuple[int, int] | None
) -> None:
    found, own = groups(text, [(1, name[1])], [(*name, 1)])
    assert found[own[0]].person == person


@pytest.mark.parametrize(
    ("text", "name", "person", "others"),
    [
        ("قال مسؤول رفيع في حملة سعيد قاسم إن", (5, 6), None, {"سعيد", "قاسم"}),
        ("قال متطوع بحملة سعيد قاسم إن", (3, 4), None, {"سعيد", "قاسم"}),
        ("قال مصدر في إدارة الرئيس الفرنسي سعيد قاسم إن", (6, 7), None, {"سعيد", "قاسم"}),
        ("قال المستشار القانوني للرئيس العراقي سعيد قاسم إن", (5, 6), None, {"سعيد", "قاسم"}),
        ("قال النائب عن كتلة النهر بزعامة سعيد قاسم إن", (6, 7), None, {"سعيد", "قاسم"}),
        ("قال محامي سعيد قاسم إن", (2, 3), None, {"سعيد", "قاسم"}),
        ("قالت غريمة ليلى حداد إن", (2, 3), None, set()),  # a word that no list knows
        ("قالت رئيستها ليلى حداد إن", (2, 3), (2, 3), set()),
        ("قال محاميه سعيد قاسم إن", (2, 3), (2, 3), set()),
        ("قال رئيس مجلس المدينة سعيد قاسم إن", (4, 5), (4, 5), set()),
        ("قال رئيس الحكومة الفرنسي سعيد قاسم إن", (4, 5), (4, 5), set()),
        ("قال الرئيس الفرنسي سعيد قاسم إن", (3, 4), (3, 4), set()),
    ],
)
def test_who_belongs_to_a_person_or_his_body_is_not_that_person(
    text: str, name: tuple[int, int], person: tuple[int, int] | None, others: set[str]
) -> None:
    found, own = groups(text, [(1, name[1])], [(*name, 1)])
    assert (found[own[0]].person, found[own[0]].spoken_for) == (person, others)


def test_the_small_words_are_of_known_classes() -> None:
    listed = rows(CUES / "name_words.tsv")
    assert {row["class"] for row in listed} == {
        "empty",
        "parting",
        "another",
        "answer",
        "nobody",
        "asker",
        "envoy",
        "aside",
        "asks",
        "led",
    }
    assert len({(row["class"], fold(row["word"])) for row in listed}) == len(listed)
    assert fold("على") in small_words("parting")
