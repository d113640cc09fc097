"""Which mentions are of one name: persons' and bodies' names, shortened, spelled or parted otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from qawl.arabic.lexicon import classes_of
from qawl.reader.mentions import Group

#: Groups that share a word, beyond which the word is too common to tell names by (keeps time linear).
COMMON = 50

#: Letters of a foreign name at least, to be another spelling of one that differs in a letter; consonants at
#: least, of one that differs in its vowels.
SPELLED, CONSONANTS = 5, 3
#: Letters of a name at least, to be the end of another whose words are parted otherwise.
JOINED = 5

#: The letters of long vowels, taken out.
_VOWELS = str.maketrans("", "", "اويى")


def link(groups: Sequence[Group]) -> list[int]:
    """For each group the index of the group that stands for all of the same name.

    Two persons' names are one where one stands whole in the other (كاغينز in مايلز كاغينز, but not سلمان
    in two names of father and son: the first that has it counts); two bodies' where one's words are
    all in the other's, from two words on, if ``_one_body``. A single word that is a speaker's or a person's is
    the one whose name ends with it (السبسي), or begins or ends with another spelling of it if no list knows it
    (غوتيريش، غوتيريس), if there is but one.
    """
    root = list(range(len(groups)))
    by_word: dict[str, list[int]] = {}
    persons = [g.person_key for g in groups]
    for i, g in enumerate(groups):
        mine = g.person_words or g.words
        keys = {*mine, *_joined(persons[i])} if g.person_words else mine
        near = {j for w in keys for j in by_word.get(w, ())}
        for j in sorted(near):
            f = groups[j]
            if bool(g.person_words) != bool(f.person_words):
                continue
            if g.person_words:
                if _within(persons[i], persons[j]):
                    root[i] = root[j]
                    break
                continue
            theirs = f.words
            if min(len(mine), len(theirs)) < 2 and mine != theirs:
                continue
            if not _one_body(g, f):
                continue
            if mine <= theirs or theirs <= mine:
                root[i] = root[j]
                break
        for w in keys:
            if len(by_word.setdefault(w, [])) < COMMON:
                by_word[w].append(i)
    stands = {root[i] for i in range(len(groups)) if root[i] != i}
    # the first and last words of longer names, as they may be spelled
    spelled: dict[str, set[int]] = {}
    for j, g in enumerate(groups):
        if " " in g.person_key:
            words = g.person_key.split()
            for form in _spellings(words[0]) | _spellings(words[-1]):
                spelled.setdefault(form, set()).add(root[j])
    for i, g in enumerate(groups):
        if root[i] != i or i in stands or " " in g.key or not (g.person_words or g.may_be_family):
            continue
        bearers = {root[j] for j in by_word.get(g.key, ()) if persons[j].endswith(" " + g.key)}
        if not bearers and not classes_of(g.key):
            near = {j for form in _spellings(g.key) for j in spelled.get(form, ())}
            bearers = {j for j in near if j != i}
        if len(bearers) == 1:
            root[i] = bearers.pop()
    return root


def _one_body(a: Group, b: Group) -> bool:
    """Whether two mentions that share their words may be one body: they begin alike, or the longer one begins
    with a word for bodies (وزارة الدفاع، الدفاع). Who speaks for a body is not it (متحدث باسم وزارة الدفاع)."""
    return a.head == b.head or max(a, b, key=lambda g: len(g.words)).body


def _spellings(word: str) -> set[str]:
    """Forms of a foreign name, one of which it shares with its other spellings: they differ in a letter
    (غوتيريش، غوتيريس) or in the long vowels that stand for the foreign ones (زاخاروفا، زخاروفا)."""
    if len(word) < SPELLED:
        return {word} if len(word) == SPELLED - 1 else set()
    bare = word.translate(_VOWELS)
    vowels = {bare + "*"} if len(bare) >= CONSONANTS else set()
    return {word, *(word[:k] + word[k + 1 :] for k in range(1, len(word)))} | vowels


def _joined(name: str) -> list[str]:
    """Two neighbouring words of a name as one: the press parts foreign names at will (لو غريت، لوغريت)."""
    words = name.split()
    return [a + b for a, b in pairwise(words)]


def _within(a: str, b: str) -> bool:
    if f" {a} " in f" {b} " or f" {b} " in f" {a} ":
        return True
    short, long = sorted((a.replace(" ", ""), b.replace(" ", "")), key=len)
    return len(short) >= JOINED and long.endswith(short)
