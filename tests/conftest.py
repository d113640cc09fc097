"""A record in each kind of database: a SQLite file, and a PostgreSQL server that the tests start."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from qawl.record.store import Record

settings.register_profile("qawl", deadline=None)  # a busy machine is no failure
settings.load_profile("qawl")

# a shell that runs the tests in the background lets them ignore Ctrl-C, and whatever they start
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

MISSING = (
    "no PostgreSQL server programs: install Debian's postgresql, or set QAWL_TEST_POSTGRESQL to the "
    "folder with initdb and pg_ctl"
)


def programs() -> Path | None:
    """The folder with initdb and pg_ctl."""
    given = os.environ.get("QAWL_TEST_POSTGRESQL")
    folders = [Path(given)] if given else sorted(Path("/usr/lib/postgresql").glob("*/bin"))[::-1]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).parent)
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of this session's own, on a socket, without the database's name."""
    folder = programs()
    if folder is None:
        pytest.skip(MISSING)
    home = Path(tempfile.mkdtemp(prefix="qawl-pg-"))
    user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        user = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]

    def run(*command: str) -> None:
        subprocess.run([*user, *command], check=True, capture_output=True, cwd=home)

    data = home / "data"
    run(str(folder / "initdb"), "-D", str(data), "-U", "qawl", "-A", "trust", "-E", "UTF8",
        "--locale=C.UTF-8", "--no-sync")  # fmt: skip
    options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
    control = [str(folder / "pg_ctl"), "-D", str(data), "-w"]
    run(*control, "-o", options, "-l", str(home / "log"), "start")
    try:
        yield f"postgresql://qawl@/{{}}?host={home}"
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


_databases = count()


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new record is: a file, or a database of the server."""
    if request.param == "sqlite":
        return str(tmp_path / "record.db")
    import psycopg

    server = request.getfixturevalue("server")
    name = f"record{next(_databases)}"
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return str(server.format(name))


@pytest.fixture
def record(where: str) -> Iterator[Record]:
    """An empty record in each kind of database."""
    with Record(where) as opened:
        yield opened
