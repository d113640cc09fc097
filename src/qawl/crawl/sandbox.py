"""A child process that does the dangerous work: a page that crashes it, takes too long or too much memory
costs that page alone.

One worker has one child, and they take turns: the worker sends a batch of things, the child answers each
as it is done. If the child dies, the thing that it was at is the poisonous one; a new child goes on with
the next. Where a few things are done together, which takes less time, and the child dies of them, each is done
again by itself. So the passing of good pages costs a pickle each way (about 0.2 ms for a page of 80 kB) and
never a process.

The kernel guards the limits, so that code in C that never returns is ended, too:

- CPU time by ``ITIMER_PROF`` (a busy machine makes no page guilty), and far more than that on the clock by
  ``ITIMER_REAL``; both signals kill by default;
- memory by ``RLIMIT_AS``, above what the child has when it is ready (on Linux; macOS ignores it).
"""

from __future__ import annotations

import pickle
import signal
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from qawl.crawl.settings import Settings
from qawl.errors import QawlError

#: Things sent at once, and the bytes after which a batch is closed: few, so that little waits in memory;
#: enough that the turns between worker and child cost nothing (two context switches for 32 pages).
BATCH = 32
BATCH_BYTES = 4_000_000
_FRAME = struct.Struct("<Q")


class SandboxError(QawlError):
    """The child cannot even start, so that no page is to blame."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a thing: its ``value``, or ``why`` it failed (one of time, memory, crash, fault, or a
    reason that the function gave) and a ``detail`` for people. ``seconds`` of CPU."""

    value: Any = None
    why: str = ""
    detail: str = ""
    seconds: float = 0.0


class Sandbox:
    """Runs ``function`` ("module:name") on things, one after the other, in a child process. Use it as a
    context manager. A child that is well at the end waits for the next sandbox of its kind."""

    def __init__(
        self,
        function: str,
        *,
        seconds: float,
        megabytes: int,
        clock: float | None = None,
        together: int = 1,
    ) -> None:
        """``seconds`` of CPU and ``megabytes`` that a thing may take; ``clock``: seconds on the clock, for what
        waits and does nothing (ten times as many and half a minute). ``together``: things that
        ``function``_together, which the module then has too, does at once."""
        self.function = function
        self.together = together
        self.seconds = seconds
        self.clock = 10 * seconds + 30 if clock is None else clock
        self.megabytes = megabytes
        self.peak = 0.0  # MB of the largest child so far
        self.started = 0
        self._child: subprocess.Popen[bytes] | None = None

    @classmethod
    def of(cls, function: str, settings: Settings, *, together: int = 1) -> Sandbox:
        """A sandbox under the limits of a crawl."""
        return cls(
            function,
            seconds=settings.page_seconds,
            megabytes=settings.page_megabytes,
            together=together,
        )

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None and self._child is not None:
            _parked[self._key] = self._child
            self._child = None
        self.close()

    @property
    def _key(self) -> tuple[str, ...]:
        return (self.function, *map(str, (self.seconds, self.clock, self.megabytes)))

    def close(self) -> None:
        """Ends the child."""
        child, self._child = self._child, None
        if child is not None:
            _end(child)

    def map(self, things: Iterable[Any]) -> Iterator[tuple[Any, Outcome]]:
        """Each thing with its outcome, in order. Things and values must be picklable."""
        stream = iter(things)
        while batch := _batch(stream):
            things_of = iter(batch)
            groups = self._groups(batch)
            again = False  # whether the first group is tried a second time
            while groups:
                for outcomes in self._answers(groups):
                    if outcomes[0].why == "killed" and not again:
                        again = True  # by whom, nobody knows: once more, in a new child
                        break
                    again = False
                    group = groups.pop(0)
                    if len(outcomes) < len(group):
                        groups[:0] = [[packed] for packed in group]  # one of them is poisonous
                        break
                    for outcome in outcomes:
                        yield next(things_of), outcome

    def _groups(self, batch: list[Any]) -> list[list[bytes]]:
        """The things of a batch, packed: those that follow one another and are something, ``together`` at most."""
        groups: list[list[bytes]] = []
        room = 0
        for thing in batch:
            packed = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
            if room and thing is not None:
                groups[-1].append(packed)
                room -= 1
            else:
                groups.append([packed])
                room = self.together - 1 if thing is not None else 0
        return groups

    def _answers(self, groups: list[list[bytes]]) -> Iterator[list[Outcome]]:
        """The outcomes of each group up to the last or to the first that ends the child, that one included: a
        single outcome then, whatever the group holds."""
        child = self._ready()
        try:
            put(child.stdin, pickle.dumps(groups, pickle.HIGHEST_PROTOCOL))
            for _ in range(len(groups)):
                outcomes, megabytes = pickle.loads(get(child.stdout))
                self.peak = max(self.peak, megabytes)
                if outcomes[0].why == "memory":
                    self.close()  # what is left of it may be short of memory for ever
                    yield outcomes
                    return
                yield outcomes
        except (EOFError, BrokenPipeError):
            yield [self._death(child)]

    def _death(self, child: subprocess.Popen[bytes]) -> Outcome:
        status = child.wait()
        self.close()
        if status in (-signal.SIGPROF, -signal.SIGALRM):
            detail = (
                f"it takes more than {self.seconds:g} s of CPU, or {self.clock:g} s on the clock"
            )
            return Outcome(why="time", detail=detail, seconds=self.seconds)
        if status == -signal.SIGKILL:
            return Outcome(why="killed", detail="the system killed it, perhaps for its memory")
        if status < 0:
            return Outcome(
                why="crash", detail=f"the process died of {signal.Signals(-status).name}"
            )
        return Outcome(why="crash", detail=f"the process ended with status {status}")

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._child = _parked.pop(self._key, None)
            end_parked()  # those of another stage, which is over
        if self._child is None:
            child = subprocess.Popen(
                [sys.executable, "-m", "qawl.crawl.child", *self._key],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._child = child
            self.started += 1
            try:
                trouble = pickle.loads(get(child.stdout))
            except EOFError:
                trouble = f"it ended with status {child.wait()} before it was ready"
            if trouble:
                self.close()
                raise SandboxError(f"the process that reads pages cannot start: {trouble}")
        return self._child


#: Children without a sandbox, by what they can do. They end with this process, when their input closes.
_parked: dict[tuple[str, ...], subprocess.Popen[bytes]] = {}


def end_parked() -> None:
    """Ends the children that wait."""
    while _parked:
        _end(_parked.popitem()[1])


def _end(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        with suppress(OSError, AttributeError):
            pipe.close()  # type: ignore[union-attr]
    child.kill()
    child.wait()


def _batch(stream: Iterator[Any]) -> list[Any]:
    batch: list[Any] = []
    size = 0
    for thing in islice(stream, BATCH):
        batch.append(thing)
        size += size_of(thing)
        if size >= BATCH_BYTES:
            break
    return batch


def size_of(thing: Any) -> int:
    """About how many bytes a thing has: those of the texts in a tuple."""
    parts = thing if isinstance(thing, tuple) else (thing,)
    return sum(len(part) for part in parts if isinstance(part, bytes | str))


def put(pipe: IO[bytes] | None, data: bytes) -> None:
    """Writes a frame."""
    assert pipe is not None
    pipe.write(_FRAME.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def get(pipe: IO[bytes] | None) -> bytes:
    """Reads a frame; EOFError where the other side is gone."""
    assert pipe is not None
    head = pipe.read(_FRAME.size)
    if len(head) < _FRAME.size:
        raise EOFError
    (size,) = _FRAME.unpack(head)
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
