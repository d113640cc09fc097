"""The page of a saying: how each outlet gave the same statement, the earliest first, word by word."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from qawl.arabic.letters import fold
from qawl.record.changes import Difference
from qawl.record.comparing import Occurrence, saying
from qawl.web.pages.article import Number
from qawl.web.shown import Line, lines_of
from qawl.web.site import AnySite, render

router = APIRouter()
#: Versions shown at most, the earliest: a communiqué may stand in hundreds of articles.
MOST = 60
#: Changes that give a statement another meaning.
GRAVE = ("negation", "number", "meaning", "act")


@dataclass(frozen=True, slots=True)
class Version:
    """A statement of a saying beside the first: what changed, by name (gravest first) and word by word, and
    how long after the first its article appeared. ``alike`` is False where it is of this saying by another
    version only."""

    line: Line
    changes: tuple[str, ...] = ()
    pieces: tuple[tuple[str, str], ...] = ()
    later: dt.timedelta = dt.timedelta()
    alike: bool = True


@router.get("/sayings/{number}", response_class=HTMLResponse)
def page(request: Request, site: AnySite, number: Number) -> HTMLResponse:
    """All versions of the saying of a statement."""
    with site.records.reading() as connection:
        some = saying(connection, number, MOST + 1)
        more, some = len(some) > MOST, some[:MOST]
        shown = lines_of(connection, [(one.row, ()) for one in some])
    versions = [_version(line, one, some[0]) for line, one in zip(shown, some, strict=True)]
    return render(
        request,
        "saying.html",
        number=number,
        versions=versions,
        outlets=len({v.line.row["outlet"] for v in versions}),
        changed=sorted({c for v in versions for c in v.changes}, key=lambda c: (c not in GRAVE, c)),
        more=more,
        most=MOST,
        grave=GRAVE,
    )


def _version(line: Line, one: Occurrence, first: Occurrence) -> Version:
    if one.likeness is None:
        return Version(line)
    changes: tuple[str, ...] = one.likeness.changes
    if one.row["act"] != first.row["act"]:
        changes = ("act", *changes)
    later = one.row["published"] - first.row["published"]
    pieces = tuple(pieces_of(one.likeness.differences))
    return Version(line, changes, pieces, later, one.likeness.same)


def pieces_of(differences: Sequence[Difference]) -> Iterator[tuple[str, str]]:
    """What stands in both texts ("same"), in the first only ("del") and in the second only ("ins"), with the
    space between them apart ("space"), so that it is not marked."""
    parts: list[tuple[str, str]] = []
    for d in differences:
        if d.kind == "equal":
            parts += _forms(d.a.text, d.b.text)
        else:
            parts += [(tag, text) for tag, text in (("del", d.a.text), ("ins", d.b.text)) if text]
    for k, (tag, text) in enumerate(parts):
        words = text.rstrip()
        yield tag, words
        if k + 1 < len(parts):
            other = "del" in (tag, parts[k + 1][0])  # texts that do not stand beside each other
            yield "space", text[len(words) :] or (" " if other else "")


_WORD = re.compile(r"\S+\s*")


def _forms(one: str, other: str) -> Iterator[tuple[str, str]]:
    """A stretch of words that are the same but for their forms (كلفة, الكلفة): the forms are shown."""
    words = _WORD.findall(one), _WORD.findall(other)
    if fold(one).split() == fold(other).split() or len(words[0]) != len(words[1]):
        yield "same", other
        return
    same = ""
    for old, new in zip(*words, strict=True):
        if fold(old).split() == fold(new).split():
            same += new
            continue
        if same:
            yield "same", same
        same = ""
        yield "del", old
        yield "ins", new
    if same:
        yield "same", same
