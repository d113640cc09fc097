"""The processes of a local crawl."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool

import pytest

from qawl.crawl.executors import Workers


@pytest.mark.parametrize(
    ("task", "rank", "error"), [(chr, -1, ValueError), (os._exit, 1, BrokenProcessPool)]
)
def test_nothing_of_workers_is_left_where_a_task_fails(
    task: Callable[[int], None], rank: int, error: type[Exception]
) -> None:
    """A thread that still closed its pipes as the interpreter ended wrote a traceback behind the error."""
    before = set(threading.enumerate())
    with Workers(2) as workers:
        workers.run(abs, [1, 2])
        with pytest.raises(error):
            workers.run(task, [rank, rank])
        assert set(threading.enumerate()) <= before
        assert multiprocessing.active_children() == []
        workers.run(abs, [1])  # by new ones
    assert multiprocessing.active_children() == []
