"""One thread of BLAS while reading.

The reader's matrices are small: OpenBLAS's own threads gain nothing on them and, on a busy machine,
spin for many times the work (measured: 12 ms of CPU an article with one thread, 245 ms with two under
load). Several articles are read at once by several threads or processes instead.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any


@cache
def _blas() -> list[Any]:
    """The BLAS libraries that are loaded."""
    from threadpoolctl import ThreadpoolController

    return [lib for lib in ThreadpoolController().lib_controllers if lib.user_api == "blas"]


def _take_control() -> None:
    """Lets this thread set the limit: threadpoolctl (from 3.7 on) obeys the first thread that set one
    and ignores all others, so that a reader in another thread would not be held to one thread, or
    would not give the threads back."""
    from threadpoolctl import OpenBLASController

    clear = getattr(OpenBLASController, "clear_controlling_thread", None)
    if clear is not None:
        clear(force=True)


def _set(threads: list[int]) -> None:
    """Gives each library its number of threads."""
    _take_control()
    for lib, number in zip(_blas(), threads, strict=True):
        lib.set_num_threads(number)
    _take_control()  # and leave it to whoever is next


_lock = threading.Lock()
_inside = 0
_before: list[int] = []


@contextmanager
def one_thread() -> Iterator[None]:
    """Holds BLAS to one thread until the last reader that entered has left."""
    global _inside, _before
    with _lock:
        _inside += 1
        if _inside == 1:
            _before = [lib.num_threads for lib in _blas()]
            if any(number != 1 for number in _before):
                _set([1] * len(_before))
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0 and any(number != 1 for number in _before):
                _set(_before)
