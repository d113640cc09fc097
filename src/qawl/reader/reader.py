"""The reader: chains the stages that turn an article into its statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qawl.model import Article


class Reader:
    """Reads articles. One instance may be kept, shared between threads and used for ever."""

    version = "qawl-reader 0"

    def read(self, article: Article) -> Article:
        """The same article with its statements."""
        return article.with_statements((), self.version)

    def pipe(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Reads a stream of articles, in order, one at a time (constant memory)."""
        for article in articles:
            yield self.read(article)
