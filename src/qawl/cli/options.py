"""Options that several commands share, and how dates are given on the command line."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qawl.errors import MissingExtraError

if TYPE_CHECKING:
    from qawl.record.store import Record

_Command = TypeVar("_Command", bound=Callable[..., Any])


def date(_: click.Context, __: click.Parameter, value: str | None) -> dt.date | None:
    """A day or a moment, ISO 8601; a moment with a zone is turned into UTC."""
    if value is None:
        return None
    try:
        if len(value) == 10:
            return dt.date.fromisoformat(value)
        moment = dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(
            f"{value!r} is no date: write 2019-11-25 or 2019-11-25T14:30+03:00"
        ) from error
    return moment.astimezone(dt.UTC) if moment.tzinfo else moment


def database(command: _Command) -> _Command:
    """``--db``: where the record is."""
    option = click.option(
        "--db",
        metavar="FILE|URL",
        envvar="QAWL_DB",
        help="The record: a SQLite file or postgresql://… (else $QAWL_DB, else the user's data folder).",
    )
    return option(command)


def open_record(db: str | None) -> Record:
    """The record of ``--db``; raises MissingExtraError without the packages that it needs."""
    try:
        from qawl.record.store import Record
    except ModuleNotFoundError as error:
        raise MissingExtraError("the record", "record") from error
    # many small objects are made and let go: looking for cycles as often as Python does costs a tenth
    gc.set_threshold(50_000, 20, 20)
    return Record(db)
