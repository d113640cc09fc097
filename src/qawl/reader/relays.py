"""Relays: by whom a statement is told, from the statements that hold it."""

from __future__ import annotations

from collections.abc import Sequence

from qawl.model import Statement
from qawl.reader.draft import Draft


def relayed(drafts: Sequence[Draft], statements: Sequence[Statement]) -> list[tuple[str, ...]]:
    """For each statement the sources of the statements whose content holds it and its cue, the
    outermost first, without its own source; ``statements`` are the drafts', in their order."""
    chains: list[tuple[str, ...]] = [()] * len(drafts)
    outer: list[int] = []
    order = sorted(range(len(drafts)), key=lambda k: (drafts[k].start, -drafts[k].end))
    for k in order:
        draft = drafts[k]
        while outer and drafts[outer[-1]].end < draft.start:
            outer.pop()
        chain: list[str] = []
        for other in outer:
            holder, who = drafts[other], statements[other].who
            if _holds(holder, draft) and who and who != statements[k].who and who not in chain:
                chain.append(who)
        chains[k] = tuple(chain)
        outer.append(k)
    return chains


def _holds(outer: Draft, inner: Draft) -> bool:
    """Whether the content of ``outer`` is longer and holds both content and cue of ``inner``."""
    return (
        outer.start <= min(inner.start, inner.cue)
        and max(inner.end, inner.cue_last) <= outer.end
        and (outer.start, outer.end) != (inner.start, inner.end)
    )
