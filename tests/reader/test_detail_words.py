"""details.tsv: well formed, and its words understood as the linguist who edits it means them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import CUES, cues, rows
from qawl.errors import ModelError
from qawl.reader import detail_words
from qawl.reader.detail_words import (
    OPENERS,
    WORDS,
    bound,
    kinds,
    lemmas,
    no_noun,
    preposition,
    relative,
    relays,
    topical,
)

FILE = CUES / "details.tsv"
TABLE = detail_words.detail_words()


def test_every_class_is_known_used_and_explained() -> None:
    used = {row["class"] for row in rows(FILE)}
    assert used == OPENERS | WORDS
    head = FILE.read_text("utf-8").split("\nclass\t")[0]
    for cls in used:
        assert cls in head, f"the header does not say what {cls} is"
    assert all(line.startswith("#") for line in head.splitlines())


def test_no_row_stands_twice_and_cells_are_clean() -> None:
    seen = Counter((row["class"], fold(row["words"])) for row in rows(FILE))
    # two spellings that fold to one (الإثنين، الاثنين) are for people
    spelled = Counter((row["class"], row["words"]) for row in rows(FILE))
    assert [key for key, count in spelled.items() if count > 1] == []
    assert seen
    for row in rows(FILE):
        assert all(cell and cell == cell.strip() and "  " not in cell for cell in row.values()), row
        assert row["governs"] in {"-", "1", "ب", "ل"}, row


def test_lemmas_are_those_of_the_reporting_words() -> None:
    known = {fold(lemma) for lemma, _ in cues()}
    for cls in ("hearer", "hearer-من", "hearer-على", "hearer-إلى", "factual", "denying"):
        assert TABLE.words[cls] <= known, TABLE.words[cls] - known


def test_the_longest_opener_comes_first() -> None:
    for some in TABLE.openers.values():
        lengths = [len(o.words) for o in some]
        assert lengths == sorted(lengths, reverse=True)


def test_openers_that_stand_at_a_word() -> None:
    every = [o for some in TABLE.openers.values() for o in some]
    for text in ("وفي تصريح صحفي", "في", "في تصريح", "قال في كلمة"):
        words = fold(text).split()
        for k, cut in ((k, cut) for k in range(len(words)) for cut in (0, 1)):
            stands = [words[k][cut:], *words[k + 1 :]]
            expected = [o for o in every if tuple(stands[: len(o.words)]) == o.words]
            found = TABLE.opening(words, k, cut)
            assert sorted(found, key=repr) == sorted(expected, key=repr)
            lengths = [len(o.words) for o in found]
            assert lengths == sorted(lengths, reverse=True)


def test_a_row_of_no_known_class_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "details.tsv").write_text("class\twords\tgoverns\nsideways\tحول\t-\n", "utf-8")
    monkeypatch.setattr(detail_words, "CUES", tmp_path)
    with pytest.raises(ModelError, match="sideways"):
        detail_words.detail_words.__wrapped__()


@pytest.mark.parametrize(
    ("word", "cls", "is_one"),
    [
        ("بيان", "occasion", True),
        ("البيان", "occasion", True),
        ("بيانها", "occasion", True),
        ("كلمته", "occasion", True),  # the ة of كلمة before a pronoun
        ("مداخلتها", "talk", True),
        ("شجره", "occasion", False),
        ("المسووله", "takes-عن", True),
    ],
)
def test_words_are_found_by_their_bare_form(word: str, cls: str, is_one: bool) -> None:
    assert TABLE.has(cls, word) is is_one


def test_a_phrase_is_found_where_the_words_begin_with_it() -> None:
    assert TABLE.phrase("opinion", ["لا", "بد", "من"])
    assert not TABLE.phrase("opinion", ["لا", "يوجد", "بد"])
    assert not TABLE.phrase("opinion", [])


@pytest.mark.parametrize(
    ("words", "cut", "is_one"),
    [
        (["لوكاله", "السهل"], 1, True),
        (["للجريده"], 1, True),
        (["لرويترز"], 1, True),
        (["لcnn"], 1, True),
        (["فرانس", "برس"], 0, True),
        (["للوزير"], 1, False),
        (["لاعب"], 1, False),
    ],
)
def test_outlets(words: list[str], cut: int, is_one: bool) -> None:
    assert TABLE.outlet(words, cut) is is_one


@pytest.mark.parametrize(
    ("word", "is_one"),
    [("دعاه", True), ("وطالبته", True), ("ابلغتني", True), ("دعا", False), ("بمطالبه", False)],
)
def test_a_cue_with_its_object_in_it(word: str, is_one: bool) -> None:
    assert bound(word) is is_one


def test_what_the_cues_say_of_a_word() -> None:
    assert lemmas("وقالت") == {"قال"}
    assert kinds("مشيرا") == {"participle"}
    assert kinds("جبل") == frozenset()
    assert topical(lemmas("قال"))
    assert topical(lemmas("كتبت"))
    assert not topical(lemmas("كشف"))
    assert not topical(lemmas("دافع"))
    assert relays(lemmas("نقلت"))
    assert not relays(lemmas("قال"))


@pytest.mark.parametrize(
    ("word", "is_one"),
    [("الذي", True), ("والتي", True), ("اللواتي", True), ("فيما", False), ("من", False)],
)
def test_relative_pronouns(word: str, is_one: bool) -> None:
    assert relative(word) is is_one


@pytest.mark.parametrize(
    ("word", "is_none"),
    [
        ("عبر", True), ("بالفعل", True), ("ذكرت", True), ("وزاره", False), ("الحكومه", False),
        ("كافه", False), ("المستهلك", False), ("مصر", False),
    ],
)  # fmt: skip
def test_what_can_be_no_hearer(word: str, is_none: bool) -> None:
    assert no_noun(word) is is_none


@pytest.mark.parametrize(
    ("word", "is_one"), [("للصحافيين", True), ("لواشنطن", True), ("ليبيا", False), ("لقاء", False)]
)
def test_prepositions_glued_to_a_word(word: str, is_one: bool) -> None:
    assert preposition(word) is is_one
