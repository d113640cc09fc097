"""The part of docs/cli.md that is made from the commands' own help.

    python -m qawl.cli.reference docs/cli.md

writes it anew between its two marks; a test fails while it is not up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from qawl.cli import cli

BEGIN = "<!-- made by python -m qawl.cli.reference: begin -->"
END = "<!-- made by python -m qawl.cli.reference: end -->"


def reference() -> str:
    """The help of ``qawl`` and of each command, as Markdown."""
    top = click.Context(
        cli,
        info_name="qawl",
        terminal_width=80,
        max_content_width=80,
        **cli.context_settings,
    )
    sections = [_section(top)]
    for name in cli.list_commands(top):
        command = cli.get_command(top, name)
        assert command is not None
        sections.append(_section(click.Context(command, parent=top, info_name=name)))
    return "\n".join(sections)


def updated(page: str) -> str:
    """The page with the section between the marks made anew; ``ValueError`` without marks."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks its marks: {BEGIN} and {END}")
    return f"{head}{BEGIN}\n\n{reference()}\n{END}{tail}"


def _section(ctx: click.Context) -> str:
    return f"### {ctx.command_path}\n\n```text\n{ctx.get_help()}\n```\n"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(updated(target.read_text("utf-8")), "utf-8")
