"""``qawl search``: statements of the record by their words."""

from __future__ import annotations

from typing import Any

import click

from qawl.cli import hits
from qawl.cli.filters import filters, filters_of
from qawl.cli.options import database, open_record


@click.command()
@click.argument("query", nargs=-1, metavar="[QUERY]...")
@database
@filters
@hits.options
def search(query: tuple[str, ...], db: str | None, **given: Any) -> None:
    """Find statements in the record by their words, the newest first.

    QUERY is one or more words, all of which must be in the statement, in any of their forms: شراكة finds
    بشراكتهم, وزير finds الوزراء, قسد finds قوات سوريا الديمقراطية. "…" is a phrase as written,
    -word leaves out, a | b is one of both (between quotes for the shell). Without a query the options
    alone choose.
    """
    wanted = filters_of(given)
    with open_record(db) as record:
        hits.show(record, " ".join(query), wanted, **given)
