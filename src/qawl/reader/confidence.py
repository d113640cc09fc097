"""How sure a statement is: the chance that it is one and its source right, from what the stages were sure of
and from what kind of statement it is, by logistic regression (Platt 1999) fitted on articles that the
models had not learned from (training/calibrate.py).
"""

from __future__ import annotations

import math

from qawl.model import FORMS
from qawl.reader.columns import COMPLEMENTIZERS, Columns
from qawl.reader.draft import Draft
from qawl.reader.network import Network

#: Statements less sure than this are none. One that is right with chance p raises F1 where p > F1 / 2
#: (Lewis 1995); on held-out articles joint F1 is highest from 0.35 to 0.4, found F1 from 0.25 to 0.35.
LEAST = 0.35
_END = frozenset(".\n؟!؛")


def features(c: Columns, draft: Draft) -> list[float]:
    """What the confidence is reckoned from: the logits of the stages' chances, then what the statement is
    like (quoted, with a cue, with a speaker beside it, in a heading, its length and place)."""
    n = len(c.tokens)
    after = c.tokens[draft.end + 1].text if draft.end + 1 < n else "\n"
    before = c.folded[draft.start - 1] if draft.start else ""
    length = draft.end - draft.start + 1
    away = abs(draft.start - draft.cue_last) if not draft.bare else 0
    sentences = int(c.sentence[draft.end]) - int(c.sentence[draft.start])
    return [
        *map(
            _logit,
            (
                draft.cue_probability,
                draft.content_probability,
                draft.speaker_probability,
                draft.who_probability,
                draft.act_probability,
            ),
        ),
        float(draft.bare),
        float(draft.speaker is not None),
        *(float(draft.form == form) for form in FORMS),
        math.log(length),
        math.log1p(away),
        float(draft.cue > draft.end),
        float(after in _END),
        float(before in COMPLEMENTIZERS),
        float(bool(c.quotes.opens[draft.start - 1]) if draft.start else 0.0),
        float(min(sentences, 3)),
        float(bool(c.lexicon[draft.cue, 0])),
        float(int(c.small[draft.cue, 4]) >= 9),
    ]


def confidence(c: Columns, draft: Draft, network: Network) -> float:
    """The chance that the statement is found and its source right (0 to 1); without a calibration in the
    model's file, a figure that only orders."""
    fitted = network.header.get("calibration")
    if fitted is None:
        chances = (
            draft.cue_probability,
            draft.content_probability,
            draft.speaker_probability,
            draft.who_probability,
        )
        return round(math.prod(chances) ** 0.5, 4)
    z = fitted["bias"]
    z += sum(w * x for w, x in zip(fitted["weights"], features(c, draft), strict=True))
    return round(1 / (1 + math.exp(-z)), 4)


def _logit(chance: float) -> float:
    return math.log(max(chance, 1e-4) / max(1 - chance, 1e-4))
