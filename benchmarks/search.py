"""How fast and how well the record is searched at a million statements, beside LIKE and plain indexes.

    python benchmarks/search.py [--statements 1000000] [--db FILE|postgresql://…]

The record is that of made_record.py, in a temporary folder unless --db says where. Prints a table.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

from made_record import Draw, fill, vocabulary
from sqlalchemy import Connection

from qawl.record.search import Filters, search
from qawl.record.store import Record

#: Queries of each kind; the slowest twentieth begins at p95.
QUERIES = 200


def queries() -> dict[str, list[tuple[str, Filters]]]:
    """Queries of each kind."""
    chance, vocabulary_ = Random(2), vocabulary()
    drawn = Draw(vocabulary_, chance)
    out: dict[str, list[tuple[str, Filters]]] = {
        "a speaker's timeline": [("", Filters(sources=(k,))) for k in range(1, QUERIES + 1)],
        "a very frequent word": [(w, Filters()) for w in vocabulary_[:QUERIES]],
        "a rare word": [(w, Filters()) for w in vocabulary_[-QUERIES:]],
        "a phrase": [(f'"{" ".join(drawn.some(2))}"', Filters()) for _ in range(QUERIES)],
        "two words": [(" ".join(drawn.some(2)), Filters()) for _ in range(QUERIES)],
        "a frequent word by a speaker": [
            (w, Filters(sources=(k,))) for k, w in enumerate(vocabulary_[20 : 20 + QUERIES], 1)
        ],
        "a frequent word, one act": [
            (w, Filters(acts=("deny",))) for w in vocabulary_[20 : 20 + QUERIES]
        ],
    }
    return out


def timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def percentiles(milliseconds: Sequence[float]) -> tuple[float, float]:
    """(median, 95th percentile)."""
    return statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]


def measured(record: Record) -> Iterator[tuple[str, float, float]]:
    for name, some in queries().items():
        times = []
        for typed, filters in some:
            with record.reading() as connection:
                times.append(timed(lambda t=typed, f=filters, c=connection: search(c, t, f)))  # type: ignore[misc]
        yield name, *percentiles(times)


def plain(connection: Connection, count: int) -> Iterator[tuple[str, float, float]]:
    """LIKE, and FTS5 with unicode61, on the same statements (SQLite)."""
    connection.exec_driver_sql("CREATE VIRTUAL TABLE plain USING fts5(text, content='')")
    connection.exec_driver_sql("INSERT INTO plain (rowid, text) SELECT id, text FROM statements")
    some = queries()
    wanted = {
        "a very frequent word": some["a very frequent word"],
        "a rare word": some["a rare word"],
        "a phrase": some["a phrase"],
    }
    for name, typed in wanted.items():
        times = [
            timed(
                lambda q=q: connection.exec_driver_sql(  # type: ignore[misc]
                    "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY rowid DESC LIMIT 20",
                    ('"' + q.strip('"') + '"',),
                ).all()
            )
            for q, _ in typed
        ]
        yield f"unicode61: {name}", *percentiles(times)
        times = [
            timed(
                lambda q=q: connection.exec_driver_sql(  # type: ignore[misc]
                    "SELECT id FROM statements WHERE text LIKE ? ORDER BY id DESC LIMIT 20",
                    (f"%{q.strip(chr(34))}%",),
                ).all()
            )
            for q, _ in islice(typed, 0, None, 10)
        ]
        yield f"LIKE: {name}", *percentiles(times)
    connection.exec_driver_sql("DROP TABLE plain")


def recall(server: str | None) -> Iterator[tuple[str, int, int]]:
    """How many of the pairs of tests/record/search_pairs.tsv come out right with plain indexes."""
    file = Path(__file__).parents[1] / "tests" / "record" / "search_pairs.tsv"
    lines = file.read_text("utf-8").splitlines()
    pairs = [x.split("\t")[1:] for x in lines if x and not x.startswith(("#", "kind"))]
    memory = sqlite3.connect(":memory:")
    memory.execute("CREATE VIRTUAL TABLE t USING fts5(text)")
    right = 0
    for typed, text, wanted in pairs:
        memory.execute("DELETE FROM t")
        memory.execute("INSERT INTO t VALUES (?)", (text,))
        asked = " ".join(
            f'"{w}"' if not w.startswith("-") else f'NOT "{w[1:]}"' for w in _words(typed)
        )
        right += bool(memory.execute("SELECT 1 FROM t WHERE t MATCH ?", (asked,)).fetchall()) == (
            wanted == "yes"
        )
    yield "unicode61", right, len(pairs)
    if server:
        import psycopg

        with psycopg.connect(server) as connection:
            right = 0
            for typed, text, wanted in pairs:
                query = "SELECT to_tsvector('arabic', %s) @@ websearch_to_tsquery('arabic', %s)"
                found = connection.execute(query, (text, typed)).fetchone()
                right += bool(found and found[0]) == (wanted == "yes")
        yield "PostgreSQL arabic", right, len(pairs)


def _words(typed: str) -> list[str]:
    return [typed.strip('"')] if typed.startswith('"') else typed.split()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--db", help="where the record is made, unless it holds one")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Record(args.db or f"{folder}/r.db") as record:
        if not record.counts()["articles"]:
            print(f"made in {fill(args.statements, record):.0f} s")
        count = record.counts()["statements"]
        print(f"{record.url.get_backend_name()}: {count:,} statements")
        print("\n| query, newest 20 | median ms | p95 ms |\n|---|---|---|")
        for name, median, p95 in measured(record):
            print(f"| {name} | {median:.1f} | {p95:.1f} |", flush=True)
        if record.url.get_backend_name() == "sqlite":
            with record.writing() as connection:
                for name, median, p95 in plain(connection, count):
                    print(f"| {name} | {median:.1f} | {p95:.1f} |", flush=True)
        server = args.db.replace("+psycopg", "") if args.db and "://" in args.db else None
        print("\n| index | pairs right | of |\n|---|---|---|")
        for name, right, whole in recall(server):
            print(f"| {name} | {right} | {whole} |")


if __name__ == "__main__":
    main()
