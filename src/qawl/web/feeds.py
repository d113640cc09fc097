"""Atom feeds (RFC 4287) of every search and of every source: what is said is told as it comes in.

Identifiers are UUIDs of what an entry or a feed is (RFC 9562, by name), so that they stay the same wherever the
server is reached, and after it is read again.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from qawl.record.among import among
from qawl.record.schema import ArticleRow, table_of
from qawl.record.search import search
from qawl.record.who import numbered
from qawl.web.api.answers import conditional
from qawl.web.asking import LARGEST, Asked, Asking
from qawl.web.shown import Line, lines
from qawl.web.site import AnySite, AnyTexts, Site, link
from qawl.web.texts import FSI, PDI, Texts

router = APIRouter()
ARTICLES = table_of(ArticleRow)
_ATOM = "http://www.w3.org/2005/Atom"
#: Entries of a page of a feed.
ENTRIES = 50
#: Characters of a title that a list of entries shows.
TITLE = 120
#: Seconds for which a reader need not ask again.
FRESH = 60
#: When nothing of a feed was ever changed.
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# What XML 1.0 has no place for, and what could turn the lines around it.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")

After = Annotated[int | None, Query(ge=0, le=LARGEST)]


@router.get("/feeds/search.atom")
def of_search(
    request: Request,
    site: AnySite,
    t: AnyTexts,
    asking: Annotated[Asking, Depends()],
    after: After = None,
) -> Response:
    """The feed of a search."""
    with site.records.reading() as connection:
        asked = asking.understood(connection)
        name = asked.q or t("feed.all")
        if asked.sources and not asked.q:
            name = "، ".join(kept.name for kept in asked.sources)
        page = link("/", **asked.parameters)
        return _answer(request, site, t, connection, asked, name, page, after)


@router.get("/feeds/sources/{number}.atom")
def of_source(
    request: Request,
    site: AnySite,
    t: AnyTexts,
    asking: Annotated[Asking, Depends()],
    number: Annotated[int, Path(ge=1, le=LARGEST)],
    after: After = None,
) -> Response:
    """The feed of what a source says; the parameters of a search narrow it."""
    with site.records.reading() as connection:
        kept = numbered(connection, number)
        asking.source = (kept.source.id,)
        asking.literal = True
        asked = asking.understood(connection)
        name = t("feed.of", who=kept.name)
        if asked.q:
            name = f"{name} · {asked.q}"
        return _answer(
            request, site, t, connection, asked, name, f"/sources/{kept.source.id}", after
        )


def _answer(
    request: Request,
    site: Site,
    t: Texts,
    connection: Connection,
    asked: Asked,
    name: str,
    page: str,
    after: int | None,
) -> Response:
    given = {name: value for name, value in asked.parameters.items() if name != "order"}
    found = search(connection, asked.words, asked.filters, size=ENTRIES, after=after)
    shown = lines(connection, found.hits)
    numbers = {line.row["article_id"] for line in shown}
    a = ARTICLES.c
    query = select(a.id, a.added, a.author).where(among(connection, a.id, numbers))
    kept = {row.id: row for row in connection.execute(query)}
    base = base_of(request, site)
    updated = max((kept[line.row["article_id"]].added for line in shown), default=_NEVER)
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": t.language, "xml:base": f"{base}/"})
    _text(feed, "id", _identifier("feed", link(request.url.path, **given)))
    _text(feed, "title", f"{t('site.name')}: {name}")
    _text(feed, "updated", _moment(updated))
    _text(SubElement(feed, "author"), "name", t("site.name"))
    SubElement(feed, "generator", {"uri": base + "/"}).text = "Qawl"
    here = link(request.url.path, **given, after=after)
    _link(feed, "self", base + here, "application/atom+xml")
    _link(feed, "alternate", base + page, "text/html")
    if found.after is not None:
        following = link(request.url.path, **given, after=found.after)
        _link(feed, "next", base + following, "application/atom+xml")
    for line in shown:
        _entry(feed, line, kept[line.row["article_id"]].added, t, base)
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, "utf-8")
    answer = Response(body, media_type="application/atom+xml; charset=utf-8")
    answer.headers["cache-control"] = f"private, max-age={FRESH}"
    answer.headers["vary"] = "Accept-Language, Cookie"
    answer.headers["last-modified"] = format_datetime(updated.replace(microsecond=0), usegmt=True)
    return _unless_known(request, answer, updated)


def _entry(feed: Element, line: Line, added: dt.datetime, t: Texts, base: str) -> None:
    row = line.row
    who = line.name or row["who"] or t("line.nobody")
    words = " ".join(row["text"].split())
    short = words if len(words) <= TITLE else words[: TITLE - 1].rsplit(" ", 1)[0] + "…"
    entry = SubElement(feed, "entry")
    origin = line.address or line.title
    _text(entry, "id", _identifier("statement", str(row["id"]), origin or ""))
    _text(entry, "title", f"{FSI}{_plain(who)}{PDI}: «{_plain(short)}»")
    _text(entry, "updated", _moment(added))
    _text(entry, "published", _moment(row["published"]))
    _text(SubElement(entry, "author"), "name", _plain(who))
    _link(entry, "alternate", base + line.place, "text/html")
    if line.address and line.address.startswith(("http://", "https://")):
        _link(entry, "via", line.address)
    for scheme, term in (("act", row["act"]), ("form", row["form"])):
        SubElement(
            entry,
            "category",
            {"scheme": f"{base}/#{scheme}", "term": term, "label": t(f"{scheme}.{term}")},
        )
    content = SubElement(entry, "content", {"type": "html"})
    content.text = _clean(_content(line, who, t, base))


def _content(line: Line, who: str, t: Texts, base: str) -> str:
    """What a reader of feeds shows: HTML of three elements, all that comes from an article escaped."""
    row = line.row
    foot = [row["outlet"] or "", t.day(row["published"]), line.title or ""]
    parts = " · ".join(f"<bdi>{html.escape(_plain(part))}</bdi>" for part in foot if part)
    act = html.escape(t(f"act.{row['act']}"))
    return (
        f"<p><b><bdi>{html.escape(_plain(who))}</bdi></b> ({act})</p>"
        f'<blockquote dir="auto">{html.escape(_plain(row["text"]))}</blockquote>'
        f'<p><a href="{html.escape(base + line.place)}">{parts}</a></p>'
    )


def base_of(request: Request, site: Site) -> str:
    """How the server is reached, without a slash at the end."""
    return site.settings.address or str(request.base_url).rstrip("/")


def _unless_known(request: Request, answer: Response, updated: dt.datetime) -> Response:
    """The feed, or that it is what the reader has: by its tag, else by its time (RFC 9110, 13.2.2)."""
    if "if-none-match" not in request.headers and "if-modified-since" in request.headers:
        try:
            since = parsedate_to_datetime(request.headers["if-modified-since"])
        except ValueError:
            return conditional(request, answer)
        if since.tzinfo is not None and updated.replace(microsecond=0) <= since:
            tagged = conditional(request, answer)
            headers = {k: v for k, v in tagged.headers.items() if not k.startswith("content-")}
            return Response(status_code=304, headers=headers)
    return conditional(request, answer)


def _identifier(*parts: str) -> str:
    return uuid5(NAMESPACE_URL, "qawl:" + "\n".join(parts)).urn


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(text: str) -> str:
    """A text without what would turn the words beside it."""
    return _TURNS.sub("", text)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _clean(text)


def _link(parent: Element, rel: str, address: str, kind: str = "") -> None:
    given: dict[str, Any] = {"rel": rel, "href": _clean(address)}
    SubElement(parent, "link", given | ({"type": kind} if kind else {}))
