"""Where articles come from: text, HTML pages, JSONL, files and folders."""

from qawl.sources.decode import decode
from qawl.sources.files import article_from, articles, sniff

__all__ = ["article_from", "articles", "decode", "sniff"]
