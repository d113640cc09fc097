"""``qawl who``: what the record knows of a source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from qawl.cli.options import database, open_record
from qawl.formats.jsonld import WIKIDATA

if TYPE_CHECKING:
    from qawl.record.who import Person


@click.command()
@click.argument("name", nargs=-1, required=True, metavar="NAME")
@database
def who(name: tuple[str, ...], db: str | None) -> None:
    """Show a person, body, medium or state of the record.

    Names used, roles with their dates, who quoted it, first and last seen. NAME is a name in any
    spelling, #12 (the source of that number) or Q42 (its Wikidata id). Where it may be of several, they are listed.
    """
    from qawl.record.who import candidates, line, one, person

    typed = " ".join(name)
    with open_record(db) as record, record.reading() as connection:
        found = candidates(connection, typed)
        if len(found) > 1:
            click.echo(f"{len(found)} sources may be called so:")
            for kept in found:
                click.echo(f"  #{kept.source.id}  {line(kept)}")
            click.echo()
        for text in _lines(
            person(connection, (found[0] if found else one(connection, typed)).source.id)
        ):
            click.echo(text)


def _lines(person: Person) -> Iterator[str]:
    yield f"#{person.number}  {person.name}"
    known = [person.kind, person.state, f"{person.statements} statements"]
    yield "  " + " · ".join(part for part in known if part)
    if person.wikidata:
        yield f"  {WIKIDATA}{person.wikidata}"
    if person.first:
        yield f"  seen {person.first} … {person.last}"
    for title, rows in (("names", person.names), ("roles", person.roles)):
        if rows:
            yield f"  {title}:"
        for text, count, first, last in rows:
            when = f"  {first} … {last}" if first else ""
            yield f"    {text}  ×{count}{when}"
    if person.outlets:
        yield "  quoted by: " + "، ".join(f"{outlet} ×{count}" for outlet, count in person.outlets)
