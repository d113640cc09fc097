"""What a sandbox has to survive, run by its child process."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import time
from pathlib import Path


def work(thing: str) -> str:
    """Does what the thing says."""
    what, _, rest = thing.partition(" ")
    if what == "spin":
        while True:
            pass
    if what == "burn":
        return str(sum(range(200_000)))
    if what == "cpu":
        used = resource.getrusage(resource.RUSAGE_SELF)
        return str(used.ru_utime + used.ru_stime)
    if what == "sleep":
        time.sleep(60)
    if what == "crash":
        ctypes.string_at(1)
    if what == "exit":
        os._exit(3)
    if what == "memory":
        return str(len(bytearray(1 << 32)))
    if what == "fault":
        raise ZeroDivisionError("by nought")
    if what == "killed-once" and not Path(rest).exists():
        Path(rest).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "print":
        print("a library that talks")
    if what == "count":
        return "1"
    if what == "pid":
        return str(os.getpid())
    return thing.upper()


def work_together(things: list[str]) -> list[str]:
    """The same of several things at once, and how many there were."""
    return [str(len(things)) if thing == "count" else work(thing) for thing in things]


def no_start(thing: str) -> str:
    """Never called."""
    return thing
