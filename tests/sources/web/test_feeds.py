from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_server import START, atom, rss

from qawl.sources.web import feeds
from qawl.sources.web.listing import Entry, ListingError

HERE = "http://daffa.example/rss"


def test_rss() -> None:
    listing = feeds.read(
        rss("daffa.example", [("/1", "الوزيرة: السد ممتلئ", START), ("/2", "ب", START)]), HERE
    )
    assert listing.entries == (
        Entry("http://daffa.example/1", "الوزيرة: السد ممتلئ", START),
        Entry("http://daffa.example/2", "ب", START),
    )
    assert (listing.broken, listing.odd) == (None, 0)


def test_atom_tells_when_it_was_updated() -> None:
    listing = feeds.read(atom("daffa.example", [("/news/1", "أ", START)]), HERE)
    assert listing.entries == (Entry("http://daffa.example/news/1", "أ", None, START),)


def test_rdf_and_old_encodings() -> None:
    data = (
        '<?xml version="1.0" encoding="windows-1256"?>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>x</title></channel>'
        '<item rdf:about="http://daffa.example/1"><title>نقص المياه</title><link>http://daffa.example/1</link>'
        "<dc:date>2024-03-04T09:00:00+03:00</dc:date></item></rdf:RDF>"
    ).encode("windows-1256")
    (entry,) = feeds.read(data, HERE).entries
    assert (entry.title, entry.updated or entry.published) == ("نقص المياه", START)
    bare = data.replace(b' encoding="windows-1256"', b"")
    assert feeds.read(bare, HERE, "windows-1256").entries[0].title == "نقص المياه"


def test_titles_lose_their_tags_and_links_their_campaign() -> None:
    data = (
        '<rss version="2.0"><channel><item><title><![CDATA[<b>أ</b>  &amp; ب]]></title>'
        "<link> http://daffa.example/خبر?id=1&amp;utm_source=rss </link></item></channel></rss>"
    ).encode()
    (entry,) = feeds.read(data, HERE).entries
    assert entry == Entry("http://daffa.example/%D8%AE%D8%A8%D8%B1?id=1", "أ & ب")


def test_a_guid_serves_where_there_is_no_link_and_odd_entries_are_counted() -> None:
    data = (
        b'<rss version="2.0"><channel><item><guid isPermaLink="false">http://daffa.example/1</guid></item>'
        b"<item><title>x</title></item><item><link>mailto:a@b.example</link></item>"
        b"<item><link>/1</link></item></channel></rss>"
    )
    listing = feeds.read(data, HERE)
    assert [e.address for e in listing.entries] == ["http://daffa.example/1"]
    assert listing.odd == 2


def test_an_unescaped_ampersand_breaks_nothing() -> None:
    data = rss("daffa.example", [("/1", "أ & ب", START), ("/2", "ج", START)])
    listing = feeds.read(data, HERE)
    assert [e.address[-2:] for e in listing.entries] == ["/1", "/2"]
    assert listing.broken is None


def test_a_feed_cut_short_gives_what_stands_before_the_cut() -> None:
    whole = rss("daffa.example", [(f"/news/{k}", "خبر", START) for k in range(6)])
    true = {f"http://daffa.example/news/{k}" for k in range(6)}
    for end in range(len(whole) - 30, 250, -3):
        try:
            listing = feeds.read(whole[:end], HERE)
        except ListingError:
            continue
        assert {e.address for e in listing.entries} <= true
        assert listing.broken


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"), (b" \n", "empty"), (b"\0\0", "empty"),
        (b"<!DOCTYPE html><html><head><title>x</title></head><body><p>y</body></html>", "web page, not a feed"),
        (b"hello", "no RSS or Atom feed"), (b'{"items": []}', "no RSS or Atom feed"),
        (b"<rss>" + b"<a>" * 1_000_000, "more than 200,000 tags"),
        (b"%PDF-1.4", "no RSS or Atom feed"),
        (b"<rss version='2.0'><channel><title>x</title></channel></rss>", "holds no entries"),
        (b"<urlset><url><loc>http://daffa.example/1</loc></url></urlset>", "no RSS or Atom feed"),
    ],
    ids=lambda given: str(given[:20]),
)  # fmt: skip
def test_what_is_no_feed_is_told(data: bytes, message: str) -> None:
    with pytest.raises(ListingError, match=message):
        feeds.read(data, HERE)


def test_a_page_names_its_feeds() -> None:
    page = (
        b"<!doctype html><html><head><link rel='alternate' type='application/rss+xml' "
        b"href='/feed?a=1&amp;b=2'></head></html>"
    )
    with pytest.raises(ListingError, match=r"http://daffa\.example/feed\?a=1&b=2"):
        feeds.read(page, HERE)


def test_entities_do_not_explode_and_files_are_not_read() -> None:
    lol = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 10))
    for doctype in (
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{lol}]>',
        '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    ):
        data = (
            f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><item><title>&l9;</title>'
            "<link>http://daffa.example/1</link></item></channel></rss>"
        ).encode()
        try:
            titles = [e.title for e in feeds.read(data, HERE).entries]
        except ListingError:
            continue
        assert all("root" not in t and len(t) < 100 for t in titles)


def test_a_string_that_looks_like_a_file_or_address_is_not_opened(tmp_path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss("inside.example", [("/1", "x", START)]))
    for data in (str(secret).encode(), b"http://127.0.0.1:1/"):
        with pytest.raises(ListingError):
            feeds.read(data, HERE)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_listing_or_an_error(data: bytes) -> None:
    for either in (data, b"<rss version='2.0'><channel><item><link>" + data):
        with suppress(ListingError):
            feeds.read(either, HERE)


def test_the_stamp_changes_with_time_or_title() -> None:
    one = Entry("x", "أ", START)
    assert one.stamp != Entry("x", "ب", START).stamp
    assert one.stamp != Entry("x", "أ", START, START + dt.timedelta(hours=1)).stamp
    assert one.stamp == Entry("y", "أ", None, START).stamp
