"""The reader over crawls: steps of datatrove, from archived pages to tables of who said what.

``qawl crawl`` chains them; who has a datatrove pipeline of their own takes single ones::

    from qawl.crawl import ReadStatements

One stage a file, in the order in which a page passes them: pages → keep → extract → repeats → read →
write. Needs the extra ``crawl`` (``pip install 'qawl[crawl]'``).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from qawl.errors import MissingExtraError

if TYPE_CHECKING:
    from qawl.crawl.extract import ExtractArticles
    from qawl.crawl.keep import KeepArabic
    from qawl.crawl.pages import ReadPages
    from qawl.crawl.read import ReadStatements
    from qawl.crawl.write import WriteTables

__all__ = ["ExtractArticles", "KeepArabic", "ReadPages", "ReadStatements", "WriteTables"]

_PLACES = {
    "ReadPages": "qawl.crawl.pages",
    "KeepArabic": "qawl.crawl.keep",
    "ExtractArticles": "qawl.crawl.extract",
    "ReadStatements": "qawl.crawl.read",
    "WriteTables": "qawl.crawl.write",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'qawl.crawl' has no attribute {name!r}")
    needs_engine()
    return getattr(import_module(_PLACES[name]), name)


def needs_engine() -> None:
    """Raises MissingExtraError where datatrove, pyarrow or fastwarc is not installed."""
    from importlib.util import find_spec

    if not all(map(find_spec, ("datatrove", "pyarrow", "fastwarc", "regex", "tokenizers"))):
        raise MissingExtraError("a crawl", "crawl")
