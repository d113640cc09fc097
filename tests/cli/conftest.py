"""Runs the real command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Qawl = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def command() -> list[str]:
    """How to start it."""
    return [sys.executable, "-m", "qawl.cli"]


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment without what would change the output."""
    unwanted = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")
    return {k: v for k, v in os.environ.items() if k not in unwanted} | {"PYTHONUTF8": "1"}


@pytest.fixture
def qawl(command: list[str], environment: dict[str, str], tmp_path: Path) -> Qawl:
    """``qawl("read", "a.txt", input=b"…")`` runs it in the test's folder."""

    def run(*arguments: str, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*command, *arguments],
            input=input,
            capture_output=True,
            cwd=tmp_path,
            env=environment,
            timeout=60,
            check=False,
        )

    return run
