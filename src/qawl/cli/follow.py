"""``qawl follow``: what outlets publish, into the record, once or again and again."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Literal

import click

from qawl.cli import NOT_READ
from qawl.cli.options import database
from qawl.cli.report import Report, say
from qawl.errors import InputError, ModelError, QawlError, RecordError

if TYPE_CHECKING:
    from qawl.record.store import Record
    from qawl.sources.web.follow import Round
    from qawl.sources.web.outlets import Outlets
    from qawl.sources.web.page import Fetched
    from qawl.sources.web.visit import Visitor

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
#: Rounds follow each other at this distance at least, in seconds (a host has its own delay beside it).
_SHORTEST = 1


class Stopped(BaseException):
    """A signal asks the command to end."""


class Stop:
    """Ends the command at a signal: at once while it waits for the network or for the next round, else
    when the article in hand is kept."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._waits = False
        self._event = threading.Event()

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Listens to SIGTERM and SIGINT; a second one ends the process as it usually does."""
        usual = {n: signal.signal(n, self._hear) for n in (signal.SIGTERM, signal.SIGINT)}
        self._usual = usual
        try:
            yield
        finally:
            for number, handler in usual.items():
                signal.signal(number, handler)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """What is done here may be broken off."""
        self._waits = True
        try:
            if self.signal is not None:
                raise Stopped
            yield
        finally:
            self._waits = False

    def sleep(self, seconds: float) -> None:
        """Waits; raises Stopped at a signal."""
        with self.waiting():
            self._event.wait(seconds)

    def _hear(self, number: int, _: FrameType | None) -> None:
        self.signal = number
        for known, handler in self._usual.items():
            signal.signal(known, handler)
        if self._waits:
            raise Stopped


def _seconds(_: click.Context, __: click.Parameter, value: str | None) -> float | None:
    if value is None:
        return None
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*", value)
    if not found or float(found[1]) * _UNITS[found[2] or "m"] < _SHORTEST:
        raise click.BadParameter(
            f"{value!r} is no distance of rounds: write 15m, 90s, 2h or 1d ({_SHORTEST}s or more)"
        )
    return float(found[1]) * _UNITS[found[2] or "m"]


@click.command()
@click.argument("file", metavar="OUTLETS.TOML", type=click.Path(path_type=Path, dir_okay=False))
@database
@click.option(
    "--every",
    metavar="TIME",
    callback=_seconds,
    help="Stay, and begin a round every 15m, 90s, 2h … (without it: one round).",
)
@click.option(
    "--private",
    is_flag=True,
    help="Also fetch from one's own network and from any port (else public addresses only).",
)
@click.option(
    "--contact",
    metavar="ADDRESS",
    help="Where outlets reach you, told to their servers (https://… or mailto:…; else the file's).",
)
@click.pass_context
def follow(
    ctx: click.Context,
    file: Path,
    db: str | None,
    every: float | None,
    private: bool,
    contact: str | None,
) -> None:
    """Keep what outlets publish in the record.

    Reads the RSS and Atom feeds and the news sitemaps of OUTLETS.TOML and adds each article that they
    list. Keeps to robots.txt, comes slowly, and asks for a feed only what has changed. What fails is
    named and tried again in a later round. Ctrl-C or SIGTERM ends it; nothing is lost.

    Exit status: 0 all came (with --every: it was ended by a signal), 1 something did not (standard
    error says what), 2 the command or the file is wrong, 130 or 143 a single round was stopped.
    """
    from qawl.record.store import Record
    from qawl.sources.web import outlets

    try:
        given = outlets.read(file)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    if contact and not outlets.CONTACT.match(contact):
        raise click.BadParameter("write https://… or mailto:name@host", param_hint="--contact")
    stop = Stop()
    with Record(db) as record, stop.heeded():
        visitor = _visitor(record, given, private, contact or given.contact, stop)
        failed = _rounds(record, given, visitor, every, stop)
    if stop.signal is not None:
        say("stopped; what was not fetched waits for the next round")
        ctx.exit(0 if every else 128 + stop.signal)
    ctx.exit(NOT_READ if failed else 0)


def _visitor(
    record: Record, given: Outlets, private: bool, contact: str | None, stop: Stop
) -> Visitor:
    from qawl.record.fetches import Fetches
    from qawl.sources.web.fetch import Fetcher
    from qawl.sources.web.guard import Guard
    from qawl.sources.web.visit import DELAY, Visitor

    fetcher = Fetcher(Guard(private=private), contact=contact, during=stop.waiting)
    delay = DELAY if given.delay is None else given.delay
    return Visitor(fetcher, Fetches(record), delay=delay, sleep=stop.sleep)


def _rounds(
    record: Record, given: Outlets, visitor: Visitor, every: float | None, stop: Stop
) -> bool:
    """Round after round, or one; whether something of the last did not come."""
    import time

    from qawl.sources.web.follow import Follow, Round

    while True:
        began = time.monotonic()
        report, result = Report(), Round()

        def keep(fetched: Fetched, report: Report = report) -> Literal["new", "version", "same"]:
            return _keep(record, fetched, report)

        def tell(address: str, message: str, report: Report = report) -> None:
            report.error(address, None, message)

        try:
            with report.progress(shown=True):
                Follow(given, visitor, keep, tell).round(result)
        except Stopped:
            click.echo(_sum(result))
            return True
        click.echo(_sum(result))
        if every is None:
            return bool(report.failed)
        try:
            stop.sleep(max(began + every - time.monotonic(), 0))
        except Stopped:
            return False


def _keep(record: Record, fetched: Fetched, report: Report) -> Literal["new", "version", "same"]:
    """Adds an article; raises InputError where it cannot be read."""
    from sqlalchemy.exc import SQLAlchemyError

    import qawl

    article = fetched.article
    if record.holds(article) is not None:
        return "same"
    try:
        read = qawl.read(article)
    except ModelError:
        raise
    except QawlError as error:
        raise InputError(str(error)) from error
    except Exception as error:
        raise InputError(
            f"it could not be read ({type(error).__name__}: {error}); this is a fault of Qawl: "
            "please report it with the article"
        ) from error
    try:
        what = record.add(
            read, page=fetched.page, page_kind=fetched.kind, fetched=fetched.fetched
        ).what
    except (RecordError, SQLAlchemyError):
        raise
    except Exception as error:
        raise InputError(f"it could not be kept ({type(error).__name__}: {error})") from error
    report.read(replace(read, notes=()))
    return what


def _sum(result: Round) -> str:
    """A round in a line or two."""
    listings = [f"{result.read + result.unchanged:,} feeds and sitemaps read"]
    for number, what in (
        (result.unchanged, "unchanged"),
        (result.broken, "failed"),
        (result.resting, "left alone for now"),
    ):
        listings += [f"{number:,} {what}"] if number else []
    articles = [f"{result.done['new']:,} added"]
    for number, what in (
        (result.done["version"], "new versions"),
        (result.done["same"] + result.done["unchanged"], "there already"),
        (result.failed, "failed"),
        (result.waiting, "waiting"),
    ):
        articles += [f"{number:,} {what}"] if number else []
    return f"{', '.join(listings)}; articles: {', '.join(articles)}"
