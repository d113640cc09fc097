"""``qawl editor``, with a real terminal where a passphrase is asked for."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select

from qawl.record import editors
from qawl.record.store import Record

PASSPHRASE = "سبع نخلات خلف البيت القديم"


def typed(command: list[str], environment: dict[str, str], *lines: str) -> tuple[int, str]:
    """Runs a command on a terminal and types lines as it asks for them."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    os.close(theirs)
    shown, waiting, told = "", list(lines), 0
    while True:
        try:
            got = os.read(ours, 4096)
        except OSError:
            break
        if not got:
            break
        shown += got.decode("utf-8", "replace")
        if waiting and shown[told:].rstrip(" ").endswith(":"):
            told = len(shown)
            os.write(ours, (waiting.pop(0) + "\n").encode())
    os.close(ours)
    return process.wait(timeout=60), shown


@pytest.fixture
def run(command: list[str], environment: dict[str, str], where: str):  # type: ignore[no-untyped-def]
    def start(*arguments: str, lines: tuple[str, ...] = ()) -> tuple[int, str]:
        return typed([*command, "editor", "--db", where, *arguments], environment, *lines)

    return start


def test_an_editor_from_first_to_last(run, where: str) -> None:  # type: ignore[no-untyped-def]
    status, shown = run("add", "ليلى", lines=(PASSPHRASE, PASSPHRASE))
    assert status == 0, shown
    assert PASSPHRASE not in shown
    status, shown = run("list")
    assert "ليلى" in shown
    assert "sessions 0, tokens 0" in shown
    status, shown = run("token", "ليلى")
    token = shown.strip()
    with Record(where) as record, record.reading() as connection:
        assert editors.fits(editors.hash_of(connection, "ليلى"), PASSPHRASE)
        assert editors.with_token(connection, token) == "ليلى"
        assert token not in str(connection.execute(select(editors.TOKENS)).all())
    status, shown = run("passphrase", "ليلى", lines=("جديدة وطويلة جدا",) * 2)
    assert status == 0, shown
    with Record(where) as record, record.reading() as connection:
        assert editors.fits(editors.hash_of(connection, "ليلى"), "جديدة وطويلة جدا")
        assert editors.with_token(connection, token) == "ليلى"
    status, shown = run("token", "ليلى", "--revoke")
    assert "1 tokens" in shown
    status, shown = run("remove", "ليلى")
    assert status == 0
    status, shown = run("list")
    assert "no editors" in shown


@pytest.mark.parametrize(
    ("arguments", "lines", "said"),
    [
        (("add", "ليلى"), ("قصيرة", "قصيرة"), "at least 12 characters"),
        (("add", "  "), (), "a name has"),
        (("passphrase", "مجهول"), (), "no editor مجهول"),
        (("remove", "مجهول"), (), "no editor مجهول"),
        (("token", "مجهول"), (), "no editor مجهول"),
    ],
)
def test_what_does_not_fit_is_told(
    command: list[str], environment: dict[str, str], tmp_path: Path,
    arguments: tuple[str, ...], lines: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    db = str(tmp_path / "r.db")
    status, shown = typed([*command, "editor", "--db", db, *arguments], environment, *lines)
    assert status == 1
    assert said in shown
    assert "Traceback" not in shown
    with Record(db) as record, record.reading() as connection:
        assert editors.all_of(connection) == []


def test_the_passphrase_is_asked_until_both_are_the_same(
    command: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    db = str(tmp_path / "r.db")
    lines = (PASSPHRASE, PASSPHRASE + "!", PASSPHRASE, PASSPHRASE)
    status, shown = typed([*command, "editor", "--db", db, "add", "a"], environment, *lines)
    assert status == 0
    assert "do not match" in shown


def test_no_passphrase_on_the_command_line(
    command: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    given = [*command, "editor", "--db", str(tmp_path / "r.db"), "add", "a", PASSPHRASE]
    done = subprocess.run(given, env=environment, capture_output=True, check=False, timeout=60)
    assert done.returncode == 2


def test_from_a_pipe_it_is_the_first_line(
    command: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    db = str(tmp_path / "r.db")
    given = [*command, "editor", "--db", db, "add", "a"]
    subprocess.run(given, env=environment, input=f"{PASSPHRASE}\n".encode(), check=True, timeout=60)
    with Record(db) as record, record.reading() as connection:
        assert editors.fits(editors.hash_of(connection, "a"), PASSPHRASE)
