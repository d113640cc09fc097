"""Wordings: what a content says as words that can be compared with those of another content.

Each word is seen through four layers of less and less spelling: folded letters; the stem, clitics and
endings off; the root's consonants, the weak letters and the letters of derivation off (a light cut, in
the manner of Larkey, Ballesteros and Connell, SIGIR 2002, then the longest consonants left); and how it
sounds, for foreign names (غوتيريش, غوتيريس). Lists in data/ say which words are interchangeable in
translations, which turn a meaning round, and which are numbers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain, pairwise
from pathlib import Path

from qawl.arabic.letters import ARABIC, MARKS, fold_word
from qawl.arabic.lexicon import rows, stopwords
from qawl.errors import ModelError

DATA = Path(__file__).parent / "data"

#: Weight of a word of grammar beside that of a rare word (about 9): it tells of style, not of what was
#: said, but a shared run of them still counts for something.
GRAMMAR = 0.5
#: Weight of a number: numbers are many, each alone is rare; that of a word of the middle ranks.
NUMBER = 5.0
#: Ranks are smoothed by this much, as Mandelbrot does in Zipf's law (1953), so that the very first words
#: do not take all of the mass.
MANDELBROT = 2.7

_ENDINGS = re.compile(
    "(?<=.{3})(?:هما|كما|تهم|تها|تنا|هم|هن|كم|نا|ها|ني|ات|ون|ين|ان|وا|يه|ته|تي|ه|ي|ا|ت)$"
)
#: Weak letters and the hamza on a seat, folded.
_WEAK = re.compile("[اويءه]")
_DERIVED = re.compile("^(?:است|يست|تست|نست|مست|ان|يت|نت|مت|ت|م|ي|ن)(?=...)")
_SOUNDS = str.maketrans("جغقكشسصزثطتضدذظحخهع", "ككككسسسسستتددددههه\u0621")
#: Words and numbers, as ``arabic.tokens`` cuts them, without the marks and with the words of a hashtag
#: apart.
_TOKEN = re.compile(
    rf"\d+(?:[.,٫٬:/]\d+)*|[{ARABIC}A-Za-z\u00c0-\u024f{MARKS}]+(?:\d+[{ARABIC}{MARKS}]*)*"
)
_PARTS = re.compile(r"\d[\d.,٫٬]*\d|\d|[^\W\d_]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A word without its place. ``sense`` is the stem of the group of interchangeable words that it is
    of, else its own ``stem``; ``weight`` is how much it tells (about 0.5 to 10, in nats);
    ``forms`` are its root, its group's and its sound, where they are long enough to tell; ``turn`` is
    its class in data/turns.tsv, else empty; ``number`` its value, if it is one."""

    folded: str
    stem: str
    sense: str
    root: str
    sound: str
    weight: float
    turn: str = ""
    number: float | None = None
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """The words of a text in order, and what of them is asked again and again. ``roots`` holds how words
    sound beside their roots; ``pairs`` are hashes of neighbouring words, words of grammar aside (numbers and not
    tuples, which the garbage collector would walk through)."""

    words: tuple[Word, ...]
    total: float
    senses: frozenset[str]
    roots: frozenset[str]
    pairs: frozenset[int]
    numbers: frozenset[float]
    turns: frozenset[str]


@lru_cache(maxsize=2048)
def wording(text: str) -> Wording:
    """The wording of a text; the last few thousand are remembered, since one statement is compared with
    several."""
    words = words_in(text)
    return Wording(
        words,
        sum([w.weight for w in words]),
        frozenset([w.sense for w in words]),
        frozenset([k for w in words for k in w.forms]),
        frozenset(map(hash, pairwise([w.sense for w in words if w.weight > GRAMMAR]))),
        frozenset([w.number for w in words if w.number is not None]),
        frozenset([w.turn for w in words if w.turn]),
    )


@lru_cache(maxsize=2048)
def words_in(text: str) -> tuple[Word, ...]:
    """The words of a text in order; a number in several words is one."""
    words = tuple(chain.from_iterable(map(words_of, _TOKEN.findall(text))))
    if sum([w.number is not None for w in words]) < 2:
        return words
    return tuple(word for word, _, _ in _joined((w, 0, 0) for w in words))


def places_in(text: str) -> list[tuple[int, int]]:
    """Where each of ``words_in`` stands (code points; end exclusive)."""
    found = [(w, *m.span()) for m in _TOKEN.finditer(text) for w in words_of(m.group())]
    return [(start, end) for _, start, end in _joined(found)]


def _joined(words: Iterable[tuple[Word, int, int]]) -> list[tuple[Word, int, int]]:
    found: list[tuple[Word, int, int]] = []
    for word, start, end in words:
        if found and word.number is not None and found[-1][0].number is not None:
            whole = _together(found[-1][0], word)
            if whole is not None:
                found[-1] = (whole, found[-1][1], end)
                continue
        found.append((word, start, end))
    return found


@lru_cache(maxsize=50_000)
def words_of(token: str) -> tuple[Word, ...]:
    """The word of a token; two where digits are glued to one (نحو33), none for a mark."""
    if token[0].isdigit():
        return (_number(token),)
    parts = _PARTS.findall(fold_word(token))
    if len(parts) == 1 and token[-3:] == "ألا":  # أن لا, which folded is as إلا
        return (replace(word_of(parts[0]), turn="not"),)
    return tuple(_number(p) if p[0].isdigit() else word_of(p) for p in parts)


def word_of(folded: str) -> Word:
    """The word of one spelling, folded."""
    stem = stem_of(folded)
    value = _value(folded)
    turn = _turn(folded, stem)
    if value is not None:
        return _numeral(folded, value, turn)
    same = _same().get(folded) or _same().get(stem, stem)
    root = root_of(stem)
    sound = _sound(stem, root)
    forms = tuple(k for k in dict.fromkeys((root, root_of(same), sound)) if len(k) > 2)
    weight = GRAMMAR if _is_grammar(folded) else _weight(stem)
    return Word(folded, stem, same, root, sound, weight, turn, None, forms)


def _turn(folded: str, stem: str) -> str:
    turns = _turns()
    short = folded[1:] if folded[0] in "وف" else folded
    turn = turns.get(folded) or turns.get(short) or turns.get(_bare(folded))
    if turn:
        return turn
    turn = turns.get(stem, "")
    return "" if turn == "not" else turn  # غيرها, others, denies nothing


def _value(folded: str) -> float | None:
    numbers = _numbers()
    value = numbers.get(folded)
    if value is None and folded[0] == "و":
        value = numbers.get(folded[1:])
    if value is None:
        value = numbers.get(_bare(folded))
        return None if value == 100 else value  # في المئة
    return value


def _number(token: str) -> Word:
    text = fold_word(token).replace("٫", ".").replace("٬", ",").replace(":", ".")
    # A comma before exactly three digits parts thousands, before fewer it is the decimal mark.
    text = _THOUSANDS.sub("", text).replace(",", ".")
    try:
        value = float(text)
    except ValueError:  # a date (3/4/2018) or an address
        return Word(text, text, text, text, text, NUMBER)
    return _numeral(text, value)


def _numeral(folded: str, value: float, turn: str = "") -> Word:
    name = f"{value:.12g}"
    return Word(folded, name, name, name, name, NUMBER, turn, value)


def _together(one: Word, other: Word) -> Word | None:
    """One number of two in words (ثلاثة وعشرون، ثلاثة عشر، مئة وخمسون), or None."""
    if one.folded[-1:].isdigit() or other.folded[-1:].isdigit():
        return None
    a, b = one.number or 0.0, other.number or 0.0
    joined = other.folded[0] == "و"
    if (a < 10 and (20 <= b < 100 if joined else b == 10)) or (joined and a >= 100 > b):
        return _numeral(one.folded + " " + other.folded, a + b)
    return None


def stem_of(folded: str) -> str:
    """A light stem: a clitic is cut where the rest is a commoner word, or where it is the article."""
    stem = _bare(folded)
    for _ in range(2):
        cut = _ENDINGS.sub("", stem)
        if cut == stem:
            break
        stem = cut
    return stem


def _bare(folded: str) -> str:
    """The word without what is glued to its front."""
    known = ranks()
    word = folded
    if word[:1] in "وف" and len(word) > 3 and _commoner(word[1:], word, known):
        word = word[1:]
    if word[:2] == "لل" and len(word) > 4:
        return word[2:]
    if word[:1] in "بلك" and len(word) > 3:
        if word[1:3] == "ال" and len(word) > 5:
            return word[3:]
        if word[:2] != "ال" and _commoner(word[1:], word, known):
            word = word[1:]
    if word[:2] == "ال" and len(word) > 4:
        return word[2:]
    if word[:1] == "س" and word[1:2] in ("ي", "ت", "ن", "ا") and _commoner(word[1:], word, known):
        word = word[1:]
    return word


def _commoner(rest: str, word: str, known: dict[str, int]) -> bool:
    last = len(known) + 1
    return known.get(rest, last) < known.get(word, last) or (rest[:2] == "ال" and len(rest) > 4)


def root_of(stem: str) -> str:
    """The consonants of a stem that its derivations share, as far as letters tell; the stem itself where
    fewer than three are left."""
    cut = _DERIVED.sub("", stem, count=1)
    if len(cut) > 3 and cut[0] == "ا":
        cut = cut[1:]
    if len(cut) > 3 and cut[1] == "ت":  # افتعل
        cut = cut[0] + cut[2:]
    bones = _WEAK.sub("", cut)
    if len(bones) < 3:  # a weak root: its first letter stays (وقع)
        bones = cut[:1] + _WEAK.sub("", cut[1:])
    return bones if len(bones) > 2 else cut


def _sound(stem: str, root: str) -> str:
    """How a long word sounds, for names that outlets write in their own ways; else the root."""
    bones = _WEAK.sub("", stem)
    return "~" + bones.translate(_SOUNDS) if len(bones) > 3 else root


def _is_grammar(folded: str) -> bool:
    words = stopwords()
    return folded in words or (folded[:1] in "وفبل" and folded[1:] in words)


@cache
def ranks() -> dict[str, int]:
    """Folded words in order of frequency in news, from 1 (data/frequent.txt)."""
    path = DATA / "frequent.txt"
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"cannot read {path}: {error}; install qawl again") from error
    words = [line for line in lines if line and line[0] != "#"]
    return {word: k for k, word in enumerate(words, start=1)}


@cache
def _masses() -> tuple[dict[str, float], float]:
    """The share of the running words that each stem has, by Zipf's law, and the least one."""
    masses: dict[str, float] = {}
    total = 0.0
    for word, rank in ranks().items():
        mass = 1 / (rank + MANDELBROT)
        total += mass
        stem = stem_of(word)
        masses[stem] = masses.get(stem, 0.0) + mass
    return {s: m / total for s, m in masses.items()}, 1 / (len(ranks()) + MANDELBROT) / total


def rarest() -> float:
    """The weight of a word that data/frequent.txt has not."""
    return -math.log(_masses()[1])


def _weight(stem: str) -> float:
    masses, least = _masses()
    return -math.log(masses.get(stem, least))


@cache
def _same() -> dict[str, str]:
    """Interchangeable words → the first of their group, by spelling and by stem."""
    found: dict[str, str] = {}
    for row in rows(DATA / "same_words.tsv"):
        group = [fold_word(w) for w in row["words"].split()]
        first = stem_of(group[0])
        for word in group:
            found[word] = first
            found.setdefault(stem_of(word), first)
    return found


@cache
def _turns() -> dict[str, str]:
    return {fold_word(row["word"]): row["class"] for row in rows(DATA / "turns.tsv")}


@cache
def _numbers() -> dict[str, float]:
    return {fold_word(row["word"]): float(row["value"]) for row in rows(DATA / "numbers.tsv")}
