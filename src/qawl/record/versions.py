"""Versions of an article: what changed from one text to another, word by word, and in what is said there.

Nothing here knows a database but ``versions_of`` and ``version``.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from sqlalchemy import Connection, func, select

from qawl.arabic.tokens import Token, tokens
from qawl.errors import NotFoundError
from qawl.model import Article, Span, Statement
from qawl.record import rows
from qawl.record.alignment import aligned
from qawl.record.changes import Difference, Kind, changes
from qawl.record.corrections import SAME, marked_wrong
from qawl.record.schema import ArticleRow, PageRow, StatementRow, table_of
from qawl.record.takeaway import entries_of

ARTICLES = table_of(ArticleRow)
STATEMENTS = table_of(StatementRow)
PAGES = table_of(PageRow)

#: Words that two statements share of those that either has from which on one is the other, moved elsewhere.
MOVED = 0.6
#: The same where one reporting word leads to both: لن ترفع الأسعار, سترفع الأسعار.
ONE_CUE = 0.2
#: Words of an unchanged stretch that are shown beside a change.
AROUND = 6


def differences(old: str, new: str) -> list[Difference]:
    """What was left out, added or replaced, word by word; the spans (code points) of all differences, in
    order, cover both texts whole. Words are equal as they are written (a harakah more is a change), and so
    are marks and ends of paragraphs; other white space does not count and goes with the word before it."""
    return Comparison(old, new).differences


class Comparison:
    """Two texts with their words aligned."""

    def __init__(self, old: str, new: str) -> None:
        """Aligns them, in time that grows with their length."""
        self.old, self.new = old, new
        self.old_tokens, self.new_tokens = tokens(old), tokens(new)
        self.runs = aligned(self.old_tokens, self.new_tokens)

    @cached_property
    def differences(self) -> list[Difference]:
        """As the function of that name."""
        parts: list[tuple[Kind, int, int]] = []  # up to which words of both texts
        i = j = 0
        for a, b, count in [*self.runs, (len(self.old_tokens), len(self.new_tokens), 0)]:
            if i < a and j < b:
                parts.append(("replaced", a, b))
            elif i < a or j < b:
                parts.append(("left out" if i < a else "added", a, b))
            if count:
                parts.append(("equal", a + count, b + count))
            i, j = a + count, b + count
        if not parts and (self.old or self.new):  # white space alone
            parts.append(("equal" if self.old == self.new else "replaced", 0, 0))
        found: list[Difference] = []
        i = j = 0
        for p, (kind, a, b) in enumerate(parts):
            last = p == len(parts) - 1
            k = len(self.old) if last else _start(self.old, self.old_tokens, a)
            n = len(self.new) if last else _start(self.new, self.new_tokens, b)
            found.append(Difference(kind, Span.of(self.old, i, k), Span.of(self.new, j, n)))
            i, j = k, n
        return found

    @cached_property
    def moved(self) -> dict[int, int]:
        """The words of the old text that stand in the new one, by their numbers."""
        return {a + k: b + k for a, b, count in self.runs for k in range(count)}


def _start(text: str, words: Sequence[Token], k: int) -> int:
    """Where a part begins whose first word is the ``k``-th; white space before the first word is of the
    part of that word."""
    return 0 if not k else len(text) if k == len(words) else words[k].start


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph in which something changed. ``before`` is how many unchanged paragraphs stand above it;
    ``parts`` are its differences in order, None where unchanged words are left off."""

    before: int
    parts: tuple[Difference | None, ...]


def changed_rows(found: Iterable[Difference], around: int = AROUND) -> list[Row]:
    """The paragraphs in which something changed, with ``around`` unchanged words beside each change."""
    out: list[Row] = []
    row: list[Difference] = []
    before = 0

    def end(paragraphs: int = 1) -> None:
        nonlocal before
        if any(part.kind != "equal" for part in row):
            out.append(Row(before, tuple(_shortened(row, around))))
            before = 0
        elif row:
            before += paragraphs
        row.clear()

    for part in found:
        if part.kind != "equal":
            text = part.b.text or part.a.text
            if text.startswith("\n") and all(p.kind == "equal" for p in row):
                end()
            row.append(part)
            if text.endswith("\n"):
                end()
            continue
        lines = part.a.text.split("\n"), part.b.text.split("\n")
        i, j = part.a.start, part.b.start
        for k, (old, new) in enumerate(zip(*lines, strict=True)):
            whole = k < len(lines[0]) - 1
            n, m = i + len(old) + whole, j + len(new) + whole
            if n > i:
                a, b = Span(i, n, old + "\n" * whole), Span(j, m, new + "\n" * whole)
                if b.text.strip() or row:
                    row.append(Difference("equal", a, b))
            if whole:
                end()
            i, j = n, m
    end()
    return out


def _shortened(row: Sequence[Difference], around: int) -> Iterator[Difference | None]:
    for k, part in enumerate(row):
        words = tokens(part.b.text)
        first, last = k == 0, k == len(row) - 1
        keep = around * ((not first) + (not last))
        if part.kind != "equal" or len(words) <= keep + 2:
            yield part
            continue
        theirs = tokens(part.a.text)
        if not first:
            yield _piece(part, 0, theirs[around].start, 0, words[around].start)
        yield None
        if not last:
            begin = theirs[-around].start, words[-around].start
            yield _piece(part, begin[0], len(part.a.text), begin[1], len(part.b.text))


def _piece(part: Difference, i: int, k: int, j: int, n: int) -> Difference:
    a, b = part.a, part.b
    return Difference(
        part.kind,
        Span(a.start + i, a.start + k, a.text[i:k]),
        Span(b.start + j, b.start + n, b.text[j:n]),
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """A statement in two versions: ``old`` and ``new`` are its places in their articles' lists (from 0). It
    came, went, changed (``what``: words, who, form, act, and what that does to the meaning: number,
    negation, meaning) or is the same."""

    kind: Literal["same", "changed", "came", "went"]
    old: int | None
    new: int | None
    what: tuple[str, ...] = ()


def changed_statements(
    old: Article, new: Article, compared: Comparison | None = None
) -> list[Changed]:
    """What became of the statements, in the order of the new text; those that went stand where they stood.

    A statement is the same one where it shares half of its words in place, some behind the same reporting
    word, or most of them elsewhere.
    """
    compared = compared or Comparison(old.text, new.text)
    here = [_words(s.content, compared.old_tokens) for s in old.statements]
    there = [_words(s.content, compared.new_tokens) for s in new.statements]
    bags = (
        [_bag(words, compared.old_tokens) for words in here],
        [_bag(words, compared.new_tokens) for words in there],
    )
    scores: list[tuple[float, int, int]] = []
    for a, mine in enumerate(here):
        moved = {compared.moved[k] for k in mine if k in compared.moved}
        for b, theirs in enumerate(there):
            shared = len(moved & set(theirs))
            share = shared / (len(mine) + len(theirs) - shared or 1)
            told = _one_cue(old.statements[a], new.statements[b], compared)
            if share >= (ONE_CUE if told else SAME):
                scores.append((share + 1, a, b))  # in place goes before elsewhere
                continue
            lengths = sorted((len(mine), len(theirs)))
            if lengths[0] < MOVED * lengths[1]:
                continue
            one, other = bags[0][a], bags[1][b]
            share = (one & other).total() / ((one | other).total() or 1)
            if share >= MOVED:
                scores.append((share, a, b))
    pairs: dict[int, int] = {}
    for _, a, b in sorted(scores, key=lambda s: (-s[0], s[1], s[2])):
        if a not in pairs and b not in pairs.values():
            pairs[a] = b
    back = {b: a for a, b in pairs.items()}
    found: list[tuple[float, Changed]] = []
    for b, statement in enumerate(new.statements):
        what = _what(old.statements[back[b]], statement) if b in back else ()
        kind: Literal["came", "changed", "same"]
        kind = "came" if b not in back else "changed" if what else "same"
        found.append((there[b][0] if there[b] else 0, Changed(kind, back.get(b), b, what)))
    for a, mine in enumerate(here):
        if a not in pairs:
            before = next(
                (k for k in range(mine[0] if mine else 0, -1, -1) if k in compared.moved), None
            )
            at = -0.5 if before is None else compared.moved[before] + 0.5
            found.append((at, Changed("went", a, None)))
    return [change for _, change in sorted(found, key=lambda f: f[0])]


def _one_cue(old: Statement, new: Statement, compared: Comparison) -> bool:
    """Whether one reporting word, in both texts, leads to both statements."""
    if old.cue is None or new.cue is None:
        return False
    here = _words([old.cue], compared.old_tokens)
    there = _words([new.cue], compared.new_tokens)
    return any(compared.moved.get(k) in there for k in here)


def _words(parts: Iterable[Span], words: Sequence[Token]) -> list[int]:
    """The numbers of the words that have their beginning or end in the spans."""
    return [
        k
        for part in parts
        for k in range(
            bisect_right(words, part.start, key=lambda word: word.end),
            bisect_left(words, part.end, key=lambda word: word.start),
        )
    ]


def _bag(numbers: Iterable[int], words: Sequence[Token]) -> Counter[str]:
    return Counter(words[k].text for k in numbers)


def _what(old: Statement, new: Statement) -> tuple[str, ...]:
    texts = [" ".join(" ".join(p.text.split()) for p in s.content) for s in (old, new)]
    found = ["words"] if texts[0] != texts[1] else []
    found += [name for name in ("who", "form", "act") if getattr(old, name) != getattr(new, name)]
    if found and texts[0] != texts[1]:
        grave = ("number", "negation", "meaning")
        acts = (old.act, new.act)
        found += [c for c in changes(texts[0], texts[1], (old.form, new.form), acts) if c in grave]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an article as the record keeps it. ``page`` is the media type of its kept page, if
    one is kept, and ``page_hash`` the SHA-256 of that."""

    number: int
    version: int
    current: bool
    title: str
    hash: str
    published: dt.datetime | None
    whole_day: bool
    fetched: dt.datetime | None
    added: dt.datetime
    reader: str
    statements: int
    page: str | None = None
    page_hash: str | None = None


def versions_of(connection: Connection, number: int) -> list[Version]:
    """All versions of the article of which ``number`` is one, the oldest first; raises InputError where
    the record has no such article."""
    a, p, s = ARTICLES.c, PAGES.c, STATEMENTS.c
    key = select(a.key).where(a.id == number).scalar_subquery()
    count = select(func.count()).where(s.article_id == a.id).correlate(ARTICLES).scalar_subquery()
    query = (
        select(
            a.id, a.version, a.current, a.title, a.hash, a.published, a.whole_day, a.fetched,
            a.added, a.reader, count, p.kind, p.hash,
        )
        .outerjoin(PAGES, p.article_id == a.id)
        .where(a.key == key)
        .order_by(a.version)
    )  # fmt: skip
    found = [Version(*row) for row in connection.execute(query)]
    if not found:
        raise NotFoundError(f"the record has no article {number}: look with `qawl search`")
    return found


def version(connection: Connection, number: int) -> tuple[Article, tuple[int, ...]]:
    """The article of that number and the places (from 0) of its statements in the record; those that a
    person marked wrong are left out. Raises NotFoundError where there is none."""
    row = connection.execute(select(ARTICLES).where(ARTICLES.c.id == number)).mappings().first()
    if row is None:
        raise NotFoundError(f"the record has no article {number}: look with `qawl search`")
    s = STATEMENTS.c
    query = select(STATEMENTS).where(s.article_id == number).order_by(s.place)
    wrong = marked_wrong(connection, number)
    kept = [r for r in connection.execute(query).mappings() if r["id"] not in wrong]
    entries = entries_of(connection, [dict(r) for r in kept])
    statements = [
        replace(rows.statement_from(dict(r), row["text"]), entry=entries[r["id"]]) for r in kept
    ]
    return rows.article_from(dict(row), statements), tuple(r["place"] for r in kept)
