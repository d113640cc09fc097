"""A real browser before a real server: ``qawl serve`` over a record of the samples, Debian's chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Seen, Server, opened, serving
from sample_record import Places, fill

#: What is missing and what to install.
NO_PLAYWRIGHT = "no Playwright: pip install playwright (or: pip install -e '.[dev]')"
NO_CHROMIUM = "no chromium: apt-get install chromium, or set QAWL_CHROMIUM to a Chromium's program"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The program of a Chromium."""
    given = os.environ.get("QAWL_CHROMIUM", "")
    found = shutil.which(given) if given else shutil.which("chromium")
    if found is None:
        pytest.skip(NO_CHROMIUM)
    return found


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Places]:
    """A record of the samples and of what they lack, and where in it things are."""
    path = tmp_path_factory.mktemp("browser") / "record.db"
    return path, fill(path)


@pytest.fixture(scope="session")
def places(kept: tuple[Path, Places]) -> Places:
    """Where in the record things are."""
    return kept[1]


@pytest.fixture(scope="module")
def server(
    chromium: str, kept: tuple[Path, Places], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server for this machine only: nobody need sign in. One a module, with a record of its own."""
    yield from serving(*kept, tmp_path_factory.mktemp("server") / "log")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """The browser; one a module, since its loop must not stand in the way of other tests' loops."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        pytest.skip(NO_PLAYWRIGHT)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium,
            # what tests open is ours; root cannot have the sandbox
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def desk(browser: Any, server: Server) -> Iterator[tuple[Any, Seen]]:
    """A page as wide as a desk's screen, for all tests of a module."""
    yield from opened(browser, server)


@pytest.fixture(scope="module")
def bare(browser: Any, server: Server) -> Iterator[tuple[Any, Seen]]:
    """A page of a browser that runs no script."""
    yield from opened(browser, server, java_script_enabled=False)
