"""The words that open what stands beside a content (``data/details.tsv``), folded, by their classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import CUES, cue_forms, cues, rows
from qawl.errors import ModelError
from qawl.reader.columns import bare_forms

#: Classes of phrases that open a stretch of words, and of single words.
OPENERS = frozenset(
    [
        "about",
        "question",
        "setting",
        "place",
        "time",
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
        "no-future",
    ]
)
#: Classes of reporting words (cues.tsv) after which عن brings a topic.
_TOPICAL = frozenset({"say", "add", "state", "explain", "answer", "write", "opine"})
_CLITIC_CONJUNCTIONS = "وف"


@dataclass(frozen=True, slots=True)
class Opener:
    """A phrase that opens a stretch: its words, its class, and what it governs: a letter glued to the
    next word, "1" for one word more, "-" for nothing."""

    words: tuple[str, ...]
    cls: str
    governs: str


@dataclass(slots=True)
class DetailWords:
    """``openers`` by their first word, the longest first; ``words`` by their class."""

    openers: dict[str, list[Opener]] = field(default_factory=dict)
    words: dict[str, frozenset[str]] = field(default_factory=dict)

    def has(self, cls: str, folded: str) -> bool:
        """Whether a word is of a class of single words, as it stands or bare."""
        words = self.words[cls]
        return folded in words or any(form in words for form in bare_forms(folded))

    def has_exact(self, cls: str, folded: str) -> bool:
        """Whether a word is of a class of single words just as it stands."""
        return folded in self.words[cls]

    def phrase(self, cls: str, folded: Sequence[str]) -> bool:
        """Whether the words begin with a word or a phrase of a class, as they stand."""
        words = self.words[cls]
        return any(" ".join(folded[:n]) in words for n in (1, 2, 3) if n <= len(folded))


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
            made.openers.setdefault(parts[0], []).append(Opener(parts, cls, row["governs"]))
        else:
            raise ModelError(f"details.tsv: unknown class {cls!r} at {row['words']}")
    for some in made.openers.values():
        some.sort(key=lambda o: -len(o.words))
    made.words = {cls: frozenset(some) for cls, some in words.items()}
    return made


def lemmas(folded: str) -> frozenset[str]:
    """The folded lemmas of the reporting words that a folded word may be, with its clitics."""
    return frozenset(lemma for lemma, _ in _forms(folded))


def is_participle(folded: str) -> bool:
    """Whether a reporting word is rather a participle (مشيرا) than a verb."""
    kinds = [kind for _, kind in _forms(folded)]
    return bool(kinds) and all(kind == "participle" for kind in kinds)


@cache
def _classes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for (lemma, _), cue in cues().items():
        found.setdefault(fold(lemma), set()).add(cue.cls)
    return {lemma: frozenset(some) for lemma, some in found.items()}


def topical(found: frozenset[str]) -> bool:
    """Whether عن after a reporting word of these lemmas brings a topic (قال عن) and no content."""
    return any(_classes().get(lemma, frozenset()) & _TOPICAL for lemma in found)


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
