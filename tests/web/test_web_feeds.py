"""Atom feeds: valid, stable, in the visitor's language, and not sent again where nothing changed."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime, parsedate_to_datetime
from xml.etree.ElementTree import Element, fromstring

import feedparser
import pytest
from fastapi.testclient import TestClient

ATOM = "{http://www.w3.org/2005/Atom}"
SEARCH = "/feeds/search.atom"


def feed(client: TestClient, path: str = SEARCH, **headers: str) -> Element:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/atom+xml")
    return fromstring(answer.content)


def text(element: Element, name: str) -> str:
    found = element.find(ATOM + name)
    assert found is not None, name
    assert found.text
    return found.text


def test_a_feed_has_what_atom_asks(client: TestClient) -> None:
    root = feed(client)
    moments = []
    for element in (root, *root.iter(ATOM + "entry")):
        assert text(element, "id").startswith("urn:uuid:")
        assert text(element, "title")
        moments.append(dt.datetime.fromisoformat(text(element, "updated")))
        links = {link.get("rel"): link.get("href") for link in element.iter(ATOM + "link")}
        assert links["alternate"].startswith("http://testserver/")
    assert moments[0] == max(moments[1:])
    ids = [text(entry, "id") for entry in root.iter(ATOM + "entry")]
    assert len(set(ids)) == len(ids) > 10
    parsed = feedparser.parse(client.get(SEARCH).content)
    assert not parsed.bozo
    assert len(parsed.entries) == len(ids)


def test_a_search_is_followed(client: TestClient) -> None:
    root = feed(client, f"{SEARCH}?q=القمح")
    titles = [text(entry, "title") for entry in root.iter(ATOM + "entry")]
    assert titles
    assert all("العنزي" in title for title in titles)


def test_a_source_is_followed(client: TestClient) -> None:
    number = client.get("/api/v1/sources?q=البرغوثي").json()["sources"][0]["number"]
    root = feed(client, f"/feeds/sources/{number}.atom")
    assert "البرغوثي" in text(root, "title")
    names = {e.findtext(f"{ATOM}author/{ATOM}name") for e in root.iter(ATOM + "entry")}
    assert names == {"يونس البرغوثي"}
    assert client.get("/feeds/sources/999.atom").status_code == 404


def test_identifiers_stay_wherever_the_server_is(client: TestClient) -> None:
    here = feed(client, f"{SEARCH}?q=القمح&lang=ar")
    there = feed(client, f"{SEARCH}?q=القمح&lang=en", host="testserver:8080")
    ids = [[text(e, "id") for e in (r, *r.iter(ATOM + "entry"))] for r in (here, there)]
    assert ids[0] == ids[1]
    other = feed(client, f"{SEARCH}?q=القمح&act=predict")
    assert text(other, "id") != ids[0][0]


@pytest.mark.parametrize(("language", "label"), [("ar", "توقّع"), ("en", "predict")])
def test_a_feed_speaks_the_visitors_language(client: TestClient, language: str, label: str) -> None:
    path = f"{SEARCH}?act=predict"
    root = feed(client, path, **{"accept-language": language})
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    labels = {c.get("label") for c in root.iter(ATOM + "category")}
    assert label in labels
    assert "Accept-Language" in client.get(path).headers["vary"]


def test_hostile_articles_stay_text(client: TestClient) -> None:
    answer = client.get(SEARCH)
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    for entry in fromstring(answer.content).iter(ATOM + "entry"):
        content = text(entry, "content")
        assert "<script" not in content
        assert "<img" not in content
        assert "\u202e" not in content + text(entry, "title")


def test_a_feed_that_did_not_change_is_not_sent_again(client: TestClient) -> None:
    first = client.get(SEARCH)
    by_tag = client.get(SEARCH, headers={"if-none-match": first.headers["etag"]})
    assert by_tag.status_code == 304
    assert not by_tag.content
    since = first.headers["last-modified"]
    assert client.get(SEARCH, headers={"if-modified-since": since}).status_code == 304
    before = parsedate_to_datetime(since) - dt.timedelta(days=1)
    sent = {"if-modified-since": format_datetime(before, usegmt=True)}
    assert client.get(SEARCH, headers=sent).status_code == 200
    assert client.get(SEARCH, headers={"if-modified-since": "soon"}).status_code == 200
    # the tag goes before the time
    both = {"if-none-match": '"x"', "if-modified-since": since}
    assert client.get(SEARCH, headers=both).status_code == 200


def test_an_empty_feed_is_valid(client: TestClient) -> None:
    root = feed(client, f"{SEARCH}?q=زرافة")
    assert list(root.iter(ATOM + "entry")) == []
    assert text(root, "updated")
