"""``qawl saying``: one statement in all its outlets."""

from __future__ import annotations

import re

import click

from qawl.cli.options import database, open_record
from qawl.errors import InputError

_PLACE = re.compile(r"(\d+)#s(\d+)")


@click.command()
@click.argument("statement")
@database
def saying(statement: str, db: str | None) -> None:
    """Show who else reported a STATEMENT (12#s3, as `qawl search` shows it), the earliest first.

    Each wording is compared with the first: [-left out-], {+added+}; and changes of meaning are named: a
    number, a negation, another act.
    """
    from qawl.record.comparing import saying as occurrences
    from qawl.record.corrections import statement_at

    found = _PLACE.fullmatch(statement)
    if not found:
        raise InputError(f"{statement!r} is no statement: write 12#s3 (article 12, its third)")
    with open_record(db) as record, record.reading() as connection:
        row = statement_at(connection, int(found[1]), int(found[2]))
        group = occurrences(connection, row["id"])
    for occurrence in group:
        r = occurrence.row
        place = f"{r['article_id']}#s{r['place'] + 1}"
        head = [f"{r['published']:%Y-%m-%d %H:%M}", r["outlet"], r["who"], r["act"], place]
        click.echo(" · ".join(part for part in head if part))
        likeness = occurrence.likeness
        if likeness is None:
            click.echo(f"  «{_line(r['text'])}»")
            continue
        if likeness.changes:
            click.echo(f"  changed: {', '.join(likeness.changes)}")
        words = []
        for part in likeness.differences:
            if part.kind == "equal":
                words.append(part.b.text)
                continue
            if part.a.text.strip():
                words.append(f"[-{part.a.text.strip()}-] ")
            if part.b.text.strip():
                words.append(f"{{+{part.b.text.strip()}+}} ")
        click.echo(f"  «{_line(''.join(words))}»")
    if len(group) == 1:
        click.echo("no other article of the record has it")


def _line(text: str) -> str:
    return " ".join(text.split())
