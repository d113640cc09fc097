"""Writes ``src/qawl/reader/data/cue_forms.tsv`` from ``cues.tsv``: every form a cue takes in news.

One command, from the repository root::

    pip install libqutrub && python training/lexicon/conjugate.py

Finite forms come from libqutrub (Taha Zerrouki, GPL-2.0; used here at build time only, never imported
by the package). Participles and verbal nouns follow the pattern rules of forms I to X, below and in
``nouns.py``. Left out as noise: energetic moods, imperatives, the second person, the
subjunctive and jussive where they are spelt like the indicative, most of the passive.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import nouns
from libqutrub.conjugator import conjugate

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
from qawl.arabic.letters import fold

DATA = Path(__file__).parents[2] / "src/qawl/reader/data"
HEADER = """\
# Every form of the cues of cues.tsv. Written by training/lexicon/conjugate.py: do not edit, edit cues.tsv.
# Forms are folded (qawl.arabic.letters.fold) and bare: without و ف س ل ب ك before them and pronouns after
# them; verbal nouns and nouns also with ال.
# Columns (tab-separated; "-" where it does not apply):
# form     folded; words of a phrase are parted by one space
# lemma    of cues.tsv
# kind     past | present | jussive | passive | participle | masdar | noun | phrase
# person   1 | 3
# gender   m | f
# number   s | d | p
# bound    + where the form stands only before a pronoun (دعوت in دعوته, وصفو in وصفوه)
form\tlemma\tkind\tperson\tgender\tnumber\tbound
"""
PAST, PRESENT, JUSSIVE = "الماضي المعلوم", "المضارع المعلوم", "المضارع المجزوم"
PASSIVE_PAST, PASSIVE_PRESENT = "الماضي المجهول", "المضارع المجهول"
#: libqutrub's pronouns and what they are, in the order of the file; others are left out.
PRONOUNS = {
    "هو": "3ms", "هي": "3fs", "هما": "3md", "هما مؤ": "3fd", "هم": "3mp", "هن": "3fp",
    "أنا": "1-s", "نحن": "1-p",
}  # fmt: skip


class Row(NamedTuple):
    form: str
    lemma: str
    kind: str
    person: str = "-"
    gender: str = "-"
    number: str = "-"
    bound: str = "-"


def finite(lemma: str, vocalised: str, vowel: str) -> Iterator[Row]:
    """The past, present, weak jussive and third person singular passive of a verb."""
    tables = conjugate(
        vocalised,
        "فتحة" if vowel == "-" else vowel,
        True,
        True,
        True,
        True,
        False,
        True,
        False,
        True,
        "DICT",
    )
    for kind, table in (("past", PAST), ("present", PRESENT), ("jussive", JUSSIVE)):
        for pronoun, tag in PRONOUNS.items():
            written = nouns.bare(tables[table][pronoun])
            if kind == "jussive" and (tag in ("3fp", "3md", "3fd", "1-s", "1-p")):
                continue
            form = fold(written)
            if kind == "jussive" and form == fold(nouns.bare(tables[PRESENT][pronoun])):
                continue
            if kind == "jussive" and nouns.uncontracted(vocalised, form):
                continue
            yield Row(form, lemma, kind, *tag)
            if written.endswith("ؤوا"):  # قرأوا beside قرؤوا
                yield Row(form[:-3] + "اوا", lemma, kind, *tag)
            if (
                kind == "past" and "اء" in written and not lemma.endswith("ء")
            ):  # تسائل, as many pages spell تساءل
                yield Row(fold(written.replace("اء", "ائ")), lemma, kind, *tag)
            if written.endswith("ى") and tag.startswith("3"):
                yield Row(form[:-1] + "ا", lemma, kind, *tag, "+")
            elif written.endswith("وا") and tag == "3mp":
                yield Row(form[:-1], lemma, kind, *tag, "+")
    for table, active in ((PASSIVE_PAST, PAST), (PASSIVE_PRESENT, PRESENT)):
        for pronoun in ("هو", "هي"):
            form = fold(nouns.bare(tables[table][pronoun]))
            if form and form != fold(nouns.bare(tables[active][pronoun])):
                yield Row(form, lemma, "passive", *PRONOUNS[pronoun])


def participles(lemma: str, vocalised: str, vowel: str) -> Iterator[Row]:
    """The active participle: indefinite, both genders, singular, sound plural, accusative."""
    present = conjugate(
        vocalised,
        "فتحة" if vowel == "-" else vowel,
        True,
        False,
        True,
        False,
        False,
        False,
        False,
        True,
        "DICT",
    )[PRESENT]["هو"]
    stem = nouns.participle(vocalised, present, form_one=vowel != "-")
    if not stem:
        return
    weak = stem.endswith(("ي", "ى"))
    root = stem[:-1] if weak else stem
    y = "ي" if weak else ""
    for form, gender, number in (
        (root, "m", "s"),
        (root + y + "ا", "m", "s"),
        (root + y + "ة", "f", "s"),
        (root + "ين", "m", "p"),
        (root + "ون", "m", "p"),
        (root + y + "ات", "f", "p"),
    ):
        yield Row(fold(form), lemma, "participle", "-", gender, number)


#: Words that open a relay phrase before a verb (كما قال), and the nouns that end one and may carry a
#: pronoun in place of the name (على حد قوله).
OPENERS = ("كما ", "مثلما ", "على ما ", "وفق ما ", "بحسب ما ", "حسب ما ", "وفقا لما ")
PRONOUN_NOUNS = {"قول", "تعبير", "وصف", "رأي", "زعم", "نظر", "اعتقاد", "تقدير", "لسان", "علم"}
SUFFIXES = {"ه": "3ms", "ها": "3fs", "هم": "3mp", "ي": "1-s", "نا": "1-p"}


def phrase_rows(phrase: str, verbs: dict[str, tuple[str, str, str]]) -> Iterator[Row]:
    """A phrase as listed and as it varies.

    One that begins with the past of a verb of cues.tsv, alone or after an opener (كما قال), also stands
    in the other third persons, the present and (alone) as a participle, a possessive at its end
    agreeing (أعرب عن أمله, أعربت عن أملها); one that ends with a noun of saying also with pronouns.
    """
    yield Row(fold(phrase), phrase, "phrase")
    seen = {fold(phrase)}
    if phrase.split()[-1] in PRONOUN_NOUNS:
        for suffix, tag in SUFFIXES.items():
            form = fold(phrase + suffix)
            seen.add(form)
            yield Row(form, phrase, "phrase", *tag)
    opener = next((words for words in OPENERS if phrase.startswith(words)), "")
    first, _, rest = phrase[len(opener) :].partition(" ")
    # حسب in a phrase is no verb; a verb after the first would have to agree too.
    if first not in verbs or first == "حسب" or rest.startswith(("لي", "يقول")):
        return
    if not (rest or opener):
        return
    rows: list[Row] = list(finite(*verbs[first]))
    if not opener:
        rows += participles(*verbs[first])
    for row in rows:
        if row.kind in ("jussive", "passive") or row.person not in "3-" or row.bound == "+":
            continue
        if row.number == "d" or (row.gender, row.number) == ("f", "p"):
            continue
        tail = rest
        if rest.endswith("ه"):
            tail = rest[:-1] + {"ms": "ه", "fs": "ها", "mp": "هم"}[row.gender + row.number]
        form = f"{fold(opener)}{row.form} {fold(tail)}".strip()
        if form not in seen:
            seen.add(form)
            yield Row(form, phrase, "phrase", row.person, row.gender, row.number)


def noun_rows(lemma: str, kind: str, word: str, number: str) -> Iterator[Row]:
    """A noun as it may stand: bare, with ال, accusative, before a pronoun."""
    form = fold(word)
    gender = "f" if word.endswith(("ة", "ى", "ات", "يا")) else "m"
    rows = [(form, "-"), ("ال" + form, "-")]
    if word.endswith("ة"):
        rows.append((form[:-1] + "ت", "+"))
    elif word.endswith("ى"):
        rows.append((form[:-1] + "ا", "+"))
    elif word.endswith("اء"):
        rows += [(form[:-1] + "و", "+"), (form[:-1] + "ي", "+")]
    elif not word.endswith(("ات", "ا")) and number == "s":
        rows.append((form + "ا", "-"))
    for form, bound in rows:
        yield Row(form, lemma, kind, "-", gender, number, bound)


def main() -> None:
    lines = (DATA / "cues.tsv").read_text("utf-8").splitlines()
    cues = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    verbs = {
        nouns.bare(cue[6]): (cue[0], cue[6], cue[7]) for cue in reversed(cues) if cue[1] == "verb"
    }
    rows: dict[Row, None] = {}
    verbal: list[Row] = []
    nominal: list[Row] = []
    for lemma, kind, _class, _act, _ambiguity, _frames, vocalised, vowel, given in cues:
        if kind == "phrase":
            rows.update(dict.fromkeys(phrase_rows(lemma, verbs)))
        elif kind == "noun":
            plurals = [] if given == "-" else [word.lstrip("+") for word in given.split()]
            nominal += noun_rows(lemma, "noun", lemma, "s")
            for word in plurals:
                nominal += noun_rows(lemma, "noun", word, "p")
        else:
            rows.update(dict.fromkeys(finite(lemma, vocalised, vowel)))
            rows.update(dict.fromkeys(participles(lemma, vocalised, vowel)))
            words = nouns.masdars(vocalised) if given == "-" and vowel == "-" else given.split()
            for word in words:
                if word != "-":
                    number = "p" if word.startswith("+") else "s"
                    verbal += noun_rows(lemma, "masdar", word.lstrip("+"), number)
    # A verbal noun that cues.tsv lists as a noun of its own keeps the noun's entry alone.
    noun_forms = {row.form for row in nominal}
    rows.update(dict.fromkeys(row for row in verbal if row.form not in noun_forms))
    rows.update(dict.fromkeys(nominal))
    order = {cue[0] + cue[1][0]: i for i, cue in enumerate(cues)}
    kinds = ["past", "present", "jussive", "passive", "participle", "masdar", "noun", "phrase"]
    initial = {"phrase": "p", "noun": "n"}
    listed = sorted(
        rows,
        key=lambda row: (
            order.get(row.lemma + initial.get(row.kind, "v"), order.get(row.lemma + "n", 0)),
            kinds.index(row.kind),
        ),
    )
    text = HEADER + "".join("\t".join(row) + "\n" for row in listed)
    (DATA / "cue_forms.tsv").write_text(text, "utf-8")
    print(f"{len(cues)} cues, {len(listed)} forms, {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main()
