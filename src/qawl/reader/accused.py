"""Whom a statement is made against, or for: part of what is said (اتهم سعيد ⟦الحكومة بالتقصير⟧), and not who says it.

The network often begins the content at the charge, and takes the one name that stands between a verb and its
charge for the speaker, though the verb takes no charge without its accused (واتهمت ⟦الوزارة بالتقصير⟧: somebody
named before did). Which verbs take whom and then what for, with بـ or على, is said by the frames of
``data/cues.tsv``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import cues
from qawl.model import Decision
from qawl.reader.columns import COMPLEMENTIZERS, Columns
from qawl.reader.detail_words import bound, lemmas
from qawl.reader.draft import Draft

#: What ``--explain`` shows.
BY = "rule: the accused stands in the accusation"
NOT_WHO = "rule: the accused or thanked does not speak"
BEHIND = "rule: behind على or إلى stands whom it is said to"
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


@cache
def _takes(cls: str, marker: str) -> frozenset[str]:
    """The folded verbs of a class that want an object first and then say what for with a preposition."""
    return frozenset(
        fold(lemma)
        for (lemma, kind), cue in cues().items()
        if kind == "verb" and cue.cls == cls and cue.frames[:1] == ("obj",) and marker in cue.frames
    )


def unseat(c: Columns, drafts: Sequence[Draft]) -> None:
    """Takes from the speakers who is accused or thanked, and who stands behind على or إلى, after the cue or before a
    colon: the speaker of such a statement is hidden in its verb. An object in the verb leaves the name to the speaker
    (اتهمته أنقرة بـ…)."""
    for d in drafts:
        if d.bare or d.speaker is None:
            continue
        first, last = d.speaker
        if (first > d.cue_last or c.folded[d.cue] == ":") and _given_to(c, first):
            d.speaker = None
            d.decisions.append(Decision("speaker", BEHIND))
        elif first == d.cue_last + 1 and d.start == last + 1 and _has_what_for(c, d, first):
            d.speaker, d.start = None, first
            d.decisions.append(Decision("speaker", NOT_WHO))


def _given_to(c: Columns, k: int) -> bool:
    """Whether على or إلى stands before token ``k`` (the name علي is spelled with ي)."""
    return k > 0 and c.folded[k - 1] in ("علي", "الي") and c.tokens[k - 1].text.endswith("ى")


def _has_what_for(c: Columns, d: Draft, first: int) -> bool:
    """Whether behind the name from ``first`` on begins what the accusation or the thanks are for, of a verb without an
    object in it. Thanks may have been taken for the name's end (شكر البلدية على حسن ⟦الاستقبال⟧), unless more follow
    (شكر القائم على المشروع ⟦الأهالي على صبرهم⟧)."""
    verbs, k = lemmas(c.folded[d.cue]), d.start
    if bound(c.folded[d.cue]) or c.sentence[k] != c.sentence[d.cue]:
        return False
    if verbs & _takes("support", "على"):
        return "علي" in c.folded[first + 1 : k + 1] and "علي" not in c.folded[k + 1 : d.end + 1]
    # a known word stands behind ب: بوليوود is none
    word = c.folded[k]
    known = word in COMPLEMENTIZERS or c.words[k, 1] != c.words[k, 0]
    return word[:1] == "ب" and known and bool(verbs & _takes("accuse", "ب"))
