"""The fifth stage: an article → its statements, by Qawl's reader, in a sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from datatrove.pipeline.base import PipelineStep

from qawl.crawl.page import ARTICLE, FAILURE, Failure, failed
from qawl.crawl.sandbox import Sandbox
from qawl.crawl.settings import Settings
from qawl.errors import InputError
from qawl.model import Article
from qawl.reader import Reader

#: Articles read together: with more the reader takes hardly less time (docs/benchmarks.md), and what kills it makes
#: more of them be read again.
TOGETHER = 4


class ReadStatements(PipelineStep):
    """Reads who said what in each document's text.

    In a pipeline of your own, documents come with the article in ``text`` and, in their metadata, what is
    known of it: ``title`` (which then stands before the text), ``outlet``, ``author``, ``date``, ``address``
    or ``url``. They leave with ``metadata["statements"]``, a list of plain dictionaries in the form of
    Qawl's JSON (docs/formats.md), and ``metadata["reader"]``, so that any writer takes them. Offsets count
    code points of ``text``, which has the title before it if there was one.

    The reader runs in a process of its own under the limits of ``settings``; a document over them is dropped
    and counted, or with ``failures`` goes on with ``metadata["failure"]``. ``plain`` leaves
    ``metadata["article"]`` as Qawl's object instead.
    """

    type = "🗣 - READER"
    name = "Statements"

    def __init__(
        self, settings: Settings | None = None, *, failures: bool = False, plain: bool = True
    ) -> None:
        super().__init__()
        self.settings = settings or Settings()
        self.failures = failures
        self.plain = plain

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """The documents with their statements."""
        with Sandbox.of("qawl.crawl.read:read", self.settings, together=TOGETHER) as sandbox:
            waiting: list[Any] = []

            def jobs() -> Iterator[Any]:
                for document in data:
                    waiting.append(document)
                    yield None if FAILURE in document.metadata else article_of(document)

            for _, outcome in sandbox.map(jobs()):
                document = waiting.pop(0)
                if FAILURE in document.metadata:
                    yield document
                    continue
                self.stats.time_stats.update(outcome.seconds)
                if outcome.why:
                    self.stat_update(f"failed: {outcome.why}")
                    if self.failures:
                        yield failed(document, Failure("read", outcome.why, outcome.detail))
                    continue
                self.stat_update("articles")
                if outcome.value.statements:
                    self.stat_update("statements", value=len(outcome.value.statements))
                yield self._said(document, outcome.value)
            if sandbox.peak:
                self.stat_update("memory", value=round(sandbox.peak), unit="task")

    def _said(self, document: Any, article: Article) -> Any:
        document.text = article.text
        if not self.plain:
            document.metadata[ARTICLE] = article
            return document
        from qawl.formats.json_document import article_in_full

        document.metadata.pop(ARTICLE, None)
        whole = article_in_full(article)
        document.metadata["statements"] = whole["statements"]
        document.metadata["reader"] = article.reader
        return document


def article_of(document: Any) -> Article | None:
    """The article of a document: the one it carries, or one of its text and metadata; None where the
    document is empty."""
    article = document.metadata.get(ARTICLE)
    if isinstance(article, Article):
        return article
    from qawl.sources import jsonl

    known = document.metadata
    keys = ("title", "outlet", "source", "author", "date", "address", "url")
    said = {key: known[key] for key in keys if isinstance(known.get(key), str)}
    try:
        return jsonl.article_of({**said, "text": document.text}, default_id=document.id)
    except InputError:
        return None


class _Unreadable(InputError):
    why = "empty"


@cache
def _reader() -> Reader:
    return Reader()


def read(article: Article | None) -> Article:
    """The article with its statements; in the sandbox's child."""
    if article is None:
        raise _Unreadable("the document has no text")
    return _reader().read(article)


def read_together(articles: list[Article]) -> list[Article]:
    """The articles with their statements; in the sandbox's child."""
    return _reader().read_together(articles)


def warm_up() -> None:
    """Loads the model, so that no page's limits count it."""
    read(Article.of("قال مدير المكتبة سامي العلي إن القاعة ستفتح صباح الأحد."))
