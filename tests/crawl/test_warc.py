"""WARC files: packed in either way, damaged anywhere; every whole page comes, each from its own place."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from crawl_samples import packed, page, record, warc

from qawl.crawl.warc import pages

RECORDS = [record(n, page(n)) for n in range(6)]


def read(path: Path, largest: int = 1_000_000) -> list[Any]:
    with path.open("rb") as file:
        return [document for document, _ in pages(file, path.name, largest)]


def addresses(documents: list[Any]) -> list[int]:
    return [
        int(d.metadata["address"].rpartition("/")[2])
        for d in documents
        if "failure" not in d.metadata
    ]


def failures(documents: list[Any]) -> list[str]:
    return [d.metadata["failure"].why for d in documents if "failure" in d.metadata]


@pytest.mark.parametrize("how", ["gz", "zst", "plain"])
def test_pages_come_with_what_their_server_said(tmp_path: Path, how: str) -> None:
    path = warc(tmp_path / f"a.warc.{how}", RECORDS, how)
    documents = read(path)
    assert addresses(documents) == list(range(6))
    first = documents[0].metadata["page"]
    assert first.data == page(0)
    assert (first.kind, first.charset, first.status) == ("text/html", "utf-8", 200)
    assert documents[0].metadata["fetched"].isoformat() == "2024-05-01T10:00:00+00:00"
    assert len({d.id for d in documents}) == 6


def test_an_id_is_the_place_of_the_record(tmp_path: Path) -> None:
    path = warc(tmp_path / "a.warc.gz", RECORDS)
    whole = path.read_bytes()
    for n, document in enumerate(read(path)):
        name, _, place = document.id.rpartition("@")
        assert name == "a.warc.gz"
        assert whole[int(place) :].startswith(packed(RECORDS[n]))


@pytest.mark.parametrize("how", ["gz", "zst"])
@pytest.mark.parametrize("where", [0, 1, 3, 5])
def test_a_damaged_record_costs_itself(tmp_path: Path, how: str, where: int) -> None:
    members = [bytearray(packed(one, how)) for one in RECORDS]
    middle = len(members[where]) // 2
    members[where][middle : middle + 12] = bytes(12)
    path = tmp_path / f"a.warc.{how}"
    path.write_bytes(b"".join(members))
    documents = read(path)
    assert addresses(documents) == [n for n in range(6) if n != where]
    assert failures(documents) == ["damaged"]


def test_a_file_cut_short_gives_what_it_has(tmp_path: Path) -> None:
    path = warc(tmp_path / "a.warc.gz", RECORDS)
    path.write_bytes(path.read_bytes()[:-60])
    documents = read(path)
    assert addresses(documents)[:5] == [0, 1, 2, 3, 4]
    assert failures(documents) in (["damaged"], [])


@pytest.mark.parametrize(
    "data", [b"", b"no archive at all\n" * 50, gzip.compress(b"words " * 99, mtime=0)]
)
def test_what_is_no_archive_has_no_pages(data: bytes) -> None:
    documents = [d for d, _ in pages(io.BytesIO(data), "x", 1000)]
    assert addresses(documents) == []
    assert len(failures(documents)) == bool(data)


def test_a_page_packed_by_its_server_is_unpacked(tmp_path: Path) -> None:
    body = gzip.compress(page(0))
    path = warc(
        tmp_path / "a.warc.gz",
        [record(0, body, headers="Content-Encoding: gzip\r\n"), record(1, page(1))],
    )
    assert [d.metadata["page"].data for d in read(path)] == [page(0), page(1)]


def test_a_bomb_is_cut_at_the_limit(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    path = warc(
        tmp_path / "a.warc.gz",
        [record(0, bomb, headers="Content-Encoding: gzip\r\n"), record(1, page(1))],
    )
    first, second = read(path, largest=100_000)
    assert len(first.metadata["page"].data) == 100_001
    assert second.metadata["page"].data == page(1)
