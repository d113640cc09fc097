import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from qawl import __version__
from qawl.cli import COMMANDS, cli
from qawl.cli.reference import reference
from qawl.errors import ModelError
from qawl.reader import Reader

DOCS = Path(__file__).parents[2] / "docs" / "cli.md"


def commands():
    ctx = click.Context(cli, info_name="qawl")
    for name in cli.list_commands(ctx):
        command = cli.get_command(ctx, name)
        assert command is not None
        yield pytest.param(name, command, id=name)


def test_version_names_the_package_and_the_reader(qawl):
    done = qawl("--version")
    assert done.returncode == 0
    assert done.stdout.decode().strip() == f"qawl {__version__} ({Reader().version})"


def test_version_is_told_also_without_the_model(monkeypatch):
    class Damaged:
        version = property(lambda self: (_ for _ in ()).throw(ModelError("install qawl again")))

    monkeypatch.setattr("qawl.reader.Reader", Damaged)
    done = CliRunner().invoke(cli, ["--version"])
    assert done.exit_code == 0
    assert done.output == f"qawl {__version__} (install qawl again)\n"


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_and_option_has_help(name, command):
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"
        else:
            shown = (parameter.metavar or parameter.name or "").upper().strip("[].")
            first = shown.split("|")[0].removesuffix(".JSONL")
            assert first in command.help.upper(), f"{name} does not explain {shown}"


def test_every_command_is_there():
    assert set(cli.list_commands(click.Context(cli))) == set(COMMANDS)


def test_the_docs_carry_the_help_as_it_is(tmp_path):
    page = tmp_path / "cli.md"
    page.write_text(DOCS.read_text("utf-8"), "utf-8")
    # in a process of its own: click keeps a command's help option as it was first asked for
    subprocess.run([sys.executable, "-m", "qawl.cli.reference", str(page)], check=True)
    same = page.read_text("utf-8") == DOCS.read_text("utf-8")
    assert same, "run: python -m qawl.cli.reference docs/cli.md"
    for name in COMMANDS:
        assert f"### qawl {name}\n" in reference()


def test_an_unknown_command_is_a_usage_error(qawl):
    done = qawl("shout")
    assert done.returncode == 2
    assert b"No such command" in done.stderr
    assert b"Traceback" not in done.stderr


def test_help_needs_no_heavy_library():
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys\n"
            "from qawl.cli import cli\n"
            "cli.main(['read', '--help'], standalone_mode=False)\n"
            "print(*sys.modules, file=sys.stderr)",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stderr.split()
    heavy = {"rich", "pyarrow", "numpy", "trafilatura", "lxml", "spacy", "qawl.reader"}
    assert not heavy & set(loaded)
