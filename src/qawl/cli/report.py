"""What a command says beside its output, on standard error: failures, notes, progress, the sum."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from qawl.model import Article

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


_Thing = TypeVar("_Thing")


class NothingRead(Exception):
    """Not one article was read, and something failed: there is nothing to put in an output file."""


class Report:
    """Counts what was read and what was not, and tells the user as it goes."""

    def __init__(self) -> None:
        self.articles = 0
        self.statements = 0
        self.failed = 0
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def read(self, article: Article) -> None:
        """One article was read; its notes are told."""
        self.articles += 1
        self.statements += len(article.statements)
        for note in article.notes:
            say(f"{article.id or 'the text'}: {note}")
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, advance=1, statements=self.statements)

    def error(self, name: str, line: int | None, message: str) -> None:
        """A file, or a line of it, could not be read; the message says why and what to do."""
        self.failed += 1
        where = name if line is None else f"{name}:{line}"
        say(f"{where}: {message}")

    def fault(self, article: Article, error: Exception) -> None:
        """The reader failed on an article, which is a fault of Qawl's; the rest goes on."""
        self.failed += 1
        say(
            f"{article.id or 'the text'}: could not be read ({type(error).__name__}: {error}); "
            "this is a fault of Qawl: please report it with the article"
        )

    def something(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The stream itself; raises ``NothingRead`` at its end if all of it failed."""
        yield from articles
        if self.failed and not self.articles:
            raise NothingRead

    def end(self) -> None:
        """Says how much was not read, if anything."""
        if self.failed:
            whole = self.articles + self.failed
            say(f"{self.failed} of {whole} could not be read")

    @contextmanager
    def progress(self, *, shown: bool) -> Iterator[None]:
        """Shows how many articles are done, on a terminal only."""
        if not (shown and sys.stderr.isatty()):
            yield
            return
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns: list[Any] = [
            SpinnerColumn(),
            TextColumn("{task.completed} articles, {task.fields[statements]} statements"),
            TimeElapsedColumn(),
        ]
        with Progress(*columns, console=Console(stderr=True), transient=True) as self._progress:
            self._task = self._progress.add_task("", total=None, statements=0)
            try:
                yield
            finally:
                self._progress = self._task = None


def say(message: str) -> None:
    """One line on standard error."""
    click.echo(f"qawl: {message}", err=True)


def counted(things: Iterable[_Thing], whole: int | None, name: str) -> Iterator[_Thing]:
    """The stream itself, with a bar of how much of ``whole`` is done, on a terminal only."""
    if not sys.stderr.isatty():
        yield from things
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(things, description=name, total=whole, console=Console(stderr=True))
