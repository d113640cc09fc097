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
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _take_control() -> None:
    """Lets this thread set the limit: threadpoolctl (from 3.7 on) obeys the first thread that set one
    and ignores all others, so that a reader in another thread would not be held to one thread, or
    would not give the threads back."""
    from threadpoolctl import OpenBLASController

    clear = getattr(OpenBLASController, "clear_controlling_thread", None)
    if clear is not None:
        clear(force=True)


_lock = threading.Lock()
_inside = 0
_limit: Any = None


@contextmanager
def one_thread() -> Iterator[None]:
    """Holds BLAS to one thread until the last reader that entered has left."""
    global _inside, _limit
    with _lock:
        _inside += 1
        if _inside == 1:
            _take_control()
            _limit = _controller().limit(limits=1, user_api="blas")
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _take_control()
                _limit.restore_original_limits()
                _take_control()  # and leave it to whoever is next
                _limit = None
