"""``qawl reread``: the record read again by a newer reader."""

from __future__ import annotations

import click

from qawl.cli.options import database, open_record
from qawl.cli.report import counted


@click.command()
@database
@click.option("--all", "everything", is_flag=True, help="Also what this reader has read.")
def reread(db: str | None, everything: bool) -> None:
    """Read again what an older reader read, in place.

    What people corrected stays corrected. It may be stopped at any time and goes on where it stopped.
    """
    import qawl
    from qawl.record.rereading import reread as again
    from qawl.record.rereading import stale

    version = qawl.Reader().version
    with open_record(db) as record:
        whole = stale(record, version, everything=everything)
        numbers = again(record, qawl.read, version, everything=everything)
        done = sum(1 for _ in counted(numbers, whole, "articles"))
    click.echo(f"{done:,} read again by {version}" if done else f"all was read by {version}")
