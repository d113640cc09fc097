from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from qawl.record.store import Record

ARTICLES = 60


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty articles as JSONL, each with two statements and more."""
    file = tmp_path_factory.mktemp("articles") / "many.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for k in range(ARTICLES):
            text = (
                f"قال رئيس بلدية الساحل مراد الطيبي إن {k} شارعا ستعبد هذا الصيف.\n"
                f"وأضاف أن كلفة المشروع {k + 3} ملايين دينار، مؤكدا أن العمل سينتهي في موعده."
            )
            row = {"id": f"n{k}", "title": f"تعبيد {k} شارعا", "text": text}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return file


def add(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qawl.cli", "add", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def test_articles_are_added_once(articles: Path, where: str) -> None:
    done = add("--db", where, articles)
    assert (done.returncode, done.stdout) == (0, f"{ARTICLES} added\n"), done.stderr
    again = add("--db", where, articles)
    assert (again.returncode, again.stdout) == (0, f"0 added, {ARTICLES} there already\n")
    with Record(where) as record:
        assert record.counts()["articles"] == ARTICLES
        assert record.counts()["statements"] >= 2 * ARTICLES


def test_what_fails_is_told_and_the_rest_is_added(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("قال الوزير إن العمل بدأ.", "utf-8")
    (tmp_path / "in" / "b.html").write_text("", "utf-8")
    done = add("--db", tmp_path / "r.db", "--outlet", "الضفة", tmp_path / "in", tmp_path / "none")
    assert done.returncode == 1
    assert done.stdout == "1 added\n"
    assert "b.html" in done.stderr
    assert "no such file" in done.stderr
    with Record(str(tmp_path / "r.db")) as record:
        assert record.article(1).outlet == "الضفة"


def test_a_page_is_kept_with_its_article(tmp_path: Path) -> None:
    page = (
        "<html><head><title>خبر</title></head><body><article><h1>خبر</h1><p>{}</p></article></body>"
    )
    text = "قال المدير العام للميناء عادل بوزيد إن الحركة عادت إلى طبيعتها بعد العاصفة. " * 3
    data = page.format(text).encode()
    (tmp_path / "p.html").write_bytes(data)
    assert add("--db", tmp_path / "r.db", tmp_path / "p.html").returncode == 0
    with Record(str(tmp_path / "r.db")) as record:
        assert record.page(1) == data


def test_ids_make_versions_only_where_asked(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    for text in ("قال الناطق إن الجسر مغلق.", "قال الناطق إن الجسر مفتوح."):
        file.write_text(json.dumps({"id": "7", "text": text}, ensure_ascii=False), "utf-8")
        last = add("--db", tmp_path / "r.db", "--ids", file)
        plain = add("--db", tmp_path / "p.db", file)
    assert last.stdout == "0 added, 1 new versions\n"
    assert plain.stdout == "1 added\n"


def test_killed_at_any_moment_nothing_is_lost_or_doubled(articles: Path, where: str) -> None:
    """kill -9 at growing moments; each time the record is whole, and in the end complete."""
    for wait in (0.9, 1.1, 1.3):
        running = subprocess.Popen(
            [sys.executable, "-m", "qawl.cli", "add", "--db", where, str(articles)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(wait)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        with Record(where) as record:
            _whole(record)
    done = add("--db", where, articles)
    assert done.returncode == 0, done.stderr
    with Record(where) as record:
        _whole(record)
        assert record.counts()["articles"] == record.counts()["versions"] == ARTICLES
    if "://" not in where:
        assert sqlite3.connect(where).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _whole(record: Record) -> None:
    """Every article that is there has all its statements, and each of them is in the index."""
    from sqlalchemy import text

    counts = record.counts()
    with record.reading() as connection:
        indexed = connection.scalar(text("SELECT count(*) FROM statement_words"))
        without = connection.scalar(
            text(
                "SELECT count(*) FROM articles a WHERE NOT EXISTS "
                "(SELECT 1 FROM statements s WHERE s.article_id = a.id)"
            )
        )
    assert indexed == counts["statements"]
    assert without == 0


def test_two_processes_may_add_at_once(articles: Path, where: str) -> None:
    command = [sys.executable, "-m", "qawl.cli", "add", "--db", where, str(articles)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    sums = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    with Record(where) as record:
        _whole(record)
        assert record.counts()["versions"] == ARTICLES
    added = [int(line.split()[0]) for line in sums]
    assert sum(added) == ARTICLES


def test_an_address_is_fetched(tmp_path: Path) -> None:
    page = (
        "<html><head><title>خبر</title></head><body><article><h1>خبر</h1><p>{}</p></article></body>"
    )
    text = "قال المدير العام للميناء عادل بوزيد إن الحركة عادت إلى طبيعتها بعد العاصفة. " * 3
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "p.html").write_text(page.format(text), "utf-8")
    handler = partial(QuietHandler, directory=str(tmp_path / "web"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/p.html"
        refused = add("--db", tmp_path / "r.db", address)
        done = add(
            "--db", tmp_path / "r.db", "--private", address, address.replace("p.html", "q.html")
        )
        server.shutdown()
    assert (refused.returncode, refused.stdout) == (1, "0 added\n")
    assert "127.0.0.1" in refused.stderr
    assert (done.returncode, done.stdout) == (1, "1 added\n"), done.stderr
    assert "404" in done.stderr
    with Record(str(tmp_path / "r.db")) as record:
        kept = record.article(1)
        assert kept.address == address
        assert (record.page(1) or b"").decode() == page.format(text)


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass
