"""The word lists of Qawl, loaded once when first asked for: reporting words and their forms, titles,
offices, bodies, names, places, media, acronyms, words of grammar.

The lists are files (``arabic/data/*.tsv``, ``reader/data/cue*.tsv``) that a linguist edits; each says
in its header what its columns mean. Words are looked up folded (``letters.fold``) and bare: strip
و ف ب ل ك س and suffixed pronouns first. ال may stay, and is passed over where a list has its words
without it. All functions raise ``ModelError`` where a file is missing or damaged.
"""

from __future__ import annotations

from collections.abc import Iterator, KeysView, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, cast

from qawl.arabic.letters import fold
from qawl.errors import ModelError
from qawl.model import ACTS, Act

_PACKAGE = Path(__file__).parent.parent
DATA = _PACKAGE / "arabic" / "data"
CUES = _PACKAGE / "reader" / "data"

CueKind = Literal["verb", "phrase", "noun"]
FormKind = Literal[
    "past", "present", "jussive", "passive", "participle", "masdar", "noun", "phrase"
]
Ambiguity = Literal["low", "mid", "high"]

#: The classes of cues.
CUE_CLASSES = frozenset(
    {
        "say",
        "add",
        "state",
        "stress",
        "write",
        "explain",
        "ask",
        "answer",
        "admit",
        "opine",
        "describe",
        "predict",
        "deny",
        "accuse",
        "support",
        "commit",
        "warn",
        "request",
        "express",
        "claim",
        "evidence",
        "relay",
        "according",
        "other",
    }
)
#: The classes of each list. ``classes_of`` names a class ``list:class``, the file's stem in singular.
CLASSES: Mapping[str, frozenset[str]] = {
    "titles": frozenset(
        {
            "honorific",
            "academic",
            "religious",
            "royal",
            "political",
            "military",
            "media",
            "sport",
            "artist",
            "business",
        }
    ),
    "offices": frozenset({"head", "speaker", "source", "expert", "artist", "person"}),
    "bodies": frozenset(
        {"state", "armed", "party", "union", "company", "media", "document", "portfolio"}
    ),
    "places": frozenset({"country", "capital", "nationality", "town"}),
    "acronyms": frozenset({"state", "armed", "party", "union", "company", "media", "term"}),
    "media": frozenset({"agency", "newspaper", "channel", "radio", "site", "platform"}),
    "stopwords": frozenset(
        {
            "pronoun",
            "demonstrative",
            "relative",
            "preposition",
            "conjunction",
            "negation",
            "particle",
            "auxiliary",
            "adverb",
            "quantifier",
            "number",
        }
    ),
    "modifiers": frozenset({"rank", "field"}),
    "given_names": frozenset({"given", "family", "part"}),
    "given_names_ner": frozenset({"given", "family"}),
    "towns": frozenset({"town"}),
}
#: What ``classes_of`` calls each list.
_PREFIX = {
    "titles": "title",
    "offices": "office",
    "bodies": "body",
    "places": "place",
    "acronyms": "acronym",
    "media": "media",
    "stopwords": "stop",
    "modifiers": "modifier",
    "given_names": "name",
    "given_names_ner": "name",
    "towns": "place",
}
#: Classes whose words are listed without ال and are looked up with it too.
_WITHOUT_ARTICLE = ("office:", "body:", "modifier:", "place:nationality")


class Cue(NamedTuple):
    """A reporting word or phrase (cues.tsv)."""

    lemma: str
    kind: CueKind
    cls: str
    act: Act
    ambiguity: Ambiguity
    #: What may follow: أن إن إلى على عن من ب ل في مع ما هل, obj (a bare object), q (a quotation).
    frames: tuple[str, ...]
    #: The act where a frame has one of its own.
    frame_acts: tuple[tuple[str, Act], ...] = ()

    def act_of(self, frame: str) -> Act:
        """The act by default where ``frame`` follows the cue."""
        return dict(self.frame_acts).get(frame, self.act)


class CueForm(NamedTuple):
    """A form of a cue (cue_forms.tsv); person, gender and number are "-" where they do not apply."""

    form: str
    lemma: str
    kind: FormKind
    person: str
    gender: str
    number: str
    #: True where the form stands only before a suffixed pronoun (دعوت in دعوته).
    bound: bool

    @property
    def cue(self) -> Cue:
        """The cue that this is a form of."""
        kind: CueKind = (
            "noun" if self.kind == "noun" else "phrase" if self.kind == "phrase" else "verb"
        )
        return cues()[self.lemma, kind]


class Entry(NamedTuple):
    """What a list says of a word: its class (``office:head``), gender and number ("-" where none)."""

    cls: str
    gender: str = "-"
    number: str = "-"


class Phrase(NamedTuple):
    """A listed name of several words, folded, and its class."""

    words: tuple[str, ...]
    cls: str


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a list by the names of its columns."""
    header, lines = _lines(path)
    return [dict(zip(header, line, strict=True)) for line in lines]


@cache
def cues() -> dict[tuple[str, CueKind], Cue]:
    """The cues by lemma and kind."""
    found: dict[tuple[str, CueKind], Cue] = {}
    for lemma, kind, cls, act, ambiguity, frames, *_ in _lines(CUES / "cues.tsv")[1]:
        pairs = [frame.partition(":") for frame in frames.split()] if frames != "-" else []
        acts = tuple((marker, cast(Act, own)) for marker, _, own in pairs if own)
        if act not in ACTS or any(own not in ACTS for _, own in acts):
            raise ModelError(f"cues.tsv: unknown act at {lemma}; use one of {', '.join(ACTS)}")
        found[lemma, cast(CueKind, kind)] = Cue(
            lemma,
            cast(CueKind, kind),
            cls,
            act,
            cast(Ambiguity, ambiguity),
            tuple(marker for marker, _, _ in pairs),
            acts,
        )
    return found


@cache
def cue_forms() -> dict[str, tuple[CueForm, ...]]:
    """Every form of the cues, by its folded spelling; phrases by all their words, parted by a space."""
    found: dict[str, tuple[CueForm, ...]] = {}
    make = CueForm._make
    for form, lemma, kind, person, gender, number, bound in _lines(CUES / "cue_forms.tsv")[1]:
        entry = make((form, lemma, kind, person, gender, number, bound == "+"))
        known = found.get(form)
        found[form] = (entry,) if known is None else (*known, entry)
    return found


@cache
def cue_phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The words of each cue phrase of two words or more, by the first, the longest first; joined by a
    space they are a key of ``cue_forms``."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for form, entries in cue_forms().items():
        if " " in form and any(entry.kind == "phrase" for entry in entries):
            words = tuple(form.split(" "))
            found.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(some, key=len, reverse=True)) for first, some in found.items()}


def entries_of(word: str) -> tuple[Entry, ...]:
    """What the lists say of a folded word, also where only the word without its ال is listed."""
    found = _entries().get(word, ())
    if word.startswith("ال") and len(word) > 4:
        bare = _entries().get(word[2:], ())
        found += tuple(
            entry for entry in bare if entry.cls.startswith(_WITHOUT_ARTICLE) and entry not in found
        )
    return found


def listed() -> KeysView[str]:
    """The folded words of the lists, as they are listed (``entries_of``)."""
    return _entries().keys()


@lru_cache(maxsize=16_384)
def classes_of(word: str) -> tuple[str, ...]:
    """The classes of a folded word, ``list:class``, without repeats: ("title:political",
    "office:head") of الرييس."""
    return tuple(dict.fromkeys(entry.cls for entry in entries_of(word)))


@cache
def phrases() -> dict[str, tuple[Phrase, ...]]:
    """The listed names of several words (media, places, towns, acronyms and what they stand for), by
    their first word, the longest first."""
    found: dict[str, dict[Phrase, None]] = {}

    def add(name: str, cls: str) -> None:
        words = tuple(fold(name).split())
        if len(words) > 1:
            found.setdefault(words[0], {})[Phrase(words, cls)] = None

    for stem in ("media", "places", "towns"):
        for name, cls in _named(stem):
            add(name, cls)
    for short, full, cls in _lines(DATA / "acronyms.tsv")[1]:
        for name in (short, *full.split(" | ")):
            add(name, f"acronym:{cls}")
    return {
        first: tuple(sorted(some, key=lambda phrase: len(phrase.words), reverse=True))
        for first, some in found.items()
    }


@cache
def acronyms() -> dict[str, tuple[str, ...]]:
    """What each acronym or short name (folded) stands for, as written, the commonest name first."""
    found: dict[str, tuple[str, ...]] = {}
    for short, full, _ in _lines(DATA / "acronyms.tsv")[1]:
        found[fold(short)] = tuple(full.split(" | "))
    return found


@cache
def states() -> dict[str, tuple[str, ...]]:
    """The names of the state of each capital, all folded."""
    return {
        fold(row["capital"]): tuple(fold(name.strip()) for name in row["states"].split("،"))
        for row in rows(DATA / "states.tsv")
    }


@cache
def stopwords() -> frozenset[str]:
    """The words of grammar, folded."""
    return frozenset(fold(row[0]) for row in _lines(DATA / "stopwords.tsv")[1])


@cache
def _entries() -> dict[str, tuple[Entry, ...]]:
    found: dict[str, tuple[Entry, ...]] = {}
    made: dict[tuple[str, str, str], Entry] = {}
    for stem in CLASSES:
        header, lines = _lines(DATA / f"{stem}.tsv")
        gender = header.index("gender") if "gender" in header else None
        number = header.index("number") if "number" in header else None
        at = header.index("class") if "class" in header else None
        for row in lines:
            word = fold(row[0])
            if " " in word:
                continue
            key = (
                f"{_PREFIX[stem]}:{row[at] if at is not None else 'town'}",
                row[gender] if gender is not None else "-",
                row[number] if number is not None else "-",
            )
            entry = made.get(key)
            if entry is None:
                entry = made[key] = Entry(*key)
            known = found.get(word)
            if known is None:
                found[word] = (entry,)
            elif entry not in known:
                found[word] = (*known, entry)
    return found


def _named(stem: str) -> list[tuple[str, str]]:
    header, lines = _lines(DATA / f"{stem}.tsv")
    at = header.index("class") if "class" in header else None
    return [
        (row[0], f"{_PREFIX[stem]}:{row[at] if at is not None else 'town'}")
        for row in lines
        if " " in row[0]
    ]


def _lines(path: Path) -> tuple[list[str], Iterator[list[str]]]:
    """The names of the columns and the rows of a list, one at a time: 20,000 rows kept at once would
    double the loading time in garbage collection."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"cannot read the word list {path}: {error}; install qawl again"
        ) from error
    lines = (line for line in text.split("\n") if line and line[0] != "#")
    header = next(lines, "").split("\t")
    if header == [""]:
        raise ModelError(f"the word list {path} is empty; install qawl again")
    return header, _split(path, lines, len(header))


def _split(path: Path, lines: Iterator[str], width: int) -> Iterator[list[str]]:
    for line in lines:
        row = line.split("\t")
        if len(row) != width:
            raise ModelError(
                f"{path}: the row that begins with {row[0]!r} has {len(row)} columns, not {width}"
            )
        yield row
