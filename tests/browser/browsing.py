"""A server and a browser's pages, and what they did: shared by the tests of this folder."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sample_record import Places

#: Milliseconds that the browser waits for something: a busy machine is no failure.
PATIENCE = 20_000
#: Seconds until a server must answer.
START = 60.0


@dataclass
class Server:
    """A server that runs: its address."""

    address: str
    places: Places

    def url(self, path: str, language: str = "") -> str:
        """The address of a path with its {places} filled in."""
        whole = quote(path.format(**vars(self.places)), safe="/?&=#{}%+")
        if language:
            bare, _, fragment = whole.partition("#")
            whole = f"{bare}{'&' if '?' in bare else '?'}lang={language}"
            whole += f"#{fragment}" if fragment else ""
        return self.address + whole


def _port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def serving(path: Path, places: Places, log: Path, *options: str) -> Iterator[Server]:
    """``qawl serve`` in a process of its own over a copy of a record, until the test is done."""
    db = log.with_suffix(".db")
    shutil.copyfile(path, db)
    port = _port()
    command = [sys.executable, "-m", "qawl.cli", "serve", "--db", str(db), "--port", str(port),
               "--rate", "100000", *options]  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + START
        while True:
            try:
                urllib.request.urlopen(f"{address}/health", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                if process.poll() is not None or time.monotonic() > end:
                    pytest.fail(f"the server does not answer:\n{log.read_text()[-3000:]}")
                time.sleep(0.1)
        yield Server(address, places)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class Seen:
    """What a page did while it was open: what it wrote to the console, whom it asked, what opened."""

    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Forgets all."""
        self.console.clear()
        self.elsewhere.clear()
        self.dialogs.clear()


def watched(context: Any, address: str) -> Seen:
    """Watches all pages of a context; a request to another host is recorded and goes nowhere."""
    seen = Seen()

    def route(way: Any) -> None:
        url = way.request.url
        if url.startswith((address + "/", "data:", "blob:")):
            way.continue_()
        else:
            seen.elsewhere.append(url)
            way.abort()

    def dialog(shown: Any) -> None:
        seen.dialogs.append(shown.message)
        shown.dismiss()

    def opened(page: Any) -> None:
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda m: seen.console.append(m.text) if m.type != "log" else None)
        page.on("pageerror", lambda e: seen.console.append(str(e)))
        page.on("dialog", dialog)

    context.route("**/*", route)
    context.on("page", opened)
    return seen


def opened(browser: Any, server: Server, **given: Any) -> Iterator[tuple[Any, Seen]]:
    """A page in a context of its own, and what it did."""
    settings: dict[str, Any] = {
        "viewport": {"width": 1280, "height": 900},
        "locale": "ar",
        "reduced_motion": "reduce",
    }
    context = browser.new_context(**{**settings, **given})
    seen = watched(context, server.address)
    try:
        yield context.new_page(), seen
    finally:
        context.close()
