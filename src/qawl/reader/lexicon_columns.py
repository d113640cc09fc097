"""The lexicons as columns of a word: what it is as a reporting word (class, form, default act) and as a
part of a name (title, office, body, place …, with its gender and number)."""

from __future__ import annotations

from functools import cache
from itertools import product

from qawl.arabic.lexicon import CLASSES, CUE_CLASSES, CueForm, cue_forms, entries_of, listed
from qawl.model import ACTS

_AMBIGUITIES = ("low", "mid", "high")
_KINDS = ("past", "present", "jussive", "passive", "participle", "masdar", "noun", "phrase")
_CLASS = {pair: k for k, pair in enumerate(product(sorted(CUE_CLASSES), _AMBIGUITIES), start=1)}
_GENDERS, _NUMBERS = ("-", "m", "f"), ("-", "s", "d", "p")
_FORM = {triple: k for k, triple in enumerate(product(_KINDS, _GENDERS, _NUMBERS), start=1)}
_ACT = {act: k for k, act in enumerate(ACTS, start=1)}
#: Lists by what they say surest of a word that stands in several.
_PREFIXES = ("office", "title", "body", "media", "acronym", "place", "stop", "name", "modifier")
_ENTITY = {
    name: k
    for k, name in enumerate(
        sorted({f"{p}:{c}" for p in _PREFIXES for classes in CLASSES.values() for c in classes}),
        start=1,
    )
}
_GENDER_NUMBER = {pair: k for k, pair in enumerate(product(_GENDERS, _NUMBERS), start=1)}
#: Sizes of the columns: class, form, act; entity class, its gender and number.
SIZES = [len(_CLASS) + 1, len(_FORM) + 1, len(_ACT) + 1, len(_ENTITY) + 1, len(_GENDER_NUMBER) + 1]
#: A form that two lemmas share goes to the one that is surer a report, a finite verb first.
_ORDER = {k: n for n, k in enumerate(("past", "present", "phrase", "participle", "masdar"))}
NONE = (0,) * len(SIZES)


@cache
def cue_columns() -> dict[str, tuple[int, int, int]]:
    """Folded form → class, form and act; phrases by their first word."""
    best: dict[str, tuple[tuple[int, int, int], CueForm]] = {}
    for words, forms in cue_forms().items():
        first, _, rest = words.partition(" ")
        for form in forms:
            cue = form.cue
            order = (bool(rest), _AMBIGUITIES.index(cue.ambiguity), _ORDER.get(form.kind, 9))
            if first not in best or order < best[first][0]:
                best[first] = (order, form)
    return {
        word: (
            _CLASS[form.cue.cls, form.cue.ambiguity],
            _FORM[form.kind, form.gender, form.number],
            _ACT[form.cue.act],
        )
        for word, (_, form) in best.items()
    }


def of(forms: list[str]) -> tuple[int, ...]:
    """The columns of a word, given by its folded spelling and then the spellings without its clitics."""
    table = cue_columns()
    cue = (0, 0, 0)
    for form in forms:
        if form in table:
            cue = table[form]
            break
    known = listed()
    for form in forms:
        if (form in known or form[:2] == "ال") and (entries := entries_of(form)):
            entry = min(entries, key=lambda e: _PREFIXES.index(e.cls.partition(":")[0]))
            return (*cue, _ENTITY[entry.cls], _GENDER_NUMBER[entry.gender, entry.number])
    return (*cue, 0, 0)
