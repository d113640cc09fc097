"""The word lists: well formed, folded where they say so, and covering what the reader relies on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from qawl.arabic import lexicon
from qawl.arabic.letters import fold
from qawl.errors import ModelError
from qawl.model import ACTS

LISTS = sorted(lexicon.CLASSES)


@pytest.mark.parametrize("stem", LISTS)
def test_no_row_stands_twice(stem: str) -> None:
    rows = lexicon.rows(lexicon.DATA / f"{stem}.tsv")
    name = next(iter(rows[0]))
    seen = Counter((fold(row[name]), row.get("class", "")) for row in rows)
    assert [key for key, count in seen.items() if count > 1] == []


@pytest.mark.parametrize("stem", LISTS)
def test_classes_are_known_and_cells_are_clean(stem: str) -> None:
    for row in lexicon.rows(lexicon.DATA / f"{stem}.tsv"):
        assert row.get("class", "town") in lexicon.CLASSES[stem], row
        assert row.get("gender", "-") in {"m", "f", "-"}, row
        assert row.get("number", "-") in {"s", "d", "p", "-"}, row
        assert all(cell and cell == cell.strip() and "  " not in cell for cell in row.values()), row


def test_every_file_says_its_columns_and_licences_are_named() -> None:
    lists = [lexicon.DATA / f"{stem}.tsv" for stem in LISTS]
    for file in (*lists, lexicon.CUES / "cues.tsv", lexicon.CUES / "cue_forms.tsv"):
        assert file.read_text("utf-8").startswith("# "), file
    assert "CC BY 4.0" in (lexicon.DATA / "towns.tsv").read_text("utf-8")[:600]
    assert "CC BY-SA" in (lexicon.DATA / "given_names_ner.tsv").read_text("utf-8")[:600]


def test_cues_have_known_classes_acts_and_frames() -> None:
    markers = {
        "أن",
        "إن",
        "إلى",
        "على",
        "عن",
        "من",
        "ب",
        "ل",
        "في",
        "مع",
        "بين",
        "ما",
        "هل",
        "obj",
        "q",
    }
    for cue in lexicon.cues().values():
        assert cue.cls in lexicon.CUE_CLASSES, cue
        assert cue.kind in {"verb", "phrase", "noun"}, cue
        assert cue.act in ACTS, cue
        assert cue.ambiguity in {"low", "mid", "high"}, cue
        assert set(cue.frames) <= markers, cue


def test_cues_stand_once() -> None:
    rows = lexicon.rows(lexicon.CUES / "cues.tsv")
    assert len(lexicon.cues()) == len(rows)
    assert sum(row["kind"] == "verb" for row in rows) >= 450


def test_every_form_is_folded_and_belongs_to_a_cue_and_no_cue_is_without_forms() -> None:
    seen: set[tuple[str, str]] = set()
    for form, entries in lexicon.cue_forms().items():
        assert form == fold(form) == form.strip(), form
        assert len(set(entries)) == len(entries), form
        for entry in entries:
            cue = entry.cue  # raises KeyError where there is none
            seen.add((cue.lemma, cue.kind))
            assert entry.person in {"1", "3", "-"}
            assert entry.gender in {"m", "f", "-"}
            assert entry.number in {"s", "d", "p", "-"}
    assert seen == set(lexicon.cues())


def test_forms_file_is_small() -> None:
    assert (lexicon.CUES / "cue_forms.tsv").stat().st_size < 1_000_000


@pytest.mark.parametrize(
    ("written", "lemma", "kind"),
    [
        ("قالت", "قال", "past"),
        ("يقول", "قال", "present"),
        ("يقل", "قال", "jussive"),
        ("قائلاً", "قال", "participle"),
        ("قول", "قول", "noun"),
        ("يؤكّدون", "أكّد", "present"),
        ("مؤكدة", "أكّد", "participle"),
        ("مشيراً", "أشار", "participle"),
        ("لافتةً", "لفت", "participle"),
        ("نافياً", "نفى", "participle"),
        ("متسائلين", "تساءل", "participle"),
        ("ادّعاء", "ادعاء", "noun"),
        ("استيضاح", "استوضح", "masdar"),
        ("إيحاء", "أوحى", "masdar"),
        ("استطراد", "استطرد", "masdar"),
        ("هنّأوا", "هنّأ", "past"),
        ("نُقل", "نقل", "past"),
        ("قيل", "قال", "passive"),
        ("دعوا", "دعا", "past"),
        ("وفقاً", "وفقا", "phrase"),
        ("على حدّ قول", "على حد قول", "phrase"),
        ("أعربت عن أملها", "أعرب عن أمله", "phrase"),
    ],
)
def test_forms_lead_to_their_cue(written: str, lemma: str, kind: str) -> None:
    found = {(entry.lemma, entry.kind) for entry in lexicon.cue_forms()[fold(written)]}
    assert (lemma, kind) in found


def test_forms_tell_person_gender_and_number() -> None:
    (said,) = (e for e in lexicon.cue_forms()["قالت"] if e.kind == "past" and e.gender == "f")
    assert (said.person, said.number, said.bound) == ("3", "s", False)
    bound = [e for e in lexicon.cue_forms()["دعوت"] if e.lemma == "دعوة"]
    assert [e.bound for e in bound] == [True]


@pytest.mark.parametrize("word", ["قولوا", "ليقولن", "كتاب", "ذهبي", "سيارة"])
def test_what_is_no_form_is_absent(word: str) -> None:
    assert fold(word) not in lexicon.cue_forms()


def test_a_frame_may_have_an_act_of_its_own() -> None:
    cue = lexicon.cues()["نوّه", "verb"]
    assert cue.act_of("ب") == "support"
    assert cue.act_of("إلى") == "inform"


def test_cue_phrases_are_given_longest_first() -> None:
    some = lexicon.cue_phrases()["جاء"]
    assert [len(words) for words in some] == sorted(map(len, some), reverse=True)
    assert all(" ".join(words) in lexicon.cue_forms() for words in some)


@pytest.mark.parametrize(
    ("word", "cls"),
    [
        ("الدكتورة", "title:academic"),
        ("العميد", "title:military"),
        ("الوزير", "office:head"),
        ("وزيرة", "office:head"),
        ("الناطقة", "office:speaker"),
        ("مسؤولو", "office:head"),
        ("مصادر", "office:source"),
        ("المحللون", "office:expert"),
        ("وزارة", "body:state"),
        ("الحركة", "body:party"),
        ("الصحيفة", "body:media"),
        ("دراسة", "body:document"),
        ("السعودية", "place:country"),
        ("السعوديين", "place:nationality"),
        ("المغاربة", "place:nationality"),
        ("موسكو", "place:capital"),
        ("كوباني", "place:town"),
        ("سوسة", "place:town"),
        ("قسد", "acronym:armed"),
        ("رويترز", "media:agency"),
        ("محمد", "name:given"),
        ("آل", "name:part"),
        ("الذي", "stop:relative"),
        ("أمني", "modifier:field"),
    ],
)
def test_words_have_their_classes(word: str, cls: str) -> None:
    assert cls in lexicon.classes_of(fold(word))


def test_gender_and_number_of_a_word() -> None:
    assert lexicon.Entry("office:source", "m", "p") in lexicon.entries_of(fold("الشهود"))


def test_a_word_of_no_list_has_no_class() -> None:
    assert lexicon.classes_of("سيارة") == ()
    assert lexicon.classes_of("") == ()


def test_names_of_several_words() -> None:
    some = lexicon.phrases()[fold("سكاي")]
    assert some[0] == lexicon.Phrase(("سكاي", "نيوز", "عربيه"), "media:channel")
    assert any(p.words == tuple(fold("رام الله").split()) for p in lexicon.phrases()["رام"])


def test_acronyms_give_what_they_stand_for() -> None:
    assert lexicon.acronyms()["قسد"] == ("قوات سوريا الديمقراطية",)
    assert lexicon.acronyms()[fold("أوبك")][0].startswith("منظمة")


def test_stopwords_are_folded() -> None:
    assert {"الذي", "علي", "انه"} <= lexicon.stopwords()
    assert all(word == fold(word) for word in lexicon.stopwords())


def test_a_damaged_list_is_named_with_the_row(tmp_path: Path) -> None:
    file = tmp_path / "list.tsv"
    file.write_text("# a list\nform\tclass\nكلمة\n", "utf-8")
    with pytest.raises(ModelError, match=r"list\.tsv.*كلمة.*1 columns, not 2"):
        lexicon.rows(file)
    file.write_text("# nothing\n", "utf-8")
    with pytest.raises(ModelError, match="empty"):
        lexicon.rows(file)
    with pytest.raises(ModelError, match="cannot read"):
        lexicon.rows(tmp_path / "absent.tsv")


def test_a_capital_names_its_state() -> None:
    assert "روسيا" in lexicon.states()[fold("موسكو")]
    assert all(capital and names and all(names) for capital, names in lexicon.states().items())
    places = {row["form"]: row["class"] for row in lexicon.rows(lexicon.DATA / "places.tsv")}
    for row in lexicon.rows(lexicon.DATA / "states.tsv"):
        assert places.get(row["capital"], "capital") == "capital", row
    assert not {name for names in lexicon.states().values() for name in names} & set(
        lexicon.states()
    )
