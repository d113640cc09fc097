"""The names of persons: given name, fathers, family; and the keys by which they are found."""

from __future__ import annotations

from collections.abc import Sequence

from qawl.arabic.countries import bare
from qawl.arabic.letters import fold
from qawl.arabic.lexicon import classes_of
from qawl.arabic.spellings import is_native, skeleton, variant
from qawl.record.name_words import heads

#: What a name after بن begins with among a person's words: it is the father's.
SON = "~"
_HOUSE, _SERVANT, _FATHER = fold("آل"), fold("عبد"), fold("أبو")


def units_of(folded: Sequence[str]) -> tuple[str, ...]:
    """The names of a person, titles off: عبد and أبو with the next word, الله and الدين with the one
    before, بن and آل left off, initials and particles too."""
    words = list(folded)
    while len(words) > 1 and _is_title(words[0]):
        words = words[1:]
    units: list[str] = []
    joining = son = ""
    for k, word in enumerate(words):
        if joining:
            units.append(joining + word)
            joining = ""
        elif word in heads("joins_next") and k + 1 < len(words):
            joining = (
                _SERVANT if word.startswith(_SERVANT) else _FATHER if word[:2] == "اب" else word
            )
        elif word.startswith("ال") and bare(word) in heads("joins_back") and units:
            units[-1] += word
        elif word in heads("son") and (units or k + 1 == len(words) or is_native(words[k + 1])):
            son = SON if word != _HOUSE and units else ""
            continue
        elif len(word) == 1:
            continue
        else:
            units.append(word)
        if son and not joining:
            units[-1] = son + units[-1]
            son = ""
    if len(units) > 1:
        units = [unit for unit in units if unit not in heads("particle")] or units
    return tuple(_unit(unit) for unit in units) or tuple(words)


def _unit(word: str) -> str:
    if word.startswith(SON):
        return SON + _unit(word[1:])
    if word.startswith(_SERVANT + "ل"):
        word = _SERVANT + "ا" + word[3:]
    if word.startswith(_SERVANT + "ا"):
        return word
    if word.startswith("ال") and len(word) > 4 and "name:given" not in classes_of(word):
        return word[2:]
    return word


def _is_title(word: str) -> bool:
    classes = classes_of(word)
    if not any(cls.startswith("title:") for cls in classes):
        return False
    return word.startswith("ال") or "name:given" not in classes


def person_keys(units: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(keys to keep, keys to ask for) of a person's names: pairs of sounds for a full name; the family for
    who is called by it alone."""
    bones = [skeleton(variant(unit.lstrip(SON))) for unit in units]
    if len(bones) == 1:
        return (f"s {bones[0]}",), (f"s {bones[0]}", f"f {bones[0]}")
    pairs = dict.fromkeys(
        [f"p {bones[0]} {other}" for other in bones[1:5]] + [f"p {bones[-2]} {bones[-1]}"]
    )
    called = [bones[-1]]
    if units[0] in heads("family_first") and len(units) < 4:
        called.append(bones[0])
    return (
        (*pairs, *(f"f {bone}" for bone in called)),
        (*pairs, *(f"s {bone}" for bone in called)),
    )


def name_behind(folded: Sequence[str]) -> int | None:
    """Where a person's name begins behind a title or role (وزير المالية سامي بشارة)."""
    for k in range(1, len(folded)):
        word = folded[k]
        classes = classes_of(word)
        if word in heads("for"):
            return None
        if (
            "name:given" in classes
            and not word.startswith("ال")
            and not any(
                cls.startswith(("body:", "office:", "modifier:", "stop:", "place:"))
                for cls in classes
            )
        ):
            return k
        if word in heads("joins_next") and k + 1 < len(folded):
            return k
    return None
