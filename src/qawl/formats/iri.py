"""The IRIs by which the linked-data formats name articles and statements."""

from __future__ import annotations

import re
import uuid

from qawl.model import Article, Statement

# The namespace of Qawl's own UUIDs: uuid5(NAMESPACE_URL, "qawl"), fixed for ever so that the same
# article gets the same name on every machine.
_NAMESPACE = uuid.UUID("bfb7a22f-bb86-5455-b86a-11228b543996")

# What RFC 3987 lets stand in an IRI, after a scheme that a page can have.
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20\x7f-\x9f\ud800-\udfff]+", re.IGNORECASE)


def web_address(article: Article) -> str | None:
    """The article's canonical address, else where it was fetched, if it is one on the web."""
    for address in (article.canonical, article.address):
        if address and _WEB.fullmatch(address):
            return address
    return None


def article_iri(article: Article) -> str:
    """The article's web address; for one without, a ``urn:uuid`` made of its id and text."""
    return web_address(article) or _urn("article", article.id, article.text)


def statement_iri(article: Article, statement: Statement) -> str:
    """A ``urn:uuid`` made of the article and where the statement stands in it.

    It stays the same when other statements of the article are found or lost.
    """
    places = ",".join(f"{part.start}-{part.end}" for part in statement.content)
    cue = f"{statement.cue.start}-{statement.cue.end}" if statement.cue else ""
    return _urn("statement", article_iri(article), places, cue, statement.who or "")


def urn_of(kind: str, value: str) -> str:
    """A ``urn:uuid`` of a thing of the export itself (a collection, a page)."""
    return _urn(kind, value)


def _urn(*parts: str) -> str:
    name = "\0".join(parts).encode("utf-8", "backslashreplace").decode("utf-8")
    return uuid.uuid5(_NAMESPACE, name).urn
