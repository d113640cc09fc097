"""How fast `qawl crawl` is, what it needs, and whether kills change its tables.

    python benchmarks/crawl_set.py ../shared /tmp/warcs --pages 50000
    python benchmarks/crawl.py /tmp/warcs /tmp/crawls [--workers 2] [--kills 3] [--once]

In one run, over the same WARC files: trafilatura alone (read the archive, extract the text of each HTML
page, in one process); the crawl by one worker; by ``--workers``; then again, killed with kill -9 at ``--kills``
random moments and gone on with, and its tables compared byte for byte. Time is that on the clock and
that of the CPU (of all processes), since a busy machine makes the former longer. ``--once`` leaves out the
crawl by one worker.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from qawl.crawl.warc import pages

TABLES = ("articles", "statements", "repeats", "failed")


@dataclass
class Run:
    """A run: seconds on the clock and of CPU, pages, memory of each worker with its child (MB) by time."""

    clock: float
    cpu: float
    pages: int
    memory: list[float] = field(default_factory=list)

    def line(self, name: str) -> str:
        """A row of the table."""
        most = f"{max(self.memory):,.0f}" if self.memory else "–"
        return (
            f"| {name} | {self.clock:,.1f} | {self.cpu:,.1f} | {self.pages / self.clock:,.1f} "
            f"| {self.pages / self.cpu:,.1f} | {most} |"
        )


def trafilatura_alone(folder: Path) -> Run:
    """Reads the archive and extracts the text of each HTML page, in a process of its own."""
    began = time.monotonic()
    before = _children()
    code = [sys.executable, __file__, "--alone", str(folder)]
    done = subprocess.run(code, check=True, capture_output=True, text=True)
    return Run(time.monotonic() - began, _children() - before, int(done.stdout))


def alone(folder: Path) -> int:
    """The pages that trafilatura was given."""
    from trafilatura import extract

    number = 0
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            for document, _ in pages(file, path.name, 5_000_000):
                number += 1
                page = document.metadata.get("page")
                if page is not None and page.status == 200 and "html" in page.kind:
                    extract(page.data, include_comments=False)
    return number


def crawl(folder: Path, out: Path, workers: int, kill_after: float | None = None) -> Run | None:
    """Crawls, or goes on; with ``kill_after`` seconds it is killed, if it is not done by then (None)."""
    began, before = time.monotonic(), _children()
    command = [sys.executable, "-m", "qawl.cli", "crawl", str(folder), str(out)]
    process = subprocess.Popen(
        [*command, "--workers", str(workers)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    memory: list[float] = []
    while process.poll() is None:
        time.sleep(0.5)
        memory += _workers(process.pid)
        if kill_after is not None and time.monotonic() - began > kill_after:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return None
    if process.returncode:
        raise SystemExit(f"qawl crawl ended with status {process.returncode}")
    report = json.loads((out / "report.json").read_text())
    return Run(time.monotonic() - began, _children() - before, report["pages"], memory)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _workers(pid: int) -> list[float]:
    """The memory of each worker and its child (MB, resident)."""
    found = []
    for worker in _descend(pid):
        children = _descend(worker)
        if children:
            found.append(sum(map(_resident, [worker, *children])))
    return found


def _descend(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _resident(pid: int) -> float:
    try:
        return (
            int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            * os.sysconf("SC_PAGE_SIZE")
            / 1e6
        )
    except (OSError, IndexError):
        return 0.0


def tables(out: Path) -> dict[str, bytes]:
    """Every table of a crawl, as bytes."""
    return {
        f"{table}/{path.name}": path.read_bytes()
        for table in TABLES
        for path in sorted((out / table).iterdir())
    }


def fresh(out: Path) -> Path:
    """A folder that is not there."""
    shutil.rmtree(out, ignore_errors=True)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.alone:
        print(alone(args.alone))
        return
    if not args.folder or not args.out:
        parser.error("give the folder of WARC files and one for the outputs")
    print("| run | clock, s | CPU, s | pages/s | pages per CPU s | memory a worker, MB |")
    print("|---|---|---|---|---|---|")
    base = trafilatura_alone(args.folder)
    print(base.line("trafilatura alone, one process"), flush=True)
    single = None
    if not args.once:
        single = crawl(args.folder, fresh(args.out / "one"), 1)
        assert single is not None
        print(single.line("crawl, 1 worker"), flush=True)
    many = crawl(args.folder, fresh(args.out / "many"), args.workers)
    assert many is not None
    print(many.line(f"crawl, {args.workers} workers"), flush=True)
    report = json.loads((args.out / "many" / "report.json").read_text())
    print(json.dumps(report, ensure_ascii=False))
    took = report["seconds"]
    parsing = took["pages"] + took["keep"] + took["extract"]
    print(f"reading {took['read']:,.1f} s, parsing and extraction {parsing:,.1f} s of CPU")
    print(
        f"pages per CPU second, beside trafilatura alone: {many.pages / many.cpu / (base.pages / base.cpu):.2f}"
    )
    if single:
        print(f"pages/s by {args.workers} workers and by one: {single.clock / many.clock:.2f}")
        same = tables(args.out / "one") == tables(args.out / "many")
        print(f"the tables of both are the same, byte for byte: {same}")
    quarter = max(1, len(many.memory) // 4)
    first, last = many.memory[quarter : 2 * quarter], many.memory[-quarter:]
    print(
        f"memory a worker: {statistics.median(first):,.0f} MB early, {statistics.median(last):,.0f} MB late"
    )
    if args.kills:
        kill(args, many.clock)


def kill(args: argparse.Namespace, clock: float) -> None:
    """Kills a crawl at random moments, goes on, and compares the tables."""
    rng = random.Random(args.kills)
    out = fresh(args.out / "killed")
    done = None
    for _ in range(args.kills):
        moment = rng.uniform(0.1, 0.9) * clock / (1 + args.kills / 2)
        done = crawl(args.folder, out, args.workers, kill_after=moment)
        marks = len(list(out.glob("work/*/completions/*")))
        print(
            f"killed after {moment:,.0f} s, with {marks} tasks done"
            if done is None
            else "done before the kill"
        )
    done = done or crawl(args.folder, out, args.workers)
    assert done is not None
    print(f"after {args.kills} kills the tables are the same, byte for byte: "
          f"{tables(out) == tables(args.out / 'many')}")  # fmt: skip


if __name__ == "__main__":
    main()
