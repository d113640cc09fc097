"""The options of the commands that search the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qawl.cli.options import date
from qawl.model import ACTS, FORMS

if TYPE_CHECKING:
    from qawl.record.search import Filters

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--since", callback=date, metavar="DATE", help="In articles of that day or later."),
    click.option("--until", callback=date, metavar="DATE", help="In articles before that day."),
    click.option("--outlet", help="In articles of that outlet, as the record names it."),
    click.option("--act", "acts", type=click.Choice(ACTS), multiple=True, help="Of that act; may be repeated."),
    click.option("--form", "forms", type=click.Choice(FORMS), multiple=True, help="Of that form; may be repeated."),
    click.option("--place", help="That name that place, person or body."),
    click.option("--checkable", is_flag=True, help="Claims of fact that somebody could verify."),
    click.option(
        "--min-confidence",
        type=click.FloatRange(0, 1),
        default=0.0,
        metavar="P",
        help="That the reader is at least so sure of (0 to 1).",
    ),
    click.option("--once", is_flag=True, help="Each saying once, where it was first kept."),
)  # fmt: skip


def filters(command: _Command) -> _Command:
    """Adds the options that narrow a search."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def filters_of(given: dict[str, Any], sources: tuple[int, ...] = ()) -> Filters:
    """The filters of a command's options, taken out of ``given``."""
    from qawl.record.search import Filters

    return Filters(
        sources=sources,
        outlet=given.pop("outlet"),
        acts=tuple(given.pop("acts")),
        forms=tuple(given.pop("forms")),
        since=_moment(given.pop("since")),
        until=_moment(given.pop("until")),
        place=given.pop("place"),
        checkable=given.pop("checkable"),
        least=given.pop("min_confidence"),
        firsts=given.pop("once"),
    )


def _moment(day: dt.date | None) -> dt.datetime | None:
    if day is None or isinstance(day, dt.datetime):
        return day if day is None or day.tzinfo else day.replace(tzinfo=dt.UTC)
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
