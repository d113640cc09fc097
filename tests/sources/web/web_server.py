"""A real HTTP server on loopback that plays many hosts, and a clock that only the test moves."""

from __future__ import annotations

import datetime as dt
import gzip
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

START = dt.datetime(2024, 3, 4, 6, 0, tzinfo=dt.UTC)


@dataclass
class Reply:
    """What the server answers. ``hang``: nothing comes after the headers; ``drip``: a byte each 0.05 s;
    ``reset``: the connection is broken off; ``sized``: the
    headers say how long it is."""

    body: bytes = b""
    status: int = 200
    kind: str | None = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    drip: bool = False
    reset: bool = False
    sized: bool = True


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    moment: dt.datetime
    host: str
    path: str
    headers: dict[str, str]


Answering = Callable[[Asked], Reply]


class Clock:
    """The time, which goes on while somebody sleeps."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> dt.datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.moment += dt.timedelta(seconds=seconds)


class Web:
    """The hosts; ``routes`` say what (host, path) answers; everything else is 404."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.routes: dict[tuple[str, str], Reply | Answering] = {}
        self.log: list[Asked] = []
        self.dialled: list[str] = []
        self.names: dict[str, list[str]] = {}
        self.closing = threading.Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                web.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        headers = {k.lower(): v for k, v in handler.headers.items()}
        host = headers["host"].partition(":")[0]
        asked = Asked(self.clock.now(), host, handler.path, headers)
        self.log.append(asked)
        found = self.routes.get((host, handler.path), Reply(b"no such page", 404))
        reply = found(asked) if callable(found) else found
        if reply.reset:
            linger = struct.pack("ii", 1, 0)  # closing sends RST
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            handler.connection.close()
            handler.close_connection = True
            return
        handler.send_response(reply.status)
        if reply.kind:
            handler.send_header("Content-Type", reply.kind)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if reply.sized and "Content-Length" not in reply.headers:
            handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        if reply.hang:
            self.closing.wait(5)
            return
        try:
            if reply.drip:
                for k in range(len(reply.body)):
                    handler.wfile.write(reply.body[k : k + 1])
                    if self.closing.wait(0.05):
                        return
            else:
                handler.wfile.write(reply.body)
        except OSError:
            pass
        handler.close_connection = True

    def resolve(self, host: str, port: int) -> list[str]:
        """Every .example host is public; others are what ``names`` says, or themselves."""
        if host in self.names:
            return self.names[host]
        if host.endswith(".example"):
            return ["93.184.216.34"]
        return [str(info[4][0]) for info in socket.getaddrinfo(host, port)]

    def dial(self, ip: str, port: int, timeout: float) -> socket.socket:
        """A connection to the server, whatever the address."""
        self.dialled.append(ip)
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def paths(self, host: str) -> list[str]:
        return [a.path for a in self.log if a.host == host]


def page(title: str, text: str, head: str = "") -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return (
        f"<!DOCTYPE html><html lang='ar'><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def rss(host: str, items: list[tuple[str, str, dt.datetime]]) -> bytes:
    """(path, title, published) each."""
    listed = "".join(
        f"<item><title>{title}</title><link>http://{host}{path}</link>"
        f"<pubDate>{moment:%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
        for path, title, moment in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{host}</title><link>http://{host}/</link>{listed}</channel></rss>"
    ).encode()


def atom(host: str, items: list[tuple[str, str, dt.datetime]]) -> bytes:
    """(path, title, updated) each."""
    listed = "".join(
        f'<entry><id>{path}</id><title>{title}</title><link href="{path}"/>'
        f"<updated>{moment:%Y-%m-%dT%H:%M:%SZ}</updated></entry>"
        for path, title, moment in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{host}</title>{listed}</feed>"
    ).encode()


def news_sitemap(host: str, items: list[tuple[str, str, dt.datetime]]) -> bytes:
    """(path, title, published) each."""
    listed = "".join(
        f"<url><loc>http://{host}{path}</loc><n:news><n:publication><n:name>x</n:name>"
        f"</n:publication><n:publication_date>{moment.isoformat()}</n:publication_date>"
        f"<n:title>{title}</n:title></n:news></url>"
        for path, title, moment in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{listed}</urlset>'
    ).encode()


def zipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)
