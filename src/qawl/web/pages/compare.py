"""Comparing: what a speaker said on a topic over time, with turns of position; or two speakers side by side."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from qawl.model import ACTS
from qawl.record import query as queries
from qawl.record.comparing import SIDES, Step, timeline
from qawl.record.search import Filters
from qawl.record.sources import Kept
from qawl.web.asking import LONGEST as WORDS
from qawl.web.asking import day_of
from qawl.web.charts import Column, Point, columns, points
from qawl.web.names import LONGEST, meant, role_of
from qawl.web.shown import Line, lines_of
from qawl.web.site import AnySite, render

router = APIRouter()
#: Statements of a speaker that are looked at, the newest, and among how many before it what one negates
#: is looked for: 34 µs a pair.
MOST, NEAR = 200, 20
Typed = Annotated[str, Query(max_length=LONGEST)]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of a timeline; ``turned`` is the earlier one that it turns from and ``why`` the name of the
    change: "negation", or "side" from one act to another."""

    line: Line
    turned: Line | None
    why: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """One side of the comparison: what was typed, who it is (None: not clear, ``choices`` to choose from)."""

    typed: str
    kept: Kept | None
    choices: tuple[tuple[Kept, str], ...] = ()
    said: tuple[Said, ...] = ()
    points: tuple[Point, ...] = ()
    columns: tuple[Column, ...] = field(default=())

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many statements there are of each act."""
        counted = Counter(s.line.row["act"] for s in self.said)
        return [(act, counted[act]) for act in ACTS]

    @property
    def turns(self) -> int:
        """How many statements turn from an earlier one."""
        return sum(said.turned is not None for said in self.said)


@router.get("/compare", response_class=HTMLResponse)
def page(
    request: Request,
    site: AnySite,
    who: Typed = "",
    who2: Typed = "",
    about: Annotated[str, Query(max_length=WORDS)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:
    """The form, and the comparison where a name is given."""
    about = " ".join(about.replace("\x00", " ").split())
    filters = Filters(since=day_of(since), until=day_of(until))
    typed = [name.strip() for name in (who, who2)]
    with site.records.reading() as connection:
        speakers = [_speaker(connection, name, about, filters) for name in typed if name]
    everything = [s for speaker in speakers for s in speaker.said]
    if len(speakers) > 1 and everything:  # charts of one scale
        moments = sorted(s.line.row["published"] for s in everything)
        first, last = moments[0], moments[-1]
        months = f"{first:%Y-%m}", f"{last:%Y-%m}"
        made = [_columns(s.said, months) for s in speakers]
        most = max((c.count for some in made for c in some), default=0) or 1
        speakers = [
            replace(
                s, columns=_columns(s.said, months, most), points=_points(s.said, (first, last))
            )
            for s in speakers
        ]
    else:
        first = last = None
    return render(
        request,
        "compare.html",
        who=typed[0],
        who2=typed[1],
        about=about,
        since=since,
        until=until,
        speakers=speakers,
        clear=bool(speakers) and all(s.kept for s in speakers),
        parameters={"who": typed[0], "who2": typed[1], "about": about, "since": since, "until": until},
        most=MOST,
        first=first,
        last=last,
    )  # fmt: skip


def _speaker(connection: Connection, typed: str, about: str, filters: Filters) -> Speaker:
    kept, choices = meant(connection, typed)
    if kept is None:
        return Speaker(typed, None, tuple((k, role_of(k)) for k in choices))
    mine = replace(filters, sources=(kept.source.id,))
    steps = timeline(connection, about, mine, most=MOST, near=NEAR)
    query = queries.parse(about)
    rows = [(step.row, queries.places(query, step.row["text"])) for step in steps]
    shown = lines_of(connection, rows)
    by_number = {line.row["id"]: line for line in shown}
    said = tuple(
        Said(line, by_number[step.turned["id"]] if step.turned is not None else None, _why(step))
        for line, step in zip(shown, steps, strict=True)
    )
    return Speaker(typed, kept, (), said, _points(said), _columns(said))


def _points(
    said: Sequence[Said], between: tuple[dt.datetime, dt.datetime] | None = None
) -> tuple[Point, ...]:
    steps = [
        (s.line.row["published"], SIDES.get(s.line.row["act"], 0), s.turned is not None)
        for s in said
    ]
    return tuple(points(steps, between))


def _why(step: Step) -> str:
    return "negation" if step.why == "negation" else "side"


def _columns(
    said: Sequence[Said], between: tuple[str, str] | None = None, most: int | None = None
) -> tuple[Column, ...]:
    moments = ((f"{s.line.row['published']:%Y-%m}", s.line.row["act"]) for s in said)
    return tuple(columns(moments, ACTS, most=most, between=between))
