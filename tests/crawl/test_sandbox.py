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

from qawl.crawl.sandbox import BATCH, Sandbox, SandboxError, end_parked

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    end_parked()


def sandbox(function: str = "poison:work", together: int = 1) -> Sandbox:
    return Sandbox(function, seconds=0.3, megabytes=256, together=together)


@pytest.mark.parametrize("together", [1, 2, 3, 5])
def test_what_each_poison_costs_is_itself(tmp_path: Path, together: int) -> None:
    poisons = {"spin": "time", "crash": "crash", "exit": "crash", "memory": "memory"}
    poisons |= {"fault": "fault", "killed": "killed"}
    things = [f"good {n}" for n in range(3)]
    for poison in poisons:
        things += [poison, f"after {poison}"]
    things.append(f"killed-once {tmp_path / 'mark'}")
    with sandbox(together=together) as box:
        found = list(box.map(things))
    assert [thing for thing, _ in found] == things
    for thing, outcome in found:
        if thing in poisons:
            assert outcome.why == poisons[thing], thing
            assert outcome.detail
            assert outcome.value is None
        else:
            assert (outcome.why, outcome.value) == ("", thing.upper())


def test_things_are_done_together_and_what_is_nothing_alone() -> None:
    things = ["count"] * 5 + [None] + ["count"] * 2 + ["fault", "count"] + ["count"] * (BATCH - 10)
    things += ["count"] * 4  # another batch
    with sandbox(together=3) as box:
        found = [outcome for _, outcome in box.map(things)]
        assert box.started == 1
    values = [outcome.value for outcome in found]
    assert values[:5] == ["3", "3", "3", "2", "2"]
    assert found[5].why == "fault"
    # of three with a bad one each is done by itself
    assert values[6:9] == ["1", "1", None]
    assert [outcome.why for outcome in found[6:9]] == ["", "", "fault"]
    assert values[9:12] == ["3", "3", "3"]
    assert values[-4:] == ["3", "3", "3", "1"]


def test_a_death_of_several_splits_only_those(tmp_path: Path) -> None:
    things = ["count"] * 2 + ["crash"] + ["count"] * 4 + [f"killed-once {tmp_path / 'mark'}"]
    with sandbox(together=3) as box:
        found = [outcome.value for _, outcome in box.map([*things, "count"])]
        assert box.started == 4  # after the three, the crash alone, and whoever was killed
    assert found == ["1", "1", None, "3", "3", "3", "3", things[-1].upper(), "3"]


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
