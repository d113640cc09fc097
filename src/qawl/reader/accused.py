"""Whom an accusation is made against: part of what is said (اتهم سعيد ⟦الحكومة بالتقصير⟧).

The network often begins the content at the charge. Which verbs take the accused and then the charge
with بـ is said by the frames of ``data/cues.tsv``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import cues
from qawl.model import Decision
from qawl.reader.columns import COMPLEMENTIZERS, Columns
from qawl.reader.detail_words import lemmas
from qawl.reader.draft import Draft

#: What ``--explain`` shows.
BY = "rule: the accused stands in the accusation"
#: Words of the accused at most; more are narration.
LONGEST = 10


@cache
def _verbs() -> frozenset[str]:
    return frozenset(
        fold(lemma)
        for (lemma, kind), cue in cues().items()
        if kind == "verb" and cue.cls == "accuse" and {"obj", "ب"} <= set(cue.frames)
    )


def widen(c: Columns, drafts: Sequence[Draft]) -> None:
    """Begins the content of such a verb at the accused, where words alone stand between."""
    for d in drafts:
        if d.bare or d.start <= d.cue_last or not lemmas(c.folded[d.cue]) & _verbs():
            continue
        first = d.cue_last + 1
        if d.speaker is not None and d.cue < d.speaker[0] < d.start:
            first = d.speaker[1] + 1
        charge = c.folded[d.start]
        between = c.folded[first : d.start]
        if (
            0 < len(between) <= LONGEST
            and charge[:1] == "ب"
            and charge not in COMPLEMENTIZERS
            and all(word[:1].isalnum() or word in ("(", ")") for word in between)
            and c.sentence[first] == c.sentence[d.start]
        ):
            d.start = first
            d.decisions.append(Decision("content", BY))
