"""Times the reader beside what a user would run instead, and writes the tables in the docs.

    python benchmarks/run.py ../shared                 the tables, into docs/benchmarks.md
    python benchmarks/run.py ../shared --memory        also memory over 30,000 articles
    python benchmarks/run.py                           on the project's own articles

CPU time throughout (``time.process_time``), medians of interleaved passes; read the ratios, since
they move less than the times from machine to machine.
"""

from __future__ import annotations

import argparse
import datetime as dt
import platform
import statistics
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import articles as corpus
import measuring
from contestants import CONTESTANTS, FOUR, QAWL, Prepared

DOCS = corpus.PROJECT / "docs" / "benchmarks.md"


def main() -> None:
    """Runs what is asked for and replaces those tables in the docs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="shared data; else our own articles")
    parser.add_argument("--articles", type=int, default=200, help="how many (default 200)")
    parser.add_argument("--repeat", type=int, default=5, help="passes (default 5)")
    parser.add_argument("--memory", action="store_true", help="also memory over many articles")
    parser.add_argument("--memory-articles", type=int, default=30_000, metavar="N")
    parser.add_argument("--only-memory", action="store_true", help="nothing but that")
    parser.add_argument("--print", action="store_true", help="print only; leave the docs alone")
    args = parser.parse_args()
    tables: dict[str, list[str]] = {}
    if not args.only_memory:
        tables |= compare(args.folder, args.articles, args.repeat)
    if args.memory or args.only_memory:
        tables["memory"] = memory_table(args.folder, args.memory_articles)
    for name, lines in tables.items():
        print(f"\n[{name}]\n" + "\n".join(lines))
    if not args.print:
        DOCS.write_text(replaced(DOCS.read_text(encoding="utf-8"), tables), encoding="utf-8")
        print(f"\nwritten to {DOCS}")


def compare(folder: Path | None, count: int, repeats: int) -> dict[str, list[str]]:
    """The tables of reading, starting and growth."""
    chosen = corpus.load(folder, count)
    articles = [Prepared.of(row, number) for number, row in enumerate(chosen.rows)]
    letters = statistics.median(len(a.body) for a in articles)
    small, page = (
        statistics.median(len(p) for p in each) / 1000
        for each in ((a.small for a in articles), (a.page for a in articles))
    )
    reading = [
        f"{len(articles)} articles (median {letters:.0f} characters) of {chosen.what}; small pages "
        f"{small:.0f} KB, realistic pages {page:.0f} KB (medians). {machine()}",
        "",
        *reading_table(
            measuring.cpu_per_article(articles, repeats),
            measuring.peak_memory(chosen.rows),
            chosen.megabytes / len(articles),
        ),
    ]
    starting = starting_table(measuring.fresh_processes(articles[0], repeats))
    return {"reading": reading, "starting": starting, "growth": growth_table(measuring.growth())}


def reading_table(
    cpu: dict[str, float], peaks: dict[str, float], megabytes: float
) -> Iterator[str]:
    """CPU an article and an MB of article text, peak memory, and Qawl's share of each time."""
    yield "| | CPU ms per article | CPU s per MB of text | Qawl takes | four at a time it takes | peak memory, MB |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name in CONTESTANTS:
        own = name in (QAWL, FOUR)
        ratios = " | ".join(
            "" if own else f"{cpu[each] / cpu[name]:.2f} ×" for each in (QAWL, FOUR)
        )
        per_megabyte = cpu[name] / 1000 / megabytes
        yield f"| {name} | {cpu[name]:.2f} | {per_megabyte:.2f} | {ratios} | {peaks[name]:.0f} |"


def starting_table(fresh: dict[str, measuring.Fresh]) -> list[str]:
    """Seconds of fresh processes, Python's own start included."""
    rows = [f"| {n} | {f.wall:.2f} | {f.cpu:.2f} |" for n, f in fresh.items()]
    return ["| fresh process | s by the clock | s CPU |", "|---|---:|---:|", *rows]


def growth_table(grown: Iterable[measuring.Growth]) -> list[str]:
    """Time at each length, and how it grows."""
    lines = ["| text | characters → CPU ms | exponent (1 is linear) |", "|---|---|---:|"]
    for each in grown:
        points = " · ".join(f"{n:,} → {ms:,.1f}" for n, ms in each.points)
        points += " · stopped: too slow" if each.stopped else ""
        lines.append(f"| {each.kind} | {points} | {each.exponent:.2f} |")
    return lines


def memory_table(folder: Path | None, count: int) -> list[str]:
    """Resident size at some of the thousands read."""
    if folder is None:
        own = corpus.load(None, count).rows
        flat = measuring.memory_over(lambda: own, count)
        what = "the project's own articles, again and again"
    else:
        texts = sorted((folder / "text").glob("*.jsonl.gz"))
        if not texts:
            raise SystemExit(f"{folder}: text/*.jsonl.gz is not there; give the shared folder")
        flat = measuring.memory_over(lambda: chain.from_iterable(map(corpus.read, texts)), count)
        what = ", ".join(path.name for path in texts)
    if not flat.megabytes:
        raise SystemExit("--memory-articles must be 1000 or more")
    sizes = flat.megabytes
    marks: Sequence[int] = sorted({0, *range(4, len(sizes), 5), len(sizes) - 1})
    return [
        f"{count:,} articles of {what}, one reader, one process; "
        f"{flat.cpu_per_article:.2f} ms CPU an article.",
        "",
        "| articles read | " + " | ".join(f"{i + 1},000" for i in marks) + " | last / first |",
        "|---|" + "---:|" * (len(marks) + 1),
        "| resident MB | "
        + " | ".join(f"{sizes[i]:.0f}" for i in marks)
        + f" | {sizes[-1] / sizes[0]:.2f} |",
    ]


def machine() -> str:
    """The processor, Python, the versions of what is compared and the day."""
    model = platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    packages = ", ".join(f"{p} {version(p)}" for p in ("qawl", "trafilatura", "spacy"))
    today = dt.datetime.now(dt.UTC).date()
    return f"{model}, Python {platform.python_version()}, {packages}; {today}."


def replaced(page: str, tables: dict[str, list[str]]) -> str:
    """The page with each table between ``<!-- NAME:begin -->`` and ``<!-- NAME:end -->`` replaced.

    Exits with a message where a mark is not there.
    """
    for name, lines in tables.items():
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        if begin not in page or end not in page:
            raise SystemExit(f"the page lacks the marks {begin} and {end}; put them back")
        before, _, rest = page.partition(begin)
        page = before + begin + "\n\n" + "\n".join(lines) + "\n\n" + end + rest.partition(end)[2]
    return page


if __name__ == "__main__":
    main()
