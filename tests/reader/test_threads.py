"""One thread of BLAS while reading: for one reader, nested, and for many at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from qawl.reader.threads import one_thread

np.ones((4, 4)) @ np.ones((4, 4))  # BLAS is loaded


def limits() -> list[int]:
    from threadpoolctl import threadpool_info

    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


@pytest.fixture(autouse=True)
def two_threads() -> object:
    """BLAS with two threads before, and again after, on any machine."""
    from threadpoolctl import threadpool_limits

    if not limits():
        pytest.skip("numpy has no BLAS whose threads can be counted here")
    with threadpool_limits(2, "blas"):
        yield
        assert set(limits()) == {2}


def test_one_thread_inside_and_as_before_after() -> None:
    with one_thread():
        assert set(limits()) == {1}
    assert set(limits()) == {2}


def test_nested() -> None:
    with one_thread():
        with one_thread():
            assert set(limits()) == {1}
        assert set(limits()) == {1}


def test_restored_after_an_error() -> None:
    with pytest.raises(RuntimeError), one_thread(), one_thread():
        raise RuntimeError
    assert set(limits()) == {2}


def test_many_threads_and_the_last_one_restores() -> None:
    inside, leave = threading.Barrier(9), threading.Event()
    seen: list[set[int]] = []

    def work(last: bool) -> None:
        with one_thread():
            inside.wait(30)
            if last:
                leave.wait(30)
            seen.append(set(limits()))

    workers = [threading.Thread(target=work, args=(k == 0,)) for k in range(8)]
    for worker in workers:
        worker.start()
    inside.wait(30)
    for worker in workers[1:]:
        worker.join(30)
    assert set(limits()) == {1}, "one is still reading"
    leave.set()
    workers[0].join(30)
    assert seen == [{1}] * 8
    assert set(limits()) == {2}


def test_coming_and_going_in_any_order() -> None:
    def work(k: int) -> set[int]:
        with one_thread():
            for _ in range(k % 3):
                with one_thread():
                    np.ones((8, 8)) @ np.ones((8, 8))
            return set(limits())

    with ThreadPoolExecutor(8) as pool:
        assert all(got == {1} for got in pool.map(work, range(200)))
    assert set(limits()) == {2}
