"""Spellings of one name: كاغينز، كاجينز and كاغنز are one, سالم and سليم are not.

Two words are compared by their consonants, those that Arabic writes for one foreign sound taken
together. What Arabic itself tells apart stays apart: a word with a letter that writes no foreign sound
(ح ع ض ظ) may differ in its last vowel and in an alif only, and two given names of the lists are two names.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import DATA, classes_of, rows

#: Letters that the press exchanges for one foreign sound: g, t, d, s and its neighbours, p and b, f and v.
_SOUNDS = str.maketrans("جغقكطضصثزظذشپڤچژ", "ككككتدسسسسسسبفسس")
#: The same for a short word: sh stays apart from s.
_SOUNDS_APART = str.maketrans("جغقطضصثزظذپڤچژ", "كككتدسسسسسبفشش")
#: The same for a word alone: ك stays apart from g too.
_SOUNDS_ALONE = str.maketrans("جغقطضصثزظذپڤچژ", "گگگتدسسسسسبفشش")
#: Letters that no foreign sound needs: a word with one of them is Arabic.
_NATIVE = re.compile("[حعضظ]")
_VOWELS = str.maketrans("", "", "اوي")
_DOUBLED = re.compile(r"(.)\1+")
#: How the press writes sh, ch and x: with one letter or two.
_PAIRS = (("تش", "ش"), ("كس", "ك"), ("دج", "ج"), ("تز", "ز"), ("تس", "س"))


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """The sounds of a folded word without its vowels: what all its spellings share.

    A vowel at the beginning is kept as ا, since a word does not lose it; و and ي there are consonants.
    """
    for two, one in _PAIRS:
        word = word.replace(two, one)
    rest = word.translate(_SOUNDS)
    if rest[-1:] in ("ه", "ا", "ي") and len(rest) > 2:
        rest = rest[:-1]
    first, rest = rest[:1], rest[1:].translate(_VOWELS)
    return _DOUBLED.sub(r"\1", first + rest)


@lru_cache(maxsize=65536)
def same_word(one: str, other: str) -> bool:
    """Whether two folded words are spellings of one name."""
    if one == other:
        return True
    if (one, other) in _variants():
        return True
    bones = skeleton(one)
    if bones != skeleton(other):
        return False
    if _DOUBLED.sub(r"\1", one) == _DOUBLED.sub(r"\1", other):  # داوود، داود
        return True
    if _NATIVE.search(one) or _NATIVE.search(other):
        return not (_given(one) and _given(other)) and _same_native(one, other)
    if _given(one) and _given(other) and not _foreign(one) and not _foreign(other):
        return False
    if len(bones) < 3:
        return len(one) > 2 and len(other) > 2 and _ending(one) == _ending(other)
    if len(bones) == 3:
        return _kept(one) == _kept(other)
    return True


@lru_cache(maxsize=65536)
def is_native(word: str) -> bool:
    """Whether a folded name is Arabic, by its letters or the list of given names: many bear it."""
    return bool(_NATIVE.search(word)) or ("name:given" in classes_of(word) and not _foreign(word))


@lru_cache(maxsize=65536)
def near_word(one: str, other: str) -> bool:
    """``same_word`` for a name that stands alone: its long vowels may differ in one place too (ترامب, ترمب;
    not غولن, جولياني)."""
    if one == other:
        return True
    if not same_word(one, other):
        return False
    a, b = map(_alone, (one, other))
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    return len(short) > 3 and any(long[:k] + long[k + 1 :] == short for k in range(len(long)))


def _alone(word: str) -> str:
    """A word in one spelling, its vowels, ك and sh (not at its end) told apart."""
    plain = word[:-1].translate(_SOUNDS_ALONE) + word[-1:].translate(_SOUNDS)
    return _DOUBLED.sub(r"\1", plain)


def variant(word: str) -> str:
    """A given name by the first of its forms (name_variants.tsv), so that all are found together."""
    return _first_forms().get(word, word)


@cache
def _first_forms() -> dict[str, str]:
    forms: dict[str, str] = {}
    for row in rows(DATA / "name_variants.tsv"):
        names = [fold(name) for name in row["names"].split(" | ")]
        for name in names:
            forms.setdefault(name, names[0])
    return forms


def _same_native(one: str, other: str) -> bool:
    """Whether two Arabic words differ in one alif within (رحمان, رحمن) or in their last vowel (هنيه, هنيا)
    only."""
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return one[:-1] == other[:-1] and one[-1] in "هاي" and other[-1] in "هاي"
    return any(
        letter == "ا" and long[:k] + long[k + 1 :] == short
        for k, letter in enumerate(long[1:-1], 1)
    )


def _ending(word: str) -> str:
    return word[:-1] if word[-1:] in "هاي" and len(word) > 3 else word


def _kept(word: str) -> str:
    """The consonants of a short word with s and sh told apart; g, t, d, p and v may change."""
    for two, one in _PAIRS:
        word = word.replace(two, one)
    plain = word.translate(_SOUNDS_APART)
    return _DOUBLED.sub(r"\1", plain[:1] + _ending(plain)[1:].translate(_VOWELS))


@lru_cache(maxsize=65536)
def _given(word: str) -> bool:
    return "name:given" in classes_of(word)


def _foreign(word: str) -> bool:
    """Whether a listed given name is one whose spelling the press has not settled."""
    return any(word in pair for pair in _variants()) or bool(re.search("[پڤچژگ]", word))


@cache
def _variants() -> frozenset[tuple[str, str]]:
    """Pairs of spellings, short forms and full forms of given names (name_variants.tsv)."""
    pairs = set()
    for row in rows(DATA / "name_variants.tsv"):
        names = [fold(name) for name in row["names"].split(" | ")]
        pairs |= {(a, b) for a in names for b in names if a != b}
    return frozenset(pairs)
