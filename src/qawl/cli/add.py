"""``qawl add``: articles into the record."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qawl.cli import NOT_READ
from qawl.cli.options import database, open_record
from qawl.cli.report import Report
from qawl.errors import MissingExtraError, ModelError, QawlError, RecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qawl.model import Article
    from qawl.record.store import Record


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER|URL|-...")
@database
@click.option("--outlet", help="Who published articles that do not say it.")
@click.option(
    "--ids",
    is_flag=True,
    help="Ids in JSONL are their publisher's: another text under an id is a new version of it.",
)
@click.option("--private", is_flag=True, help="Fetch from private and local addresses, too.")
@click.pass_context
def add(
    ctx: click.Context,
    paths: tuple[str, ...],
    db: str | None,
    outlet: str | None,
    ids: bool,
    private: bool,
) -> None:
    """Keep articles and what is said in them in the record.

    FILE is an HTML page, a text, JSONL with one article a line, or Parquet; a FOLDER is added with all
    files in it; tables of qawl crawl or qawl export (a folder with both) are added with their statements as
    they were read; a URL is fetched, by robots.txt and from public addresses only; - is standard input. What was added before is passed over; an article of the same address with another text becomes a
    new version, and the old one stays. A page is kept as it came, as the proof.

    Exit status: 0 all was added or there already, 1 something was not (standard error says what), 2
    the command was used wrongly.
    """
    report = Report()
    done: Counter[str] = Counter()
    with open_record(db) as record, report.progress(shown=True):
        for piece in _pieces(paths, record, report, private):
            article = piece.article
            if outlet and not article.outlet:
                article = replace(article, outlet=outlet)
            with _told(article, report):
                done[_add(record, piece, article, ids)] += 1
                report.read(replace(article, notes=()))
    click.echo(_sum(done))
    report.end()
    ctx.exit(NOT_READ if report.failed else 0)


@dataclass(frozen=True, slots=True)
class _Piece:
    """An article to add, with its page where it came from one."""

    article: Article
    page: bytes | None = None
    kind: str = "text/html"
    fetched: dt.datetime | None = None


def _pieces(
    paths: tuple[str, ...], record: Record, report: Report, private: bool
) -> Iterator[_Piece]:
    """The articles of the paths and addresses, in order."""
    from qawl.sources import tables
    from qawl.sources.files import articles

    pages: list[bytes] = []
    fetch: Callable[[str], _Piece] | None = None
    for path in paths:
        if tables.is_tables(Path(path)):
            for article, fetched in tables.articles(Path(path), on_error=report.error):
                yield _Piece(article, fetched=fetched)
            continue
        if not path.lower().startswith(("http://", "https://")):
            for article in articles([path], on_error=report.error, on_page=pages.append):
                yield _Piece(article, pages.pop() if pages else None)
            continue
        fetch = fetch or _fetcher(record, private)
        try:
            yield fetch(path)
        except MissingExtraError:
            raise
        except QawlError as error:
            report.error(path, None, str(error))


def _fetcher(record: Record, private: bool) -> Callable[[str], _Piece]:
    from qawl.record.fetches import Fetches
    from qawl.sources.web.fetch import Fetcher
    from qawl.sources.web.guard import Guard
    from qawl.sources.web.page import fetch_article
    from qawl.sources.web.visit import Visitor

    visitor = Visitor(Fetcher(Guard(private=private)), Fetches(record))
    return lambda address: _Piece(*fetch_article(address, visitor))


def _add(record: Record, piece: _Piece, article: Article, ids: bool) -> str:
    if record.holds(article, named=ids) is not None:
        return "same"
    done = record.add(
        _as_read(article),
        page=piece.page,
        page_kind=piece.kind,
        fetched=piece.fetched,
        named=ids,
    )
    return done.what


def _as_read(article: Article) -> Article:
    """The article with its statements: as it comes, where this very reader has read it."""
    import qawl
    from qawl.reader import Reader

    if article.reader and article.reader == Reader().version:
        return article
    return qawl.read(article.with_statements(()))


@contextmanager
def _told(article: Article, report: Report) -> Iterator[None]:
    """Tells what is wrong with one article, so that the rest goes on."""
    try:
        yield
    except (MissingExtraError, ModelError, RecordError):
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
