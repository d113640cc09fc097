"""The published Arabic approach, rebuilt to be measured beside the reader.

Quotation marks with a reporting marker nearby make a direct statement (contextual exploration:
Alrahabi, Desclés and others, "e-quotes"); with ``clauses=True`` a reporting verb followed by an
أنّ / إنّ clause makes an indirect one. Its marker list is its own (data/markers.tsv). It takes the
source as it stands beside the marker, or the one of the statement before where none stands there
(the papers leave those without a source; this is kinder); no pronoun or role is resolved. It is a
yardstick; nothing in the reader uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Literal, cast

from qawl.model import Act, Article, Form, Span, Statement

#: How many words may stand between a marker and the quotation, or a verb and its clause: the
#: longest subject with titles and apposition that still reads as one ("nearby" in the papers).
WINDOW = 12
#: The longest run of words taken as a source beside the marker.
LONGEST_SOURCE = 8

_QUOTED = re.compile(r'«([^«»\n]+)»|“([^“”\n]+)”|"([^"\n]+)"')
_WORD = re.compile(r"\w+(?:[\u064b-\u0652]\w*)*")
#: Ends a sentence, a full stop inside a figure or an abbreviation aside.
_SENTENCE_END = re.compile(r"[.؟!](?=\s|$)|\n|$")
_CLAUSE = re.compile(r"\b[أإا]ن(?:ه|ها|هم|نا|ني)?\s+(?=\S)")
#: Words that end the naming of a source: prepositions, relatives and the clause itself.
_NOT_SOURCE = re.compile(
    r"[،؛,:\n.«»“”\"()-]|\b(?:في|خلال|على|إلى|عن|من|مع|بعد|قبل|اليوم|أمس|أن|إن|إنه|أنه|الذي|التي|بأن|يوم|عبر|ضمن)\b"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A line of the list: its kind and the act that it suggests."""

    kind: Literal["verb", "phrase"]
    act: Act


@lru_cache(maxsize=1)
def markers() -> dict[str, Marker]:
    """The markers by surface form."""
    lines = files("qawl.evaluation").joinpath("data/markers.tsv").read_text(encoding="utf-8")
    listed: dict[str, Marker] = {}
    for line in lines.splitlines():
        if line and not line.startswith("#"):
            forms, kind, act = line.split("\t")
            marker = Marker(cast(Literal["verb", "phrase"], kind), cast(Act, act))
            listed.update(dict.fromkeys(forms.split(), marker))
    return listed


def read(article: Article, *, clauses: bool = False) -> list[Statement]:
    """The statements that marks and markers give, in order; never overlapping."""
    found = list(_quoted(article.text))
    if clauses:
        taken = [(s.start, s.end) for s in found]
        found += [
            s
            for s in _clauses(article.text)
            if not any(s.start < e and b < s.end for b, e in taken)
        ]
    return list(_carried(sorted(found, key=lambda s: s.start)))


def _carried(statements: list[Statement]) -> Iterator[Statement]:
    """A statement without a source beside its marker takes the one before it in the article."""
    last: str | None = None
    for statement in statements:
        last = statement.who or last
        yield replace(statement, who=last)


def _quoted(text: str) -> Iterator[Statement]:
    """Quotations with a marker within ``WINDOW`` words before or after, in the same paragraph."""
    for quoted in _QUOTED.finditer(text):
        group = quoted.lastindex or 0
        before = text[text.rfind("\n", 0, quoted.start()) + 1 : quoted.start()]
        marked = _marker_before(text, quoted.start() - len(before), quoted.start())
        marked = marked or _marker_after(text, quoted.end())
        if marked:
            cue, marker = marked
            speaker = _source(text, cue.end, quoted.start() if cue.end <= quoted.start() else None)
            yield _statement(text, quoted.span(group), cue, speaker, marker, "direct")


def _clauses(text: str) -> Iterator[Statement]:
    """A verb and, within ``WINDOW`` words of the same sentence, its أنّ / إنّ clause."""
    free = 0
    for cue, marker in _markers(text, 0, len(text)):
        if marker.kind != "verb" or cue.start < free:
            continue
        end = cast("re.Match[str]", _SENTENCE_END.search(text, cue.end)).start()
        clause = _CLAUSE.search(text, cue.end, end)
        if clause and len(_WORD.findall(text, cue.end, clause.start())) <= WINDOW:
            content = text[clause.end() : end].rstrip(' ،"»”')
            if content:
                free = clause.end() + len(content)
                speaker = _source(text, cue.end, clause.start())
                form: Form = "mixed" if _QUOTED.search(content) else "indirect"
                yield _statement(text, (clause.end(), free), cue, speaker, marker, form)


def _markers(text: str, start: int, end: int) -> Iterator[tuple[Span, Marker]]:
    known = markers()
    for word in _WORD.finditer(text, start, end):
        for glued in (0, 1):
            form = word[0][glued:]
            if form in known and (not glued or word[0][0] in "وف"):
                yield Span.of(text, word.start() + glued, word.end()), known[form]
                break


def _marker_before(text: str, start: int, end: int) -> tuple[Span, Marker] | None:
    """The last marker before ``end``, if near and no sentence ends between."""
    for cue, marker in reversed(list(_markers(text, start, end))):
        between = text[cue.end : end]
        near = len(_WORD.findall(between)) <= WINDOW
        return (cue, marker) if near and not re.search(r"[.؟!»”](?=\s)", between) else None
    return None


def _marker_after(text: str, start: int) -> tuple[Span, Marker] | None:
    """A marker among the first three words after ``start``, in the same paragraph."""
    line_end = text.find("\n", start)
    words = list(_WORD.finditer(text, start, line_end if line_end >= 0 else len(text)))[:3]
    return next(_markers(text, start, words[-1].end()), None) if words else None


def _source(text: str, start: int, end: int | None) -> Span | None:
    """The words from ``start`` to the first that cannot belong to a source's name."""
    stop = _NOT_SOURCE.search(text, start, len(text) if end is None else end)
    limit = stop.start() if stop else (end if end is not None else len(text))
    words = list(_WORD.finditer(text, start, limit))[:LONGEST_SOURCE]
    return Span.of(text, words[0].start(), words[-1].end()) if words else None


def _statement(
    text: str,
    content: tuple[int, int],
    cue: Span,
    speaker: Span | None,
    marker: Marker,
    form: Form,
) -> Statement:
    return Statement(
        content=(Span.of(text, *content),),
        cue=cue,
        speaker=speaker,
        who=speaker.text if speaker else None,
        form=form,
        act=marker.act,
    )
