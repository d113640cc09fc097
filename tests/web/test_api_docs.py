"""The examples of docs/api.md do what they say, against a real server on loopback."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from qawl.record import editors
from qawl.record.store import Record
from qawl.web.app import create
from qawl.web.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
SERVER = "http://127.0.0.1:8765"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def server(filled_sqlite: str) -> Iterator[tuple[str, str]]:
    """The address of a server, and a token of an editor."""
    with Record(filled_sqlite) as record, record.writing() as connection:
        editors.add(connection, "نادية", "خمس كلمات طويلة لا تنسى")
        token = editors.new_token(connection, "نادية")
    app = create(Settings(db=filled_sqlite, hosts=("127.0.0.1",)))
    running = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="on"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", token
    running.should_exit = True
    thread.join(30)


def test_the_curl_examples_run(server: tuple[str, str], tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    commands = [
        command
        for block in blocks("sh")
        for command in re.split(r"\n(?=curl)", block.replace("\\\n", " ").strip())
    ]
    assert len(commands) > 5
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", command.replace("curl -s", "curl -s --fail-with-body").replace(SERVER, server[0])],
            cwd=tmp_path, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (command, done.stdout[:300], done.stderr)
        if "/api/" in command:
            assert json.loads(done.stdout)["statements"] is not None
        elif "/feeds/" in command:
            assert b"<entry>" in done.stdout
    assert (tmp_path / "said.csv").read_text("utf-8").count("\n") > 2


def test_the_python_examples_run(server: tuple[str, str], tmp_path: Path) -> None:
    address, token = server
    printed = ""
    for block in blocks("python"):
        done = subprocess.run(
            [sys.executable, "-c", block.replace(SERVER, address)],
            cwd=tmp_path, capture_output=True, check=False, encoding="utf-8",
            env={"QAWL_TOKEN": token, "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        printed += done.stdout
    assert "سلمى الهاشمي" in printed
    with urllib.request.urlopen(f"{address}/api/v1/corrections") as answer:
        (correction,) = json.load(answer)["corrections"]
    assert correction["person"] == "نادية"
    assert correction["undone"]


def test_what_is_listed_is_there() -> None:
    description = create(Settings()).routes[-1].app.openapi()  # type: ignore[attr-defined]
    known = {path.removeprefix("/api/v1") for path in description["paths"]}
    listed = set()
    for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE):
        for part in re.findall(r"(/[a-z]+[^`?]*)", row):
            listed.add(part)
    listed = {p if p != "/original" else "/articles/{number}/original" for p in listed}
    assert listed | {"/read", "/search"} >= known
