"""One article's page from the web."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

from qawl.errors import InputError
from qawl.model import Article
from qawl.sources.files import article_from
from qawl.sources.web.fetch import Answer
from qawl.sources.web.guard import tidy
from qawl.sources.web.visit import Visitor

#: First labels of hosts that show the same site.
_SAME_SITE = ("www.", "m.", "mobile.", "amp.")


class Fetched(NamedTuple):
    """An article, the bytes of its page, their media type as served, and when they came (UTC)."""

    article: Article
    page: bytes
    kind: str
    fetched: dt.datetime


def fetch_article(
    address: str, visitor: Visitor | None = None, *, outlet: str | None = None
) -> Fetched:
    """The article at ``address``. Give all addresses of a run the same ``visitor``: it knows which
    hosts it has visited when. Without one, a visitor with manners and public addresses only.

    Raises FetchError (Refused, Later) where the page is not had, InputError where it holds no
    article, MissingExtraError without the packages that fetching needs.
    """
    visitor = visitor or Visitor()
    address = tidy(address)
    return article_of(visitor.get(address), address, outlet=outlet)


def article_of(
    answer: Answer, asked: str, *, outlet: str | None = None, date: dt.datetime | None = None
) -> Fetched:
    """The article of a page that was fetched; ``date`` is its own where the page does not say.

    Raises InputError where it holds none, or ``asked`` leads to the front page: the article is gone.
    """
    if _front(answer.address) and not _front(asked):
        raise InputError(f"it leads to the front page ({answer.address}): the article is gone")
    given = {"outlet": outlet} if outlet else {}
    article = article_from(answer.body, id=asked, address=answer.address, **given)
    if article.date is None and date is not None:
        article = replace(article, date=date)
    if article.canonical and not _own(article.canonical, answer.address):
        article = replace(article, canonical=None)
    kind = answer.headers.get("content-type", "").strip()[:200] or "text/html"
    return Fetched(article, answer.body, kind, answer.fetched)


def _front(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path in ("", "/") and not parts.query


def _own(canonical: str, address: str) -> bool:
    """Whether the address that a page gives for itself can be its own: one of its site, and not its
    front page, which many sites name on every page. Another's would make it a version of that."""
    try:
        there = urlsplit(canonical)
        same = _site(there.hostname) == _site(urlsplit(address).hostname)
    except ValueError:
        return False
    return same and not _front(canonical)


def _site(host: str | None) -> str:
    name = (host or "").lower()
    for label in _SAME_SITE:
        name = name.removeprefix(label)
    return name
