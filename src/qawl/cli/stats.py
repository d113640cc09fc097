"""``qawl stats``: counts over the record."""

from __future__ import annotations

from typing import Any

import click

from qawl.cli.filters import filters, filters_of
from qawl.cli.options import database, open_record


@click.command()
@database
@click.option(
    "--by",
    type=click.Choice(["act", "form", "outlet", "source", "month"]),
    default="outlet",
    show_default=True,
    help="What to count by.",
)
@click.option("--who", default="", help="Statements of that source (see `qawl who`).")
@filters
@click.option(
    "-n", "--number", type=click.IntRange(1), default=20, show_default=True, help="Rows shown."
)
def stats(db: str | None, by: str, who: str, number: int, **given: Any) -> None:
    """Count statements by outlet, source, act, form or month."""
    from qawl.record.comparing import counts
    from qawl.record.who import one

    if given.get("place"):
        raise click.UsageError("--place is for searching; count without it.")
    with open_record(db) as record:
        whole = record.counts()
        with record.reading() as connection:
            sources = (one(connection, who).source.id,) if who else ()
            rows = counts(connection, filters_of(given, sources), by)
    click.echo(f"{whole['articles']:,} articles, {whole['statements']:,} statements")
    for name, count in rows[:number]:
        click.echo(f"{count:>9,}  {name}")
    if len(rows) > number:
        click.echo(f"{sum(c for _, c in rows[number:]):>9,}  in {len(rows) - number:,} others")
