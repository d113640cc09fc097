"""Mentions: the stretches of an article that may name a source, gathered by spelling.

A mention is the speaker of a statement or a name that the network's tagger found. Mentions of one
spelling (folded, titles' articles aside) make a group; a group is what ``who`` chooses from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from qawl.arabic.countries import state_phrases
from qawl.arabic.letters import fold
from qawl.arabic.lexicon import CUES, classes_of, entries_of, rows
from qawl.reader.columns import COMPLEMENTIZERS, PREPOSITIONS, Columns

#: Kinds of mentions, those of names as the tagger's labels number them; plain words are what ``pointed`` finds.
KINDS = ("speaker", "person", "body", "place", "other", "plain")
PLAIN = 5
#: Endings of a word that is somebody's (رئيستها، محاميه).
_POSSESSED = ("ه", "ها", "هم", "هما", "هن", "نا", "كم")
#: Words of a name at most behind the piece of it that the tagger marked.
BEHIND = 2


@cache
def small_words(cls: str) -> frozenset[str]:
    """The folded words of a class of name_words.tsv."""
    return frozenset(
        fold(row["word"]) for row in rows(CUES / "name_words.tsv") if row["class"] == cls
    )


@cache
def _parting() -> frozenset[str]:
    return small_words("parting") | COMPLEMENTIZERS


@lru_cache(maxsize=16_384)
def name_word(folded: str) -> str:
    """A word of a name without the clitics that do not belong to it."""
    w = folded
    if len(w) > 4 and w[0] in "وفبلك" and w[1:3] == "ال":
        w = w[1:]
    elif len(w) > 4 and w.startswith("لل"):
        w = "ال" + w[2:]
    if w.startswith("ال") and len(w) > 4:
        w = w[2:]
    return w


def name_words(folded: Sequence[str]) -> list[str]:
    """The words of a name; those that a hashtag joins (سامي_بشارة) apart."""
    found = list(map(name_word, folded))
    if any("_" in word for word in folded):
        found = [name_word(part) for word in folded for part in word.split("_")]
    return [w for w in found if w[:1].isalnum()]


def telling_words(folded: Sequence[str]) -> frozenset[str]:
    """Those words of a name that tell it from others: more than a letter, and not empty (السيد، نفسه;
    سيد, without its article, is a name)."""
    empty = small_words("empty")
    told = [w for w in folded if w not in empty and not (w[:1] in "وفبلك" and w[1:] in empty)]
    words = name_words(told)
    return frozenset(w for w in words if len(w) > 1 and w not in empty)


@dataclass(slots=True)
class Group:
    """Mentions of one spelling. ``places`` are token indices of their first words, in order."""

    key: str
    first: int
    last: int
    words: frozenset[str]
    head: str
    kind: int
    definite: bool
    places: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    person: tuple[int, int] | None = None  # the person's name inside, as tokens
    whole: tuple[int, int] | None = None  # the same with what the tagger left out, to be shown
    person_words: frozenset[str] = frozenset()
    person_key: str = ""
    titled: bool = False
    may_be_family: bool = False  # a speaker of one word that no list holds for a role or a body
    joined: bool = False  # shown as a hashtag joins it (سامي_بشارة)
    spoken_for: frozenset[str] = frozenset()  # the names of persons who stand in it for another
    several: bool = False  # persons, so that it is nobody else
    body: bool = False  # its first word names a body or a medium (وزارة، صحيفة), by the word lists
    #: a person's titles and offices: the mention's other words and those beside it
    beside: frozenset[str] = frozenset()


def within_lines(
    c: Columns, labels: npt.NDArray[np.integer], cues: Sequence[int] = ()
) -> list[int]:
    """The tagger's labels of an article's tokens, with no name over a line's end and none with a cue in it
    (الأمير سامي قال), and a person's parts joined where a hashtag parts them (سامي #بشارة)."""
    out: list[int] = np.where(c.sentence < 0, 0, labels).tolist()
    for cue in cues:
        out[cue] = 0
    for k in range(1, len(out) - 1):
        if c.folded[k] == "#" and not out[k] and out[k - 1] in (1, 2) and out[k + 1] in (1, 2):
            out[k] = out[k + 1] = 2
    return out


def names_of(labels: Sequence[int]) -> list[tuple[int, int, int]]:
    """(first, last, kind) of the tagger's labels; an I that follows nothing begins a name."""
    out: list[tuple[int, int, int]] = []
    k, n = 0, len(labels)
    while k < n:
        label = int(labels[k])
        if not label:
            k += 1
            continue
        kind = (label + 1) // 2
        first = k
        k += 1
        while k < n and labels[k] == 2 * kind:
            k += 1
        out.append((first, k - 1, kind))
    return out


def gather(
    c: Columns,
    speakers: Sequence[tuple[int, int] | None],
    names: Sequence[tuple[int, int, int]],
) -> tuple[list[Group], list[int]]:
    """The groups of an article, and for each statement the group of its own speaker (-1: none)."""
    groups: list[Group] = []
    by_key: dict[str, int] = {}
    persons = [(a, b) for a, b, kind in names if kind == 1]
    named = bytearray(len(c.tokens) + 1)
    for a, b in persons:
        named[a : b + 1] = b"\1" * (b + 1 - a)

    def add(first: int, last: int, kind: int) -> int:
        folded = c.folded[first : last + 1]
        words = name_words(folded)
        key = " ".join(words)
        k = by_key.get(key)
        if k is None:
            k = by_key[key] = len(groups)
            useful = telling_words(folded)
            group = Group(
                key=key,
                first=first,
                last=last,
                words=useful or frozenset(words),
                head=words[0] if words else "",
                kind=kind,
                definite=c.folded[first].startswith(("ال", "وال", "بال", "لل")),
                body=_is_body(c.folded[first]),
                joined=_joined(folded),
                may_be_family=first == last and not kind and _may_be_family(c.folded[first]),
            )
            _take_person(c, group, persons)
            groups.append(group)
        group = groups[k]
        if group.joined and not _joined(folded):
            group.first, group.last, group.joined = first, last, False  # shown as a name
            _take_person(c, group, persons)
        if kind and kind != PLAIN and not group.kind:
            group.kind = kind
        group.places.append(first)
        group.ends.append(last)
        group.titled |= bool(c.small[first, 4] in (2, 3))
        if group.person is not None:
            group.beside |= _beside(c, first, last, named) | (group.words - group.person_words)
        return k

    own = [add(span[0], span[1], 0) if span is not None else -1 for span in speakers]
    taken = {span for span in speakers if span is not None}
    for a, b, kind in names:
        if (a, b) in taken:
            key = " ".join(name_words(c.folded[a : b + 1]))
            groups[by_key[key]].kind = kind
        elif any(w[:1].isalnum() for w in c.folded[a : b + 1]):
            add(a, b, kind)
    for group in groups:
        both = sorted(zip(group.places, group.ends, strict=True))
        group.places = [p for p, _ in both]
        group.ends = [e for _, e in both]
    return groups, own


def _joined(folded: Sequence[str]) -> bool:
    return any("_" in word for word in folded)


def _take_person(c: Columns, group: Group, persons: Sequence[tuple[int, int]]) -> None:
    """Sets the person that the group's mention names, none where it names none or several."""
    inside = [(a, b) for a, b in persons if group.first <= a and b <= group.last]
    own = [(a, b) for a, b in inside if not _spoken_for(c, a, group.first)]
    others = [span for span in inside if span not in own]
    if own and _belongs(c, group.first, group.last, own):
        head = c.folded[group.first]
        if classes_of(head) or head in small_words("another"):
            others += own
        own = []
    group.spoken_for = frozenset(w for a, b in others for w in name_words(c.folded[a : b + 1]))
    group.several = _several(c, own)
    person = None if group.several else _person(c, group.first, own)
    words = name_words(c.folded[person[0] : person[1] + 1]) if person else []
    group.person_words, group.person_key = frozenset(words), " ".join(words)
    named = person if words else None  # marks alone name nobody
    group.person, group.whole = named, named and _whole(c, *named, group.last)


def _may_be_family(folded: str) -> bool:
    classes = set(classes_of(folded))
    if "name:family" in classes:  # الحاج is a family too; الوزير seldom
        classes -= {"title:honorific", "office:person"}
    listed = ("body:", "media:", "title:", "office:")
    return not any(name.startswith(listed) for name in classes)


def _is_body(folded: str) -> bool:
    return any(name.startswith(("body:", "media:")) for name in classes_of(folded))


def _person(c: Columns, first: int, inside: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The person that a mention is, by the names in it: the one that it begins with (سعاد حمدي، مديرة …)
    or the last in it (وزير المالية سامي بشارة). A body or a document is none (دراسة أجراها …)."""
    if not inside:
        return None
    a, b = _with_given(c, *inside[0], first)
    if a == first:
        return a, b
    return None if _is_body(c.folded[first]) else _with_given(c, *inside[-1], first)


def _belongs(c: Columns, first: int, last: int, inside: Sequence[tuple[int, int]]) -> bool:
    """Whether a mention is for one who only belongs to the person that it names (محامي فلان، عائلة فلان; not
    رئيستها فلانة)."""
    if _with_given(c, *inside[0], first)[0] == first or c.tokens[first].text.endswith(_POSSESSED):
        return False
    head = c.folded[first]
    unbroken = all(w[:1].isalnum() for w in c.folded[first + 1 : inside[0][0]])
    if unbroken and len(inside) == 1 and head in small_words("another"):
        return True
    a, b = _with_given(c, *inside[-1], first)
    return a == first + 1 and b == last and not head.startswith("ال") and not titled(head)


def _spoken_for(c: Columns, a: int, first: int) -> bool:
    """Whether a person only stands in the words for another: whom he speaks for (متحدث باسم فلان) or serves
    (مستشار للرئيس فلان), whose body his is (مسؤول في إدارة فلان) or who leads it (كتلة بزعامة فلان)."""
    if a > first and c.folded[a] == "باسم":
        return not _given(c, a)
    if a > first + 1 and c.folded[a - 1] == "باسم":
        return not _given(c, a - 1)
    k = a - 1
    while k > first and _dignifies(c.folded[k]):
        k -= 1
    if k <= first:
        return False
    word = c.folded[k]
    if word in small_words("led"):
        return True
    if word.startswith("لل"):
        return titled("ال" + word[2:])
    return _owns(word) or (word[:1] in "لبو" and _owns(word[1:]))


def titled(folded: str) -> bool:
    """Whether a folded word is a title."""
    return any(name.startswith("title:") for name in classes_of(folded))


@lru_cache(maxsize=16_384)
def _dignifies(folded: str) -> bool:
    """Whether a word may stand between a body and its person (إدارة الرئيس الفرنسي فلان)."""
    if not folded.startswith("ال"):
        return False
    return titled(folded) or state_phrases().get((folded[2:],), ("", ""))[1] == "adjective"


@lru_cache(maxsize=16_384)
def _owns(folded: str) -> bool:
    """Whether a word before a person's name is for a body of his (حملة فلان، إدارة فلان)."""
    if folded.startswith("ال") or "name:given" in classes_of(folded):
        return False
    return _is_body(folded) or folded in small_words("another")


def _several(c: Columns, persons: Sequence[tuple[int, int]]) -> bool:
    """Whether an "and" stands between two of the persons: at the second's own name, or at a word before it
    that begins with one (والأمريكي، وعالم; not وزير)."""
    for (_, b), (a, _) in pairwise(persons):
        for k in range(b + 1, a + 1):
            word = c.folded[k]
            if word == "و" or (
                len(word) > 3
                and word[0] == "و"
                and not entries_of(word)
                and (k == a or word[1:3] == "ال" or entries_of(word[1:]))
            ):
                return True
    return False


def _with_given(c: Columns, a: int, b: int, first: int) -> tuple[int, int]:
    """A name with the given names before it that the tagger missed, unless they stand for a preposition
    (على, which folds as علي)."""
    while a > first and _given(c, a - 1):
        a -= 1
    return a, b


def _whole(c: Columns, a: int, b: int, last: int) -> tuple[int, int]:
    """A name of which the tagger marked a piece, with the names behind it up to a title, an office, a
    preposition or a mark."""
    end = min(last, b + BEHIND)
    while b < end and _names_on(c, b + 1):
        b += 1
    return a, b


def _given(c: Columns, k: int) -> bool:
    word = c.folded[k]
    if word == "باسم" and k and "office:speaker" in classes_of(c.folded[k - 1]):
        return False  # متحدث باسم
    return "name:given" in classes_of(word) and not c.tokens[k].text.endswith("ى")


def _names_on(c: Columns, k: int) -> bool:
    """Whether a word behind a piece of a name goes on with it (ليلى + العلوي)."""
    word = c.folded[k]
    small = word in small_words("empty") or word in _parting() or word in PREPOSITIONS
    if small or not word[:1].isalpha():
        return False
    classes = classes_of(word)
    if "name:family" in classes or "name:given" in classes:
        return True
    return not classes and word.startswith("ال") and word.endswith(("ي", "وي", "اني"))


def _beside(c: Columns, first: int, last: int, named: bytearray) -> frozenset[str]:
    """The words up to six before a name and, after a comma, up to six behind it, within its sentence and
    up to another person's name (``named`` flags the tokens of all), a mark or a word that parts."""
    folded, parting = c.folded, _parting()
    sentence = int(c.sentence[first])
    low, high = c.spans[sentence] if sentence >= 0 else (first, first)
    near: list[str] = []

    def walk(places: range) -> None:
        for k in places:
            word = folded[k]
            if word == "#":
                continue
            if named[k] or word in parting or not word[:1].isalnum():
                return
            near.append(word)

    walk(range(first - 1, max(first - 7, low - 1), -1))
    if last + 1 < len(folded) and folded[last + 1] in ("،", ",", "(", "-"):
        walk(range(last + 2, min(last + 8, high)))
    words = name_words(near)
    empty = small_words("empty")
    return frozenset(w for w in words if len(w) > 2 and w not in empty and w[0].isalpha())
