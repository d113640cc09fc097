"""The clocks: CPU of interleaved passes, fresh processes, growth with length, memory over time."""

from __future__ import annotations

import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from contestants import CONTESTANTS, Prepared, Task, qawl_reader

HERE = Path(__file__).resolve().parent

#: What a fresh process runs: started, imported, and the first answer, for Qawl and what stands
#: beside it. ``{text}`` and ``{page}`` are files.
FRESH: dict[str, str] = {
    "Python alone": "pass",
    "import qawl": "import qawl",
    "import trafilatura": "import trafilatura",
    "import spacy": "import spacy",
    "Qawl, first statements": ("import qawl; qawl.read(open({text!r}, encoding='utf-8').read())"),
    "qawl read FILE": (
        "import sys; from qawl.cli import main; sys.argv = ['qawl', 'read', {text!r}]; main()"
    ),
    "trafilatura, first text": (
        "import trafilatura; trafilatura.extract(open({page!r}, 'rb').read())"
    ),
    "spaCy, first tokens": (
        "import spacy; spacy.blank('ar')(open({text!r}, encoding='utf-8').read())"
    ),
}


def cpu_per_article(articles: Sequence[Prepared], repeats: int) -> dict[str, float]:
    """Milliseconds of CPU an article, by contestant: the median of ``repeats`` passes over all.

    The contestants take turns within each round, in an order drawn anew, so that what the machine
    does meanwhile falls on all of them alike.
    """
    tasks = {name: make() for name, make in CONTESTANTS.items()}
    for task in tasks.values():
        task(articles[:5])
    passes: dict[str, list[float]] = {name: [] for name in tasks}
    rng = random.Random(0)
    for _ in range(repeats):
        for name in rng.sample(list(tasks), len(tasks)):
            passes[name].append(_cpu(tasks[name], articles) * 1000 / len(articles))
    return {name: statistics.median(values) for name, values in passes.items()}


def _cpu(task: Task, articles: Sequence[Prepared]) -> float:
    start = time.process_time()
    task(articles)
    return time.process_time() - start


def peak_memory(rows: Sequence[Mapping[str, str]]) -> dict[str, float]:
    """The peak resident size (10^6 bytes) of a process that reads the articles, by contestant."""
    peaks = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        for name in CONTESTANTS:
            command = [sys.executable, str(HERE / "contestants.py"), name, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(f"{name}: could not be run\n{done.stderr}")
            peaks[name] = float(done.stdout)
    return peaks


@dataclass(frozen=True, slots=True)
class Fresh:
    """Seconds from start to end of a fresh process: by the clock, and of CPU."""

    wall: float
    cpu: float


def fresh_processes(article: Prepared, repeats: int) -> dict[str, Fresh]:
    """The medians over ``repeats`` rounds of fresh processes, taking turns."""
    with tempfile.TemporaryDirectory() as folder:
        text, page = Path(folder) / "article.txt", Path(folder) / "article.html"
        text.write_text(f"{article.title}\n{article.body}", encoding="utf-8")
        page.write_bytes(article.page)
        runs: dict[str, list[Fresh]] = {name: [] for name in FRESH}
        for _ in range(repeats):
            for name, code in FRESH.items():
                runs[name].append(_fresh(code.format(text=str(text), page=str(page)), name))
    return {
        name: Fresh(statistics.median(r.wall for r in each), statistics.median(r.cpu for r in each))
        for name, each in runs.items()
    }


def _fresh(code: str, name: str) -> Fresh:
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name}: the process failed; see above")
    return Fresh(time.perf_counter() - start, usage.ru_utime + usage.ru_stime)


#: Written for this: a paragraph with quoted and indirect speech, hidden subjects and a relay.
PARAGRAPH = (
    "قال مدير الميناء عادل الشامي إن الحركة عادت إلى طبيعتها، وأضاف أن «السفن تفرغ حمولتها في "
    "يومين»، بحسب صحيفة المرسى. ونفت النقابة وجود تأخير، مؤكدة أن العمال في مواقعهم. "
)
#: An opening mark and a reporting verb, never closed.
UNCLOSED = "قال الوزير: «سنعود قريبا "


@dataclass(frozen=True, slots=True)
class Growth:
    """CPU milliseconds at growing lengths (code points) of one kind of text.

    ``stopped``: the last length timed took more than ``PATIENCE``, and longer ones were left out.
    """

    kind: str
    points: tuple[tuple[int, float], ...]
    stopped: bool = False

    @property
    def exponent(self) -> float:
        """The slope of log time over log length from the second length on; 1 is linear.

        The first is left out where there are others enough: what is fixed weighs most there. NaN
        where only one length was timed.
        """
        tail = self.points[1:] if len(self.points) > 2 else self.points
        if len(tail) < 2 or min(ms for _, ms in tail) <= 0:
            return math.nan
        xs, ys = [math.log(n) for n, _ in tail], [math.log(ms) for _, ms in tail]
        return statistics.linear_regression(xs, ys).slope


#: No further size is tried after one that took this long (CPU seconds): were it quadratic, the next
#: would take four times that.
PATIENCE = 20.0
#: A size that took less than this (CPU seconds) is timed twice and the shorter time taken.
BRIEF = 3.0


def growth() -> list[Growth]:
    """The reader on one paragraph of up to 200,000 words, many paragraphs, and unclosed quotes."""
    words = len(PARAGRAPH.split())
    long = [200_000 // words // n for n in (16, 8, 4, 2, 1)]
    quotes = [625, 1_250, 2_500, 5_000, 10_000]
    return [
        _growth("one paragraph, up to 200,000 words", lambda n: PARAGRAPH * n, long),
        _growth("many paragraphs, as many words", lambda n: f"{PARAGRAPH}\n" * n, long),
        _growth("one paragraph, up to 10,000 unclosed quotes", lambda n: UNCLOSED * n, quotes),
        _growth("a paragraph each, as many", lambda n: f"{UNCLOSED}\n" * n, quotes),
    ]


def _growth(kind: str, make: Callable[[int], str], counts: Sequence[int]) -> Growth:
    task = qawl_reader()
    task([Prepared("", PARAGRAPH, b"", b"")])
    points = []
    for count in counts:
        article = Prepared("", make(count), b"", b"")
        taken = _cpu(task, [article])
        if taken < BRIEF:
            taken = min(taken, _cpu(task, [article]))
        points.append((len(article.body), taken * 1000))
        if taken > PATIENCE:
            break
    return Growth(kind, tuple(points), stopped=len(points) < len(counts))


@dataclass(frozen=True, slots=True)
class Flat:
    """Resident size (10^6 bytes) after each thousand of articles, and CPU ms an article."""

    megabytes: tuple[float, ...]
    cpu_per_article: float


def memory_over(rows: Callable[[], Iterable[Mapping[str, str]]], count: int) -> Flat:
    """Reads ``count`` articles one after another (the rows again from the start where there are
    fewer, and kept nowhere) and looks at this process's size every thousand."""
    task = qawl_reader()
    sizes: list[float] = []
    spent = 0.0
    again = chain.from_iterable(rows() for _ in repeat(None))
    for number, row in zip(range(1, count + 1), again, strict=False):
        article = Prepared(row["title"], row["text"], b"", b"")
        spent += _cpu(task, [article])
        if number % 1000 == 0:
            sizes.append(_resident())
            print(f"\r{number} articles, {sizes[-1]:.0f} MB", end="", file=sys.stderr)
    print(file=sys.stderr)
    return Flat(tuple(sizes), spent * 1000 / count)


def _resident() -> float:
    with open("/proc/self/statm", encoding="ascii") as numbers:
        return int(numbers.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
