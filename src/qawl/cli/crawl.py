"""``qawl crawl``: archives of pages in, tables of who said what out."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qawl.cli import NOT_READ
from qawl.cli.report import say
from qawl.errors import QawlError

if TYPE_CHECKING:
    from datatrove.io import DataFolder

    from qawl.crawl.executors import Stage

#: What each stage does, for people.
_DOES = {
    "extract": "extracting articles",
    "pairs": "comparing articles",
    "choose": "choosing among repeats",
    "read": "reading statements",
    "finish": "finishing",
}
#: Seconds between two lines of progress where no terminal is watched.
_LINE = 30.0


@click.command()
@click.argument("source", metavar="INPUT")
@click.argument("output", metavar="OUTPUT")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Shards done at once (1).")
@click.option(
    "--executor",
    type=click.Choice(["local", "ray", "slurm"]),
    help="Who runs them: this machine, a Ray cluster, or Slurm (local).",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Settings in TOML (docs/crawl.md).",
)
@click.option(
    "--repeats",
    type=click.Choice(["near", "exact", "none"]),
    help="Which repeats are dropped (near).",
)
@click.pass_context
def crawl(ctx: click.Context, /, source: str, output: str, **given: Any) -> None:
    """Read whole archives of pages: WARC files, folders of HTML, JSONL, Parquet.

    INPUT is a folder, a file, or a pattern in quotes, on this machine or at an fsspec address
    (s3://…, https://…); OUTPUT is a folder that gets articles, statements, repeats and what failed as
    Parquet, and report.json. Only Arabic pages are read. A page that crashes or overtaxes the reader is
    left out, with the reason.

    Stopped or killed at any moment, the same command goes on where it was: finished shards are not
    read again.

    Exit status: 0 done, 1 it stopped (standard error says why), 2 the command was used wrongly.
    """
    from qawl.crawl import needs_engine

    needs_engine()
    from loguru import logger

    from qawl.crawl import report, run, settings
    from qawl.crawl.files import folder_of, read_json
    from qawl.crawl.plan import plan
    from qawl.reader import Reader

    logger.disable("datatrove")  # in this process; its tasks have logs of their own
    chosen, running = settings.load(given.pop("config"), **given)
    try:
        folder = folder_of(output, running.storage)
    except (ImportError, ValueError) as error:
        raise QawlError(f"{output} cannot be opened: {error}") from error
    made, new = plan(_absolute(source), folder, chosen, Reader().version, running.storage)
    watch = _Watch(folder, len(made.shards))
    if not new:
        say(f"going on with the crawl in {output}")
    try:
        finished = run.run(made, folder, running, watch.begin)
    except KeyboardInterrupt:
        watch.end()
        say("stopped; the same command goes on")
        ctx.exit(130)
    finally:
        watch.end()
    if not finished:
        say("submitted to Slurm; when its jobs are done, the same command shows the report")
        return
    found = read_json(folder, report.NAME) or report.gather(folder)
    click.echo(report.text(found))
    if not found["pages"]:
        say("the input had no pages that could be read")
        ctx.exit(NOT_READ)


def _absolute(source: str) -> str:
    """A local path in full, so that the same input is known from another folder."""
    return source if "://" in source or "::" in source else str(Path(source).absolute())


class _Watch:
    """Shows how far the crawl is: on a terminal live, with a line a worker; else a line now and then."""

    def __init__(self, folder: DataFolder, shards: int) -> None:
        self.folder = folder
        self.shards = shards
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, stage: Stage) -> None:
        """A stage begins."""
        self.end()
        self._stop.clear()
        self._thread = threading.Thread(target=self._follow, args=(stage,), daemon=True)
        self._thread.start()

    def end(self) -> None:
        """The stage is over."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _follow(self, stage: Stage) -> None:
        began = time.time()
        already = self._marks(stage)
        if not sys.stderr.isatty():
            while not self._stop.wait(_LINE):
                say(self._lines(stage, began, already)[0])
            return
        from rich.console import Console
        from rich.live import Live

        with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:
            while not self._stop.wait(0.5):
                live.update("\n".join(self._lines(stage, began, already)), refresh=True)

    def _marks(self, stage: Stage) -> int:
        return len(stage.log(self.folder).list_files("completions"))

    def _lines(self, stage: Stage, began: float, already: int) -> list[str]:
        """The stage in a line, then a line for each shard that is being read."""
        from qawl.crawl import progress

        done = self._marks(stage)
        told = progress.tasks(self.folder, stage.name, stage.tasks)
        at_it = [task for task in told if task.now >= began and task.share < 1]
        share = (done + sum(task.share for task in at_it)) / stage.tasks
        now = time.time()
        left = progress.left(
            [done - already, *(t.share for t in at_it)], stage.tasks - already, now - began
        )
        rate = sum(task.a_second for task in at_it if now - task.now < 30)
        head = f"{_DOES[stage.name]}: {done:,} of {stage.tasks:,} shards, {share:.0%}"
        if rate:
            head += f", {rate:,.0f} pages/s"
        if left is not None and share < 1:
            head += f", {_time(left)} left in this stage"
        return [
            head,
            *(
                f"  {t.worker}  {t.a_second:>6,.0f} pages/s  {t.share:>4.0%}  shard {t.rank}  {t.at}"
                for t in at_it
            ),
        ]


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
