"""The name that a source is given: the fullest that the article has for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import acronyms, entries_of, states
from qawl.reader.mentions import Group, name_words
from qawl.reader.who import Context


def _key(name: str) -> str:
    """The key of a name as ``mentions`` makes those of groups."""
    return " ".join(name_words(fold(name).split()))


@cache
def _stands_for() -> dict[str, frozenset[str]]:
    """The keys of the names that the key of an acronym, or of a capital named for its state, stands for."""
    known = [*acronyms().items(), *states().items()]
    return {_key(short): frozenset(map(_key, names)) for short, names in known}


@cache
def _capitals() -> frozenset[str]:
    """The keys of capitals."""
    return frozenset(map(_key, states()))


def fullest(context: Context, g: int) -> tuple[int, int]:
    """Token span (inclusive) of the fullest name that the article gives group ``g``: one that holds all
    its words, so that of two people linked by a name they share neither takes the other's."""
    group = context.groups[g]
    root = context.root[g]
    same = [f for f, r in zip(context.groups, context.root, strict=True) if r == root]
    mine, key = group.person_words or group.words, group.person_key or group.key
    top = context.groups[root]
    if top.whole is not None and not mine & top.person_words and " " not in key:
        return fullest(context, root)  # another spelling
    longer = [
        (f.whole[1] - f.whole[0], -f.places[0], f.whole)
        for f in same
        if f.whole is not None and f.person_words >= mine and key in f.person_key
    ]
    if longer:
        return max(longer)[2]
    named = _named(context, group)
    if not named and group.body and " " not in group.key:
        # الهيئة: the one of that kind that the article names
        kind = [
            (r, f)
            for f, r in zip(context.groups, context.root, strict=True)
            if f.person is None and f.head == group.key and " " in f.key and not _joins(f)
        ]
        if len({r for r, _ in kind}) == 1:
            named = [f for _, f in kind]
    best = max(named or _longer(group, same), key=_fullness)
    return best.first, best.last


def _fullness(group: Group) -> tuple[bool, int, int]:
    return not group.joined, len(group.words), -group.places[0]


def _named(context: Context, group: Group) -> list[Group]:
    """What the article names that a short name stands for (قسد). A capital stands for its state where that speaks
    by its own name too: a state and its capital are one source seldom enough (in gold/train and 8,160 marked
    articles that name both, 277 times the capital was the source, 224 times the state)."""
    stands_for = _stands_for().get(group.key)
    if not stands_for:
        return []
    if group.key in _capitals() and not any(
        mine >= 0 and context.groups[mine].key in stands_for for mine in context.own
    ):
        return []
    return [f for f in context.groups if f.person is None and f.key in stands_for]


def _longer(group: Group, same: Sequence[Group]) -> list[Group]:
    """The longer names of a body, and its own: they begin with its words (الأمم المتحدة is no مكتب تابع للأمم
    المتحدة) and add no other by و (الشرطة الإسرائيلية وهيئة الأوراق المالية)."""
    begins = group.key + " "
    longer = [
        f
        for f in same
        if f.person is None and (f.key + " ").startswith(begins) and f.words >= group.words
    ]
    return [group, *(f for f in longer if f is not group and not _joins(f))]


def _joins(group: Group) -> bool:
    """Whether a word of a name, not its first, begins with an "and" and another's name; not one with ال, of which keys
    know nothing (وزارة الصحة والسكان is one)."""
    words = group.key.split()[1:]
    return any(w[0] == "و" and (len(w) == 1 or (len(w) > 3 and not entries_of(w))) for w in words)
