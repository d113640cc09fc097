"""``qawl evaluate``: how well statements are read, against gold."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from qawl.errors import QawlError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qawl.model import Article, Statement

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("gold", type=_FILE, metavar="GOLD.jsonl")
@click.argument("predicted", type=_FILE, metavar="[PREDICTED.jsonl]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--errors",
    type=click.IntRange(min=-1),
    default=0,
    metavar="N",
    help="Also list the first N mistakes, with article and offsets (-1: all).",
)
@click.option(
    "--by",
    type=click.Choice(["outlet", "form", "act"]),
    help="Also the figures of each outlet, form or act (act: with the confusion table).",
)
def evaluate(
    gold: Path,
    predicted: Path | None,
    as_json: bool,
    errors: int,
    by: Literal["outlet", "form", "act"] | None,
) -> None:
    """Measure statements against gold ones.

    GOLD.jsonl (or a folder of such files) holds one article a line: id, title, text, source and
    its statements. PREDICTED.jsonl holds id and statements; without it the articles of
    GOLD are read now and what the reader finds is measured.

    \b
    found   the content's letters overlap by half or more
    exact   the same letters
    joint   found, and the source is right
    whole   exact, the cue overlaps and the source is right
    strict  content, cue and speaker to the character, source, form and act

    Offsets count Unicode code points in title + newline + text.
    """
    from qawl.evaluation import judge_all, measure, read_gold, read_predicted
    from qawl.evaluation.mistakes import mistakes
    from qawl.evaluation.report import as_json as to_json
    from qawl.evaluation.report import as_table, mistakes_as_json, mistakes_as_text

    try:
        articles = read_gold(gold)
        found = read_predicted(predicted, articles) if predicted else _read(articles)
    except QawlError as error:
        raise click.ClickException(str(error)) from None
    judged = judge_all(articles, found)
    figures = measure(judged)
    listed = list(islice(mistakes(judged), None if errors < 0 else errors))
    if as_json:
        report = to_json(figures, by)
        if errors:
            report["errors"] = mistakes_as_json(listed)
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    click.echo(as_table(figures, by))
    if listed:
        click.echo("\n" + mistakes_as_text(listed))


def _read(articles: Sequence[Article]) -> dict[str, tuple[Statement, ...]]:
    """What the reader finds in the articles, by id. It never sees the gold statements."""
    from qawl.evaluation.floors import read_articles

    return read_articles(articles)
