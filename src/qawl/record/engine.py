"""Where the record is kept: a SQLite file of the user's data folder, or any URL that SQLAlchemy knows.

One path of code serves SQLite and PostgreSQL. SQLite runs in WAL mode, so that readers and writers do
not wait for each other, and waits for another writer instead of failing; what is committed survives a
killed process.
"""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from qawl.errors import MissingExtraError, RecordError

#: The environment variable that names the record.
VARIABLE = "QAWL_DB"
#: Seconds that a writer waits for another one.
PATIENCE = 60
#: Kibibytes of pages that SQLite keeps in memory.
CACHE = 64_000
#: Pages of 4 KiB after which SQLite moves its log into the file: ten times its default, since each article
#: touches some pages of several large indexes.
CHECKPOINT = 10_000


def place(given: str | None = None) -> URL:
    """Where the record is: ``given`` (a file or a URL), else QAWL_DB, else record.db in the user's data
    folder. Raises RecordError for what is neither."""
    where = given or os.environ.get(VARIABLE)
    if not where:
        from platformdirs import user_data_path

        where = str(user_data_path("qawl", appauthor=False) / "record.db")
    if "://" not in where:
        return URL.create("sqlite", database=str(Path(where).expanduser()))
    try:
        url = make_url(where)
    except ArgumentError as error:
        raise RecordError(f"{where!r} is no database: give a file or postgresql://…") from error
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise RecordError(f"the record is kept in SQLite or PostgreSQL, not in {url.drivername}")
    return url


def connect(url: URL) -> Engine:
    """An engine for ``url``; a SQLite file's folder is made.

    Raises RecordError where the folder cannot be made, MissingExtraError without PostgreSQL's driver.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    try:
        return create_engine(url, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise MissingExtraError("a record in PostgreSQL", "postgresql") from error


def _sqlite(url: URL) -> Engine:
    file = url.database
    if file and file != ":memory:":
        try:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordError(
                f"the record's folder cannot be made ({error.strerror}: {Path(file).parent}); "
                f"give another file with --db or {VARIABLE}"
            ) from error
    engine = create_engine(url, connect_args={"timeout": PATIENCE})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver's guess
        _set_wal(connection)
        for setting in (
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"cache_size=-{CACHE}",
            f"wal_autocheckpoint={CHECKPOINT}",
        ):
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # a transaction that will write says so at once: one that begins to write later may fail
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _set_wal(connection: Any) -> None:
    """Puts the file into WAL mode. SQLite does not wait here as it does elsewhere where another process
    does the same to a new file at that moment, so this does."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
        time.sleep(0.02)


def explained(error: DBAPIError, url: URL) -> str:
    """What went wrong in the database and what to do, for people."""
    said = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
    where = url.render_as_string(hide_password=True)
    if "locked" in said:
        return f"another process keeps the record busy ({where}); try again when it has ended"
    if "readonly" in said or "unable to open" in said:
        return f"the record cannot be opened for writing ({where}): {said}"
    if "malformed" in said or "not a database" in said:
        return f"the file is no record or is damaged ({where}): {said}"
    if "connect" in said or "refused" in said:
        return f"the database does not answer ({where}): {said}"
    return f"the database refused ({where}): {said}"
