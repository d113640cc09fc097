"""The names that contents have: the tagger's, made whole.

The tagger marks tokens one by one, so that a name may come in two pieces (ريف + دمشق), with a glued
preposition (بفاس), or be half a name (أبو) or none (مليون ريال، حزب).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qawl.arabic.letters import first_letter
from qawl.arabic.lexicon import classes_of
from qawl.reader.columns import Columns

#: A name of the tagger: first token, last token, kind (1 person, 2 body, 3 place, 4 other) and the
#: code points of a clitic before it.
Tagged = tuple[int, int, int, int]
_BODY, _PLACE = 2, 3
#: What stands before a currency.
_NUMBERS = ("مليون", "مليوني", "مليار", "ملياري", "الف", "الاف", "ملايين", "مليارات", "تريليون")
_CURRENCIES = frozenset(["دولار", "دولارا", "دولارات", "للدولار", "يورو", "جنيه", "جنيها"])
#: Currencies that are other names too: a club, a person.
_MAY_BE_MONEY = frozenset(["ريال", "ريالا", "الريال", "دينار", "دينارا", "درهم", "ليره"])
_KNOWN = ("place:", "name:")


def whole_names(
    c: Columns, names: Sequence[Tagged], said: Sequence[int] | None = None
) -> Iterator[Tagged]:
    """The names of an article in order, pieces joined, those that are none left out; with ``said``, flags of
    the tokens, only the names that begin at a flagged one."""
    for name in _joined(c, names):
        if (said is None or said[name[0]]) and not _none(c, name):
            yield _cut(c, name)


def _joined(c: Columns, names: Sequence[Tagged]) -> Iterator[Tagged]:
    pending: Tagged | None = None
    for name in names:
        first, last, kind, cut = name
        apart = bool(cut) or c.folded[first].startswith("لل")
        if pending and pending[2] == kind and pending[1] + 1 == first and not apart:
            pending = (pending[0], last, kind, pending[3])
            continue
        if pending is not None:
            yield pending
        pending = name
    if pending is not None:
        yield pending


def _none(c: Columns, name: Tagged) -> bool:
    """Whether a name of one word is none: half a name, a mere noun, a currency behind its number."""
    first, last, kind, cut = name
    if first != last:
        return False
    word = c.folded[first][int(cut > 0) :]
    classes = classes_of(word)
    if classes and all(cls in ("name:part", "place:nationality") for cls in classes):
        return True
    if word in _CURRENCIES:
        return True
    if word in _MAY_BE_MONEY and first:
        before = c.folded[first - 1]
        return before[:1].isdigit() or before.endswith(_NUMBERS)
    if kind == _BODY and not word.startswith("ال"):  # حزب، جماعة
        return bool(classes) and all(cls.startswith("body:") for cls in classes)
    adjective = word.startswith("ال") and word.endswith("يه") and kind in (_BODY, _PLACE)
    return adjective and all(cls.startswith("modifier:") for cls in classes)


def _cut(c: Columns, name: Tagged) -> Tagged:
    """The name without a glued و or preposition where the lists know the word without it alone."""
    first, last, kind, cut = name
    word = c.folded[first]
    if cut or word[:1] not in "وفبلك" or len(word) < 4 or classes_of(word):
        return name
    if any(cls.startswith(_KNOWN) for cls in classes_of(word[1:])):
        return first, last, kind, first_letter(c.tokens[first].text)
    return name
