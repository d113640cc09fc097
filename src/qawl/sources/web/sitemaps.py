"""Sitemaps, news sitemaps and their indexes (sitemaps.org 0.9, Google's news extension 0.9), also
gzipped → what they list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from qawl.sources.web.listing import Entry, Listing, ListingError, listed
from qawl.sources.web.unpack import gunzipped

#: Bytes of a sitemap, unpacked: what sitemaps.org allows.
SIZE = 52_428_800
#: Addresses that are taken of one sitemap: what sitemaps.org allows.
MOST = 50_000
_NOT_XML = ("<!doctype html", "<html")


def read(data: bytes, address: str) -> Listing:
    """What a sitemap, or an index of sitemaps, lists. ``address`` is its own. A news sitemap without
    entries is no error: it holds two days of news, and there may have been none.

    Raises ListingError where it is no sitemap; FetchError where it is too large or damaged gzip.
    """
    from lxml import etree

    if data.startswith(b"\x1f\x8b"):
        data = gunzipped(data, SIZE)
    head = data[:4096].lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    if not head:
        raise ListingError("the sitemap is empty (no bytes)")
    if head[:512].decode("latin-1").lower().startswith(_NOT_XML):
        raise ListingError("it is a web page, not a sitemap; check its address")
    found: list[Entry] = []
    indexed: list[Entry] = []
    root = ""
    broken: str | None = None
    try:
        for entry, kind, outer in _elements(BytesIO(data.lstrip())):
            root = root or outer
            if entry is not None and len(found) + len(indexed) < MOST:
                (indexed if kind == "sitemap" else found).append(entry)
    except etree.XMLSyntaxError as error:
        if not found and not indexed:
            raise ListingError(f"the sitemap is broken ({error}); check its address") from error
        broken = f"the sitemap is broken ({error}); what stands before that was taken"
    if root not in ("urlset", "sitemapindex"):
        raise ListingError(f"it is no sitemap (<{root[:40]}>); check its address")
    entries, odd = listed(found, address)
    sitemaps, _ = listed(indexed, address)
    return Listing(entries, sitemaps, broken, odd)


def _elements(data: BytesIO) -> Iterator[tuple[Entry | None, str, str]]:
    """(entry or None, the element's name, the root's name) in order, in little memory."""
    from lxml import etree

    parser = etree.iterparse(
        data, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    root: Any = None
    for event, element in parser:
        if root is None:
            root = element
            yield None, "", _name(element)
        elif event == "end" and element.getparent() is root:
            kind = _name(element)
            if kind in ("url", "sitemap"):
                yield _entry(element), kind, _name(root)
            element.clear()
            while element.getprevious() is not None:
                del root[0]


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _entry(element: Any) -> Entry:
    said: dict[str, str] = {}
    for inside in element.iter():
        parent = inside.getparent()
        image = parent is not None and _name(parent) in ("image", "video")
        if inside.text and not image:
            said.setdefault(_name(inside), " ".join(inside.text.split()))
    return Entry(
        said.get("loc", ""),
        said.get("title", "")[:500],
        moment(said.get("publication_date")),
        moment(said.get("lastmod")),
    )


def moment(written: str | None) -> dt.datetime | None:
    """A W3C date or time in UTC (a day is its beginning); None where it is none."""
    if not written:
        return None
    try:
        found = dt.datetime.fromisoformat(written)
    except ValueError:
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except OverflowError:
        return None
