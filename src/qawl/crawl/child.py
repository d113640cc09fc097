"""The child process of a sandbox: ``python -m qawl.crawl.child MODULE:FUNCTION SECONDS CLOCK MEGABYTES``."""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from qawl.crawl.sandbox import Outcome, get, put

_PAGE = resource.getpagesize()


def main(function: str, seconds: float, clock: float, megabytes: int) -> None:
    """Answers batches from standard input on standard output until there are no more."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    source = sys.stdin.buffer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker decides when it ends
    try:
        module, _, name = function.partition(":")
        found = import_module(module)
        run = getattr(found, name)
        together = getattr(found, f"{name}_together", None)
        getattr(found, "warm_up", lambda: None)()
        _limit(megabytes)
        gc.freeze()  # models and lexicons stay: the collector need not look at them after each page
    except Exception as error:
        put(out, pickle.dumps(f"{type(error).__name__}: {error}"))
        return
    put(out, pickle.dumps(""))
    while True:
        try:
            batch = pickle.loads(get(source))
        except EOFError:
            return
        for group in batch:
            outcomes: list[Outcome] = []
            if len(group) > 1 and together is not None:
                with _timed(seconds, clock):
                    outcomes = _together(together, group)
            if not outcomes:
                for packed in group:
                    with _timed(seconds, clock):
                        outcomes.append(_outcome(run, packed))
            short = [outcome for outcome in outcomes if outcome.why == "memory"]
            put(out, pickle.dumps((short[:1] or outcomes, _peak()), pickle.HIGHEST_PROTOCOL))


@contextmanager
def _timed(seconds: float, clock: float) -> Iterator[None]:
    """Ends the process where what stands in it takes longer."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, clock)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)


def _together(run: Callable[[list[Any]], list[Any]], group: list[bytes]) -> list[Outcome]:
    """The outcomes of things that are done at once, each of which took its share of the time; none where that
    fails, so that each must be done by itself, and one where this process has no memory left for that."""
    began = _cpu()
    try:
        values = run([pickle.loads(packed) for packed in group])
    except MemoryError:
        return [Outcome(why="memory")]
    except Exception:
        return []
    seconds = (_cpu() - began) / len(group)
    return [Outcome(value, seconds=seconds) for value in values]


def _outcome(run: Callable[[Any], Any], packed: bytes) -> Outcome:
    began = _cpu()
    try:
        value = run(pickle.loads(packed))
    except MemoryError:
        return Outcome(why="memory", detail="it needs more memory than one page may take")
    except Exception as error:
        why = getattr(error, "why", "fault")
        detail = str(error) if why != "fault" else f"{type(error).__name__}: {error}"
        return Outcome(why=why, detail=detail[:500], seconds=_cpu() - began)
    return Outcome(value, seconds=_cpu() - began)


def _cpu() -> float:
    """CPU seconds of this process so far. Not ``time.process_time``: while ITIMER_PROF runs, Linux moves that
    clock on only at its ticks, so that the last 2 ms of each page would be counted as nobody's."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _limit(megabytes: int) -> None:
    """Lets the process take ``megabytes`` of address space more than it has now."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        now = int(statm.read_text().split()[0]) * _PAGE
        resource.setrlimit(resource.RLIMIT_AS, (now + (megabytes << 20),) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _peak() -> float:
    """The most memory that the process has had, in MB (10^6 bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
