"""The record as a server uses it: a few connections, each lent to one request at a time."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from qawl.record.store import Record

#: Connections at most; a request waits for one.
MOST = 8
#: Seconds that a request waits.
PATIENCE = 20.0
#: KiB of a SQLite file that each connection keeps in memory. Little: what is read often the system keeps once for
#: all connections, while theirs fill one by one, whenever more of them are needed at once.
CACHE = 4_000


class Busy(Exception):
    """All connections are lent, and none came back in time."""


def _opened(where: str | None) -> Record:
    record = Record(where)
    if record.url.get_backend_name() == "sqlite":
        with record.reading() as connection:
            connection.exec_driver_sql(f"PRAGMA cache_size=-{CACHE}")
    return record


class Records:
    """Open records of one place, made when they are first needed. Thread-safe."""

    def __init__(self, where: str | None, most: int = MOST) -> None:
        self._where = where
        self._idle: queue.LifoQueue[Record | None] = queue.LifoQueue()
        for _ in range(most):
            self._idle.put(None)

    @contextmanager
    def record(self) -> Iterator[Record]:
        """A record for one request; raises RecordError where it cannot be opened, Busy where all are lent."""
        try:
            record = self._idle.get(timeout=PATIENCE)
        except queue.Empty:
            raise Busy from None
        try:
            record = record or _opened(self._where)
            yield record
        except DBAPIError:
            # its connection may be in any state: the next request gets a fresh one
            if record is not None:
                record.abandon()
                record = None
            raise
        finally:
            self._idle.put(record)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading."""
        with self.record() as record, record.reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes are kept together at the end; what was written is settled after."""
        with self.record() as record:
            with record.writing() as connection:
                yield connection
            record.settle()

    def close(self) -> None:
        """Closes every record that is not lent; one that is asked for later is opened again."""
        idle = 0
        try:
            while True:
                record = self._idle.get_nowait()
                idle += 1
                if record is not None:
                    record.close()
        except queue.Empty:
            pass
        for _ in range(idle):
            self._idle.put(None)
