"""An article's text as paragraphs of pieces, each with the statements that cover it: what a page marks.

Statements may lie within one another and may overlap, so a paragraph is cut wherever one begins or ends;
each piece knows all that stands over it, and letters stay joined across the cuts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from qawl.model import Article, ParagraphKind, Statement


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph. ``over`` are the numbers (from 1) of the statements whose content it is part
    of, the outermost first; ``cue_of`` and ``speaker_of`` those whose cue or speaker it is; ``opens`` those
    whose content begins here."""

    text: str
    start: int
    over: tuple[int, ...] = ()
    cue_of: tuple[int, ...] = ()
    speaker_of: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """A paragraph with its pieces and the numbers of the statements that begin in it."""

    kind: ParagraphKind
    pieces: tuple[Piece, ...]
    statements: tuple[int, ...]


def marked(article: Article) -> list[Lines]:
    """The paragraphs of an article, its statements numbered from 1 in their order."""
    content: list[tuple[int, int, int]] = []
    cues: list[tuple[int, int, int]] = []
    speakers: list[tuple[int, int, int]] = []
    first: dict[int, int] = {}
    for number, s in enumerate(article.statements, start=1):
        content += [(p.start, p.end, number) for p in s.content]
        first[number] = s.content[0].start
        if s.cue is not None:
            cues.append((s.cue.start, s.cue.end, number))
        if s.speaker is not None:
            speakers.append((s.speaker.start, s.speaker.end, number))
    out = []
    for paragraph in article.paragraphs:
        a, b = paragraph.start, paragraph.end
        here = [_within(spans, a, b) for spans in (content, cues, speakers)]
        edges = sorted({a, b, *(e for spans in here for s in spans for e in s[:2])})
        pieces = []
        for start, end in pairwise(edges):
            over, cue_of, speaker_of = (_covering(spans, start, end) for spans in here)
            opens = tuple(n for n in over if first[n] == start)
            pieces.append(Piece(article.text[start:end], start, over, cue_of, speaker_of, opens))
        begun = tuple(n for n, place in first.items() if a <= place < b)
        out.append(Lines(paragraph.kind, tuple(pieces), begun))
    return out


def _within(spans: Iterable[tuple[int, int, int]], a: int, b: int) -> list[tuple[int, int, int]]:
    return [(max(s, a), min(e, b), n) for s, e, n in spans if s < b and e > a]


def _covering(spans: list[tuple[int, int, int]], start: int, end: int) -> tuple[int, ...]:
    """The longest first."""
    over = [(e - s, n) for s, e, n in spans if s <= start and e >= end]
    return tuple(dict.fromkeys(n for _, n in sorted(over, key=lambda x: (-x[0], x[1]))))


def highlighted(text: str, places: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text in pieces: (words, whether they were searched for)."""
    out, at = [], 0
    for start, end in places:
        start = max(start, at)
        if start >= end:
            continue
        if start > at:
            out.append((text[at:start], False))
        out.append((text[start:end], True))
        at = end
    if at < len(text):
        out.append((text[at:], False))
    return out


def unsure(statement: Statement) -> list[tuple[str, float]]:
    """(stage, how sure) of what models decided, the least sure first."""
    known = [(d.stage, d.probability) for d in statement.decisions if d.probability is not None]
    return sorted(known, key=lambda x: x[1])
