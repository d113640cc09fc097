"""How fast and how well the record is searched at a million statements, beside LIKE and plain indexes.

    python benchmarks/search.py [--statements 1000000] [--db FILE|postgresql://…]

The statements are made of the reader's own vocabulary, drawn as news draws its words (Zipf's law), by
sources and outlets that are drawn so, too, over five years. Prints a table; the record is made in a
temporary folder unless --db says where.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy import text as sql

from qawl.reader.network import Network
from qawl.record import words
from qawl.record.schema import ArticleRow, SourceRow, StatementRow, number_of, table_of
from qawl.record.search import Filters, search
from qawl.record.store import Record

ACTS = ["inform"] * 10 + [
    "opine",
    "accuse",
    "request",
    "commit",
    "deny",
    "support",
    "predict",
    "warn",
]
OUTLETS = [f"صحيفة {k}" for k in range(60)]
START = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)
#: Statements an article, words a statement: the means of news.
AN_ARTICLE, A_STATEMENT = 9, 17
BATCH = 500
#: Queries of each kind; the slowest twentieth begins at p95.
QUERIES = 200


class Draw:
    """Draws from a list, the first the oftenest (Zipf's law with exponent 1)."""

    def __init__(self, things: Sequence[Any], chance: random.Random) -> None:
        self.things, self.chance = things, chance
        self.weights = list(accumulate(1 / (k + 3) for k in range(len(things))))

    def some(self, count: int) -> list[Any]:
        return self.chance.choices(self.things, cum_weights=self.weights, k=count)


def vocabulary() -> list[str]:
    """Words in the order of their frequency."""
    return [w for w in Network.load().alphabet.words if w.isalpha() and len(w) > 1]


def fill(record: Record, count: int, sources: int = 50_000) -> float:
    """Makes ``count`` statements; the seconds that it took."""
    chance = random.Random(1)
    word, source = Draw(vocabulary(), chance), Draw(range(1, sources + 1), chance)
    outlet = Draw(OUTLETS, chance)
    began = time.perf_counter()
    profile = {"names": {}, "roles": {}, "outlets": {}, "first": None, "last": None}
    with record.writing() as connection:
        rows = [
            {"name": f"شخص {k}", "kind": "person", "state": None, "profile": profile}
            for k in range(1, sources + 1)
        ]
        connection.execute(insert(table_of(SourceRow)), rows)
    minutes = 5 * 365 * 24 * 60
    articles = count // AN_ARTICLE + 1
    for first in range(0, articles, BATCH):
        made, said = [], []
        for k in range(first, min(first + BATCH, articles)):
            published = START + dt.timedelta(minutes=k * minutes // articles)
            place = outlet.some(1)[0]
            texts = [
                " ".join(word.some(max(3, int(chance.gauss(A_STATEMENT, 6)))))
                for _ in range(AN_ARTICLE)
            ]
            body = "\n".join(texts)
            at, lines = 0, []
            for n, (text, by) in enumerate(zip(texts, source.some(AN_ARTICLE), strict=True)):
                number = number_of(published, k + 1, n)
                said.append(
                    {
                        "id": number, "article_id": k + 1, "place": n, "current": True, "text": text,
                        "who": f"شخص {by}", "form": "indirect", "act": chance.choice(ACTS),
                        "nested": False, "confidence": 0.9, "checkable": False,
                        "spans": {"content": [[at, at + len(text)]]}, "source_id": by, "link": None,
                        "saying_id": number, "outlet": place, "published": published,
                    }
                )  # fmt: skip
                lines.append([at, at + len(text), "text"])
                at += len(text) + 1
            made.append({**_article(k + 1, body, place, published), "paragraphs": lines})
        with record.writing() as connection:
            connection.execute(insert(table_of(ArticleRow)), made)
            connection.execute(insert(table_of(StatementRow)), said)
            words.add(connection, [words.entry_of(row, None, "") for row in said])
    return time.perf_counter() - began


def _article(number: int, text: str, outlet: str, published: dt.datetime) -> dict[str, Any]:
    return {
        "id": number, "key": f"made:{number}", "version": 1, "current": True, "hash": str(number),
        "address": None, "canonical": None, "name": str(number), "outlet": outlet, "author": None,
        "title": "", "text": text, "paragraphs": [], "published": published, "whole_day": False,
        "date_text": None, "fetched": None, "added": published, "reader": "none", "notes": [],
    }  # fmt: skip


def queries() -> dict[str, list[tuple[str, Filters]]]:
    """Queries of each kind."""
    chance, vocabulary_ = random.Random(2), vocabulary()
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
    parser.add_argument("--db", help="where the record is made; it must be new")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Record(args.db or f"{folder}/r.db") as record:
        seconds = fill(record, args.statements)
        count = record.counts()["statements"]
        print(f"{record.url.get_backend_name()}: {count:,} statements made in {seconds:.0f} s")
        if words.is_postgresql(record._connection):
            with record.writing() as connection:
                connection.execute(sql("ANALYZE"))
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
