"""``qawl editor``: who may correct the record over the web."""

from __future__ import annotations

import sys

import click

from qawl.cli.options import database, open_record


@click.group()
@database
@click.pass_context
def editor(ctx: click.Context, db: str | None) -> None:
    """Say who may correct the record in the browser and through the API.

    An editor signs in by a passphrase of at least 12 characters, which is asked for and never given on
    the command line; a program of his writes by a token.
    """
    ctx.obj = db


def _passphrase(name: str) -> str:
    """A passphrase typed twice on a terminal; read from a pipe, its line once."""
    from qawl.record.editors import checked_name, checked_passphrase

    checked_name(name)
    if not sys.stdin.isatty():
        return checked_passphrase(sys.stdin.readline().rstrip("\r\n"))
    typed: str = click.prompt(f"Passphrase of {name}", hide_input=True, confirmation_prompt=True)
    return checked_passphrase(typed)


@editor.command()
@click.argument("name")
@click.pass_context
def add(ctx: click.Context, name: str) -> None:
    """Add an editor called NAME and ask for his passphrase (twice; from a pipe: its first line)."""
    from qawl.record import editors

    passphrase = _passphrase(name)
    with open_record(ctx.obj) as record, record.writing() as connection:
        made = editors.add(connection, name, passphrase)
    click.echo(f"{made.name} may sign in")


@editor.command("list")
@click.pass_context
def show(ctx: click.Context) -> None:
    """List the editors: since when, how many sessions are open and how many tokens are given."""
    from qawl.record import editors

    with open_record(ctx.obj) as record, record.reading() as connection:
        found = editors.all_of(connection)
    for one in found:
        click.echo(
            f"{one.name}  since {one.made:%Y-%m-%d}, sessions {one.sessions}, tokens {one.tokens}"
        )
    if not found:
        click.echo("no editors: add one with `qawl editor add NAME`", err=True)


@editor.command()
@click.argument("name")
@click.pass_context
def remove(ctx: click.Context, name: str) -> None:
    """Remove the editor NAME with his sessions, tokens and saved searches; his corrections stay."""
    from qawl.record import editors

    with open_record(ctx.obj) as record, record.writing() as connection:
        editors.remove(connection, name)
    click.echo(f"{name} is removed")


@editor.command()
@click.argument("name")
@click.pass_context
def passphrase(ctx: click.Context, name: str) -> None:
    """Give the editor NAME a new passphrase; his sessions end, his tokens go on."""
    from qawl.record import editors

    with open_record(ctx.obj) as record:
        with record.reading() as connection:
            editors.named(connection, name)
        typed = _passphrase(name)
        with record.writing() as connection:
            editors.set_passphrase(connection, name, typed)
    click.echo(f"{name} has a new passphrase")


@editor.command()
@click.argument("name")
@click.option("--revoke", is_flag=True, help="Make all tokens of NAME worthless instead.")
@click.pass_context
def token(ctx: click.Context, name: str, revoke: bool) -> None:
    """Print a new token of the editor NAME, for programs that write through the API.

    It is shown this once and kept nowhere; send it as `Authorization: Bearer TOKEN`.
    """
    from qawl.record import editors

    with open_record(ctx.obj) as record, record.writing() as connection:
        if revoke:
            said = f"{editors.revoke(connection, name)} tokens of {name} are worthless now"
        else:
            said = editors.new_token(connection, name)
    click.echo(said)
