"""What goes from stage to stage: a page (or an article that needs no extraction), or what failed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qawl.model import Article

if TYPE_CHECKING:
    from datatrove.data import Document

#: Under these names stages keep what they know in a document's metadata.
PAGE, ARTICLE, FAILURE, FETCHED = "page", "article", "failure", "fetched"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was archived: its bytes, the encoding and the kind that its server named."""

    data: bytes
    charset: str | None = None
    kind: str = "text/html"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page has no place in the tables: the ``stage``, a word for ``why``, a ``detail`` for people."""

    stage: str
    why: str
    detail: str = ""


def page_document(
    ident: str, page: Page, address: str | None, fetched: dt.datetime | None
) -> Document:
    """A datatrove document of a page; its text comes with the extraction."""
    from datatrove.data import Document

    return Document(text="", id=ident, metadata={PAGE: page, "address": address, FETCHED: fetched})


def article_document(article: Article, fetched: dt.datetime | None = None) -> Document:
    """A datatrove document of an article."""
    from datatrove.data import Document

    return Document(
        text=article.text,
        id=article.id,
        metadata={ARTICLE: article, "address": article.address, FETCHED: fetched},
    )


def failed(document: Document, failure: Failure) -> Document:
    """The document as one that failed: its page is dropped, its id and address are kept."""
    document.metadata.pop(PAGE, None)
    document.metadata.pop(ARTICLE, None)
    document.text = ""
    document.metadata[FAILURE] = failure
    return document
