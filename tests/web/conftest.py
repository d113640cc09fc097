"""A filled record behind the server, in each kind of database: made once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from quarrel import quarrel, quarrel_file  # noqa: F401
from web_samples import HOST, fill

from qawl.web.app import create
from qawl.web.settings import Settings


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled record in a file. Copy it before you change something."""
    path = tmp_path_factory.mktemp("filled") / "record.db"
    fill(str(path))
    return path


@pytest.fixture(scope="session")
def filled_database(server: str) -> str:
    """The name of a filled record's database, which new ones are copies of."""
    import psycopg

    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE filled")
    fill(server.format("filled"))
    return "filled"


_copies = count()


def _copy(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    if kind == "sqlite":
        made = folder / "filled.db"
        shutil.copyfile(request.getfixturevalue("filled_file"), made)
        return str(made)
    import psycopg

    server, template = request.getfixturevalue("server"), request.getfixturevalue("filled_database")
    name = f"filled{next(_copies)}"
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return str(server.format(name))


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a filled record of the test's own is, in each kind of database."""
    return _copy(request.param, request, tmp_path)


@pytest.fixture
def filled_sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A filled record of the test's own in SQLite, for what does not depend on the database."""
    return _copy("sqlite", request, tmp_path)


Serve = Callable[..., TestClient]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """``serve(where, sign_in=True, …)``: a browser before a server of those settings."""
    opened: list[TestClient] = []

    def start(where: str | None, **given: Any) -> TestClient:
        known: dict[str, Any] = {"hosts": (HOST,), "sign_in": False, "rate": 100_000, **given}
        made = TestClient(
            create(Settings(db=where, **known)),
            base_url=f"http://{HOST}",
            raise_server_exceptions=False,
            follow_redirects=False,
        )
        made.__enter__()
        opened.append(made)
        return made

    yield start
    for one in opened:
        one.__exit__(None, None, None)


@pytest.fixture
def client(filled: str, serve: Serve) -> TestClient:
    """A browser on the machine of a server with a filled record, in each kind of database."""
    return serve(filled)


@pytest.fixture
def browser(filled_sqlite: str, serve: Serve) -> TestClient:
    """A browser on the machine of a server with a filled record in SQLite: nobody need sign in."""
    return serve(filled_sqlite)


@pytest.fixture
def stranger(filled_sqlite: str, serve: Serve) -> TestClient:
    """A browser before a server that asks for a sign-in before something is changed."""
    return serve(filled_sqlite, sign_in=True)
