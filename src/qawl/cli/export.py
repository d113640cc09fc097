"""``qawl export``: the record, or what a search finds in it, as files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qawl.cli import destination
from qawl.cli.filters import filters, filters_of
from qawl.cli.options import database, open_record
from qawl.cli.report import Report, counted, say
from qawl.formats import FORMATS
from qawl.formats.output import OutputError, atomic_file
from qawl.model import Article

if TYPE_CHECKING:
    from qawl.record.takeaway import Taken


@click.command()
@click.argument("target", metavar="FOLDER|FILE|-")
@database
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="parquet",
    show_default=True,
    help="What to write (as `qawl read --format`).",
)
@click.option(
    "--about", default="", metavar="QUERY", help="What has these words (as `qawl search`)."
)
@click.option("--who", default="", help="What that source said (see `qawl who`).")
@filters
def export(target: str, db: str | None, form: str, about: str, who: str, **given: Any) -> None:
    """Write the whole record, or the part of it that the options choose.

    parquet makes a FOLDER with articles.parquet and statements.parquet, which join on article_id (or one
    FILE.parquet of statements); the other formats write a FILE, brat a FOLDER, and - is standard output.
    Every article is in it once, in its newest version, with the statements that hold; with options, the
    articles of what they choose. Corrections are applied. It is as the record was when it began, and
    memory does not grow with it.
    """
    from qawl.record.search import Filters
    from qawl.record.takeaway import found, whole
    from qawl.record.who import one

    if target == "-" and ((FORMATS[form].binary and sys.stdout.isatty()) or not FORMATS[form].file):
        raise click.UsageError(f"{form} is not for standard output: give a file or folder")
    report = Report()
    with open_record(db) as record:
        sources: tuple[int, ...] = ()
        if who:
            with record.reading() as connection:
                sources = (one(connection, who).source.id,)
        wanted = filters_of(given, sources)
        if about.strip() or wanted != Filters():
            stream, count = found(record, about, wanted), None
        else:
            stream, count = whole(record), record.counts()["articles"]
        with closing(stream):
            try:
                _write(counted(stream, count, "articles"), form, target, report)
            except OutputError as error:
                raise click.UsageError(str(error)) from error
    if target != "-":
        say(f"{report.articles:,} articles, {report.statements:,} statements written to {target}")


def _write(stream: Iterator[Taken], form: str, target: str, report: Report) -> None:
    if form == "parquet" and target != "-" and not target.endswith(".parquet"):
        _write_tables(stream, Path(target), report)
        return
    # a table is joined and counted by its ids, which a record's numbers are
    numbered = form == "parquet"
    articles = (one.numbered() if numbered else one.article for one in stream)
    output = None if target == "-" else target
    destination.export(_told(articles, report), form, output, report, {})


def _write_tables(stream: Iterator[Taken], folder: Path, report: Report) -> None:
    from qawl.formats.parquet import ARTICLES, STATEMENTS, Tables

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made a folder ({error.strerror})") from error
    with ExitStack() as stack:
        files = [stack.enter_context(atomic_file(folder / f)) for f in (ARTICLES, STATEMENTS)]
        tables = stack.enter_context(Tables(*files))
        for one in stream:
            article = one.numbered()
            tables.add(article, one.kept)
            report.articles += 1
            report.statements += len(article.statements)


def _told(articles: Iterator[Article], report: Report) -> Iterator[Article]:
    for article in articles:
        yield article
        report.articles += 1
        report.statements += len(article.statements)
