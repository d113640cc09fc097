"""Whether a predicted source is the one that the gold names.

A name is compared by its set of folded words: hamza, ta marbuta, alif maqsura, diacritics and
tatweel aside, and without the article and the one-letter words glued before it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from qawl.model import Statement

#: Letters that the press exchanges freely.
_LETTERS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None}
)
_BETWEEN_WORDS = re.compile(r"[^\w]+")
#: A shorter word keeps its first letters: in الا or والد they are the word itself.
_LONGEST_KEPT_WHOLE = 4


def fold(text: str) -> str:
    """``text`` with exchangeable letters made one, marks dropped, one space between words."""
    plain = (c for c in unicodedata.normalize("NFKC", text) if not unicodedata.combining(c))
    return _BETWEEN_WORDS.sub(" ", "".join(plain).translate(_LETTERS)).strip()


def _bare(word: str) -> str:
    """A folded word without a glued و ف ب ل ك before the article, and without the article."""
    if len(word) > _LONGEST_KEPT_WHOLE:
        if word[0] in "وفبلك" and word[1:3] == "ال":
            word = word[1:]
        elif word.startswith("لل"):
            word = "ال" + word[2:]
    if len(word) > _LONGEST_KEPT_WHOLE and word.startswith("ال"):
        word = word[2:]
    return word


@lru_cache(maxsize=50_000)
def name_words(name: str) -> frozenset[str]:
    """The bare folded words of a name."""
    return frozenset(_bare(word) for word in fold(name).split())


def similarity(one: str, other: str) -> float:
    """How near two names are, 0 to 1.

    1 for the same words; 0.5 to 1 where one is a part of the other; under 0.5 where they share
    two words or more; else 0.
    """
    a, b = name_words(one), name_words(other)
    if not a or not b:
        return 0.0
    shared = len(a & b)
    ratio = shared / len(a | b)
    if a <= b or b <= a:
        return 0.5 + 0.5 * ratio
    return 0.5 * shared / len(a | b) if shared >= 2 else 0.0


def bears_name(mention: str, name: str) -> bool:
    """Whether a mention shares a word with the name; a bare role does not."""
    return bool(name_words(mention) & name_words(name))


def names_in_article(gold: Iterable[Statement]) -> dict[str, set[str]]:
    """For each gold source of an article, the names that count as naming it.

    They are its ``who`` and each speaker span that bears a word of it. A role ("المتحدث") that the
    article resolves to a name is not among them, so a prediction left at the role is wrong.
    """
    names: dict[str, set[str]] = {}
    for statement in gold:
        who = statement.who or ""
        known = names.setdefault(who, {who})
        if statement.speaker and bears_name(statement.speaker.text, who):
            known.add(statement.speaker.text)
    return names


def names_source(predicted: str | None, who: str, names: Mapping[str, Iterable[str]]) -> bool:
    """Whether ``predicted`` names the gold source ``who`` and is nearer to no other source.

    ``names`` is ``names_in_article``. Two sources that are equally near both count as named.
    """
    if not predicted:
        return False
    near = {w: max(similarity(predicted, n) for n in known) for w, known in names.items()}
    return near[who] > 0 and near[who] >= max(near.values())
