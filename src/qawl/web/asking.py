"""What a visitor asks of the search page: the parameters of its address, read once for pages, feeds and exports."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
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
#: The largest number that a record's rows can have.
LARGEST = (1 << 63) - 1
_Q = (
    'Words (all of them, in any form), "an exact phrase", -without, or a question: '
    "ماذا قال فلان عن كذا"
)
#: Text that both databases can look for: without the character NUL.
_PLAIN = r"^[^\x00]*$"
_DAY = r"^(|(19|20)\d\d-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)$"
_Number = Annotated[int, Field(ge=1, le=LARGEST)]
_Act = Annotated[str, Field(pattern=f"^({'|'.join(ACTS)})?$")]
_Form = Annotated[str, Field(pattern=f"^({'|'.join(FORMS)})?$")]


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
        q: Annotated[
            str,
            Query(
                max_length=LONGEST,
                pattern=_PLAIN,
                description=_Q,
                examples=["ماذا قال وزير الطاقة عن الأسعار"],
            ),
        ] = "",
        source: Annotated[
            list[_Number] | None,
            Query(description="Numbers of sources whose statements are wanted."),
        ] = None,
        outlet: Annotated[
            str,
            Query(
                max_length=300,
                pattern=_PLAIN,
                description="Who published it.",
                examples=["صحيفة المرفأ"],
            ),
        ] = "",
        act: Annotated[
            list[_Act] | None,
            Query(description=f"What the speaker does with the words: {', '.join(ACTS)}."),
        ] = None,
        form: Annotated[
            list[_Form] | None,
            Query(description=f"Whether the words are the source's own: {', '.join(FORMS)}."),
        ] = None,
        place: Annotated[
            str,
            Query(
                max_length=300,
                pattern=_PLAIN,
                description="A place or name that the words hold.",
                examples=["البصرة"],
            ),
        ] = "",
        since: Annotated[
            str,
            Query(
                max_length=10,
                pattern=_DAY,
                description="The first day (2019-08-26) or month (2019-08).",
            ),
        ] = "",
        until: Annotated[
            str, Query(max_length=10, pattern=_DAY, description="The last day or month.")
        ] = "",
        checkable: Annotated[
            bool, Query(description="Only claims of fact that somebody could verify.")
        ] = False,
        once: Annotated[
            bool, Query(description="Each saying once, where it was first kept.")
        ] = False,
        least: Annotated[
            float, Query(ge=0, le=1, description="How sure of a statement the reader must be.")
        ] = 0.0,
        literal: Annotated[
            bool, Query(description="Look for the words as typed, even where they are a question.")
        ] = False,
        order: Annotated[
            str,
            Query(
                pattern="^(new|best)$",
                description="The newest first, or the best of the newest 1,000.",
            ),
        ] = "new",
    ) -> None:
        self.q = " ".join(q.split())
        self.source = tuple(source or ())[:50]
        self.outlet, self.place = outlet, place
        self.act = tuple(a for a in act or () if a)
        self.form = tuple(f for f in form or () if f)
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
