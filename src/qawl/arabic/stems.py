"""Search keys of Arabic words: what a word is looked up by, whatever is glued to it.

A light stemmer in the line of light10 (Larkey, Ballesteros and Connell 2007): the article and the
particles before it, and pronouns and the endings of number, gender and case behind a word are left
off; hamza seats and doubled weak letters count for nothing. A first letter that may be a particle or a
part of the word (بشراكة، بلد) gives a second reading, and broken plurals are looked up in stems.tsv.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from qawl.arabic.letters import MARKS, fold_word
from qawl.arabic.lexicon import DATA, acronyms, rows
from qawl.arabic.tokens import texts_of, tokens

#: Particles with the article, longest first.
_ARTICLE = ("وبال", "وكال", "فبال", "وال", "فال", "بال", "كال", "ولل", "فلل", "لل", "ال")
_PRONOUNS = ("كما", "هما", "هم", "هن", "كم", "ها", "نا", "ني", "ه")
_ENDINGS = ("ات", "ون", "ين", "ان", "يه", "وا", "ه", "ي", "ا")
#: Letters that may be a particle before a word.
_PARTICLES = "وفبلكس"
#: Letters that a stem keeps at least; fewer tell nothing.
LEAST = 3
#: Words whose keys are remembered (some 25 MB).
CACHED = 50_000
_UNMARKED = dict.fromkeys(map(ord, MARKS))
_INNER = str.maketrans(dict.fromkeys("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "·"))
_SEATS = str.maketrans({"ؤ": None, "ئ": None, "ء": None})


class Keys(NamedTuple):
    """The keys of a text: ``words`` (folded) and ``stems``, one for each word, in order; ``other`` are
    second readings, in no order, without repeats."""

    words: list[str]
    stems: list[str]
    other: list[str]


def keys_of(text: str) -> Keys:
    """The keys of a text's words; marks have none."""
    words: list[str] = []
    stems: list[str] = []
    other: dict[str, None] = {}
    for token in texts_of(text):
        word, key, others = _reading(token)
        if word:
            words.append(word)
            stems.append(key)
            if others:
                other.update(others)
    for _, _, keys in short_and_long(stems):
        other.update(dict.fromkeys(keys))
    return Keys(words, stems, list(other))


@lru_cache(maxsize=CACHED)
def _reading(word: str) -> tuple[str, str, dict[str, None]]:
    """(key as written, stem, second readings) of a word; empty ones of a mark."""
    key = word_key(word)
    if not key[:1].isalnum():
        return "", "", {}
    return key, stem(word), dict.fromkeys(second_readings(word))


def word_key(word: str) -> str:
    """A word as written, folded: small Latin letters, and ASCII marks within (3.5) as one that no database
    takes for the end of a word."""
    return fold_word(word).lower().translate(_INNER)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The key of a word, taking its first letter for its own (بلد)."""
    folded = _seatless(word)
    bare = _without_article(folded)
    listed = _listed()
    for form in (folded, bare, *_without_pronoun(bare)):
        if form in listed:
            return _ended(listed[form])
    return _ended(bare)


def second_readings(word: str) -> tuple[str, ...]:
    """Further keys of a word whose first letter, or first two, may be particles (بشراكة، ولبنان)."""
    out: list[str] = []
    rest = word.translate(_UNMARKED)
    for _ in range(2):
        if rest[:1] not in _PARTICLES or len(rest) - 1 < LEAST or rest.startswith("لل"):
            break
        rest = rest[1:]
        out.append(stem(rest))
    first = stem(word)
    return tuple(dict.fromkeys(key for key in out if key != first))


@cache
def _listed() -> dict[str, str]:
    """Word without hamza seats → the word whose stem it shares (broken plural → singular)."""
    return {_seatless(row["word"]): _seatless(row["stem"]) for row in rows(DATA / "stems.tsv")}


@cache
def _full_names() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The first stem of a full name → (its stems, the key of its acronym)."""
    out: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for short, names in acronyms().items():
        for name in names:
            stems = tuple(stem(t.text) for t in tokens(name))
            if len(stems) > 1 and " " not in short:
                out.setdefault(stems[0], []).append((stems, stem(short)))
    return out


@cache
def _long_of() -> dict[str, tuple[str, ...]]:
    """The key of an acronym → the stems of the first full name that it stands for."""
    return {
        stem(short): tuple(stem(t.text) for t in tokens(names[0]))
        for short, names in acronyms().items()
        if " " not in short and names
    }


def short_and_long(stems: list[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The acronyms and the full names among stems: (first, last, the stems of what each stands for)."""
    full, long = _full_names(), _long_of()
    if full.keys().isdisjoint(stems) and long.keys().isdisjoint(stems):
        return
    for k, key in enumerate(stems):
        if key in long:
            yield k, k, long[key]
        for name, short in full.get(key, ()):
            if tuple(stems[k : k + len(name)]) == name:
                yield k, k + len(name) - 1, (short,)


def _seatless(word: str) -> str:
    """A word folded, without the seats of its hamzas and with doubled و and ي as one, if enough is left:
    مسؤول، مسئول and مسوول are one."""
    word = word.translate(_UNMARKED)
    less = word.translate(_SEATS)
    folded = fold_word(less if len(less) >= LEAST else word)
    folded = folded.lower().translate(_INNER)
    return folded.replace("وو", "و").replace("يي", "ي") if len(folded) > LEAST else folded


def _without_article(word: str) -> str:
    for particle in _ARTICLE:
        if word.startswith(particle) and len(word) - len(particle) >= 2:
            return word[len(particle) :]
    return word


def _without_pronoun(word: str) -> tuple[str, ...]:
    """The word without a pronoun behind it, ت as ه again; none where it has none."""
    for pronoun in _PRONOUNS:
        if word.endswith(pronoun) and len(word) - len(pronoun) >= LEAST:
            rest = word[: -len(pronoun)]
            return (rest, rest[:-1] + "ه") if rest.endswith("ت") else (rest,)
    return ()


def _ended(word: str) -> str:
    """The word without what may stand behind its stem: a pronoun, then endings, one after another."""
    for rest in _without_pronoun(word)[:1]:
        word = rest[:-1] if rest.endswith("ت") and len(rest) > LEAST else rest
    before = ""
    while before != word:
        before = word
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= LEAST:
                word = word[: -len(ending)]
                break
    if word.endswith("ت") and len(word) > LEAST + 1:
        word = word[:-1]
    return word
