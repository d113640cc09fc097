"""A small archive and a crawl of it, for all tests of this folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from crawl_samples import ENGLISH, crawl, packed, page, record, warc

#: A page that keeps trafilatura busy for seconds: 24,000 spans in one paragraph.
SLOW = page(3, more="<p>" + "<span>قال مدير المكتبة إن القاعة ستفتح. </span>" * 24_000 + "</p>")
CONFIG = "page_seconds = 0.7\nfiles_a_shard = 2\n"


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive with a bit of everything, in seven shards."""
    folder = tmp_path_factory.mktemp("archive")
    good = [record(n, page(n)) for n in range(5)]
    warc(folder / "a.warc.gz", [*good, record(5, ENGLISH.encode()), record(6, b"GIF", "image/gif")])
    damaged = bytearray(packed(record(10, page(5))))
    middle = len(damaged) // 2
    damaged[middle : middle + 9] = bytes(9)
    (folder / "b.warc.gz").write_bytes(
        packed(record(11, page(6)))
        + bytes(damaged)
        + packed(record(12, SLOW))
        + packed(record(13, page(7, charset="windows-1256"), "text/html"))
    )
    longer = page(0, more="<p>وأضاف بنجلون: المخزون يكفي.</p>")
    warc(folder / "c.warc.zst", [record(20, page(1)), record(21, longer)], "zst")
    for n in (8, 9):
        (folder / f"page{n}.html").write_bytes(page(n))
    (folder / "no_article.html").write_bytes("<html lang='ar'>عاجل</html>".encode())
    text = "قالت أمينة المكتبة سلمى حداد إن القاعة ستفتح صباح الأحد أمام القراء."
    (folder / "d.jsonl").write_text(json.dumps({"id": "own", "text": text}) + "\n{broken\n")
    return folder


@pytest.fixture(scope="session")
def crawled(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive, crawled by two workers."""
    folder = tmp_path_factory.mktemp("crawled")
    (folder / "config.toml").write_text(CONFIG)
    done = crawl(archive, folder / "out", "--workers", 2, "--config", folder / "config.toml")
    assert done.returncode == 0, done.stderr
    (folder / "said").write_text(done.stdout)
    return folder / "out"
