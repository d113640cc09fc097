"""Details: what the reporter says beside a content, read off the words round it by rules. The last
stage.

``beside`` parts the words round a statement into stretches; here they become exact spans, and the
names that the tagger found in a content, the relays of ``relays`` and the mark of ``checkable`` join
them. Work grows with the words round the statements and in their contents alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from qawl.arabic.letters import first_letter
from qawl.model import NAME_KINDS, Article, Name, Span, Statement
from qawl.reader.beside import Beside
from qawl.reader.checkable import checkable
from qawl.reader.columns import COMPLEMENTIZERS, Columns
from qawl.reader.detail_words import detail_words
from qawl.reader.draft import Draft
from qawl.reader.edges import may_begin, may_end
from qawl.reader.named import whole_names
from qawl.reader.relays import relayed, same
from qawl.reader.stretches import Stretch

#: Tokens of a detail at most: a longer one is the reporter's narration.
LONGEST = 30
_FIRST = itemgetter(0)
#: Words that a detail does not end with.
_LOOSE = COMPLEMENTIZERS | frozenset(["في", "من", "علي", "الي", "عن", "ب", "ل", "و", "حيث", "فقد"])
#: Topics and hearers that only point back.
_POINTING = frozenset(
    ["ذلك", "هذا", "هذه", "تلك", "الامر", "الموضوع", "اخر", "اخري", "متصل", "هولاء"]
)


def fill(
    article: Article,
    c: Columns,
    drafts: Sequence[Draft],
    statements: Sequence[Statement],
    names: Sequence[tuple[int, int, int, int]],
) -> list[Statement]:
    """The statements (one a draft, in the drafts' order) with what stands beside their contents.

    ``names`` are those of the article in order: first token, last token, kind (1 person, 2 body,
    3 place, 4 other) and the code points of a clitic before it.
    """
    taken = bytearray(len(c.tokens) + 1)  # tokens of any cue or speaker
    for draft in drafts:
        spans = [] if draft.bare else [(draft.cue, draft.cue_last)]
        for a, b in [*spans, *([draft.speaker] if draft.speaker else [])]:
            taken[a : b + 1] = b"\1" * (b + 1 - a)
    table = detail_words()
    text, toks = article.text, c.tokens
    said = bytearray(len(toks) + 1)  # tokens of any content
    for draft in drafts:
        said[draft.start : draft.end + 1] = b"\1" * (draft.end + 1 - draft.start)
    named = [
        (a, Name(Span.of(text, toks[a].start + cut, toks[b].end), NAME_KINDS[kind - 1]))
        for a, b, kind, cut in whole_names(c, names, said)
    ]
    chains = relayed(c, drafts, statements)
    return [
        _filled(Beside(article, c, table, taken, draft), statement, named, chain)
        for draft, statement, chain in zip(drafts, statements, chains, strict=True)
    ]


def _filled(
    beside: Beside,
    statement: Statement,
    named: Sequence[tuple[int, Name]],
    chain: tuple[str, ...],
) -> Statement:
    draft, c = beside.draft, beside.c
    found: dict[str, Span] = {}
    day = None
    relays: list[str] = []
    for stretch in beside.stretches():
        span = _span(beside, stretch)
        if span is None:
            continue
        if stretch.kind == "relay":
            relays.append(span.text)
        elif stretch.kind not in found:
            found[stretch.kind] = span
            if stretch.kind == "date":
                day = stretch.day
    names = []
    for k in range(bisect_left(named, draft.start, key=_FIRST), len(named)):
        a, name = named[k]
        if a > draft.end:
            break
        if any(p.start <= name.span.start and name.span.end <= p.end for p in statement.content):
            names.append(name)
    return replace(
        statement,
        about=found.get("about"),
        addressee=found.get("addressee"),
        setting=found.get("setting"),
        said=day,
        said_span=found.get("date"),
        via=tuple(who for who in dict.fromkeys((*relays, *chain)) if not same(who, statement.who)),
        names=tuple(names),
        checkable=checkable(c, draft, beside.table),
    )


def _span(beside: Beside, s: Stretch) -> Span | None:
    """The exact words of a stretch, without marks and loose words at its edges."""
    c = beside.c
    toks, quotes = c.tokens, c.quotes
    a, b, cut = s.told, s.last, s.cut
    while b >= a and (c.folded[b] in _LOOSE or not may_end(c, a, b)):
        b -= 1
    while a <= b and not may_begin(c, a, b):
        a, cut = a + 1, 0
    if a > b or b - a >= LONGEST:
        return None
    if s.kind in ("about", "addressee") and a == b and c.folded[a][cut:] in _POINTING:
        return None
    start = toks[a].start + (first_letter(toks[a].text) if cut else 0)
    if quotes.depth[a] and not quotes.depth[b] and not quotes.opens[a]:
        return None
    return Span.of(beside.article.text, start, toks[b].end)
