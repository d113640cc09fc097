from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_server import START, news_sitemap, zipped

from qawl.sources.web import sitemaps
from qawl.sources.web.errors import FetchError
from qawl.sources.web.listing import Entry, ListingError

HERE = "http://daffa.example/news.xml"
NEWS = news_sitemap("daffa.example", [("/1", "الوزيرة: السد ممتلئ", START), ("/2", "ب", START)])


def test_news() -> None:
    for data in (NEWS, zipped(NEWS), b"\xef\xbb\xbf" + NEWS, b"\n" + NEWS):
        listing = sitemaps.read(data, HERE)
        assert listing.entries[0] == Entry("http://daffa.example/1", "الوزيرة: السد ممتلئ", START)
        assert len(listing.entries) == 2
        assert (listing.sitemaps, listing.broken) == ((), None)


def test_an_index_names_sitemaps() -> None:
    data = (
        b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>'
        b"http://daffa.example/a.xml.gz</loc><lastmod>2024-03-04</lastmod></sitemap><sitemap><loc>"
        b" /b.xml </loc></sitemap></sitemapindex>"
    )
    listing = sitemaps.read(data, HERE)
    assert listing.entries == ()
    assert listing.sitemaps == (
        Entry("http://daffa.example/a.xml.gz", updated=dt.datetime(2024, 3, 4, tzinfo=dt.UTC)),
        Entry("http://daffa.example/b.xml"),
    )


def test_pictures_do_not_give_their_addresses_and_titles() -> None:
    data = (
        b'<urlset xmlns:i="x"><url><i:image><i:loc>http://daffa.example/p.jpg</i:loc><i:title>p</i:title>'
        b"</i:image><loc>http://daffa.example/1</loc></url><url><lastmod>2024</lastmod></url></urlset>"
    )
    listing = sitemaps.read(data, HERE)
    assert listing.entries == (Entry("http://daffa.example/1"),)
    assert listing.odd == 1


def test_an_empty_news_sitemap_is_none_the_worse() -> None:
    assert sitemaps.read(news_sitemap("daffa.example", []), HERE).entries == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"), (b"\n ", "empty"), (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\xef\xbb\xbf<HTML><p>x", "web page"), (b"hello", "broken"), (b"<rss><channel/></rss>", "no sitemap"),
        (b"<urlset><url>", "broken"),
    ],
)  # fmt: skip
def test_what_is_no_sitemap_is_told(data: bytes, message: str) -> None:
    with pytest.raises(ListingError, match=message):
        sitemaps.read(data, HERE)


def test_a_sitemap_cut_short_gives_what_is_whole() -> None:
    for end in range(len(NEWS) - 1, 250, -1):
        try:
            listing = sitemaps.read(NEWS[:end], HERE)
        except ListingError:
            continue
        assert listing.broken
        addresses = {e.address for e in listing.entries}
        assert addresses <= {"http://daffa.example/1", "http://daffa.example/2"}


def test_damaged_gzip_and_bombs_are_errors() -> None:
    with pytest.raises(FetchError, match="too soon"):
        sitemaps.read(zipped(NEWS)[:-5], HERE)
    with pytest.raises(FetchError, match="larger"):
        sitemaps.read(zipped(b"<urlset>" + b" " * (sitemaps.SIZE + 1)), HERE)


def test_entities_are_not_opened(tmp_path) -> None:
    (tmp_path / "secret").write_text("http://daffa.example/secret")
    data = (
        f'<!DOCTYPE x [<!ENTITY s SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
        "<urlset><url><loc>&s;</loc></url><url><loc>http://daffa.example/1</loc></url></urlset>"
    ).encode()
    assert [e.address for e in sitemaps.read(data, HERE).entries] == ["http://daffa.example/1"]


def test_no_more_than_the_standard_allows(monkeypatch) -> None:
    monkeypatch.setattr(sitemaps, "MOST", 7)
    many = news_sitemap("daffa.example", [(f"/{k}", "", START) for k in range(9)])
    assert len(sitemaps.read(many, HERE).entries) == 7


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-03-04T06:00:00Z", START), ("2024-03-04T09:00+03:00", START),
        ("2024-03-04", dt.datetime(2024, 3, 4, tzinfo=dt.UTC)), ("yesterday", None), ("", None), (None, None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)  # fmt: skip
def test_moments(written: str | None, moment: dt.datetime | None) -> None:
    assert sitemaps.moment(written) == moment


@given(st.binary(max_size=200))
def test_any_bytes_are_a_listing_or_an_error(data: bytes) -> None:
    for either in (data, b"<urlset><url><loc>" + data):
        with suppress(FetchError):
            sitemaps.read(either, HERE)
