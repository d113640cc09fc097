"""How often a client may ask and how long it waits after wrong passphrases, counted once for all workers."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from qawl.record.store import Record
from qawl.web import limits
from qawl.web.limits import Attempts, Counts, Rate

WORKER = """
import sys
from qawl.web.limits import Counts, Rate
rate = Rate(Counts(sys.argv[1]), int(sys.argv[2]))
print(sum(rate.take("192.0.2.1").wait == 0 for _ in range(40)))
"""


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(limits.time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture(params=["memory", "file"])
def counts(request: pytest.FixtureRequest, tmp_path: Path) -> Counts:
    return Counts("" if request.param == "memory" else str(tmp_path / "counts.sqlite"))


def test_clients_are_counted_apart(clock: Clock, counts: Counts) -> None:
    rate = Rate(counts, 2)
    assert [rate.take("a") for _ in range(3)] == [(0, 1), (0, 0), (30, 0)]
    assert rate.take("b") == (0, 1)
    clock.now += 29
    assert rate.take("a").wait == pytest.approx(1)
    clock.now += 1
    assert rate.take("a") == (0, 0)


def test_what_costs_more_than_the_whole_allowance_may_be_had(clock: Clock, counts: Counts) -> None:
    rate = Rate(counts, 3)
    assert rate.take("a", 10) == (0, 0)
    assert rate.take("a", 10).wait == pytest.approx(60)


def test_who_has_not_asked_for_a_minute_is_forgotten(clock: Clock, tmp_path: Path) -> None:
    rate = Rate(Counts(str(tmp_path / "c")), 2)
    for number in range(50):
        rate.take(f"198.51.100.{number}")
    clock.now += 60
    assert rate.take("192.0.2.1") == (0, 1)
    with sqlite3.connect(tmp_path / "c") as file:
        assert file.execute("SELECT client FROM asked").fetchall() == [("192.0.2.1",)]


def test_the_wait_doubles_up_to_a_bound(clock: Clock, counts: Counts) -> None:
    attempts = Attempts(counts)
    waits = []
    for _ in range(20):
        wait = attempts.wait("192.0.2.1", "a")
        waits.append(wait)
        clock.now += wait
        if wait:
            assert attempts.wait("192.0.2.1", "a") == 0
    assert waits[:5] == [0] * 5
    assert waits[5:9] == [1, 2, 4, 8]
    assert max(waits) == 900
    attempts.passed("192.0.2.1", "a")
    assert attempts.wait("192.0.2.1", "a") == 0


def test_what_failed_yesterday_is_forgotten(clock: Clock, counts: Counts) -> None:
    attempts = Attempts(counts)
    while not attempts.wait("192.0.2.1", "a"):
        pass
    clock.now += Attempts.FORGOTTEN
    assert [attempts.wait("192.0.2.1", "a") for _ in range(5)] == [0] * 5


def test_a_client_that_tries_many_names_waits_and_a_name_is_never_shut(
    clock: Clock, counts: Counts
) -> None:
    attempts = Attempts(counts)
    assert [attempts.wait("192.0.2.1", f"n{k}") for k in range(20)] == [0] * 20
    assert attempts.wait("192.0.2.1", "another") > 0
    for k in range(300):
        attempts.wait(f"198.51.100.{k}", "a")
    wait = attempts.wait("192.0.2.9", "a")
    assert 0 < wait <= 30
    clock.now += 31
    assert attempts.wait("192.0.2.9", "a") == 0


def test_a_right_attempt_counts_against_nobody(clock: Clock, counts: Counts) -> None:
    attempts = Attempts(counts)
    for _ in range(60):
        assert attempts.wait("192.0.2.1", "a") == 0
        attempts.passed("192.0.2.1", "a")


def test_failed_attempts_are_remembered_up_to_a_bound_without_the_names(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Attempts, "MOST", 30)
    attempts = Attempts(Counts(str(tmp_path / "c")))
    for k in range(100):
        attempts.wait(f"x{k}", f"كلمة {k}\ud800")
    with sqlite3.connect(tmp_path / "c") as file:
        kept = file.execute("SELECT client, name FROM failed").fetchall()
    assert ("x99", "") in kept
    assert len(kept) <= 30
    assert not any("كلمة" in name for _, name in kept)


def test_the_counts_of_all_workers_are_one(clock: Clock, tmp_path: Path) -> None:
    file = str(tmp_path / "counts.sqlite")
    one, other = Rate(Counts(file), 4), Rate(Counts(file), 4)
    assert [rate.take("a").left for rate in (one, other, one, other)] == [3, 2, 1, 0]
    assert one.take("a").wait == other.take("a").wait == 15
    first, second = Attempts(Counts(file)), Attempts(Counts(file))
    assert [(first, second)[k % 2].wait("a", "n") for k in range(5)] == [0] * 5
    assert first.wait("a", "n") == second.wait("a", "n") == 1
    first.passed("a", "n")
    assert second.wait("a", "n") == 0


def test_what_was_closed_is_opened_again(clock: Clock, tmp_path: Path) -> None:
    counts = Counts(str(tmp_path / "c"))
    rate = Rate(counts, 2)
    assert rate.take("a").left == 1
    counts.close()
    counts.close()
    assert rate.take("a").left == 0


def test_processes_that_count_at_once_lose_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKER, str(tmp_path / "counts.sqlite"), "30"]
    began = time.monotonic()
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    allowed = sum(int(w.communicate(timeout=120)[0]) for w in workers)
    passed = time.monotonic() - began
    assert 30 <= allowed <= 30 + passed / 2 + 1


def test_pictures_are_counted_too(filled_sqlite: str, serve: Callable[..., TestClient]) -> None:
    few = serve(filled_sqlite, rate=3)
    with Record(filled_sqlite) as record, record.reading() as connection:
        one = connection.exec_driver_sql("SELECT max(id) FROM statements").scalar()
    kinds = ("svg", "png", "svg", "png")
    answers = [few.get(f"/statements/{one}/card.{kind}").status_code for kind in kinds]
    assert answers == [200, 200, 200, 429]


def test_a_household_is_one_client(filled_sqlite: str, serve: Callable[..., TestClient]) -> None:
    few = serve(filled_sqlite, rate=2)

    def ask(address: str) -> int:
        elsewhere = TestClient(few.app, base_url=str(few.base_url), client=(address, 1))
        return elsewhere.get("/api/v1/stats").status_code

    assert [ask(f"2001:db8::{k}") for k in (1, 2, 3)] == [200, 200, 429]
    assert ask("2001:db8:1::1") == 200


def test_two_workers_give_one_allowance_and_leave_nothing_behind(
    filled_sqlite: str, tmp_path: Path
) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    command = [sys.executable, "-m", "qawl.cli", "serve", "--db", filled_sqlite, "--port", str(port),
               "--workers", "2", "--rate", "6"]  # fmt: skip
    server = subprocess.Popen(
        command,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def ask(path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    try:
        while not ask("/health"):
            assert server.poll() is None
            time.sleep(0.1)
        began = time.monotonic()
        answers = [ask("/api/v1/stats") for _ in range(30)]  # each on a connection of its own
        passed = time.monotonic() - began
    finally:
        server.terminate()
        server.wait(60)
    assert set(answers) == {200, 429}
    assert answers.count(200) <= 6 + passed / 10 + 1
    assert list(folder.iterdir()) == []
