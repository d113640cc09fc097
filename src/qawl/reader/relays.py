"""Relays: by whom a statement is told, from the statements that hold it."""

from __future__ import annotations

from collections.abc import Sequence

from qawl.arabic.letters import fold
from qawl.model import Statement
from qawl.reader.checkable import is_clause
from qawl.reader.columns import Columns
from qawl.reader.detail_words import lemmas, relays
from qawl.reader.draft import Draft


def relayed(
    c: Columns, drafts: Sequence[Draft], statements: Sequence[Statement]
) -> list[tuple[str, ...]]:
    """For each statement the sources of the statements whose content holds it and its cue, the
    outermost first, without its own source; ``statements`` are the drafts', in their order.

    A holder relays where its content is a clause or its cue passes words on (نقلت … عن … قوله); who is
    condemned for what he said (أدان وصفه) is not told of by who condemns him.
    """
    chains: list[tuple[str, ...]] = [()] * len(drafts)
    outer: list[int] = []
    order = sorted(range(len(drafts)), key=lambda k: (drafts[k].start, -drafts[k].end))
    for k in order:
        draft = drafts[k]
        while outer and drafts[outer[-1]].end < draft.start:
            outer.pop()
        chain: list[str] = []
        for other in outer:
            who = statements[other].who
            if not (who and _holds(drafts[other], draft) and _tells(c, drafts[other])):
                continue
            if who not in chain and not same(who, statements[k].who):
                chain.append(who)
        chains[k] = tuple(chain)
        outer.append(k)
    return chains


def same(name: str, other: str | None) -> bool:
    """Whether one name holds all words of the other (استطلاع، استطلاع الرأي): one source, named twice."""
    if other is None:
        return False
    first, second = set(fold(name).split()), set(fold(other).split())
    return first <= second or second <= first


def _tells(c: Columns, draft: Draft) -> bool:
    """Whether a statement that holds another relays it."""
    return is_clause(c, draft) or (not draft.bare and relays(lemmas(c.folded[draft.cue])))


def _holds(outer: Draft, inner: Draft) -> bool:
    """Whether the content of ``outer`` is longer and holds both content and cue of ``inner``."""
    return (
        outer.start <= min(inner.start, inner.cue)
        and max(inner.end, inner.cue_last) <= outer.end
        and (outer.start, outer.end) != (inner.start, inner.end)
    )
