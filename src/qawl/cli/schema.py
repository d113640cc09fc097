"""``qawl schema``: the published JSON Schemas."""

from __future__ import annotations

import click

from qawl.formats.schema import SCHEMAS, schema_text


@click.command()
@click.argument("form", type=click.Choice(list(SCHEMAS)), default="json")
def schema(form: str) -> None:
    """Print the JSON Schema (draft 2020-12) of an output form.

    FORM is json (the whole document, the default) or jsonl (one line).
    """
    click.echo(schema_text(form), nl=False)
