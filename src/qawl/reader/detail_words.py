"""The words that open what stands beside a content (``data/details.tsv``), folded, by their classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import CUES, classes_of, cue_forms, cues, phrases, rows
from qawl.errors import ModelError
from qawl.reader.columns import bare_forms

#: Classes of phrases that open a stretch of words, and of single words.
OPENERS = frozenset(
    [
        "about",
        "question",
        "setting",
        "place",
        "through",
        "time",
        "when",
        "relay",
        "relay-that",
        "adverb",
        "address",
        "apart",
        "again",
        "lead",
        "so",
    ]
)
WORDS = frozenset(
    [
        "occasion",
        "talk",
        "takes-عن",
        "outlet",
        "span",
        "relay-verb",
        "pronoun",
        "hearer",
        "hearer-من",
        "hearer-على",
        "hearer-إلى",
        "event",
        "opinion",
        "question-word",
        "greeting",
        "future",
        "factual",
        "denying",
        "refusal",
        "scripture",
        "no-future",
    ]
)
#: Classes of reporting words (cues.tsv) after which عن brings a topic.
_TOPICAL = ("say", "add", "state", "explain", "answer", "write", "opine")
_CLITIC_CONJUNCTIONS = "وف"
_CLITICS = "وفبلك"
_OBJECTS = ("ه", "ها", "هم", "هما", "هن", "ني", "نا", "كم")


@dataclass(frozen=True, slots=True)
class Opener:
    """A phrase that opens a stretch: its words, its class, and what it governs: a letter glued to the
    next word, "1" for one word more, "-" for nothing."""

    words: tuple[str, ...]
    cls: str
    governs: str


@dataclass(slots=True)
class DetailWords:
    """``openers`` by their first two words (or their one), the longest first; ``words`` by their class."""

    openers: dict[tuple[str, ...], list[Opener]] = field(default_factory=dict)
    words: dict[str, frozenset[str]] = field(default_factory=dict)

    def opening(self, folded: Sequence[str], k: int, cut: int = 0) -> list[Opener]:
        """The openers that stand at word ``k``, less ``cut`` letters of it, the longest first."""
        head = folded[k][cut:], *folded[k + 1 : k + 2]
        some = self.openers.get(head, ())
        found = [o for o in some if tuple(folded[k + 1 : k + len(o.words)]) == o.words[1:]]
        return found + self.openers.get(head[:1], []) if len(head) > 1 else found

    def has(self, cls: str, folded: str) -> bool:
        """Whether a word is of a class of single words, as it stands or bare."""
        words = self.words[cls]
        if folded in words:
            return True
        for form in bare_forms(folded):
            if form in words or (form[-1:] == "ت" and form[:-1] + "ه" in words):  # كلمته
                return True
        return False

    def has_exact(self, cls: str, folded: str) -> bool:
        """Whether a word is of a class of single words just as it stands."""
        return folded in self.words[cls]

    def outlet(self, words: Sequence[str], cut: int) -> bool:
        """Whether words begin with an outlet or a kind of one, less ``cut`` letters (its ل)."""
        word = words[0]
        rest = "ال" + word[2:] if cut and word.startswith("لل") else word[cut:]
        if rest[:1].isascii() and rest[:1].isalpha():
            return True
        if self.has_exact("outlet", rest.removeprefix("ال")):
            return True
        if any(name.startswith("media:") for name in classes_of(rest)):
            return True
        return any(
            phrase.cls.startswith("media:")
            and tuple(words[1 : len(phrase.words)]) == phrase.words[1:]
            for phrase in phrases().get(rest, ())
        )

    def phrase(self, cls: str, folded: Sequence[str]) -> bool:
        """Whether the words begin with a word or a phrase of a class, as they stand."""
        words = self.words[cls]
        return not words.isdisjoint([" ".join(folded[:n]) for n in (1, 2, 3)])


@cache
def detail_words() -> DetailWords:
    """The words of details.tsv. Raises ModelError where the file is damaged."""
    made = DetailWords()
    words: dict[str, set[str]] = {cls: set() for cls in WORDS}
    for row in rows(CUES / "details.tsv"):
        cls, phrase = row["class"], fold(row["words"])
        if cls in WORDS:
            words[cls].add(phrase)
        elif cls in OPENERS:
            parts = tuple(phrase.split())
            if not parts:
                raise ModelError(f"details.tsv: no words in a row of class {cls!r}")
            made.openers.setdefault(parts[:2], []).append(Opener(parts, cls, row["governs"]))
        else:
            raise ModelError(f"details.tsv: unknown class {cls!r} at {row['words']}")
    for some in made.openers.values():
        some.sort(key=lambda o: -len(o.words))
    made.words = {cls: frozenset(some) for cls, some in words.items()}
    return made


@lru_cache(maxsize=4096)
def lemmas(folded: str) -> frozenset[str]:
    """The folded lemmas of the reporting words that a folded word may be, with its clitics."""
    return frozenset(lemma for lemma, _ in _forms(folded))


@lru_cache(maxsize=4096)
def kinds(folded: str) -> frozenset[str]:
    """The kinds of form (past, participle, masdar, phrase …) that a folded reporting word may be."""
    return frozenset(kind for _, kind in _forms(folded))


@lru_cache(maxsize=4096)
def bound(folded: str) -> bool:
    """Whether a reporting word has its object in it (دعاه، أبلغتني)."""
    if not folded.endswith(_OBJECTS):
        return False
    forms = cue_forms()
    for _ in range(3):
        if folded in forms:
            return False
        if folded[:1] not in _CLITICS:
            break
        folded = folded[1:]
    return True


@cache
def _lemmas_of(*classes: str) -> frozenset[str]:
    """The folded lemmas of the reporting words of some classes (cues.tsv)."""
    return frozenset(fold(lemma) for (lemma, _), cue in cues().items() if cue.cls in classes)


@cache
def _contents_behind_an() -> frozenset[str]:
    """The folded lemmas whose content stands behind عن before all (كشف عن، دافع عن)."""
    return frozenset(fold(lemma) for (lemma, _), cue in cues().items() if cue.frames[:1] == ("عن",))


def topical(found: frozenset[str]) -> bool:
    """Whether عن after a reporting word of these lemmas brings a topic (قال عن) and no content."""
    return bool(found & _lemmas_of(*_TOPICAL)) and not found & _contents_behind_an()


def relays(found: frozenset[str]) -> bool:
    """Whether a reporting word of these lemmas passes on another's words (نقل، روى)."""
    return bool(found & _lemmas_of("relay"))


def relative(word: str) -> bool:
    """Whether a folded word is a relative pronoun of the kind of الذي, with و or without (والتي)."""
    word = word.removeprefix("و")
    return word.startswith("ال") and "stop:relative" in classes_of(word)


def no_noun(word: str) -> bool:
    """Whether a folded word is a finite reporting verb, or a preposition by itself or glued."""
    classes = classes_of(word)
    if any(name.startswith("stop:") for name in classes):
        return not {"stop:quantifier", "stop:demonstrative"} & set(classes)
    finite = {form.kind for form in cue_forms().get(word, ())} & {"past", "present", "passive"}
    if finite and not classes:
        return True
    return word[:1] == "ب" and not classes and (word[1:3] == "ال" or bool(classes_of(word[1:])))


def preposition(word: str) -> bool:
    """Whether a word's ل is likely a preposition: before ال, or before a word that lists know."""
    if word.startswith("لل") and len(word) > 4:
        return True
    return len(word) > 3 and not classes_of(word) and bool(classes_of(word[1:]))


def _forms(folded: str) -> list[tuple[str, str]]:
    forms = cue_forms()
    heads = [folded]
    if folded[:1] in _CLITIC_CONJUNCTIONS and folded not in forms:
        heads.append(folded[1:])
    for head in heads:
        for word in (head, *bare_forms(head)):
            if word in forms:
                return [(fold(form.lemma), form.kind) for form in forms[word]]
    return []
