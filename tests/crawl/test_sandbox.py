"""The sandbox: one poisonous thing costs itself, whatever it does; the rest is done, in order."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qawl.crawl.sandbox import BATCH, Sandbox, SandboxError

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HERE))


def sandbox(function: str = "poison:work") -> Sandbox:
    return Sandbox(function, seconds=0.3, megabytes=256)


def test_what_each_poison_costs_is_itself(tmp_path: Path) -> None:
    poisons = {"spin": "time", "crash": "crash", "exit": "crash", "memory": "memory"}
    poisons |= {"fault": "fault", "killed": "killed"}
    things = [f"good {n}" for n in range(3)]
    for poison in poisons:
        things += [poison, f"after {poison}"]
    things.append(f"killed-once {tmp_path / 'mark'}")
    with sandbox() as box:
        found = list(box.map(things))
    assert [thing for thing, _ in found] == things
    for thing, outcome in found:
        if thing in poisons:
            assert outcome.why == poisons[thing], thing
            assert outcome.detail
            assert outcome.value is None
        else:
            assert (outcome.why, outcome.value) == ("", thing.upper())


def test_the_clock_counts_too() -> None:
    with Sandbox("poison:work", seconds=9, clock=2.0, megabytes=256) as box:
        (_, slept), (_, after) = box.map(["sleep", "good"])
    assert slept.why == "time"
    assert "clock" in slept.detail
    assert after.value == "GOOD"


def test_the_cpu_time_of_things_is_that_of_their_process() -> None:
    with Sandbox("poison:work", seconds=10, megabytes=256) as box:
        (_, began), *burnt, (_, ended) = box.map(["cpu", *["burn"] * 50, "cpu"])
    counted = sum(outcome.seconds for _, outcome in burnt)
    assert counted > 0.9 * (float(ended.value) - float(began.value))


def test_good_things_share_one_process_and_may_print() -> None:
    with sandbox() as box:
        found = list(box.map(["pid", *["print"] * (2 * BATCH), "pid"]))
        # what is forked from the tests' process begins with what that holds
        mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        assert 5 < box.peak < mine + 300
    assert found[0][1].value == found[-1][1].value != str(os.getpid())
    assert len(found) == 2 * BATCH + 2


def test_a_child_that_is_well_serves_the_next_sandbox_of_its_kind() -> None:
    pids = []
    for seconds in (0.3, 0.3, 0.4, 0.3):
        with Sandbox("poison:work", seconds=seconds, megabytes=256) as box:
            pids += [outcome.value for _, outcome in box.map(["pid"])]
    assert pids[0] == pids[1]
    assert len(set(pids)) == 3


def test_nothing_starts_where_there_is_nothing() -> None:
    with sandbox() as box:
        assert list(box.map([])) == []
        assert box.started == 0


def test_large_things_go_both_ways() -> None:
    large = "x" * 3_000_000
    with Sandbox("poison:work", seconds=10, megabytes=1000) as box:
        assert [o.value for _, o in box.map([large] * 5)] == [large.upper()] * 5


@pytest.mark.parametrize("function", ["poison:nothing", "nowhere:work"])
def test_what_cannot_start_blames_no_page(function: str) -> None:
    with sandbox(function) as box, pytest.raises(SandboxError, match="cannot start"):
        list(box.map(["good"]))


def test_the_child_ends_with_its_worker() -> None:
    code = (
        "from qawl.crawl.sandbox import Sandbox; import time\n"
        "box = Sandbox('poison:work', seconds=5, megabytes=256)\n"
        "print([o.value for _, o in box.map(['pid'])][0], flush=True)\n"
        "time.sleep(60)"
    )
    worker = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    child = int(worker.stdout.readline())
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    for _ in range(200):
        if not Path(f"/proc/{child}").exists() or "Z" in _state(child):
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child lives on")


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"
