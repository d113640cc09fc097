"""What a visitor asks of the search page: the parameters of its address, read once for pages, feeds and exports."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import Query
from sqlalchemy import Connection

from qawl.errors import InputError
from qawl.model import ACTS, FORMS
from qawl.record.questions import Question, asked
from qawl.record.search import Filters
from qawl.record.sources import Kept
from qawl.record.who import candidates, numbered

#: Code points of a query at most.
LONGEST = 1000
#: Sources shown where a name may be of several.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked. ``q`` is as typed; ``words`` are those to find; ``sources`` whose statements; ``unsure``
    are the sources that the name in a question may be of, where it is not clear; ``question`` is how ``q``
    was understood."""

    q: str
    words: str
    filters: Filters
    sources: tuple[Kept, ...]
    unsure: tuple[Kept, ...]
    question: Question | None
    parameters: dict[str, Any]


class Asking:
    """The parameters of a search (a dependency of FastAPI)."""

    def __init__(
        self,
        q: Annotated[str, Query(max_length=LONGEST)] = "",
        source: Annotated[list[int] | None, Query()] = None,
        outlet: Annotated[str, Query(max_length=300)] = "",
        act: Annotated[list[str] | None, Query()] = None,
        form: Annotated[list[str] | None, Query()] = None,
        place: Annotated[str, Query(max_length=300)] = "",
        since: Annotated[str, Query(max_length=10)] = "",
        until: Annotated[str, Query(max_length=10)] = "",
        checkable: bool = False,
        once: bool = False,
        least: Annotated[float, Query(ge=0, le=1)] = 0.0,
        literal: bool = False,
        order: Annotated[str, Query(pattern="^(new|best)$")] = "new",
    ) -> None:
        self.q = " ".join(q.split())
        self.source = tuple(source or ())[:50]
        self.outlet, self.place = outlet, place
        self.act = tuple(a for a in act or () if a)
        self.form = tuple(f for f in form or () if f)
        for value, known in [*((a, ACTS) for a in self.act), *((f, FORMS) for f in self.form)]:
            if value not in cast(tuple[str, ...], known):
                raise InputError(f"{value} is none of {', '.join(known)}")
        self.since, self.until = since, until
        self.checkable, self.once, self.least, self.literal = checkable, once, least, literal
        self.order = order

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters again, those that ask nothing left off."""
        given = {
            "q": self.q,
            "source": list(self.source),
            "outlet": self.outlet,
            "act": list(self.act),
            "form": list(self.form),
            "place": self.place,
            "since": self.since,
            "until": self.until,
            "checkable": "1" if self.checkable else "",
            "once": "1" if self.once else "",
            "least": self.least or "",
            "literal": "1" if self.literal else "",
            "order": self.order if self.order != "new" else "",
        }
        return {name: value for name, value in given.items() if value not in ("", [])}

    def understood(self, connection: Connection) -> Asked:
        """What is asked, with a question's name looked up in the record.

        Raises InputError for a day that is none, a source that the record has not.
        """
        sources = tuple(numbered(connection, n) for n in self.source)
        unsure: tuple[Kept, ...] = ()
        words, question = self.q, None
        if not self.literal and (question := asked(self.q)) is not None:
            words = question.about
            if question.who and not sources:
                found = candidates(connection, question.who)
                if len(found) == 1 or (found and found[0].source.count > 4 * found[1].source.count):
                    sources = (found[0],)
                elif found:
                    sources = tuple(found[:SHOWN])
                    unsure = sources
                else:
                    words, question = self.q, None
        filters = Filters(
            sources=tuple(k.source.id for k in sources),
            outlet=self.outlet or None,
            acts=self.act,
            forms=self.form,
            since=day_of(self.since),
            until=_after(self.until),
            place=self.place or None,
            checkable=self.checkable,
            least=self.least,
            firsts=self.once,
        )
        return Asked(self.q, words, filters, sources, unsure, question, self.parameters)


def day_of(written: str) -> dt.datetime | None:
    """The beginning of a day (2019-08-26) or month (2019-08) in UTC; None where nothing is written."""
    if not written:
        return None
    try:
        day = dt.date.fromisoformat(written if len(written) > 7 else f"{written}-01")
    except ValueError as error:
        raise InputError(f"{written} is no day: write it as 2019-08-26") from error
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def _after(written: str) -> dt.datetime | None:
    """The end of a day or month."""
    start = day_of(written)
    if start is None:
        return None
    if len(written) > 7:
        return start + dt.timedelta(days=1)
    return (start + dt.timedelta(days=32)).replace(day=1)
