"""A crawl from its input to its tables: the stages in order, on one of the executors.

Each stage is a run of datatrove over all shards, which marks a shard when it is done; a crawl that goes on
begins with the shards without a mark. A shard's files appear whole, under the shard's number, so that one
that is done twice (its worker was lost before the mark) is written over by the same.

    extract    pages → keep → extract → signatures        a task a shard
    pairs      what shares a bucket                       a task a bucket
    choose     which of the repeats stays                 one task
    read       repeats dropped → read → tables            a task a shard
    finish     the report; the work is removed            one task
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from datatrove.io import DataFolder
from datatrove.pipeline.base import PipelineStep

from qawl.crawl import report
from qawl.crawl.executors import (
    CrawlError,
    LocalExecutor,
    Stage,
    Workers,
    ray_executor,
    submit,
)
from qawl.crawl.extract import ExtractArticles
from qawl.crawl.files import PART
from qawl.crawl.keep import KeepArabic
from qawl.crawl.pages import ReadExtracted, ReadPages
from qawl.crawl.plan import Plan
from qawl.crawl.progress import Beat
from qawl.crawl.read import ReadStatements
from qawl.crawl.repeats import (
    ChooseOfRepeats,
    DropRepeats,
    Pairs,
    Signatures,
    WriteIndex,
    config_of,
)
from qawl.crawl.settings import Running
from qawl.crawl.write import WriteTables

EXTRACTED = "work/extracted/"
#: Data of the work, of no use when the tables are there; marks and figures stay.
_PASSING = ("work/extracted", "work/index", "work/signatures", "work/dups", "work/choice")
#: Seconds to wait for the workers of a crawl that was killed: they look for it twice a second.
_WAIT = 30.0

OnStage = Callable[[Stage], None]


def stages(plan: Plan, folder: DataFolder, running: Running) -> list[Stage]:
    """The stages of a crawl."""
    settings, shards = plan.settings, len(plan.shards)
    extract: list[PipelineStep] = [
        ReadPages(
            plan.source,
            settings=settings,
            storage=running.storage,
            planned=folder,
            failures=True,
            beat=Beat(folder, "extract"),
        ),
        KeepArabic(settings),
        ExtractArticles(settings, failures=True),
        WriteTables(folder, under=EXTRACTED, stage="extract", through=True),
        WriteIndex(folder),
    ]
    made = []
    if settings.repeats != "none":
        signatures = folder_of_work(folder, "signatures")
        extract.append(Signatures(signatures, settings.repeats))
        config = config_of(settings.repeats)
        pairs = Pairs(
            signatures, folder_of_work(folder, "dups"), config=config, lines_to_buffer=1000
        )
        made.append(Stage("pairs", [pairs], config.num_buckets))
    read: list[PipelineStep] = [
        ReadExtracted(folder, EXTRACTED, Beat(folder, "read")),
        DropRepeats(folder),
        ReadStatements(settings, failures=True, plain=False),
        WriteTables(folder),
    ]
    return [
        Stage("extract", extract, shards),
        *made,
        Stage("choose", [ChooseOfRepeats(folder, shards)], 1),
        Stage("read", read, shards),
        Stage("finish", [Finish(folder, plan, keep_work=running.keep_work)], 1),
    ]


def folder_of_work(folder: DataFolder, name: str) -> DataFolder:
    """A folder of passing data."""
    return DataFolder(f"{folder.path}/work/{name}", fs=folder.fs)


def run(plan: Plan, folder: DataFolder, running: Running, on_stage: OnStage) -> bool:
    """Runs what is not done of a crawl; ``on_stage`` is called as each stage begins.

    Returns whether it is done: on Slurm, only what was submitted is. Raises CrawlError where it stopped.
    """
    todo = stages(plan, folder, running)
    with alone(folder):
        if running.executor == "slurm":
            if not done(todo[-1], folder):
                submit(todo, folder, running)
            return done(todo[-1], folder)
        with Workers(running.workers or 1, _lock(folder)) as workers:
            for stage in todo:
                if done(stage, folder):
                    continue
                on_stage(stage)
                if running.executor == "ray":
                    ray_executor(stage, folder, running).run()
                else:
                    LocalExecutor(stage, folder, workers).run()
                if not done(stage, folder):
                    log = stage.log(folder).resolve_paths("logs")
                    raise CrawlError(
                        f"some shards of the stage {stage.name} were not finished (logs: {log}); "
                        "give the same command again"
                    )
    return True


def done(stage: Stage, folder: DataFolder) -> bool:
    """Whether every task of a stage has its mark."""
    folder.fs.invalidate_cache()  # object stores remember what they listed
    marks = stage.log(folder).list_files("completions")
    return len(marks) >= stage.tasks


class Finish(PipelineStep):
    """Writes the report and removes the passing data."""

    type = "💽 - WRITER"
    name = "Finish"

    def __init__(self, folder: DataFolder, plan: Plan, *, keep_work: bool) -> None:
        super().__init__()
        self.folder = folder
        self.known = {"qawl": plan.qawl, "reader": plan.reader, "source": plan.source}
        self.shards = len(plan.shards)
        self.keep_work = keep_work

    def run(self, data: Any = None, rank: int = 0, world_size: int = 1) -> None:
        """Writes ``report.json``."""
        report.save(self.folder, {**self.known, "shards": self.shards})
        if not self.keep_work:
            for name in _PASSING:
                with suppress(FileNotFoundError):
                    self.folder.rm(name, recursive=True)
        for name in self.folder.list_files():
            if name.endswith(PART):
                with suppress(FileNotFoundError):
                    self.folder.rm(name)


def _lock(folder: DataFolder) -> str | None:
    """The file that workers hold while they live."""
    return f"{folder.path}/work/workers.lock" if folder.is_local() else None


@contextmanager
def alone(folder: DataFolder) -> Iterator[None]:
    """Holds the output's folder for one crawl, where it is local; waits for the workers of one that was
    killed. Raises CrawlError where another crawl is at it."""
    if not folder.is_local():
        yield
        return
    os.makedirs(f"{folder.path}/work", exist_ok=True)
    with open(f"{folder.path}/work/lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CrawlError(
                f"another crawl is writing to {folder.path}; wait for it, or give another output"
            ) from error
        with open(_lock(folder) or "", "w") as workers:
            until = time.monotonic() + _WAIT
            while True:
                with contextlib.suppress(OSError):
                    fcntl.flock(workers, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                if time.monotonic() > until:
                    raise CrawlError(
                        f"workers of an earlier crawl still write to {folder.path}; end them first"
                    )
                time.sleep(0.1)
        yield
