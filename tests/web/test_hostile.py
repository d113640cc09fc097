"""Articles that mean harm, by every way that a stranger has: nothing of them runs, nothing answers 5xx."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html

import qawl
from qawl.model import Article
from qawl.record.store import Record
from qawl.web.pages import try_it
from qawl.web.pages.try_it import LONGEST, SIZE

SAID = "قال الناطق باسم البلدية كمال الطيار إن {} الجسر مغلق."
RLO, PDF, RLI, ALM = "\u202e", "\u202c", "\u2067", "\u061c"

#: Texts that are read as any other: by name.
TEXTS = {
    "a script": SAID.format("<script>alert(1)</script>"),
    "a script that ends the page's": SAID.format('</mark></p></main><script src="//e.example/x">'),
    "an attribute's end": SAID.format("\"'><img src=x onerror=alert(1)>"),
    "an address that runs": 'قالت الشركة: "اضغطوا على javascript:alert(1) أو data:text/html,<script>alert(1)</script>".',
    "an image that runs": SAID.format("<svg/onload=alert(1)><math><mi xlink:href=javascript:alert(1)>"),
    "entities": SAID.format("&lt;script&gt;alert(1)&lt;/script&gt; &#x202e; &#60;img&#62;"),
    "words of a template": SAID.format("{{ 7*7 }} {% for x in y %} ${7*7} #{7*7} <%= 7*7 %>"),
    "HTMX": SAID.format('<a hx-get="//e.example" hx-trigger="load" data-hx-on:load="alert(1)">'),
    "a right-to-left override": SAID.format(RLO + "مغلق" + RLO * 3),
    "all controls of direction": SAID.format("".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x61C]))),
    "controls": SAID.format("".join(map(chr, [*range(1, 32), *range(127, 160)]))),
    "marks on marks": SAID.format("ق" + "\u064b\u0301\u0489" * 3_000),
    "a formula of a spreadsheet": "=HYPERLINK(\"http://e.example\";\"x\")\nقال =1+1 الطيار: \"@SUM(1) +cmd|' /C calc'!A0\".",
    "huge numbers": SAID.format("9" * 20_000 + " و1e999999 و٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩/٩٩/٩٩٩٩٩"),
    "one giant word": SAID.format("ا" * 60_000),
    "one giant Latin word": SAID.format("A" * 60_000),
    "quotes without end": "قال: " + '"' * 20_000,
    "many openings": "قال: " + "«(" * 20_000 + " نعم",
    "many verbs": "قال " * 15_000,
    "many lines": "قال\n" * 15_000,
    "looks like a page": "<" * 40_000,
    "looks like JSON": '{"a":' * 20_000,
    "half a surrogate's name": SAID.format("\\ud800 \\x00 %00 &#0; &#xd800;"),
    "variation and joiners": SAID.format("\u200d\u200c\ufe0f\ufeff\u2060" * 5_000),
}  # fmt: skip
#: Pages of a kind that only a file or an address can hold.
PAGES = {
    "100,000 nested tags": b"<html><body>" + b"<div>" * 100_000 + SAID.format("").encode(),
    "100,000 nested spans": b"<p>" + b"<span>" * 100_000 + SAID.format("").encode() + b"</span>" * 100_000,
    "nested tables": b"<table><tr><td>" * 5_000 + SAID.format("").encode(),
    "many attributes": b"<p " + b" ".join(b"a%d=1" % k for k in range(50_000)) + b">" + SAID.format("").encode(),
    "a title of scripts": b"<html><head><title>x</title><script>alert(1)</script></title></head><body onload=alert(1)><h1>&lt;script&gt;alert(2)&lt;/script&gt;</h1><p>" + SAID.format("&lt;img src=x onerror=alert(3)&gt;").encode() + b"</p></body></html>",
    "entities of entities": b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 1000 + b'"><!ENTITY b "' + b"&a;" * 1000 + b'">]><html><body><p>&b; ' + SAID.format("").encode() + b"</p></body></html>",
    "an address of a file": b'<html><head><base href="file:///etc/"><link rel=canonical href="javascript:alert(1)"></head><body><p>' + SAID.format("").encode() + b"</p></body></html>",
    "NUL bytes": b"\x00" * 5_000 + SAID.format("\x00").encode() + b"\x00" * 5_000,
    "nothing but NUL": b"\x00" * 1_000_000,
    "half a surrogate": SAID.format("").encode() + b"\xed\xa0\x80 \xff\xfe\xc0\x80",
    "UTF-16 cut short": SAID.format("").encode("utf-16")[:-1],
    "UTF-32": SAID.format("").encode("utf-32"),
    "noise": bytes((k * 7919 + 13) % 256 for k in range(200_000)),
    "a zip bomb": gzip.compress(b"a" * 400_000_000, 1)[:3_900_000],
    "JSON of half a surrogate": json.dumps({"text": SAID.format("\ud800")}).encode(),
    "JSON with huge numbers": b'{"text": "' + SAID.format("").encode() + b'", "id": ' + b"9" * 5_000 + b"}",
    "JSON nested": b'{"text": ' + b"[" * 100_000,
    "JSON of nothing": b'{"text": null, "title": {"a": 1}}',
    "a list of JSON": b"[" * 100_000,
    "an XML bomb": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>',
    "a mail's page": b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"=" * 10_000,
}  # fmt: skip
OK = (200, 400, 413, 422)


def harmless(page: str) -> None:
    """Nothing on a page can run, or leads where it runs, or asks another host of itself."""
    root = html.document_fromstring(page)
    for script in root.iter("script"):
        assert script.get("src", "").startswith("/static/")
        assert not script.text
    for e in root.iter():
        if not isinstance(e.tag, str):
            continue
        for name, value in e.attrib.items():
            assert not name.lower().startswith(("on", "hx-on", "data-hx", "style")), (name, value)
            if name in ("href", "src", "action", "formaction", "hx-get", "hx-post", "data"):
                scheme = re.sub(r"[\x00-\x20]", "", value).lower()
                assert not scheme.startswith(("javascript:", "data:", "vbscript:", "file:"))
            if name in ("src", "hx-get", "hx-post", "action"):
                assert value.startswith("/")
                assert not value.startswith("//")
        assert e.tag not in ("base", "object", "embed")


def calm(answer: Any, allowed: tuple[int, ...] = OK) -> None:
    """An answer is none of a server that fell over, and sends the browser its orders."""
    assert answer.status_code in allowed, answer.text[:300]
    assert "Traceback" not in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    if answer.headers["content-type"].startswith("text/html"):
        harmless(answer.text)


@pytest.fixture(scope="module")
def reader() -> qawl.Reader:
    return qawl.Reader()


@pytest.fixture
def site(browser: TestClient, reader: qawl.Reader) -> TestClient:
    """A server over a filled record, and the ticket that its forms carry."""
    browser.app.state.site.__dict__["reader"] = reader  # type: ignore[attr-defined]
    page = html.document_fromstring(browser.get("/try").text)
    browser.ticket = page.xpath("//input[@name='ticket']/@value")[0]  # type: ignore[attr-defined]
    return browser


@pytest.mark.parametrize("name", TEXTS)
def test_pasted(site: TestClient, name: str) -> None:
    data = {
        "text": TEXTS[name],
        "title": "</title><script>alert(0)</script>",
        "ticket": site.ticket,
    }  # type: ignore[attr-defined]
    calm(site.post("/try", data=data, files={"file": ("", b"")}))
    answer = site.post("/try", data=data, headers={"hx-request": "true"})
    calm(answer)
    if name == "words of a template":
        assert "{{ 7*7 }}" in answer.text
        assert "49" not in answer.text


@pytest.mark.parametrize("name", [*TEXTS, *PAGES])
def test_uploaded(site: TestClient, name: str) -> None:
    data = PAGES[name] if name in PAGES else TEXTS[name].encode()
    files = {"file": ('"><script>alert(1)</script>.html', data, "text/html")}
    calm(site.post("/try", data={"ticket": site.ticket}, files=files))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [*TEXTS, *PAGES])
def test_by_the_api(site: TestClient, name: str) -> None:
    data = PAGES[name] if name in PAGES else TEXTS[name].encode()
    for kind in ("text/html", "application/json"):
        headers = {"content-type": kind}
        answer = site.post("/api/v1/read", content=data, headers=headers)
        calm(answer)
        assert "json" in answer.headers["content-type"]
    if name in TEXTS:
        calm(site.post("/api/v1/read", json={"text": TEXTS[name], "title": TEXTS[name][:900]}))


@pytest.fixture
def elsewhere() -> Iterator[Callable[[bytes, dict[str, str]], str]]:
    """Serves what is given to it; its address."""
    served: dict[str, tuple[bytes, dict[str, str]]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, headers = served.get(self.path, (b"", {}))
            self.send_response(200 if self.path in served else 404)
            for name, value in {"content-type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # the fetcher had enough
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def serve(body: bytes, headers: dict[str, str]) -> str:
            served["/page"] = (body, headers)
            return f"http://127.0.0.1:{server.server_address[1]}/page"

        yield serve
        server.shutdown()


ADDRESSED = ["100,000 nested tags", "a title of scripts", "NUL bytes", "noise", "half a surrogate"]


@pytest.mark.parametrize("name", [*ADDRESSED, "packed", "packed bomb", "endless"])
def test_at_an_address(
    filled_sqlite: str, serve: Any, reader: qawl.Reader,
    elsewhere: Callable[[bytes, dict[str, str]], str], name: str,
) -> None:  # fmt: skip
    try_it._visitor.cache_clear()  # no waiting between two visits to this host
    site = serve(filled_sqlite, private=True)
    site.app.state.site.__dict__["reader"] = reader
    headers: dict[str, str] = {}
    if name == "packed":
        body, headers = gzip.compress(PAGES["a title of scripts"]), {"content-encoding": "gzip"}
    elif name == "packed bomb":
        body, headers = gzip.compress(b"a" * 100_000_000), {"content-encoding": "gzip"}
    elif name == "endless":
        body = b"<p>" + b"a" * (SIZE + 10)
    else:
        body = PAGES[name]
    address = elsewhere(body, headers)
    page = html.document_fromstring(site.get("/try").text)
    ticket = page.xpath("//input[@name='ticket']/@value")[0]
    answer = site.post("/try", data={"address": address, "ticket": ticket})
    calm(answer)
    if name in ("packed bomb", "endless"):
        assert answer.status_code == 422
    try_it._visitor.cache_clear()


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/", "http://[::1]/", "http://localhost/", "http://169.254.169.254/latest/", "file:///etc/passwd",
     "javascript:alert(1)", "http://0x7f.1/", "http://2130706433/", "gopher://x/", "http://a@127.0.0.1/", "//x", "http://" + "a" * 3900,
     "http://\u202eexample.com/", "http://exa mple/", "http://[", "http://x:99999/", "\ud83d", "http://127.0.0.1.nip.example/"],
)  # fmt: skip
def test_addresses_that_may_not_be_fetched(site: TestClient, address: str) -> None:
    data = {"address": address.encode("utf-8", "replace").decode(), "ticket": site.ticket}  # type: ignore[attr-defined]
    answer = site.post("/try", data=data)
    calm(answer, (422,))


def test_what_is_too_large_is_refused(site: TestClient) -> None:
    long = "ا" * (LONGEST + 1)
    assert site.post("/try", data={"text": long, "ticket": site.ticket}).status_code == 422  # type: ignore[attr-defined]
    assert site.post("/api/v1/read", json={"text": long}).status_code == 422
    huge = b"a" * 4_000_001
    files = {"file": ("x.txt", huge)}
    assert site.post("/try", data={"ticket": site.ticket}, files=files).status_code == 413  # type: ignore[attr-defined]
    assert site.post("/api/v1/read", content=huge).status_code == 413

    def drip() -> Iterator[bytes]:  # without a length
        for _ in range(50):
            yield b"a" * 100_000

    assert (
        site.post(
            "/api/v1/read", content=drip(), headers={"content-type": "text/plain"}
        ).status_code
        == 413
    )
    packed = zlib.compress(b"a" * 50_000_000)
    headers = {"content-encoding": "deflate", "content-type": "text/plain"}
    # a body is taken as it is: nothing unpacks it
    calm(site.post("/api/v1/read", content=packed, headers=headers))


ASKED = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', RLO + "نص", "{{ 7*7 }}", "' OR 1=1 --", '"', '"' * 900,
         "-", "*" * 1000, "NEAR(a b)", "a AND OR NOT", "ا" * 1000, "\x01\x1f", "\ufffd\ufeff", "%", "_", "#" * 1000, "=1+1"]  # fmt: skip


@pytest.mark.parametrize("asked", ASKED)
def test_searched_for(client: TestClient, asked: str) -> None:
    """In both kinds of database."""
    for path in ("/", "/sources", "/compare", "/feeds/search.atom", "/api/v1/statements"):
        for name in (
            "q",
            "who",
            "about",
            "outlet",
            "place",
            "since",
            "source",
            "after",
            "lang",
            "order",
        ):
            if path != "/" and name not in ("q", "who", "about"):
                continue
            answer = client.get(path, params={name: asked})
            assert answer.status_code < 500, (path, name)
            if answer.headers["content-type"].startswith("text/html"):
                harmless(answer.text)


@pytest.mark.parametrize("name", TEXTS)
def test_kept_and_shown(filled_sqlite: str, serve: Any, reader: qawl.Reader, name: str) -> None:
    text = TEXTS[name].replace("\x00", "")
    article = reader.read(Article.of(text, title=text[:200].replace("\n", " "), outlet=text[:60], author=text[:60],
                                     id=text[:40], address="javascript:alert(1)//" + text[:20]))  # fmt: skip
    with Record(filled_sqlite) as record:
        number = record.add(article).article
    site = serve(filled_sqlite)
    for path in (
        f"/articles/{number}",
        f"/articles/{number}/versions",
        "/",
        "/stats",
        "/sources",
        "/review",
    ):
        answer = site.get(path)
        assert answer.status_code == 200, path
        harmless(answer.text)
    for path in (
        "/export/csv",
        "/export/jsonl",
        "/feeds/search.atom",
        f"/api/v1/articles/{number}",
    ):
        answer = site.get(path)
        assert answer.status_code == 200, path
        assert "html" not in answer.headers["content-type"]
    for line in site.get("/export/csv").text.splitlines():
        assert not line.startswith(("=", "+", "@"))
