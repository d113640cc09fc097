"""How fast `qawl crawl` is, what it needs, what it would cost, and whether kills change its tables.

    python benchmarks/crawl_set.py ../shared /tmp/warcs --pages 50000
    python benchmarks/crawl.py /tmp/warcs /tmp/crawls [--files 8] [--workers 2] [--kills 3] [--once]

In one run, over the same WARC files (the first ``--files`` of them): trafilatura alone (read the archive, extract
the text of each HTML page, in one process); the crawl by one worker; by one that is held to one core, as are
all its processes (a worker has a child that bears its pages' harm, and on a free machine the two work at once for
some of the time); by ``--workers``; then again, killed with
kill -9 at ``--kills`` random moments and gone on with, and its tables compared byte for byte. Time is that on the
clock and that of the CPU (of all processes), since a busy machine makes the former longer; only a quiet one
shows what a second worker brings. ``--once`` leaves out the crawls by one worker. The tables that it prints are
those of docs/benchmarks.md; 8 files of 2,084 pages take a quarter of an hour.
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
from typing import Any

from qawl.crawl.warc import pages

TABLES = ("articles", "statements", "repeats", "failed")
STAGES = ("pages", "keep", "extract", "repeats", "read", "write")
#: What a month of CC-NEWS and all of it had (pages; docs/benchmarks.md has the sources), which share of them is
#: Arabic by our assumption, and what an hour of one core costs ($).
ARCHIVES = {"one month": 11.7e6, "all since 2016": 1350e6}
ARABIC, PRICE = 0.03, 0.05


@dataclass
class Run:
    """A run: seconds on the clock and of CPU, pages, and by time the memory of a worker with its child (MB)
    while it extracts and while it reads."""

    clock: float
    cpu: float
    pages: int
    memory: dict[str, list[float]] = field(default_factory=dict)

    def line(self, name: str, base: Run) -> str:
        """A row of the table, beside trafilatura alone."""
        most = max((max(figures) for figures in self.memory.values()), default=0.0)
        return (
            f"| {name} | {self.clock:,.0f} | {self.pages / self.clock:,.1f} | {self.cpu:,.0f} "
            f"| {self.pages / self.cpu:,.1f} | {base.cpu / base.pages * self.pages / self.cpu:.2f} "
            f"| {f'{most:,.0f}' if most else '–'} |"
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


def crawl(
    folder: Path, out: Path, workers: int, kill_after: float | None = None, held: bool = False
) -> Run | None:
    """Crawls, or goes on; with ``kill_after`` seconds it is killed, if it is not done by then (None). ``held``: to
    one core."""
    began, before = time.monotonic(), _children()
    command = ["taskset", "--cpu-list", str(min(os.sched_getaffinity(0)))] if held else []
    command += [sys.executable, "-m", "qawl.cli", "crawl", str(folder), str(out)]
    process = subprocess.Popen(
        [*command, "--workers", str(workers)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    memory: dict[str, list[float]] = {}
    while process.poll() is None:
        time.sleep(0.5)
        _weigh(process.pid, memory)
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


def _weigh(pid: int, memory: dict[str, list[float]]) -> None:
    """Adds the memory of each worker and its child (MB, resident) to that of the stage they are at."""
    for worker in _descend(pid):
        for child in _descend(worker):
            for stage in ("extract", "read"):
                if f"qawl.crawl.{stage}:".encode() in _command(child):
                    figures = memory.setdefault(stage, [])
                    figures.append(_resident(worker) + _resident(child))


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


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


def some(folder: Path, out: Path, files: int | None) -> Path:
    """A folder of links to the first ``files`` files of a folder; the folder itself for all."""
    if files is None:
        return folder
    linked = fresh(out / "input")
    linked.mkdir(parents=True)
    for path in sorted(folder.iterdir())[:files]:
        (linked / path.name).symlink_to(path.resolve())
    return linked


def stages(report: dict[str, Any], run: Run) -> None:
    """Prints where the CPU time went; what is of no stage is the start and what passes between processes."""
    took = {stage: report["seconds"].get(stage, 0.0) for stage in STAGES}
    took["the rest"] = run.cpu - sum(took.values())
    print("\n| stage | CPU, s | share |\n|---|---:|---:|")
    for stage, seconds in took.items():
        print(f"| {stage} | {seconds:,.1f} | {seconds / run.cpu:.0%} |")
    parsing = took["pages"] + took["keep"] + took["extract"]
    print(f"\nReading takes {took['read'] / parsing:.2f} times what parsing and extraction take.")


def weight(run: Run) -> None:
    """Prints the memory of a worker with its child, early and late in each stage."""
    print("\n| memory a worker, MB | early | late | most |\n|---|---:|---:|---:|")
    for stage, figures in run.memory.items():
        quarter = max(1, len(figures) // 4)
        early, late = figures[quarter : 2 * quarter] or figures, figures[-quarter:]
        print(
            f"| {stage} | {statistics.median(early):,.0f} | {statistics.median(late):,.0f} "
            f"| {max(figures):,.0f} |"
        )


def cost(report: dict[str, Any], run: Run) -> None:
    """Prints what CC-NEWS would cost: a page that is passed over is read from the archive and looked at, and
    all else is put down to the pages that are kept."""
    took, pages = report["seconds"], report["pages"]
    other = (took["pages"] + took["keep"]) / pages
    kept = pages - sum(report["passed_over"].values()) - report["failed"].get("damaged", 0)
    arabic = other + (run.cpu - other * pages) / kept
    print(
        f"\nA page that is passed over costs {other * 1000:.2f} ms of CPU, "
        f"one that is kept {arabic * 1000:.1f}."
    )
    print(f"\n| | pages | of them Arabic | CPU hours | at {PRICE:.2f} $ a core hour |")
    print("|---|---:|---:|---:|---:|")
    for name, whole in ARCHIVES.items():
        hours = whole * ((1 - ARABIC) * other + ARABIC * arabic) / 3600
        print(
            f"| {name} | {whole / 1e6:,.1f} M | {ARABIC * whole / 1e6:,.2f} M | {hours:,.1f} "
            f"| {PRICE * hours:,.2f} $ |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--files", type=int, help="only so many of the WARC files")
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
    args.folder = some(args.folder, args.out, args.files)
    print(
        "| run | clock, s | pages/s | CPU, s | pages per CPU second | beside trafilatura alone "
        "| memory a worker, MB |\n|---|---:|---:|---:|---:|---:|---:|"
    )
    base = trafilatura_alone(args.folder)
    print(base.line("trafilatura alone, one process", base), flush=True)
    single = held = None
    if not args.once:
        single = crawl(args.folder, fresh(args.out / "one"), 1)
        assert single is not None
        print(single.line("`qawl crawl`, one worker", base), flush=True)
        held = crawl(args.folder, fresh(args.out / "held"), 1, held=True)
        assert held is not None
        print(held.line("`qawl crawl`, one worker held to one core", base), flush=True)
    many = crawl(args.folder, fresh(args.out / "many"), args.workers)
    assert many is not None
    print(many.line(f"`qawl crawl`, {args.workers} workers", base), flush=True)
    if single and held:
        same = tables(args.out / "one") == tables(args.out / "many")
        print(
            f"\n{args.workers} workers do {single.clock / many.clock:.2f} times the pages/s of one, "
            f"{held.clock / many.clock:.2f} times those of one that is held to one core; "
            f"the tables are the same, byte for byte: {same}."
        )
    # where there is one, the crawl by one worker: its CPU has no other's work in its caches
    run, out = (single, "one") if single else (many, "many")
    report = json.loads((args.out / out / "report.json").read_text())
    stages(report, run)
    weight(run)
    cost(report, run)
    counts = {k: v for k, v in report.items() if k not in ("seconds", "memory", "source")}
    print(f"\n{json.dumps(counts, ensure_ascii=False)}", flush=True)
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
