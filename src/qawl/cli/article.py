"""``qawl article``: an article of the record, its statements and its versions."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qawl.cli.options import database, open_record
from qawl.cli.report import say
from qawl.errors import InputError
from qawl.formats.csv_table import JOIN
from qawl.formats.terminal import PDI, RLI

if TYPE_CHECKING:
    from qawl.model import Article, Statement
    from qawl.record.changes import Difference
    from qawl.record.store import Record
    from qawl.record.versions import Changed, Version

_ARABIC = re.compile("[\u0600-\u06ff]")
_PAIR = re.compile(r"(\d+):(\d+)")
#: Escape sequences of a terminal: red and struck through, green and underlined, dim, bold, plain.
_OUT, _IN, _DIM, _BOLD, _PLAIN = "\033[31;9m", "\033[32;4m", "\033[2m", "\033[1m", "\033[0m"
#: What stands before a statement that came, went, changed or stayed.
_SIGNS = {"came": "+", "went": "-", "changed": "~", "same": "="}


@dataclass(frozen=True, slots=True)
class _Side:
    """A version with its article and the places of its statements in the record."""

    version: Version
    article: Article
    places: tuple[int, ...]

    def place(self, k: int) -> str:
        """How the ``k``-th statement is called: 12#s3."""
        return f"{self.version.number}#s{self.places[k] + 1}"


@dataclass(frozen=True, slots=True)
class _View:
    """What is shown: an article, all its versions, and those that are compared in pairs."""

    shown: _Side
    every: list[Version]
    pairs: list[tuple[_Side, _Side]]


@click.command()
@click.argument("number", type=int)
@database
@click.option(
    "--versions",
    "pair",
    metavar="A:B",
    help="Compare version A with version B (1:3), not each with the next.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or for programs.",
)
@click.option(
    "--page", metavar="FILE", help="Write the page that was kept, as it was fetched (- prints it)."
)
def article(number: int, db: str | None, pair: str | None, form: str, page: str | None) -> None:
    """Show the article of that NUMBER: its statements, its versions, and what changed between them.

    NUMBER is that of 12#s3, as `qawl search` shows it. What changed is shown word by word,
    [-left out-] and {+added+}, in the paragraphs where it stands, and then what became of each statement: +
    came, - went, ~ changed.
    """
    with open_record(db) as record:
        if page is not None:
            _write_page(record, number, page)
            return
        view = _view(record, number, pair)
    if form == "json":
        click.echo(json.dumps(_document(view), ensure_ascii=False, indent=2))
        return
    for line in _lines(view, _Style(sys.stdout.isatty())):
        click.echo(line)


def _write_page(record: Record, number: int, target: str) -> None:
    from qawl.formats.output import atomic_file
    from qawl.record.versions import versions_of

    with record.reading() as connection:
        versions_of(connection, number)  # raises where there is no such article
    page = record.page(number)
    if page is None:
        raise InputError(
            f"no page was kept of article {number}: it was added from a text, not from a page"
        )
    if target == "-":
        sys.stdout.buffer.write(page)
        sys.stdout.buffer.flush()
        return
    with atomic_file(Path(target)) as out:
        out.write(page)
    say(f"{len(page):,} bytes written to {target}")


def _view(record: Record, number: int, pair: str | None) -> _View:
    from qawl.record.versions import version, versions_of

    with record.reading() as connection:
        every = versions_of(connection, number)
        wanted = every if pair is None else _given(pair, every)
        sides = [_Side(v, *version(connection, v.number)) for v in wanted]
        own = next(v for v in every if v.number == number)
        shown = _Side(own, *version(connection, number))
    return _View(shown, every, list(pairwise(sides)))


def _given(pair: str, every: Sequence[Version]) -> list[Version]:
    found = _PAIR.fullmatch(pair)
    by_number = {v.version: v for v in every}
    if not found:
        raise InputError(f"{pair!r} is no pair of versions: write 1:3")
    for written in found.groups():
        if int(written) not in by_number:
            known = ", ".join(map(str, by_number))
            raise InputError(f"the article has no version {written}; it has {known}")
    return [by_number[int(written)] for written in found.groups()]


class _Style:
    """Signs, and colours beside them on a terminal."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, text: str, style: str) -> str:
        return f"{style}{text}{_PLAIN}" if self._colour and text else text

    def join(self, parts: Iterable[str | None]) -> str:
        """What there is of ``parts`` on one line; on a terminal Arabic stands between isolates, so that it
        keeps its place beside numbers and Latin words."""
        known = [part for part in parts if part]
        if self._colour:
            known = [f"{RLI}{p}{PDI}" if _ARABIC.search(p) else p for p in known]
        return " · ".join(known)

    def parts(self, parts: Sequence[Difference | None]) -> str:
        """Words with what was left out and added among them, on one line."""
        out = ""
        spaced = True  # whether white space stands before the part in one of the texts
        for part in parts:
            if part is None:
                out, spaced = f"{out.rstrip()} … ", True
                continue
            marked = [part.b.text]
            if part.kind != "equal":
                gone, new = _line(part.a.text), _line(part.b.text)
                marked = [self(f"[-{gone}-]", _OUT)] if gone else []
                marked += [self(f"{{+{new}+}}", _IN)] if new else []
            out += " " * (spaced and not out.endswith(" ")) + " ".join(marked)
            spaced = part.a.text[-1:].isspace() or part.b.text[-1:].isspace()
        return _line(out)


def _line(text: str) -> str:
    """On one line; where a paragraph ends within it there is a mark."""
    return " ".join(text.strip().replace("\n", " ¶ ").split())


def _lines(view: _View, style: _Style) -> Iterator[str]:
    version, article = view.shown.version, view.shown.article
    yield style(f"#{version.number}  {article.title or _line(article.text)[:80]}", _BOLD)
    known = [article.outlet, article.author, _published(version), article.address]
    yield "  " + style.join(known)
    if article.canonical and article.canonical != article.address:
        yield f"  the page calls itself {article.canonical}"
    if version.page:
        yield f"  page kept: {version.page}, SHA-256 {version.page_hash}"
    yield f"  text: {len(article.text):,} code points, SHA-256 {version.hash}"
    yield ""
    yield f"{len(article.statements)} statements, by {version.reader or 'no reader'}:"
    for place, statement in zip(view.shown.places, article.statements, strict=True):
        yield from _statement(version.number, place, statement, style)
    yield ""
    yield f"{len(view.every)} {'version' if len(view.every) == 1 else 'versions'}:"
    for v in view.every:
        times = [f"fetched {_time(v.fetched)}" if v.fetched else "", f"added {_time(v.added)}"]
        now = "the newest" if v.current else ""
        parts = [
            f"#{v.number}",
            *times,
            f"{v.statements} statements",
            "page kept" if v.page else "",
        ]
        yield f"  {v.version}  " + style.join([*parts, now])
    for old, new in view.pairs:
        yield ""
        yield from _changes(old, new, style)


def _statement(number: int, place: int, statement: Statement, style: _Style) -> Iterator[str]:
    entry = statement.entry
    source = f"#{entry.source}" if entry and entry.source is not None else None
    other = entry.name if entry and entry.name != statement.who else None
    who = " = ".join(part for part in (statement.who or "؟", other) if part)
    marks = ["checkable" if statement.checkable else None, "nested" if statement.nested else None]
    known = [who, source, statement.form, statement.act, *marks, f"{number}#s{place + 1}"]
    yield "  " + style(style.join(known), _DIM)
    yield f"    «{_line(JOIN.join(part.text for part in statement.content))}»"


def _changes(old: _Side, new: _Side, style: _Style) -> Iterator[str]:
    from qawl.record.versions import Comparison, changed_rows, changed_statements

    compared = Comparison(old.article.text, new.article.text)
    gone, come = (_count(compared.differences, side) for side in ("a", "b"))
    head = f"from version {old.version.version} to {new.version.version}: "
    yield style(head + f"{gone} words left out, {come} added", _BOLD)
    last = 0
    for row in changed_rows(compared.differences):
        yield from _skipped(row.before, style)
        yield "  " + style.parts(row.parts)
        last = row.parts[-1].b.end if row.parts[-1] else len(compared.new)
    yield from _skipped(sum(1 for p in compared.new[last:].split("\n") if p.strip()), style)
    changed = changed_statements(old.article, new.article, compared)
    same = sum(1 for c in changed if c.kind == "same")
    if same:
        yield style(f"  {_SIGNS['same']} {same} statements are the same", _DIM)
    for change in changed:
        if change.kind != "same":
            yield from _changed(change, old, new, style)


def _skipped(paragraphs: int, style: _Style) -> Iterator[str]:
    if paragraphs:
        noun = "paragraph" if paragraphs == 1 else "paragraphs"
        yield style(f"  … {paragraphs} unchanged {noun}", _DIM)


def _count(found: Sequence[Difference], side: str) -> int:
    return sum(len(getattr(d, side).text.split()) for d in found if d.kind != "equal")


def _changed(change: Changed, old: _Side, new: _Side, style: _Style) -> Iterator[str]:
    from qawl.record.versions import differences

    if change.old is None or change.new is None:
        for side, at, colour in ((old, change.old, _OUT), (new, change.new, _IN)):
            if at is not None:
                shown = side.article.statements[at]
                head = style.join([shown.who or "؟", shown.act, side.place(at)])
                yield f"  {_SIGNS[change.kind]} {change.kind}: {head}"
                yield f"    «{style(_said(shown), colour)}»"
        return
    before, after = old.article.statements[change.old], new.article.statements[change.new]
    facts = []
    for name in ("who", "form", "act"):
        if name in change.what:
            facts.append(f"{name} [-{getattr(before, name)}-] {{+{getattr(after, name)}+}}")
    grave = [w for w in change.what if w in ("number", "negation", "meaning")]
    facts += [f"another {w}" for w in grave]
    who = [after.who or "؟"] if "who" not in change.what else []
    yield f"  {_SIGNS['changed']} changed: " + style.join([*who, *facts, new.place(change.new)])
    if "words" in change.what:
        yield "    «" + style.parts(differences(_said(before), _said(after))) + "»"


def _said(statement: Statement) -> str:
    return _line(JOIN.join(part.text for part in statement.content))


def _published(version: Version) -> str | None:
    if version.published is None:
        return None
    return f"{version.published:%Y-%m-%d}" if version.whole_day else _time(version.published)


def _time(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _document(view: _View) -> dict[str, Any]:
    from qawl.formats.json_document import article_in_full, statement_in_full

    version, article, places = view.shown.version, view.shown.article, view.shown.places
    statements = [
        {"id": f"{version.number}#s{place + 1}", **statement_in_full(s), **_linked(s)}
        for place, s in zip(places, article.statements, strict=True)
    ]
    return {
        **article_in_full(article),
        "number": version.number,
        "version": version.version,
        "statements": statements,
        "versions": [_version(v) for v in view.every],
        "changes": [_change(old, new) for old, new in view.pairs],
    }


def _linked(statement: Statement) -> dict[str, Any]:
    entry = statement.entry
    if entry is None or entry.source is None:
        return {"source": None}
    source = {
        "number": entry.source,
        "name": entry.name,
        "kind": entry.kind,
        "wikidata": entry.wikidata,
    }
    return {"source": {**source, "reason": entry.reason, "confidence": entry.sure}}


def _version(v: Version) -> dict[str, Any]:
    times = {
        n: t.isoformat() if t else None for n, t in (("fetched", v.fetched), ("added", v.added))
    }
    page = {"kind": v.page, "hash": v.page_hash} if v.page else None
    return {
        "number": v.number, "version": v.version, "newest": v.current, "title": v.title,
        "hash": v.hash, **times, "reader": v.reader, "statements": v.statements, "page": page,
    }  # fmt: skip


def _change(old: _Side, new: _Side) -> dict[str, Any]:
    from qawl.formats.jsonl import span_to_dict
    from qawl.record.versions import Comparison, changed_statements

    compared = Comparison(old.article.text, new.article.text)
    return {
        "from": old.version.version,
        "to": new.version.version,
        "differences": [
            {"kind": d.kind, "old": span_to_dict(d.a), "new": span_to_dict(d.b)}
            for d in compared.differences
            if d.kind != "equal"
        ],
        "statements": [
            {
                "kind": c.kind,
                "old": None if c.old is None else old.place(c.old),
                "new": None if c.new is None else new.place(c.new),
                "changed": list(c.what),
            }
            for c in changed_statements(old.article, new.article, compared)
        ],
    }
