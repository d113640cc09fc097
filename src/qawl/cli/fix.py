"""``qawl fix``: what a person puts right in the record."""

from __future__ import annotations

import getpass
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qawl.cli.options import database, open_record
from qawl.cli.report import say
from qawl.errors import InputError
from qawl.model import ACTS

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PLACE = re.compile(r"(\d+)#s(\d+)")
_BOUNDS = re.compile(r"(\d+)-(\d+)")


def _person() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


@click.group()
@database
@click.option("--by", metavar="PERSON", help="Who corrects it (else the user of the machine).")
@click.pass_context
def fix(ctx: click.Context, db: str | None, by: str | None) -> None:
    """Put right what the record has wrong: who is who, who said it, where it begins and ends.

    Corrections are kept with who made them and when, can be undone, and hold after the articles are read
    again. A statement is given as 12#s3 and a source by its name or as #12, as `qawl search` and
    `qawl who` show them.
    """
    ctx.obj = (db, by or _person())


def _run(ctx: click.Context, work: Callable[[Connection, str], str]) -> None:
    db, person = ctx.obj
    with open_record(db) as record, record.writing() as connection:
        said = work(connection, person)
    click.echo(said)


def _statement(connection: Connection, written: str) -> Any:
    from qawl.record.corrections import statement_at

    found = _PLACE.fullmatch(written)
    if not found:
        raise InputError(f"{written!r} is no statement: write 12#s3 (article 12, its third)")
    return statement_at(connection, int(found[1]), int(found[2]))


def _correct(ctx: click.Context, written: str, kind: Any, value: dict[str, Any]) -> None:
    from qawl.record.corrections import correct

    def work(connection: Connection, person: str) -> str:
        number = correct(connection, _statement(connection, written), kind, value, person)
        return f"correction {number}: {written} {kind}"

    _run(ctx, work)


@fix.command()
@click.argument("statement")
@click.pass_context
def wrong(ctx: click.Context, statement: str) -> None:
    """Mark STATEMENT as none: it is not found any more."""
    _correct(ctx, statement, "wrong", {})


@fix.command()
@click.argument("statement")
@click.argument("act", type=click.Choice(ACTS))
@click.pass_context
def act(ctx: click.Context, statement: str, act: str) -> None:
    """Say which ACT a STATEMENT is."""
    _correct(ctx, statement, "act", {"act": act})


@fix.command()
@click.argument("statement")
@click.argument("part", nargs=-1, required=True, metavar="PART...")
@click.pass_context
def bounds(ctx: click.Context, statement: str, part: tuple[str, ...]) -> None:
    """Say where the content of STATEMENT stands: each PART as START-END (code points)."""
    found = [_BOUNDS.fullmatch(p) for p in part]
    if not all(found):
        raise InputError("write each part as START-END, as the exports have them (41-67)")
    content = [[int(f[1]), int(f[2])] for f in found if f]
    _correct(ctx, statement, "bounds", {"content": content})


@fix.command()
@click.argument("statement")
@click.argument("who", nargs=-1, metavar="[WHO]...")
@click.pass_context
def speaker(ctx: click.Context, statement: str, who: tuple[str, ...]) -> None:
    """Say WHO made a STATEMENT: a source of the record; nobody where none is given."""
    from qawl.record.corrections import correct
    from qawl.record.who import one

    def work(connection: Connection, person: str) -> str:
        source = one(connection, " ".join(who)) if who else None
        value = {"source": source.source.id if source else None}
        row = _statement(connection, statement)
        number = correct(connection, row, "speaker", value, person)
        return f"correction {number}: {statement} said {source.name if source else 'nobody'}"

    _run(ctx, work)


@fix.command()
@click.argument("one")
@click.argument("other")
@click.pass_context
def merge(ctx: click.Context, one: str, other: str) -> None:
    """Make source ONE part of the OTHER."""
    from qawl.record import corrections, who

    def work(connection: Connection, person: str) -> str:
        a, b = who.one(connection, one), who.one(connection, other)
        number = corrections.merge(connection, a.source.id, b.source.id, person)
        return f"correction {number}: {a.name} is {b.name} (#{b.source.id})"

    _run(ctx, work)


@fix.command()
@click.argument("source")
@click.argument("name", nargs=-1, required=True)
@click.pass_context
def split(ctx: click.Context, source: str, name: tuple[str, ...]) -> None:
    """Part each NAME, and what is said under it, from SOURCE: somebody else is called so."""
    from qawl.record import corrections, who

    def work(connection: Connection, person: str) -> str:
        kept = who.one(connection, source)
        number, new = corrections.split(connection, kept.source.id, name, person)
        return f"correction {number}: {'، '.join(name)} is #{new}, not {kept.name}"

    _run(ctx, work)


@fix.command()
@click.argument("source")
@click.argument("name")
@click.pass_context
def rename(ctx: click.Context, source: str, name: str) -> None:
    """Show SOURCE under NAME."""
    from qawl.record import corrections, who

    def work(connection: Connection, person: str) -> str:
        kept = who.one(connection, source)
        number = corrections.rename(connection, kept.source.id, name, person)
        return f"correction {number}: {kept.name} is called {name}"

    _run(ctx, work)


@fix.command()
@click.argument("what", nargs=-1, required=True, metavar="FILE | SOURCE ID")
@click.pass_context
def wikidata(ctx: click.Context, what: tuple[str, ...]) -> None:
    """Give sources their Wikidata ids: those of a FILE, or one SOURCE its ID (Q42).

    FILE is CSV or TSV with a first line that names its columns: name and id (Q…), and, if you like, role,
    kind (person, body, media, state) and state. Several rows of one id are other names of it. A source gets
    an id where that one alone fits it; what is not sure is listed, and left.
    """
    from qawl.record import corrections, who

    if len(what) == 2:

        def one(connection: Connection, person: str) -> str:
            kept = who.one(connection, what[0])
            number = corrections.identify(connection, kept.source.id, what[1], person)
            return f"correction {number}: {kept.name} is {what[1]}"

        _run(ctx, one)
    elif len(what) == 1:
        _run(ctx, lambda connection, person: _identify(connection, Path(what[0]), person))
    else:
        raise click.UsageError("give a FILE, or a SOURCE and its ID")


def _identify(connection: Connection, file: Path, person: str) -> str:
    from qawl.record import corrections
    from qawl.record.wikidata import match, read

    entities, wrong = read(file)
    for line, why in wrong:
        say(f"{file}:{line}: {why}")
    found = match(connection, entities)
    for entity, why in found.undecided:
        say(f"{file}:{entity.line}: {entity.id} {entity.names[0]} is undecided: {why}")
    lines = []
    for entity, source, name in found.decided:
        number = corrections.identify(connection, source, entity.id, person)
        lines.append(f"correction {number}: #{source} {name} is {entity.id}")
    counts = [f"{len(found.decided):,} sources got their id"]
    for count, rest in (
        (found.known, "had it"),
        (len(found.undecided), "undecided"),
        (found.absent, "ids of nobody in the record"),
        (len(wrong), "lines wrong"),
    ):
        counts += [f"{count:,} {rest}"] if count else []
    return "\n".join([*lines, ", ".join(counts)])


@fix.command()
@click.argument("number", type=int)
@click.pass_context
def undo(ctx: click.Context, number: int) -> None:
    """Take the correction of that NUMBER back."""
    import qawl
    from qawl.record import corrections
    from qawl.record.rereading import restored

    def work(connection: Connection, person: str) -> str:
        corrections.undo(connection, number, restored(qawl.read), person)
        return f"correction {number} is taken back"

    _run(ctx, work)


@fix.command("list")
@click.pass_context
def list_(ctx: click.Context) -> None:
    """List the corrections, the oldest first."""
    from qawl.record.corrections import all_of

    def work(connection: Connection, person: str) -> str:
        lines = []
        for row in all_of(connection):
            undone = f"  undone {row['undone']:%Y-%m-%d}" if row["undone"] else ""
            what = json.dumps({**row["about"], **_short(row["value"])}, ensure_ascii=False)
            lines.append(
                f"{row['id']}  {row['made']:%Y-%m-%d %H:%M}  {row['person']}  {row['kind']}  {what}{undone}"
            )
        return "\n".join(lines) or "nothing was corrected"

    _run(ctx, work)


@fix.command()
@click.argument("file", metavar="FILE.jsonl|-")
@click.pass_context
def export(ctx: click.Context, file: str) -> None:
    """Write the articles in which something was corrected, as gold to train and measure by.

    One article a line, with its title, its text and all its statements as they are corrected; what is
    marked wrong is left out. `qawl evaluate` reads it, and so do the tools in training/. Look through the
    other statements of these articles first: they count as right, too.
    """
    from qawl.formats.jsonl import encode
    from qawl.formats.output import OutputError, atomic_file
    from qawl.record.corrected import gold

    db, _ = ctx.obj
    told = Counter[str]()
    with open_record(db) as record, record.reading() as connection, ExitStack() as stack:
        try:
            out = stack.enter_context(atomic_file(Path(file))) if file != "-" else sys.stdout.buffer
        except OutputError as error:
            raise click.UsageError(str(error)) from error
        for line in gold(connection, on_left_out=say):
            out.write(encode(line) + b"\n")
            told["articles"] += 1
            told["statements"] += len(line["statements"])
        out.flush()
    say(f"{told['articles']:,} articles, {told['statements']:,} statements written to {file}")


def _short(value: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in value.items() if k not in ("profile", "statements", "named")}
