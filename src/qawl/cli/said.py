"""``qawl said``: what somebody said, about what, when."""

from __future__ import annotations

from typing import Any

import click

from qawl.cli import hits
from qawl.cli.filters import filters, filters_of
from qawl.cli.options import database, open_record


@click.command()
@click.argument("who", nargs=-1, required=True, metavar="WHO")
@database
@click.option(
    "--about", default="", metavar="QUERY", help="That have these words (as `qawl search`)."
)
@filters
@hits.options
def said(who: tuple[str, ...], db: str | None, about: str, **given: Any) -> None:
    """Show what a source of the record said, the newest first.

    WHO is a name in any spelling, an office, an acronym, or #12 (see `qawl who`).
    """
    from qawl.record.who import one

    with open_record(db) as record:
        with record.reading() as connection:
            source = one(connection, " ".join(who)).source.id
        hits.show(record, about, filters_of(given, (source,)), **given)
