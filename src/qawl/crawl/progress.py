"""How far a crawl is: each task tells it in a small file of its own, whatever machine it runs on, and who
started the crawl shows it."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from datatrove.io import DataFolder

from qawl.crawl.files import read_json

#: Seconds between two tellings of a task: what a person watches, and nothing beside a page's 20 ms.
EVERY = 1.0


class Beat:
    """Where the tasks of a stage tell how far they are."""

    def __init__(self, folder: DataFolder, stage: str) -> None:
        self.folder = folder
        self.stage = stage
        self._told = 0.0
        self._began: dict[int, float] = {}

    def tell(
        self, rank: int, pages: int, done: int, whole: int, at: str, *, at_once: bool = False
    ) -> None:
        """Tells that a task has had so many pages, and ``done`` of ``whole`` bytes (or pages)."""
        now = time.time()
        began = self._began.setdefault(rank, now)
        if now - self._told < EVERY and not at_once:
            return
        self._told = now
        worker = f"{socket.gethostname()}:{os.getpid()}"
        with suppress(OSError):  # progress is for people: a full disk is told by what needs it
            import json

            with self.folder.open(f"work/progress/{self.stage}/{rank:05d}.json", "w") as out:
                out.write(
                    json.dumps(
                        {
                            "worker": worker,
                            "pages": pages,
                            "done": done,
                            "whole": whole,
                            "at": at,
                            "began": began,
                            "now": now,
                        }
                    )
                )


@dataclass(frozen=True, slots=True)
class Task:
    """How far a task is: ``share`` in 0..1, pages a second since it began."""

    rank: int
    worker: str
    pages: int
    share: float
    a_second: float
    at: str
    now: float


def tasks(folder: DataFolder, stage: str, count: int) -> list[Task]:
    """What the tasks of a stage have told so far."""
    found = []
    for rank in range(count):
        said: Any = read_json(folder, f"work/progress/{stage}/{rank:05d}.json")
        if isinstance(said, dict):
            took = max(said["now"] - said["began"], 0.001)
            share = min(1.0, said["done"] / said["whole"]) if said["whole"] else 1.0
            rate = said["pages"] / took if took > 0.5 else 0.0
            found.append(
                Task(rank, said["worker"], said["pages"], share, rate, said["at"], said["now"])
            )
    return found


def left(shares: Iterable[float], count: int, seconds: float) -> float | None:
    """Seconds that a stage of ``count`` tasks still needs, from what was done in ``seconds``; None where
    nothing is known yet."""
    done = sum(shares)
    if done <= 0 or seconds <= 0:
        return None
    return max(0.0, (count - done) * seconds / done)
