"""Offices that one person holds at a time, and the states they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qawl.arabic.countries import state_at
from qawl.arabic.lexicon import classes_of
from qawl.record.name_words import alike, bare_words, heads, without_state, words_of

#: Where an office's words end.
CUT = re.compile(r"[،,؛;:–—|]| - ")


@dataclass(frozen=True, slots=True)
class Office:
    """An office that one person holds at a time: its words with the state's taken out, the state where
    the words name it, and whether they name a body of its own (so that no state is needed)."""

    words: tuple[str, ...]
    state: str | None
    whole: bool
    former: bool = False

    def key(self, place: str | None = None) -> str:
        """The office with its state (else that of the article, ``place``), as it is compared."""
        state = self.state or (None if self.whole else place)
        return " ".join(self.words) + (f" @{state}" if state else "")


@lru_cache(maxsize=16384)
def office_of(role: str) -> Office | None:
    """The office that a role phrase names, None where it names none that one person holds alone."""
    folded = words_of(CUT.split(role, maxsplit=1)[0])
    words = alike(bare_words(folded))
    if not words or words[0] not in heads("holder"):
        return None
    named = [state_at(words, k) for k in range(1, len(words))]
    definite = any(word.startswith(("ال", "لل", "بال", "وال")) for word in folded) or any(
        at is not None and at[1] in ("name", "capital") for at in named
    )
    former = bool(heads("former") & set(words))
    core, state = without_state([word for word in words if word not in heads("former")])
    core = [
        w
        for k, w in enumerate(core)
        if (k == 0 or w not in heads("empty")) and w not in heads("for")
    ]
    if not core or not definite:  # وزير إسرائيلي is any of them
        return None
    if core[0] in heads("rank") and len(core) == 1 and not state:
        return None  # a rank or a profession as well as an office
    govern = core[0] in heads("governing") and len(core) < 4
    if core[0] in heads("deputy") and len(core) < 2 and not state:
        return None
    whole = not govern and any(_is_proper(word) for word in core[1:])
    if len(core) == 1 and not state and not (definite and govern):
        return None
    if (
        not govern
        and not whole
        and not state
        and len(core) < 3
        and core[-1] not in heads("ministry")
    ):
        return None
    return Office(tuple(core), state, whole, former)


def _is_proper(word: str) -> bool:
    """Whether a word of an office names a body of its own: a medium, a party, a company, no list's word."""
    classes = classes_of(word)
    return not classes or any(
        cls.startswith(("media:", "acronym:", "body:party", "body:company")) for cls in classes
    )
