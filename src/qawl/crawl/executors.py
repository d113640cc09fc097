"""Who runs the tasks: datatrove's executors. The local one is run on a pool that survives a lost worker."""

from __future__ import annotations

import contextlib
import fcntl
import multiprocessing
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.util import Finalize
from typing import Any

from datatrove.executor.local import LocalPipelineExecutor
from datatrove.io import DataFolder
from datatrove.pipeline.base import PipelineStep

from qawl.crawl.files import read_json, write_json
from qawl.crawl.sandbox import end_parked
from qawl.crawl.settings import Running
from qawl.errors import InputError, MissingExtraError, QawlError

#: Times that tasks may be tried again with no task finished in between.
TRIES = 3
#: Where the numbers of the jobs that were submitted are kept.
JOBS = "work/jobs.json"


class CrawlError(QawlError):
    """A crawl stopped; what is finished is kept, and the same command goes on."""


class Stage:
    """A run of steps over a number of tasks; ``after`` is the stage that must be done first."""

    def __init__(self, name: str, steps: list[PipelineStep], tasks: int) -> None:
        self.name = name
        self.steps = steps
        self.tasks = tasks

    def log(self, folder: DataFolder) -> DataFolder:
        """Where datatrove keeps the stage's marks, figures and logs."""
        return DataFolder(f"{folder.path}/work/{self.name}", fs=folder.fs)


class Workers:
    """The processes of a local crawl, shared by its stages and started when first needed."""

    def __init__(self, count: int, lock: str | None = None) -> None:
        """``lock``: a file that each worker holds (shared) as long as it lives."""
        self.count = count
        self.lock = lock
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None and self._pool is not None:
            self._pool.shutdown()
            self._pool = None
        self.end()

    def end(self) -> None:
        """Ends the processes, whatever they are at."""
        pool, self._pool = self._pool, None
        if pool is not None:
            processes = list((pool._processes or {}).values())
            for process in processes:
                process.terminate()
            for process in processes:
                process.join(5)
                if process.is_alive():
                    process.kill()
            # its thread ends too: one that is still closing its pipes when the interpreter ends is a traceback there
            pool.shutdown(cancel_futures=True)

    def run(self, task: Callable[[int], None], ranks: list[int]) -> None:
        """Runs ``task`` for each rank; raises BrokenProcessPool where a process was lost."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.count, multiprocessing.get_context("spawn"), _begin, (os.getpid(), self.lock)
            )
        try:
            # a worker inherits the mask: one that is still starting would end with a traceback at Ctrl-C
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                futures = [self._pool.submit(task, rank) for rank in ranks]
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
            for future in as_completed(futures):
                future.result()
        except BaseException:
            self.end()
            raise


def _begin(parent: int, lock: str | None) -> None:
    """A worker's beginning: it ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it
    # Arrow's own pool keeps what it once had: 75 MB more, and growing. It is chosen when Arrow is loaded.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    if lock is not None:
        held = os.open(lock, os.O_RDWR | os.O_CREAT)  # until the process ends
        fcntl.flock(held, fcntl.LOCK_SH)
    Finalize(None, end_parked, exitpriority=1)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


class LocalExecutor(LocalPipelineExecutor):
    """datatrove's local executor, with its marks and figures, on ``Workers``: multiprocessing's pool, which
    it uses itself, waits for ever for a worker that was killed."""

    def __init__(self, stage: Stage, folder: DataFolder, workers: Workers) -> None:
        super().__init__(
            stage.steps, tasks=stage.tasks, workers=workers.count, logging_dir=stage.log(folder)
        )
        self._workers: Workers | None = workers

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_workers": None}  # what a worker gets

    def run(self) -> None:
        """Runs the tasks that are not done; raises CrawlError where one fails for good."""
        assert self._workers is not None
        tries = 0
        while ranks := self._left():
            try:
                self._workers.run(self._quietly, ranks)
            except BrokenProcessPool as error:
                tries = 0 if len(self._left()) < len(ranks) else tries + 1
                if tries >= TRIES:
                    raise CrawlError(
                        f"workers were lost {tries} times with no shard finished, perhaps for want of "
                        "memory: try fewer workers, and give the same command again"
                    ) from error

    def _left(self) -> list[int]:
        self.logging_dir.fs.invalidate_cache()  # object stores remember what they listed
        return list(self.get_incomplete_ranks())

    def _quietly(self, rank: int) -> None:
        """Runs a task; what datatrove says of it goes to the task's log alone."""
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
            try:
                self._run_for_rank(rank, local_rank=1)
            except QawlError:
                raise
            except Exception as error:
                said = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
                log = self.logging_dir.resolve_paths(f"logs/task_{rank:05d}.log")
                raise CrawlError(
                    f"shard {rank} stopped: {said} (its log is {log}); what is finished is kept: "
                    "put it right and give the same command again"
                ) from None


def ray_executor(stage: Stage, folder: DataFolder, running: Running) -> Any:
    """datatrove's executor on the Ray cluster that RAY_ADDRESS names, else on this machine."""
    try:
        import ray
    except ImportError as error:
        raise MissingExtraError("--executor ray", "crawl,ray") from error
    from datatrove.executor.ray import RayPipelineExecutor

    if not ray.is_initialized():
        address = os.environ.get("RAY_ADDRESS")
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    return RayPipelineExecutor(
        stage.steps,
        tasks=stage.tasks,
        workers=running.workers or -1,
        logging_dir=stage.log(folder),
        **running.ray,
    )


def submit(stages: list[Stage], folder: DataFolder, running: Running) -> None:
    """Submits the stages to Slurm by datatrove's executor, each after the one before it.

    Raises InputError where Slurm is not told what it needs, CrawlError where jobs that were submitted for
    this folder still wait or run.
    """
    from datatrove.executor.slurm import SlurmPipelineExecutor

    given = dict(running.slurm)
    missing = [key for key in ("partition", "time") if key not in given]
    if missing:
        raise InputError(
            f"Slurm needs {' and '.join(missing)}: write them under [slurm] in the file of --config"
        )
    if jobs := _queued(read_json(folder, JOBS) or []):
        raise CrawlError(
            f"jobs of this crawl still wait or run ({jobs}); see squeue, or end them by scancel"
        )
    made: list[Any] = []
    for stage in stages:
        made.append(
            SlurmPipelineExecutor(
                stage.steps,
                tasks=stage.tasks,
                workers=running.workers or -1,
                depends=made[-1] if made else None,
                logging_dir=stage.log(folder),
                **{"job_name": f"qawl-{stage.name}", "qos": "", **given},
            )
        )
    try:
        made[-1].run()
    except FileNotFoundError as error:
        raise CrawlError("there is no sbatch here: give the command where Slurm is") from error
    except subprocess.CalledProcessError as error:
        raise CrawlError(
            f"sbatch refused a job (status {error.returncode}); see what it said"
        ) from error
    finally:
        write_json(folder, JOBS, [str(e.job_id) for e in made if e.job_id not in (None, -1)])


def _queued(jobs: list[str]) -> str:
    """Which of the jobs Slurm still has, in a line."""
    if not jobs:
        return ""
    try:
        said = subprocess.run(
            ["squeue", "--noheader", "--format=%i", "--jobs", ",".join(jobs)],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""  # squeue knows none of them any more
    return ", ".join(said.stdout.split())
