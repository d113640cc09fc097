"""``qawl follow`` as a process, against a real server on loopback."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from qawl.record.fetches import Fetches
from qawl.record.store import Record

SAID = (
    "قالت وزيرة التربية سلمى الكتبي إن المدارس ستفتح يوم الأحد في كل المحافظات.\n"
    "وأضافت أن الكتب ستصل قبل نهاية الشهر."
)


class Site:
    """A site that counts what it is asked; a path that is missing is 404, None never answers."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | None] = {}
        self.log: list[str] = []
        self.agents: set[str] = set()
        self.closing = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                site.log.append(self.path)
                site.agents.add(self.headers["user-agent"])
                body = site.pages.get(self.path, b"")
                if body is None:
                    site.closing.wait(30)
                    return
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def publish(self, *paths: str) -> None:
        items = "".join(
            f"<item><title>خبر</title><link>{self.address}{p}</link>"
            "<pubDate>Mon, 04 Mar 2024 06:00:00 +0000</pubDate></item>"
            for p in paths
        )
        self.pages["/rss"] = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        lines = "".join(f"<p>{line}</p>" for line in SAID.split("\n"))
        for p in paths:
            page = f"<html><head><title>خبر {p}</title></head><body><h1>خبر {p}</h1>{lines}</body></html>"
            self.pages.setdefault(p, page.encode())

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def file(site: Site, tmp_path: Path) -> Path:
    path = tmp_path / "outlets.toml"
    path.write_text(
        f'delay = 0\n[[outlet]]\nname = "صحيفة المدارس"\nfeeds = ["{site.address}/rss"]\n', "utf-8"
    )
    return path


def follow(qawl: Callable[..., Any], *options: str) -> tuple[int, str, str]:
    done = qawl("follow", "outlets.toml", "--db", "record.db", *options)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_one_round(qawl, site: Site, file: Path, tmp_path: Path) -> None:
    site.publish("/1", "/2")
    options = ("--private", "--contact", "mailto:desk@daffa.example")
    status, said, problems = follow(qawl, *options)
    assert (status, problems) == (0, "")
    assert said == "1 feeds and sitemaps read; articles: 2 added\n"
    with Record(str(tmp_path / "record.db")) as record:
        assert record.counts()["articles"] == 2
        assert record.counts()["statements"] >= 4
        article = record.article(1)
        assert (article.outlet, article.address) == ("صحيفة المدارس", f"{site.address}/1")
        assert record.page(1) == site.pages["/1"]
    assert all(a.startswith("Qawl/") and "(+mailto:desk@daffa.example)" in a for a in site.agents)
    site.publish("/1", "/2", "/3")
    status, said, _ = follow(qawl, *options)
    assert (status, said) == (0, "1 feeds and sitemaps read; articles: 1 added\n")
    assert sorted(site.log) == ["/1", "/2", "/3", "/robots.txt", "/rss", "/rss"]


def test_failures_are_named_and_the_rest_is_kept(qawl, site: Site, file: Path) -> None:
    site.publish("/1", "/2")
    site.pages["/1"] = b""
    with file.open("a", encoding="utf-8") as more:
        more.write(f'[[outlet]]\nname = "صفحة"\nfeeds = ["{site.address}/page"]\n')
    site.pages["/page"] = b"<html><body>x</body></html>"
    status, said, problems = follow(qawl, "--private")
    assert status == 1
    assert said == ("1 feeds and sitemaps read, 1 failed; articles: 1 added, 1 failed, 1 waiting\n")
    lines = problems.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"qawl: {site.address}/page: it is a web page, not a feed")
    assert lines[1].startswith(
        f"qawl: {site.address}/1: there is no such page (status 404); again after"
    )


def test_ones_own_network_is_visited_only_when_told(qawl, site: Site, file: Path) -> None:
    site.publish("/1")
    status, said, problems = follow(qawl)
    assert status == 1
    assert "port" in problems or "no public host" in problems
    assert "--private" in problems
    assert said == "0 feeds and sitemaps read, 1 failed; articles: 0 added\n"
    assert site.log == []


def test_a_wrong_file_is_told_with_its_lines(qawl, file: Path) -> None:
    file.write_text('[[outlet]]\nname = "أ"\nfeed = ["https://daffa.example/rss"]\n', "utf-8")
    status, said, problems = follow(qawl)
    assert (status, said) == (2, "")
    assert "outlets.toml:1: أ has no feed" in problems
    assert "outlets.toml:3: 'feed' is not known; known are name" in problems


@pytest.mark.parametrize("every", ["soon", "0.5s", "-5m", "0"])
def test_a_wrong_distance_of_rounds(qawl, file: Path, every: str) -> None:
    status, _, problems = follow(qawl, "--every", every)
    assert status == 2
    assert "write 15m" in problems


def test_a_missing_file(qawl) -> None:
    status, _, problems = follow(qawl)
    assert status == 2
    assert "outlets.toml: it cannot be read" in problems


def begin(command: list[str], environment: dict[str, str], folder: Path, *options: str) -> Any:
    return subprocess.Popen(
        [*command, "follow", "outlets.toml", "--db", "record.db", "--private", *options],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stays_until_a_signal_comes(
    command, environment, site: Site, file: Path, tmp_path: Path, number: signal.Signals
) -> None:
    site.publish("/1")
    staying = begin(command, environment, tmp_path, "--every", "1s")
    assert staying.stdout.readline() == "1 feeds and sitemaps read; articles: 1 added\n"
    site.publish("/1", "/2")
    lines: list[str] = []
    until(lambda: "1 added" in (lines.append(staying.stdout.readline()) or lines[-1]))
    staying.send_signal(number)
    said, problems = staying.communicate(timeout=30)
    assert staying.returncode == 0
    assert said in ("", "1 feeds and sitemaps read; articles: 0 added\n")
    assert problems == "qawl: stopped; what was not fetched waits for the next round\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_round_that_waits_for_a_server(
    command, environment, site: Site, file: Path, tmp_path: Path, number: signal.Signals
) -> None:
    site.publish("/1", "/2", "/3")
    site.pages["/2"] = None
    running = begin(command, environment, tmp_path)
    until(lambda: "/2" in site.log)
    time.sleep(0.1)
    running.send_signal(number)
    said, problems = running.communicate(timeout=20)  # far less than the server takes
    assert running.returncode == 128 + number
    assert said == "1 feeds and sitemaps read; articles: 1 added, 2 waiting\n"
    assert problems == "qawl: stopped; what was not fetched waits for the next round\n"
    with Record(str(tmp_path / "record.db")) as record:
        assert record.counts()["articles"] == 1
        assert Fetches(record).waiting(["صحيفة المدارس"]) == 2
    site.pages["/2"] = site.pages["/1"]
    again = begin(command, environment, tmp_path)
    said, problems = again.communicate(timeout=60)
    assert said == "1 feeds and sitemaps read; articles: 2 added\n"


def test_killed_it_loses_nothing(command, environment, site: Site, file: Path, tmp_path) -> None:
    site.publish("/1", "/2", "/3")
    site.pages["/2"] = None
    running = begin(command, environment, tmp_path)
    until(lambda: "/2" in site.log)
    running.kill()
    running.communicate()
    del site.pages["/rss"]  # the feed is gone, the queue is not
    with Record(str(tmp_path / "record.db")) as record:
        assert record.counts()["articles"] == 1
        assert Fetches(record).waiting(["صحيفة المدارس"]) == 2
    again = begin(command, environment, tmp_path)
    said, _ = again.communicate(timeout=60)
    # the one in hand is free again after ten minutes
    assert "articles: 1 added, 1 waiting" in said


def test_two_at_once_fetch_no_page_twice(
    command, environment, site: Site, file: Path, tmp_path: Path
) -> None:
    paths = [f"/{k}" for k in range(12)]
    site.publish(*paths)
    running = [begin(command, environment, tmp_path) for _ in range(2)]
    for process in running:
        assert process.communicate(timeout=120)[1] == ""
        assert process.returncode == 0
    assert sorted(p for p in site.log if p in paths) == sorted(paths)
    with Record(str(tmp_path / "record.db")) as record:
        assert record.counts()["articles"] == record.counts()["versions"] == 12
