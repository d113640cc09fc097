"""``qawl read``: articles in, statements out."""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

import click

from qawl.cli import NOT_READ
from qawl.cli.destination import export
from qawl.cli.options import date as date_of
from qawl.cli.report import Report
from qawl.errors import InputError, ModelError, QawlError
from qawl.formats import FORMATS
from qawl.formats.output import OutputError
from qawl.model import Article

_FORMAT_HELP = "What to write: " + "; ".join(f"{f.name}: {f.help}" for f in FORMATS.values()) + "."


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the user says of the article, against what the page says."""

    title: str | None = None
    date: dt.date | None = None
    outlet: str | None = None

    def __bool__(self) -> bool:
        return any(value is not None for value in (self.title, self.date, self.outlet))

    def of(self, article: Article) -> Article:
        """The article with the date and the outlet that the user gives."""
        if self.date is not None:
            article = replace(article, date=self.date, date_text=None)
        if self.outlet is not None:
            article = replace(article, outlet=self.outlet)
        return article


@click.command()
@click.argument("paths", nargs=-1, metavar="[FILE|FOLDER|-]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help=_FORMAT_HELP,
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write there instead of standard output, whole or not at all. A folder for brat; "
    "for parquet a folder (with / at its end) gets articles and statements apart.",
)
@click.option("--context", is_flag=True, help="Show each statement in its whole paragraph (text).")
@click.option("--explain", is_flag=True, help="Show what decided each part and how sure (text).")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="P",
    help="Leave out statements that the reader is less sure of than P (0 to 1).",
)
@click.option("--title", help="The title of a single text.")
@click.option(
    "--date",
    callback=date_of,
    metavar="DATE",
    help="The day a single text was published (2019-11-25).",
)
@click.option("--outlet", help="Who published a single text.")
@click.option(
    "--lang",
    type=click.Choice(["en", "ar"]),
    default="en",
    show_default=True,
    help="The language of the labels (text).",
)
@click.option(
    "--marks/--no-marks",
    default=None,
    help="Put invisible direction marks round Arabic words (text); by default on a terminal only.",
)
@click.pass_context
def read(
    ctx: click.Context,
    paths: tuple[str, ...],
    form: str,
    output: str | None,
    context: bool,
    explain: bool,
    min_confidence: float,
    title: str | None,
    date: dt.date | None,
    outlet: str | None,
    lang: str,
    marks: bool | None,
) -> None:
    """Find every statement in Arabic news articles: who said what.

    FILE is an HTML page, a text, or JSONL with one article a line; a FOLDER is read with all files
    in it; - is standard input (also when nothing is given and input is piped).

    Exit status: 0 all was read, 1 something was not (standard error says what, the rest is
    written), 2 the command was used wrongly.
    """
    if not paths:
        if sys.stdin.isatty():
            raise click.UsageError("Give a FILE or a FOLDER, or pipe a text in.", ctx)
        paths = ("-",)
    overrides = Overrides(title, date, outlet)
    if overrides and (len(paths) > 1 or os.path.isdir(paths[0])):
        raise click.UsageError("--title, --date and --outlet are for a single text.", ctx)
    if form != "text" and (context or explain):
        raise click.UsageError("--context and --explain are for --format text.", ctx)
    if FORMATS[form].binary and not output and sys.stdout.isatty():
        raise click.UsageError(f"{form} is not for a terminal: give --output FILE.", ctx)
    if not FORMATS[form].file and not output:
        raise click.UsageError(f"{form} writes a folder: give --output FOLDER.", ctx)

    report = Report()
    many = len(paths) > 1 or os.path.isdir(paths[0])
    stream = _statements(paths, overrides, report, min_confidence)
    view: dict[str, Any] = {}
    if form == "text":
        from qawl.formats.terminal import View

        view = {"view": View(context=context, explain=explain, lang=lang, marks=marks)}  # type: ignore[arg-type]
    try:
        with report.progress(shown=many and bool(output or not sys.stdout.isatty())):
            export(stream, form, output, report, view)
    except OutputError as error:
        raise click.UsageError(str(error), ctx) from error
    report.end()
    ctx.exit(NOT_READ if report.failed else 0)


def _statements(
    paths: Iterable[str], overrides: Overrides, report: Report, least: float
) -> Iterator[Article]:
    """The articles of the paths with their statements; what cannot be read goes to the report."""
    from qawl.reader import Reader
    from qawl.sources.files import articles

    reader = Reader(min_confidence=least)
    if overrides.title is None:
        source = articles(paths, on_error=report.error)
    else:
        source = _titled(next(iter(paths)), " ".join(overrides.title.split()), report)
    for article in source:
        try:
            done = reader.read(overrides.of(article))
        except ModelError:
            raise
        except QawlError as error:
            report.error(article.id or "the text", None, str(error))
            continue
        except Exception as error:
            report.fault(article, error)
            continue
        report.read(done)
        yield done


def _titled(path: str, title: str, report: Report) -> Iterator[Article]:
    """The one article of a file under the user's title."""
    import gzip
    import zlib

    from qawl.sources.files import MAX_BYTES, article_from

    try:
        with nullcontext(sys.stdin.buffer) if path == "-" else open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(data)) as unpacked:
                data = unpacked.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise InputError(f"it is larger than {MAX_BYTES >> 20} MiB, no single article")
        yield article_from(data, id=os.path.basename(path), title=title)
    except (InputError, EOFError, zlib.error) as error:
        report.error(path, None, str(error))
    except OSError as error:
        report.error(path, None, f"it cannot be read: {error.strerror or error}")
