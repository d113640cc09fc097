"""How often a client may ask, and how long it waits after wrong passphrases: counted once for all workers.

The counts stand in a small SQLite file of the server's own (``Settings.counts``), or in memory where one
process serves alone. Moments are those of the machine's monotonic clock, which its processes share.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

_TABLES = (
    "CREATE TABLE IF NOT EXISTS asked "
    "(client TEXT PRIMARY KEY, left REAL NOT NULL, seen REAL NOT NULL) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS asked_by_seen ON asked (seen)",
    "CREATE TABLE IF NOT EXISTS failed (kind INTEGER, client TEXT, name TEXT, "
    "times INTEGER NOT NULL, last REAL NOT NULL, UNIQUE (kind, client, name))",
)
#: Seconds that one worker waits for another that counts; counting takes some ten microseconds.
PATIENCE = 10.0
#: Seconds in which an empty bucket is full again.
MINUTE = 60.0


class Counts:
    """What is counted of the clients, in ``file``, which the workers share; in memory without one. Thread-safe."""

    def __init__(self, file: str = "") -> None:
        self._file = file or ":memory:"
        self._lock = Lock()
        self._opened: sqlite3.Connection | None = None

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = opened = sqlite3.connect(
                self._file, PATIENCE, isolation_level=None, check_same_thread=False
            )
            # the file lives no longer than the server: it need not outlast a machine that fails
            opened.execute("PRAGMA synchronous=OFF")
            opened.execute("PRAGMA journal_mode=TRUNCATE")
            opened.execute("BEGIN IMMEDIATE")
            for table in _TABLES:
                opened.execute(table)
            opened.execute("COMMIT")
        return self._opened

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """The counts, while no other thread or worker reads or changes them."""
        with self._lock:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Closes the file; it is opened again when something is counted."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
            self._opened = None


class Turn(NamedTuple):
    """Whether a client may ask: the seconds that it must wait first, and the requests that it has left."""

    wait: float
    left: int


class Rate:
    """Requests a minute, counted for each client: a bucket that fills steadily (token bucket). One that nobody
    took from for a minute is full, and so is forgotten."""

    def __init__(self, counts: Counts, a_minute: int) -> None:
        self.a_minute = a_minute
        self._counts = counts

    def take(self, client: str, cost: float = 1.0) -> Turn:
        """Counts a request, which costs the whole bucket at most; one that must wait is not counted."""
        cost = min(cost, self.a_minute)
        now = time.monotonic()
        with self._counts.changing() as counts:
            counts.execute("DELETE FROM asked WHERE seen <= ?", (now - MINUTE,))
            found = counts.execute("SELECT left, seen FROM asked WHERE client = ?", (client,))
            left, seen = found.fetchone() or (float(self.a_minute), now)
            left = min(self.a_minute, left + (now - seen) * self.a_minute / MINUTE)
            wait = 0.0 if left >= cost else (cost - left) * MINUTE / self.a_minute
            if not wait:
                left -= cost
            counts.execute("REPLACE INTO asked VALUES (?, ?, ?)", (client, left, now))
        return Turn(wait, int(left))


class Attempts:
    """Sign-ins that failed, counted for each client, for each name, and for both together.

    A few cost nothing; each further one doubles the wait, up to a bound. For a name alone the bound is low,
    so that a stranger cannot shut an editor out.
    """

    #: Free attempts and the longest wait in seconds: of a client with a name, of a client, of a name.
    LIMITS = ((5, 900.0), (20, 900.0), (50, 30.0))
    #: Counters remembered, and seconds after which one is forgotten.
    MOST, FORGOTTEN = 10_000, 86_400.0

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def wait(self, client: str, name: str) -> float:
        """Seconds until the next attempt may be made; 0 where it may now, and then it counts as failed until
        ``passed`` is told."""
        now = time.monotonic()
        with self._counts.changing() as counts:
            longest = 0.0
            known: dict[tuple[int, str, str], int] = {}
            for key in _keys(client, name):
                times, last = _failed(counts, key) or (0, now)
                known[key] = times = 0 if now - last >= self.FORGOTTEN else times
                free, most = self.LIMITS[key[0]]
                if times >= free:
                    longest = max(longest, last + min(2.0 ** min(times - free, 20), most) - now)
            if longest > 0:
                return longest
            for key, times in known.items():
                counts.execute("REPLACE INTO failed VALUES (?, ?, ?, ?, ?)", (*key, times + 1, now))
            # what is replaced gets a new number, so the lowest are the longest unseen
            old = "DELETE FROM failed WHERE rowid <= (SELECT max(rowid) FROM failed) - ?"
            counts.execute(old, (self.MOST,))
        return 0.0

    def passed(self, client: str, name: str) -> None:
        """The attempt was right: what the client failed with that name before is forgotten, and this one does
        not count against either."""
        with self._counts.changing() as counts:
            for key in _keys(client, name):
                if key[0] == 0:
                    counts.execute(f"DELETE FROM failed WHERE {_IS}", key)
                else:
                    counts.execute(f"UPDATE failed SET times = times - 1 WHERE {_IS}", key)


_IS = "kind = ? AND client = ? AND name = ?"


def _keys(client: str, name: str) -> Iterable[tuple[int, str, str]]:
    # hashed, since a passphrase is typed where the name goes now and then
    name = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return ((0, client, name), (1, client, ""), (2, "", name))


def _failed(counts: sqlite3.Connection, key: tuple[int, str, str]) -> tuple[int, float] | None:
    """(how often, when last) of one counter."""
    found = counts.execute(f"SELECT times, last FROM failed WHERE {_IS}", key).fetchone()
    return (int(found[0]), float(found[1])) if found else None
