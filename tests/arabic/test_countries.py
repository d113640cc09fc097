"""States: their words, the article that is about one, the outlet that writes for one; and the lists of names."""

from __future__ import annotations

import pytest

from qawl.arabic.countries import (
    bare,
    codes,
    most_named,
    state_at,
    state_of_outlet,
    state_phrases,
    states_named,
)
from qawl.arabic.letters import fold
from qawl.arabic.lexicon import DATA, rows, states


def words(text: str) -> list[str]:
    return [bare(word) for word in fold(text).split()]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("السعودية", "السعودية"),
        ("المملكة العربية السعودية", "السعودية"),
        ("الأميركية", "الولايات المتحدة"),
        ("الكوريين الجنوبيين", "كوريا الجنوبية"),
        ("الروس", "روسيا"),
        ("التونسين", "تونس"),
        ("لندن", "بريطانيا"),
    ],
)
def test_words_of_a_state(text: str, state: str) -> None:
    found = state_at(words(text), 0)
    assert found is not None
    assert found[0] == state
    assert found[2] == len(words(text))


@pytest.mark.parametrize(
    ("outlet", "address", "state"),
    [
        ("هسبريس", None, "المغرب"),
        (None, "https://www.hespress.com/x", "المغرب"),
        ("news_EG", None, "مصر"),
        (None, "https://akhbar.example.tn/1", "تونس"),
        ("Jawhara FM", None, "تونس"),
        ("الجزيرة", None, None),
        (None, None, None),
        (None, "http://[broken", None),
    ],
)
def test_the_state_of_an_outlets_readers(
    outlet: str | None, address: str | None, state: str | None
) -> None:
    assert state_of_outlet(outlet, address) == state


def test_the_state_named_most_is_meant_and_the_readers_own_weighs_more() -> None:
    votes = states_named("قالت السلطات في باكو إن أذربيجان بخير، وإن تركيا حاضرة")
    assert most_named(votes, None) == "أذربيجان"
    assert most_named(votes, "تركيا") == "تركيا"
    assert most_named({}, "تونس") == "تونس"
    assert most_named({}, None) is None


def test_a_dateline_and_words_that_are_no_state_do_not_count() -> None:
    assert "الإمارات" not in states_named("دبي (وكالات) -- قال الوزير إن لبنان")
    assert states_named("الوضع المالي صعب") == {}


def test_the_lists_agree_with_each_other() -> None:
    listed = {row["state"] for row in rows(DATA / "countries.tsv")}
    assert len(codes()) == len(listed)
    assert {row["state"] for row in rows(DATA / "outlets.tsv")} <= listed
    assert {row["state"] for row in rows(DATA / "same_names.tsv")} - {"-"} <= listed
    assert {row["kind"] for row in rows(DATA / "same_names.tsv")} <= {
        "person",
        "body",
        "media",
        "state",
    }
    known = {phrase for phrase, (_, kind) in state_phrases().items() if kind == "name"}
    for names in states().values():
        assert tuple(words(names[0])) in known


def test_no_name_is_listed_for_two_sources() -> None:
    seen: dict[str, str] = {}
    for row in rows(DATA / "same_names.tsv"):
        names = row["names"].split(" | ")
        for name in names:
            assert seen.setdefault(fold(name), names[0]) == names[0]


def test_letters_have_one_name_each_way() -> None:
    for row in rows(DATA / "letter_names.tsv"):
        assert row["letter"].isascii()
        assert len(row["letter"]) == 1
