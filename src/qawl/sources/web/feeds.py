"""RSS and Atom feeds → what they list (feedparser reads them)."""

from __future__ import annotations

import calendar
import datetime as dt
import html
import re
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from qawl.errors import MissingExtraError
from qawl.sources.web.listing import Entry, Listing, ListingError, listed

_CLOSED = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|RDF|channel)\s*>", re.IGNORECASE)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_FEED_LINK = re.compile(
    r"<link\b[^>]{0,500}type\s*=\s*[\"']application/(?:rss|atom)\+xml[\"'][^>]{0,500}>",
    re.IGNORECASE,
)
_HREF = re.compile(r"href\s*=\s*[\"']([^\"']{1,500})[\"']", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")
#: A feed of more tags is none: feeds have some thousands, and reading a million takes over a minute.
_MOST_TAGS = 200_000
_END = 65_536  # bytes in which a feed's last tag is looked for


def read(data: bytes, address: str, charset: str | None = None) -> Listing:
    """What a feed lists. ``address`` is the feed's own, ``charset`` what its server says of it.

    Raises ListingError where it is no feed, is empty or holds no entry that can be read;
    MissingExtraError without feedparser.
    """
    try:
        import feedparser  # type: ignore[import-untyped,unused-ignore]
    except ModuleNotFoundError as error:
        raise MissingExtraError("following feeds", "record") from error
    if not data.strip(b"\x00 \t\r\n"):
        raise ListingError("the feed is empty (no bytes)")
    if data.count(b"<") > _MOST_TAGS:
        raise ListingError(f"it has more than {_MOST_TAGS:,} tags, which no feed has")
    kind = f"application/xml; charset={charset}" if charset else "application/xml"
    try:
        parsed: Any = feedparser.parse(
            BytesIO(data),
            response_headers={"content-location": address, "content-type": kind},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # whatever a parser stumbles over: one feed must not end a round
        raise ListingError(f"the feed cannot be read ({type(error).__name__}: {error})") from error
    if not parsed.entries:
        raise ListingError(_nothing(data, address, parsed))
    ended = bool(_CLOSED.search(data[-_END:]))
    entries = parsed.entries if ended else parsed.entries[:-1]  # the last may be cut in its address
    found, odd = listed(map(_entry, entries), address)
    broken = None if ended else "the feed ends too soon; what stands before its end was taken"
    if not found and not broken:
        raise ListingError("the feed's entries have no addresses; it cannot be followed")
    return Listing(found, broken=broken, odd=odd)


def _nothing(data: bytes, address: str, parsed: Any) -> str:
    """Why a feed without entries is none."""
    if _PAGE.search(data[:4096]):
        text = data[:262_144].decode("utf-8", "replace")
        hrefs = [h[1] for link in _FEED_LINK.findall(text) if (h := _HREF.search(link))]
        hint = "; its feeds: " + ", ".join(_joined(h, address) for h in hrefs[:3]) if hrefs else ""
        return f"it is a web page, not a feed{hint or '; look for the address of the feed itself'}"
    if parsed.get("version"):
        return "the feed holds no entries"
    why = parsed.get("bozo_exception")
    return f"it is no RSS or Atom feed{f' ({why})' if why else ''}; check its address"


def _joined(href: str, address: str) -> str:
    try:
        return urljoin(address, html.unescape(href))
    except ValueError:
        return href


def _entry(raw: Any) -> Entry:
    link = raw.get("feedburner_origlink") or raw.get("link") or ""
    if not link:
        guid = str(raw.get("id") or "")
        link = guid if guid.startswith(("http://", "https://")) else ""
    title = " ".join(html.unescape(_TAGS.sub("", str(raw.get("title") or ""))).split())
    return Entry(
        str(link),
        title[:500],
        _moment(raw, "published_parsed") or _moment(raw, "created_parsed"),
        _moment(raw, "updated_parsed"),
    )


def _moment(raw: Any, name: str) -> dt.datetime | None:
    """A time of an entry; feedparser gives it in UTC."""
    value = dict.get(raw, name)  # its own get() gives published for updated
    if not value:
        return None
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(value), dt.UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
