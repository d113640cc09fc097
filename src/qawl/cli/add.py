"""``qawl add``: articles into the record."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from qawl.cli import NOT_READ
from qawl.cli.options import database, open_record
from qawl.cli.report import Report
from qawl.errors import ModelError, QawlError, RecordError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qawl.model import Article
    from qawl.record.store import Record


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER|-...")
@database
@click.option("--outlet", help="Who published articles that do not say it.")
@click.option(
    "--ids",
    is_flag=True,
    help="Ids in JSONL are their publisher's: another text under an id is a new version of it.",
)
@click.pass_context
def add(
    ctx: click.Context, paths: tuple[str, ...], db: str | None, outlet: str | None, ids: bool
) -> None:
    """Keep articles and what is said in them in the record.

    FILE is an HTML page, a text, or JSONL with one article a line; a FOLDER is added with all files in
    it; - is standard input. What was added before is passed over; an article of the same address with another text becomes a
    new version, and the old one stays. A page is kept as it came, as the proof.

    Exit status: 0 all was added or there already, 1 something was not (standard error says what), 2
    the command was used wrongly.
    """
    report = Report()
    done: Counter[str] = Counter()
    with open_record(db) as record, report.progress(shown=True):
        for article, page in _articles(paths, report):
            if outlet and not article.outlet:
                article = replace(article, outlet=outlet)
            with _told(article, report):
                done[_add(record, article, page, ids)] += 1
                report.read(replace(article, notes=()))
    click.echo(_sum(done))
    report.end()
    ctx.exit(NOT_READ if report.failed else 0)


def _articles(paths: tuple[str, ...], report: Report) -> Iterator[tuple[Article, bytes | None]]:
    """The articles of the paths, each with its page if it came from one."""
    from qawl.sources.files import articles

    pages: list[bytes] = []
    for article in articles(paths, on_error=report.error, on_page=pages.append):
        yield article, pages.pop() if pages else None


def _add(record: Record, article: Article, page: bytes | None, ids: bool) -> str:
    import qawl

    if record.holds(article, named=ids) is not None:
        return "same"
    return record.add(qawl.read(article), page=page, named=ids).what


@contextmanager
def _told(article: Article, report: Report) -> Iterator[None]:
    """Tells what is wrong with one article, so that the rest goes on."""
    try:
        yield
    except (ModelError, RecordError):
        raise
    except QawlError as error:
        report.error(article.id or "the text", None, str(error))
    except Exception as error:
        from sqlalchemy.exc import SQLAlchemyError

        if isinstance(error, SQLAlchemyError):
            raise
        report.fault(article, error)


def _sum(done: Counter[str]) -> str:
    parts = [f"{done['new']:,} added"]
    if done["version"]:
        parts.append(f"{done['version']:,} new versions")
    if done["same"]:
        parts.append(f"{done['same']:,} there already")
    return ", ".join(parts)
