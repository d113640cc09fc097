"""The nouns of Qawl: Span, Statement, Paragraph, Article. Frozen, no I/O.

All offsets are Unicode code points (Python string indices) into ``Article.text``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

Form = Literal["direct", "mixed", "indirect"]
Act = Literal[
    "inform", "opine", "predict", "deny", "accuse", "support", "commit", "warn", "request"
]
ParagraphKind = Literal["title", "heading", "text", "caption", "chrome"]
NameKind = Literal["person", "body", "place", "other"]

FORMS: tuple[Form, ...] = get_args(Form)
ACTS: tuple[Act, ...] = get_args(Act)
NAME_KINDS: tuple[NameKind, ...] = get_args(NameKind)

#: The PLOVER event class of each act; None where PLOVER has no event (a mere public statement).
PLOVER: dict[Act, str | None] = {
    "commit": "AGREE",
    "support": "SUPPORT",
    "request": "REQUEST",
    "accuse": "ACCUSE",
    "deny": "REJECT",
    "warn": "THREATEN",
    "inform": None,
    "opine": None,
    "predict": None,
}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an article's text: ``text == article.text[start:end]``, always."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Span:
        """The span of ``text`` from ``start`` to ``end`` (code points)."""
        return cls(start, end, text[start:end])


@dataclass(frozen=True, slots=True)
class Name:
    """A person, a body, a place or another thing that a content names."""

    span: Span
    kind: NameKind


@dataclass(frozen=True, slots=True)
class Decision:
    """Which rule or model decided a part of a statement.

    ``stage`` is one of cue, content, speaker, who, form, act; ``by`` names the rule or the model;
    ``probability`` is the model's, None for a rule; ``note`` is for people.
    """

    stage: str
    by: str
    probability: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement's place in a record: its ``number`` there and that of the ``source`` which it is linked to,
    with the source's ``name`` as the record shows it, ``kind`` (person, body, media, state, unnamed),
    ``state`` and ``wikidata`` id (Q…); ``reason`` and ``sure`` (0..1) of that link; and its ``saying``, the
    number of the statement that it repeats (its own where it is the first)."""

    number: int
    source: int | None = None
    name: str | None = None
    kind: str | None = None
    state: str | None = None
    wikidata: str | None = None
    reason: str | None = None
    sure: float | None = None
    saying: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One reported saying (docs/statements.md).

    ``content`` has one span or more; ``cue`` is the reporting word, None for a quotation or an
    interview answer without one; ``speaker`` is the span that names the source beside the cue, None
    where the verb hides it; ``who`` is the source that is meant, by its fullest name in the
    article, and ``who_span`` is where that name stands; ``confidence`` is in 0..1.

    Beside the content, where the article says it: ``about`` is the topic that the reporter puts
    before it (وعن الموازنة قال …), ``addressee`` whom it was said to, ``setting`` where or by what
    means (في مؤتمر صحفي، لوكالة رويترز); ``said`` is the day, or the day and time, on which it was
    said, and ``said_span`` the words that tell it. ``via`` names who relays it, the outermost first,
    as the article writes them. ``names`` are those in the content, in order. ``checkable`` marks a
    claim of fact that somebody could verify. ``entry`` is set on what is taken out of a record.
    """

    content: tuple[Span, ...]
    cue: Span | None
    speaker: Span | None
    who: str | None
    form: Form
    act: Act
    nested: bool = False
    confidence: float = 1.0
    who_span: Span | None = None
    decisions: tuple[Decision, ...] = ()
    about: Span | None = None
    addressee: Span | None = None
    setting: Span | None = None
    said: dt.date | dt.datetime | None = None
    said_span: Span | None = None
    via: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    checkable: bool = False
    entry: Entry | None = None

    @property
    def start(self) -> int:
        """Where the content begins (code points)."""
        return self.content[0].start

    @property
    def end(self) -> int:
        """Where the content ends (code points)."""
        return self.content[-1].end


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the article's text and what it is; ``chrome`` is passed over by the reader."""

    start: int
    end: int
    kind: ParagraphKind = "text"


@dataclass(frozen=True, slots=True)
class Article:
    """One news text.

    ``text`` is title + newline + paragraphs joined by newlines (just the paragraphs where there is
    no title); it is never changed after reading. ``paragraphs`` cover its lines in order.
    ``date`` is when it was published: a ``datetime`` (UTC if it carries a zone) or a ``date``;
    ``date_text`` is how the page wrote it. ``address`` is where it was fetched, ``canonical``
    the address that the page itself gives. ``reader`` is the version of what read it, empty before.
    ``country`` is the state whose readers its outlet writes for, by its name in countries.tsv, where a
    person has said so. ``notes`` are things a person should know of this article (no Arabic in it, say).
    """

    text: str
    id: str = ""
    title: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    outlet: str | None = None
    author: str | None = None
    date: dt.datetime | dt.date | None = None
    date_text: str | None = None
    address: str | None = None
    canonical: str | None = None
    statements: tuple[Statement, ...] = ()
    reader: str = ""
    notes: tuple[str, ...] = ()
    country: str | None = None

    @classmethod
    def of(cls, text: str, *, title: str = "", **fields: object) -> Article:
        """An article of a title and a body, with ``text`` composed from both.

        The paragraphs are the lines, their kind "title" and "text"; the reader marks the chrome.
        """
        whole = f"{title}\n{text}" if title else text
        return cls(
            text=whole,
            title=title,
            paragraphs=tuple(lines_of(whole, titled=bool(title))),
            **fields,  # type: ignore[arg-type]
        )

    def with_statements(self, statements: Iterable[Statement], reader: str = "") -> Article:
        """The same article with ``statements`` in it."""
        return replace(self, statements=tuple(statements), reader=reader or self.reader)


def lines_of(text: str, *, titled: bool = False) -> Iterable[Paragraph]:
    """The lines of ``text`` that hold more than white space, as paragraphs, the first a title if
    ``titled``."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            yield Paragraph(start, end, "title" if titled and start == 0 else "text")
        start = end + 1
