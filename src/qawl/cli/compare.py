"""``qawl compare``: what somebody said on a topic over time, and where it turned."""

from __future__ import annotations

from typing import Any

import click

from qawl.cli.filters import filters, filters_of
from qawl.cli.options import database, open_record


@click.command()
@click.argument("who", nargs=-1, required=True, metavar="WHO")
@database
@click.option(
    "--about", required=True, metavar="QUERY", help="The topic: words as for `qawl search`."
)
@filters
def compare(who: tuple[str, ...], db: str | None, about: str, **given: Any) -> None:
    """Show what WHO said about a topic, the oldest first, each saying once.

    Turns of position are flagged with the earlier statement: from support or a promise to denial or
    accusation and back, and the same words with a negation.
    """
    from qawl.record.comparing import timeline
    from qawl.record.who import one

    with open_record(db) as record, record.reading() as connection:
        source = one(connection, " ".join(who))
        steps = timeline(connection, about, filters_of(given, (source.source.id,)))
    turns = 0
    for step in steps:
        row = step.row
        place = f"{row['article_id']}#s{row['place'] + 1}"
        click.echo(f"{row['published']:%Y-%m-%d}  {row['act']:<8} {row['outlet'] or ''}  {place}")
        click.echo(f"  «{' '.join(row['text'].split())}»")
        if step.turned is not None:
            turns += 1
            old = step.turned
            click.echo(
                f"  ⚠ turned ({step.why}) from {old['published']:%Y-%m-%d}, {old['outlet'] or ''}:"
            )
            click.echo(
                f"    «{' '.join(old['text'].split())}» {old['article_id']}#s{old['place'] + 1}"
            )
    click.echo(f"{source.name}: {len(steps)} sayings, {turns} turns" if steps else "nothing found")
