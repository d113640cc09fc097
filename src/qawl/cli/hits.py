"""How the statements that a search found are shown and written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import click

from qawl.cli.destination import export
from qawl.cli.report import Report, say
from qawl.formats import FORMATS
from qawl.formats.output import OutputError
from qawl.model import Article
from qawl.record.search import MOST, Filters, Hit, Page, search
from qawl.record.store import Record, found_in
from qawl.record.takeaway import found

_Command = TypeVar("_Command", bound=Callable[..., Any])
#: Escape sequences of a terminal: bold, dim, underlined, plain.
_BOLD, _DIM, _MARK, _PLAIN = "\033[1m", "\033[2m", "\033[4m", "\033[0m"
#: Direction of a line that begins with a Latin date: right to left, and back.
_RLI, _PDI = "\u2067", "\u2069"

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    help="Write all that is found in that format, with its articles (as `qawl read --format`).",
)
OUTPUT = click.option("-o", "--output", metavar="FILE", help="Write there, whole or not at all.")
SIZE = click.option(
    "-n", "--number", type=click.IntRange(1, MOST), default=20, show_default=True,
    help="Statements of a page.",
)  # fmt: skip
AFTER = click.option("--after", type=int, metavar="N", help="The page after N (said at its end).")
BEST = click.option(
    "--best", is_flag=True, help="The best of the newest 1,000 first, not the newest."
)


def options(command: _Command) -> _Command:
    """Adds the options of what is shown or written."""
    for option in (OUTPUT, FORMAT, BEST, AFTER, SIZE):
        command = option(command)
    return command


def show(
    record: Record,
    typed: str,
    filters: Filters,
    *,
    form: str | None,
    output: str | None,
    number: int,
    after: int | None,
    best: bool,
) -> None:
    """Runs the search and prints a page of it, or writes all of it in a format."""
    if form is None:
        if output:
            raise click.UsageError("--output is for --format.")
        with record.reading() as connection:
            page = search(connection, typed, filters, size=number, after=after, best=best)
            articles = found_in(connection, page.hits)
        _print(page, articles)
        return
    if FORMATS[form].binary and not output and sys.stdout.isatty():
        raise click.UsageError(f"{form} is not for a terminal: give --output FILE.")
    if not FORMATS[form].file and not output:
        raise click.UsageError(f"{form} writes a folder: give --output FOLDER.")
    try:
        with closing(_all(record, typed, filters, form)) as stream:
            export(stream, form, output, Report(), {})
    except OutputError as error:
        raise click.UsageError(str(error)) from error
    if output:
        say(f"written to {Path(output)}")


def _all(record: Record, typed: str, filters: Filters, form: str) -> Generator[Article, None, None]:
    """The articles of everything found, each once, with the statements that were found in it."""
    for one in found(record, typed, filters):
        # a table is joined and counted by its ids, which a record's numbers are
        yield one.numbered() if form == "parquet" else one.article


def _print(page: Page, articles: dict[int, Article]) -> None:
    colour = sys.stdout.isatty()
    for hit in page.hits:
        for line in _lines(hit, articles[hit.row["article_id"]], colour):
            click.echo(line)
        click.echo()
    if not page.hits:
        click.echo("nothing found")
    elif page.after is not None:
        click.echo(f"more: --after {page.after}")


def _lines(hit: Hit, article: Article, colour: bool) -> Iterator[str]:
    row: Any = hit.row
    day = row["published"].strftime("%Y-%m-%d")
    known = [day, row["outlet"], row["act"], "checkable" if row["checkable"] else None]
    yield _styled(" · ".join(_isolated(part, colour) for part in known if part), _DIM, colour)
    words = row["text"].replace("\n", " ")
    if colour:
        for start, end in reversed(hit.places):
            words = f"{words[:start]}{_MARK}{words[start:end]}{_PLAIN}{words[end:]}"
    who = _styled(row["who"] or "؟", _BOLD, colour)
    yield f"  {who}: «{words}»"
    address = unquote(article.address) if article.address else None
    where = [article.title, address, f"{row['article_id']}#s{row['place'] + 1}"]
    yield _styled("  " + " · ".join(_isolated(p, colour) for p in where if p), _DIM, colour)


def _isolated(text: str, terminal: bool) -> str:
    """Arabic between isolates on a terminal, so that it keeps its place on a line with numbers."""
    arabic = terminal and any("\u0600" <= c <= "\u06ff" for c in text)
    return f"{_RLI}{text}{_PDI}" if arabic else text


def _styled(text: str, style: str, colour: bool) -> str:
    return f"{style}{text}{_PLAIN}" if colour else text
