from __future__ import annotations

import datetime as dt
import shutil
import socket
import ssl
import subprocess
import threading
import zlib
from pathlib import Path

import pytest
from web_server import START, Clock, Reply, Web, zipped

from qawl import __version__
from qawl.sources.web.errors import FetchError, Refused
from qawl.sources.web.fetch import LISTINGS, Fetcher, Limits, agent, waited
from qawl.sources.web.guard import Guard

BODY = "قالت الوزيرة إن السد سيمتلئ قريبا.".encode() * 10


def route(web: Web, path: str, *args: object, **fields: object) -> str:
    web.routes["daffa.example", path] = Reply(*args, **fields)  # type: ignore[arg-type]
    return f"http://daffa.example{path}"


def test_a_page_comes_as_it_is_served(web: Web, fetcher: Fetcher) -> None:
    address = route(web, "/1", BODY, headers={"ETag": '"v1"', "Last-Modified": "Mon, 04 Mar 2024"})
    answer = fetcher.get(address)
    assert (answer.status, answer.body, answer.address) == (200, BODY, address)
    assert (answer.etag, answer.modified, answer.kind) == ('"v1"', "Mon, 04 Mar 2024", "text/html")
    assert answer.fetched == START
    assert answer.charset == "utf-8"


def test_the_request_says_who_asks_and_nothing_else(web: Web, fetcher: Fetcher) -> None:
    address = route(web, "/1", BODY, headers={"Set-Cookie": "id=7; Path=/"})
    fetcher.get(address)
    fetcher.get(address)
    for asked in web.log:
        assert asked.headers["user-agent"] == f"Qawl/{__version__} (+https://desk.example/about)"
        assert asked.headers["host"] == "daffa.example"
        assert not {"cookie", "authorization", "referer", "if-none-match"} & asked.headers.keys()
    assert agent() == f"Qawl/{__version__}"


def test_asking_again_costs_nothing_where_nothing_changed(web: Web, fetcher: Fetcher) -> None:
    address = route(web, "/1", b"", 304)
    answer = fetcher.get(address, etag='"v1"', modified="Mon, 04 Mar 2024 06:00:00 GMT")
    assert (answer.status, answer.body) == (304, b"")
    assert web.log[0].headers["if-none-match"] == '"v1"'
    assert web.log[0].headers["if-modified-since"] == "Mon, 04 Mar 2024 06:00:00 GMT"
    with pytest.raises(FetchError, match="304"):  # nobody asked for that
        fetcher.get(address)


@pytest.mark.parametrize("packed", ["gzip", "members", "zlib", "raw"])
def test_compressed_answers_are_unpacked(web: Web, fetcher: Fetcher, packed: str) -> None:
    raw = zlib.compressobj(wbits=-15)
    data = {
        "gzip": zipped(BODY),
        "members": zipped(BODY[:100]) + zipped(BODY[100:]) + b"\0\0",
        "zlib": zlib.compress(BODY),
        "raw": raw.compress(BODY) + raw.flush(),
    }[packed]
    encoding = "gzip" if packed in ("gzip", "members") else "deflate"
    address = route(web, "/1", data, headers={"Content-Encoding": encoding})
    assert fetcher.get(address).body == BODY


@pytest.mark.parametrize("end", [1, 8, 9, 40])
def test_a_truncated_gzip_is_a_failure(web: Web, fetcher: Fetcher, end: int) -> None:
    address = route(web, "/1", zipped(BODY)[:-end], headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="ends too soon"):
        fetcher.get(address)


def test_damaged_and_unknown_encodings_are_failures(web: Web, fetcher: Fetcher) -> None:
    damaged = zipped(BODY)[:30] + b"\xff" * 30
    for data, encoding in ((damaged, "gzip"), (BODY, "gzip"), (BODY, "br"), (BODY, "gzip, gzip")):
        address = route(web, "/1", data, headers={"Content-Encoding": encoding})
        with pytest.raises(FetchError, match=r"damaged|encoded as"):
            fetcher.get(address)


def test_a_bomb_stops_at_the_limit(web: Web, fetcher: Fetcher) -> None:
    import tracemalloc

    bomb = zipped(b"\0" * 100_000_000)
    assert len(bomb) < 200_000
    address = route(web, "/1", bomb, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    with pytest.raises(FetchError, match=r"larger than 0.2 MB"):
        fetcher.get(address)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000


def test_what_is_too_large_is_not_read_to_its_end(web: Web, fetcher: Fetcher) -> None:
    for sized in (True, False):
        address = route(web, "/1", b"x" * 300_000, sized=sized)
        with pytest.raises(FetchError, match="larger than"):
            fetcher.get(address)
        assert fetcher.get(address, size=1000, cut=True).body == b"x" * 1000


def test_a_body_shorter_than_announced_is_a_failure(web: Web, fetcher: Fetcher) -> None:
    address = route(web, "/1", BODY, headers={"Content-Length": str(len(BODY) + 5)})
    with pytest.raises(FetchError, match=r"broken|broke"):
        fetcher.get(address)


@pytest.mark.parametrize("how", ["hang", "drip"])
def test_what_takes_too_long_is_ended(web: Web, fetcher: Fetcher, how: str) -> None:
    fetcher.limits = Limits(whole=0.3)
    address = route(web, "/1", BODY, hang=how == "hang", drip=how == "drip")
    with pytest.raises(FetchError, match="too long") as error:
        fetcher.get(address)
    assert error.value.unreachable


def test_a_connection_that_is_broken_off_is_a_failure(web: Web, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="broke the connection off") as error:
        fetcher.get(route(web, "/1", BODY, reset=True))
    assert error.value.unreachable


def test_headers_without_end_are_ended(web: Web, fetcher: Fetcher) -> None:
    address = route(web, "/1", BODY, headers={f"X-{k}": "y" * 900 for k in range(200)})
    with pytest.raises(FetchError):
        fetcher.get(address)


def test_other_kinds_are_not_read(web: Web, fetcher: Fetcher) -> None:
    for kind in ("application/pdf", "image/png", "application/json", "video/mp4"):
        address = route(web, "/1", b"%PDF", kind=kind)
        with pytest.raises(FetchError, match=f"it is {kind}"):
            fetcher.get(address)
    address = route(web, "/1", BODY, kind="Application/RSS+XML; charset=utf-8")
    assert fetcher.get(address, kinds=LISTINGS).body == BODY
    assert fetcher.get(route(web, "/2", BODY, kind=None)).body == BODY


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 404, 410, 418, 429, 500, 502, 503])
def test_other_statuses_are_failures(web: Web, fetcher: Fetcher, status: int) -> None:
    address = route(web, "/1", b"", status, headers={"Retry-After": "120"})
    with pytest.raises(FetchError, match=str(status)) as error:
        fetcher.get(address)
    assert (error.value.status, error.value.retry_after) == (status, 120)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120), (" 0 ", 0), ("999999999999", 86_400), ("Mon, 04 Mar 2024 06:10:00 GMT", 600),
        ("Mon, 04 Mar 2024 05:00:00 GMT", 0), ("Mon, 04 Mar 2030 06:10:00 GMT", 86_400),
        ("soon", None), ("-5", None), ("", None), (None, None), ("١٢", None),
    ],
)  # fmt: skip
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert waited(header, START) == seconds


def test_redirects_are_followed_and_told(web: Web, fetcher: Fetcher) -> None:
    for k, to in enumerate(("/b", "//other.example/c", "http://daffa.example/أ")):
        host = "other.example" if k == 2 else "daffa.example"
        path = ("/a", "/b", "/c")[k]
        web.routes[host, path] = Reply(
            b"", 301 + k, headers={"Location": to.encode().decode("latin-1")}
        )
    web.routes["daffa.example", "/%D8%A3"] = Reply(BODY)
    hops: list[str] = []
    answer = fetcher.get("http://daffa.example/a", before=hops.append)
    assert answer.body == BODY
    assert hops == [
        "http://daffa.example/a", "http://daffa.example/b", "http://other.example/c",
        "http://daffa.example/%D8%A3",
    ]  # fmt: skip
    assert answer.address == hops[-1]


def test_redirects_end(web: Web, fetcher: Fetcher) -> None:
    web.routes["daffa.example", "/a"] = Reply(b"", 302, headers={"Location": "/b"})
    web.routes["daffa.example", "/b"] = Reply(b"", 302, headers={"Location": "/a"})
    with pytest.raises(FetchError, match="circle"):
        fetcher.get("http://daffa.example/a")
    assert web.paths("daffa.example") == ["/a", "/b"]
    for k in range(9):
        location = {"Location": f"/{k + 1}"}
        web.routes["daffa.example", f"/{k}"] = Reply(b"", 302, headers=location)
    with pytest.raises(FetchError, match="more than 5"):
        fetcher.get("http://daffa.example/0")
    assert web.paths("daffa.example")[2:] == [f"/{k}" for k in range(6)]
    with pytest.raises(FetchError, match="without saying where"):
        fetcher.get(route(web, "/x", b"", 302))


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1/secret", "http://[::1]/secret", "http://localhost/secret",
        "http://10.0.0.8/secret", "http://169.254.169.254/latest/meta-data", "http://inside.example/secret",
        "http://daffa.example:22/secret", "file:///etc/passwd", "ftp://daffa.example/x",
        "http://u:p@daffa.example/secret", "http://0/secret", "http://[::ffff:127.0.0.1]/secret",
    ],
)  # fmt: skip
def test_redirects_to_what_is_not_public_are_not_followed(
    web: Web, fetcher: Fetcher, to: str
) -> None:
    web.names["inside.example"] = ["93.184.216.34", "192.168.1.7"]
    with pytest.raises(FetchError):
        fetcher.get(route(web, "/a", b"", 302, headers={"Location": to}))
    assert web.paths("daffa.example") == ["/a"]
    assert len(web.log) == len(web.dialled) == 1


def test_a_name_that_changes_cannot_lead_elsewhere(web: Web, clock: Clock) -> None:
    """The name is asked for once; the connection goes to what was checked."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]

    def rebinding(host: str, port: int) -> list[str]:
        return answers.pop(0)

    fetcher = Fetcher(Guard(resolve=rebinding), now=clock.now, dial=web.dial)
    assert fetcher.get(route(web, "/a", BODY)).body == BODY
    assert web.dialled == ["93.184.216.34"]
    with pytest.raises(Refused):
        fetcher.get("http://daffa.example/a")
    assert len(web.log) == 1


def test_a_dead_address_of_a_host_is_passed_over(web: Web, clock: Clock) -> None:
    tried: list[str] = []

    def dial(ip: str, port: int, timeout: float) -> socket.socket:
        tried.append(ip)
        if ip == "93.184.216.1":
            raise ConnectionRefusedError(111, "Connection refused")
        return web.dial(ip, port, timeout)

    hosts = {"two.example": ["93.184.216.1", "93.184.216.2"], "one.example": ["93.184.216.1"]}
    fetcher = Fetcher(Guard(resolve=lambda host, port: hosts[host]), now=clock.now, dial=dial)
    web.routes["two.example", "/"] = Reply(BODY)
    assert fetcher.get("http://two.example/").body == BODY
    assert tried == ["93.184.216.1", "93.184.216.2"]
    with pytest.raises(FetchError, match=r"cannot be reached .Connection refused") as error:
        fetcher.get("http://one.example/")
    assert error.value.unreachable


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl to make a certificate with")
def test_certificates_are_checked_for_the_hosts_name(tmp_path: Path, clock: Clock) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-keyout", key, "-out", certificate, "-days", "2", "-nodes", "-subj", "/CN=daffa.example",
         "-addext", "subjectAltName=DNS:daffa.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    asked_for: list[str | None] = []
    serving.sni_callback = lambda sock, name, context: asked_for.append(name)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            try:
                with serving.wrap_socket(plain, server_side=True) as secure:
                    secure.recv(4096)
                    secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            except OSError:
                plain.close()

    threading.Thread(target=serve, daemon=True).start()

    def dial(ip: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection(listening.getsockname(), timeout)

    def fetcher(trusted: bool) -> Fetcher:
        return Fetcher(
            Guard(resolve=lambda host, port: ["93.184.216.34"]),
            limits=Limits(connect=5, whole=5),
            dial=dial,
            certificates=ssl.create_default_context(cafile=certificate) if trusted else None,
        )

    assert fetcher(trusted=True).get("https://daffa.example/").body == b"ok"
    assert asked_for == ["daffa.example"]
    with pytest.raises(FetchError, match="certificate is not valid"):
        fetcher(trusted=True).get("https://other.example/")
    with pytest.raises(FetchError, match="certificate is not valid"):
        fetcher(trusted=False).get("https://daffa.example/")
    listening.close()


def test_the_time_of_fetching_is_utc() -> None:
    from qawl.sources.web import fetch

    assert fetch.now().tzinfo is dt.UTC
