"""The third stage: a page → its article, by Qawl's own ``sources.html``, in a sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datatrove.pipeline.base import PipelineStep

from qawl.crawl.keep import mostly_arabic
from qawl.crawl.page import ARTICLE, FAILURE, PAGE, Failure, Page, failed
from qawl.crawl.sandbox import Sandbox
from qawl.crawl.settings import Settings
from qawl.errors import EncodingError, InputError
from qawl.model import Article


class ExtractArticles(PipelineStep):
    """Extracts the article of each page: the document's text, and ``metadata["article"]``.

    Documents without ``metadata["page"]`` are pages in their text (as datatrove's WarcReader gives them),
    unless they are articles already. A page without an article, and one that crashes the parser or goes over
    the limits of ``settings``, is dropped and counted by its reason; with ``failures`` it goes on as a
    document with ``metadata["failure"]``.
    """

    type = "🛢 - EXTRAC"
    name = "Articles"

    def __init__(self, settings: Settings | None = None, *, failures: bool = False) -> None:
        super().__init__()
        self.settings = settings or Settings()
        self.failures = failures

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """The documents with their articles."""
        with Sandbox.of("qawl.crawl.extract:extract", self.settings) as sandbox:
            waiting: list[Any] = []

            def jobs() -> Iterator[Any]:
                for document in data:
                    waiting.append(document)
                    yield _job(document)

            for _, outcome in sandbox.map(jobs()):
                document = waiting.pop(0)
                if FAILURE in document.metadata or (ARTICLE in document.metadata):
                    yield document
                    continue
                self.stats.time_stats.update(outcome.seconds)
                if not outcome.why:
                    self.stat_update("articles")
                    document.metadata.pop(PAGE, None)
                    document.metadata[ARTICLE] = outcome.value
                    document.text = outcome.value.text
                    yield document
                elif outcome.why == "not Arabic":
                    self.stat_update("passed over: not Arabic")
                else:
                    self.stat_update(f"failed: {outcome.why}")
                    if self.failures:
                        yield failed(document, Failure("extract", outcome.why, outcome.detail))
            if sandbox.peak:
                self.stat_update("memory", value=round(sandbox.peak), unit="task")


def _job(document: Any) -> tuple[str, bytes | str, str | None, str | None] | None:
    if FAILURE in document.metadata or ARTICLE in document.metadata:
        return None
    page = document.metadata.get(PAGE) or Page(document.text.encode("utf-8", "replace"), "utf-8")
    address = document.metadata.get("address") or document.metadata.get("url")
    return document.id, page.data, page.charset, address


class _NoArticle(InputError):
    """A page that has no article, or none that is meant here; ``why`` in a word or two."""

    def __init__(self, why: str, detail: str) -> None:
        super().__init__(detail)
        self.why = why


def extract(job: tuple[str, bytes, str | None, str | None] | None) -> Article | None:
    """The article of a page; in the sandbox's child. A job of None has none."""
    if job is None:
        return None
    from qawl.sources.decode import declared_in, decode
    from qawl.sources.html import article
    from qawl.sources.mhtml import is_mhtml

    ident, data, charset, address = job
    try:
        page: bytes | str = data
        if not is_mhtml(data[:8192]):
            page = decode(data, declared_in(data) or charset)[0]
        found = article(page, address=address, id=ident)
    except EncodingError as error:
        raise _NoArticle("encoding", str(error)) from error
    except InputError as error:
        raise _NoArticle("no article", str(error)) from error
    if not mostly_arabic(found.text):
        raise _NoArticle("not Arabic", "its article is in another language")
    return found


def warm_up() -> None:
    """Imports what extraction needs, so that no page's limits count it."""
    line = "قال مدير المكتبة سامي العلي إن القاعة ستفتح صباح الأحد أمام القراء. "
    extract(("", f"<html><body><p>{line * 5}</p></body></html>".encode(), None, None))
