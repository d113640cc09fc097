"""How fast `qawl serve` answers under load, at a record of a million statements.

    python benchmarks/serving.py [--statements 1000000] [--db FILE|postgresql://…] [--rate 50] [--minutes 3] [--workers 2]

The record is that of made_record.py (made unless --db has one). A server of its own answers on loopback;
requests are sent at their times whether or not those before are answered (open loop), so that a slow server
is not spared: a third each for a search with its facets (words, one in ten a question «ماذا قال … عن …», one in
ten the front page), the page of a person and the page of an article, drawn as readers would (Zipf). Prints latency percentiles by page, what was not answered with 200, and the server's memory
(the workers' PSS, in MB) at the beginning of each tenth of the time.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

from made_record import Draw, fill, vocabulary
from sqlalchemy import func, select

from qawl.record.schema import ArticleRow, SourceRow, StatementRow, table_of
from qawl.record.store import Record

#: Seconds of load before anything is measured; seconds after which a request counts as lost.
WARM, LOST = 10.0, 30.0
Answer = tuple[str, int, float]


def _memory(process: int) -> float:
    """PSS in MB of a process and all below it."""
    total, waiting = 0, [process]
    while waiting:
        one = waiting.pop()
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += next(int(x.split()[1]) for x in rollup.splitlines() if x.startswith("Pss:"))
            waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except (OSError, StopIteration):
            continue
    return total / 1024


def paths(db: str, count: int) -> list[tuple[str, str]]:
    """(kind, path) of requests as readers would send them."""
    chance = random.Random(3)
    s = table_of(StatementRow).c
    with Record(db) as record, record.reading() as connection:
        articles = connection.scalar(select(func.max(table_of(ArticleRow).c.id))) or 1
        newest = select(s.source_id).order_by(s.id.desc()).limit(5_000)
        people = [n for n in connection.scalars(newest) if n]
        p = table_of(SourceRow).c
        names = dict(connection.execute(select(p.id, p.name).where(p.id.in_(set(people)))).all())
    words = Draw(vocabulary(), chance)
    out = []
    for k in range(count):
        if k % 3 == 0:
            typed = " ".join(words.some(chance.choice((1, 1, 2))))
            kind = chance.random()
            if kind < 0.1:
                typed = f"ماذا قال {names[chance.choice(people)]} عن {typed}"
            out.append(("search", "/" if kind >= 0.9 else f"/?q={quote(typed)}"))
        elif k % 3 == 1:
            out.append(("person", f"/sources/{chance.choice(people)}"))
        else:
            out.append(("article", f"/articles/{chance.randint(1, articles)}"))
    return out


async def _get(port: int, path: str) -> int:
    """The status of a GET on a connection of its own, its body read to the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
        )
        whole = await reader.read(-1)
        return int(whole[9:12] or 0)
    finally:
        writer.close()


async def _timed(port: int, kind: str, path: str, due: float, out: list[Answer]) -> None:
    try:
        status = await asyncio.wait_for(_get(port, path), LOST)
    except (OSError, TimeoutError, ValueError):
        status = 0
    out.append((kind, status, (time.perf_counter() - due) * 1000))


async def _load(
    port: int, some: list[tuple[str, str]], rate: float, process: int, tenths: int
) -> tuple[list[Answer], list[float]]:
    """Sends the requests at their times; what came of each, and the memory now and then."""
    out: list[Answer] = []
    memory: list[float] = []
    began = time.perf_counter()
    tasks = []
    for k, (kind, path) in enumerate(some):
        due = began + k / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(_timed(port, kind, path, due, out)))
        if tenths and k % max(1, len(some) // tenths) == 0:
            memory.append(_memory(process))
    await asyncio.gather(*tasks)
    return out, memory


def _up(port: int) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--db", help="a record that is used as it is, if it holds anything")
    parser.add_argument("--rate", type=float, default=50.0, help="requests a second")
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = args.db or f"{folder}/r.db"
        with Record(db) as record:
            if not record.counts()["articles"]:
                print(f"made in {fill(args.statements, record):.0f} s")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        command = [sys.executable, "-m", "qawl.cli", "serve", "--db", db, "--port", str(port),
                   "--workers", str(args.workers)]  # fmt: skip
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _up(port)
            whole = paths(db, int((WARM + args.minutes * 60) * args.rate))
            warm = int(WARM * args.rate)
            asyncio.run(_load(port, whole[:warm], args.rate, server.pid, 0))
            answers, memory = asyncio.run(_load(port, whole[warm:], args.rate, server.pid, 10))
        finally:
            server.terminate()
            server.wait(60)
    print(
        f"\n{args.rate:g} requests/s, {args.workers} workers, {args.minutes:g} minutes\n"
        "\n| page | requests | median ms | p95 ms | p99 ms | most ms | not 200 |\n|---|---|---|---|---|---|---|"
    )
    for kind in ("search", "person", "article"):
        mine = sorted(ms for k, _, ms in answers if k == kind)
        wrong = sum(k == kind and status != 200 for k, status, _ in answers)
        cuts = statistics.quantiles(mine, n=100)
        print(f"| {kind} | {len(mine)} | {statistics.median(mine):.0f} | {cuts[94]:.0f} | {cuts[98]:.0f} | {mine[-1]:.0f} | {wrong} |")  # fmt: skip
    print("\nmemory, MB: " + " ".join(f"{m:.0f}" for m in memory))


if __name__ == "__main__":
    main()
