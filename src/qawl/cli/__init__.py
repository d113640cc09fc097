"""The command line, one verb a file. A command's module is imported only when it is used."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import NoReturn

import click

from qawl import __version__
from qawl.errors import QawlError

#: Each command by its name, as "module:object".
COMMANDS: dict[str, str] = {
    "read": "qawl.cli.read:read",
    "evaluate": "qawl.cli.evaluate:evaluate",
    "schema": "qawl.cli.schema:schema",
    "add": "qawl.cli.add:add",
    "follow": "qawl.cli.follow:follow",
    "crawl": "qawl.cli.crawl:crawl",
    "search": "qawl.cli.search:search",
    "said": "qawl.cli.said:said",
    "who": "qawl.cli.who:who",
    "article": "qawl.cli.article:article",
    "saying": "qawl.cli.saying:saying",
    "compare": "qawl.cli.compare:compare",
    "stats": "qawl.cli.stats:stats",
    "export": "qawl.cli.export:export",
    "fix": "qawl.cli.fix:fix",
    "reread": "qawl.cli.reread:reread",
    "serve": "qawl.cli.serve:serve",
    "editor": "qawl.cli.editor:editor",
}

#: Exit statuses: something was not read; the command was used wrongly (click's own, too).
NOT_READ = 1
USAGE = 2


class Commands(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a reader needs them."""
        return [name for name, place in COMMANDS.items() if find_spec(place.partition(":")[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; ends quietly if who read its output is gone (qawl read … | head)."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _end_quietly()


def _show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from qawl.reader import Reader

    try:
        reader = Reader().version
    except QawlError as error:
        reader = str(error)
    click.echo(f"qawl {__version__} ({reader})")
    ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version of the package and of the reader, and exit.",
)
def cli() -> None:
    """Qawl (قول): who said what, in Arabic news."""


def main() -> NoReturn:
    """Runs the command line and exits: 0 all read, 1 something was not read, 2 usage."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        status = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("qawl: stopped", err=True)
        status = 128 + signal.SIGINT
    except BrokenPipeError:
        _end_quietly()
    except QawlError as error:
        click.echo(f"qawl: {error}", err=True)
        status = NOT_READ
    except OSError as error:
        click.echo(f"qawl: {error.strerror or error}: {error.filename or 'the output'}", err=True)
        status = NOT_READ
    sys.exit(status or 0)


def _end_quietly() -> NoReturn:
    """Ends as a program does that SIGPIPE ends; Python must not try to flush its output again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(128 + getattr(signal, "SIGPIPE", 13))


def _terminate(number: int, _: object) -> NoReturn:
    """Ends the process as an exception does, so that half-written files are removed."""
    sys.exit(128 + number)
