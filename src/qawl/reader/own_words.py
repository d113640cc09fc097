"""Those whom a quotation quotes, speaking of what they said themselves ("وقلت لهم إن …").

A reporting verb in the first person within the words of a source, whose subject nothing else names, is that source's
own: in 240 of 248 such statements of the gold and the marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from qawl.arabic.lexicon import cue_forms
from qawl.reader.columns import Columns
from qawl.reader.draft import Draft

_FINITE = frozenset(["past", "present", "jussive"])


@lru_cache(maxsize=4096)
def first_person(folded: str) -> bool:
    """Whether a folded word is a reporting verb of the first person, and nothing else."""
    forms = cue_forms()
    found = forms.get(folded) or forms.get(folded[1:] if folded[:1] in "وف" else "", ())
    persons = {form.person for form in found if form.kind in _FINITE}
    return persons == {"1"}


def give(c: Columns, drafts: Sequence[Draft]) -> None:
    """Gives statements of the first person within a quotation the source of the innermost that holds their verb."""
    quoted = sorted((d for d in drafts if d.form != "indirect"), key=lambda d: d.start)
    holding: list[Draft] = []
    k = 0
    for draft in sorted(drafts, key=lambda d: d.cue):
        if draft.bare or draft.speaker is not None or not first_person(c.folded[draft.cue]):
            continue
        while k < len(quoted) and quoted[k].start <= draft.cue:
            holding.append(quoted[k])
            k += 1
        while holding and holding[-1].end < draft.cue:
            holding.pop()
        if holding and holding[-1] is not draft and holding[-1].group >= 0:
            draft.group, draft.who_probability = holding[-1].group, holding[-1].who_probability
