"""The files of an input: which are read, in which shards, and what comes of each kind."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from crawl_samples import ARTICLES, packed, page, record, warc

from qawl.crawl.files import folder_of
from qawl.crawl.pages import ReadPages
from qawl.crawl.plan import find, plan, shards
from qawl.crawl.settings import Settings
from qawl.errors import InputError


def documents(source: Path | str, **options: Any) -> list[Any]:
    return list(ReadPages(str(source), **options).run(None))


def test_the_files_of_a_folder_by_kind(tmp_path: Path) -> None:
    warc(tmp_path / "deep" / "a.warc.gz", [record(0, page(0))])
    for name in ("b.html", "c.htm", "notes.txt", ".hidden.html", "picture.png"):
        (tmp_path / name).write_bytes(page(1))
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(b"{}"))
    found = find(str(tmp_path))
    assert [(f.name, f.kind) for f in found] == [
        ("b.html", "html"),
        ("c.htm", "html"),
        ("d.jsonl.gz", "jsonl"),
        ("deep/a.warc.gz", "warc"),
    ]
    made = shards(found, Settings(files_a_shard=1))
    assert [[f.name for f in shard] for shard in made] == [
        ["d.jsonl.gz"],
        ["deep/a.warc.gz"],
        ["b.html"],
        ["c.htm"],
    ]
    assert len(shards(found, Settings())) == 3


def test_links_to_files_are_files_and_those_to_nothing_are_left(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a.html").write_bytes(page(0))
    (tmp_path / "links").mkdir()
    for name in ("a.html", "gone.html"):
        (tmp_path / "links" / name).symlink_to(tmp_path / "there" / name)
    (found,) = find(str(tmp_path / "links"))
    assert (found.name, found.size) == ("a.html", len(page(0)))


def test_a_pattern_a_file_and_an_fsspec_address(tmp_path: Path) -> None:
    for name in ("a.html", "b.html", "c.html"):
        (tmp_path / name).write_bytes(page(0))
    assert [f.name for f in find(f"{tmp_path}/[ab].html")] == ["a.html", "b.html"]
    assert [f.name for f in find(str(tmp_path / "c.html"))] == ["c.html"]
    assert len(find(f"file://{tmp_path}")) == 3
    import fsspec

    fsspec.filesystem("memory").pipe("/crawl/x.html", page(3))
    (document,) = documents("memory://crawl")
    assert document.metadata["page"].data == page(3)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing at"):
        find(str(tmp_path / "nowhere"))
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    with pytest.raises(InputError, match=r"no file that can be read"):
        find(str(tmp_path))
    with pytest.raises(InputError, match="cannot be opened"):
        find("nosuch://bucket/x")


@pytest.mark.parametrize("how", ["plain", "gz", "zst"])
def test_lines_are_articles_or_pages_and_a_broken_one_costs_itself(
    tmp_path: Path, how: str
) -> None:
    lines = [
        json.dumps(ARTICLES[0], ensure_ascii=False),
        "{broken",
        json.dumps({"html": page(1).decode(), "url": "https://a.example/1"}),
        "",
        '{"title": "no text"}',
        '["no object"]',
    ]
    (tmp_path / f"a.jsonl.{how}".removesuffix(".plain")).write_bytes(
        packed("\n".join(lines).encode(), how)
    )
    found = documents(tmp_path, failures=True)
    assert [d.metadata["failure"].why if "failure" in d.metadata else "" for d in found] == [
        "", "damaged", "", "damaged", "damaged",
    ]  # fmt: skip
    assert found[0].id == ARTICLES[0]["id"]
    assert found[0].text.startswith(ARTICLES[0]["title"])
    assert found[2].metadata["page"].data == page(1)
    assert found[2].metadata["address"] == "https://a.example/1"
    assert len(documents(tmp_path)) == 2


def test_tables_of_others_and_files_that_lie(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.Table.from_pylist([*ARTICLES, {"id": "empty"}]), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"no table")
    (tmp_path / "c.jsonl.gz").write_bytes(b"\x1f\x8bno gzip")
    found = documents(tmp_path, failures=True)
    good = [d.id for d in found if "failure" not in d.metadata]
    assert good == [a["id"] for a in ARTICLES]
    assert [d.id for d in found if "failure" in d.metadata] == [
        "a.parquet:11",
        "b.parquet",
        "c.jsonl.gz",
    ]


def test_tasks_share_the_shards(tmp_path: Path) -> None:
    for n in range(5):
        warc(tmp_path / f"{n}.warc.gz", [record(n, page(n))])
    parts = [
        [d.metadata["address"] for d in ReadPages(str(tmp_path)).run(None, rank, 2)]
        for rank in range(2)
    ]
    assert [len(part) for part in parts] == [3, 2]
    assert len({address for part in parts for address in part}) == 5


def test_a_plan_stays_as_it_was_made(tmp_path: Path) -> None:
    source, output = tmp_path / "in", folder_of(str(tmp_path / "out"))
    warc(source / "a.warc.gz", [record(0, page(0))])
    made, new = plan(str(source), output, Settings(), "reader 1", {})
    assert new
    warc(source / "b.warc.gz", [record(1, page(1))])
    assert plan(str(source), output, Settings(), "reader 1", {}) == (made, False)
    with pytest.raises(InputError, match="give another output"):
        plan(str(tmp_path / "other"), output, Settings(), "reader 1", {})
    with pytest.raises(InputError, match=r"repeats was 'near'"):
        plan(str(source), output, Settings(repeats="none"), "reader 1", {})
    with pytest.raises(InputError, match="begun by reader 1, and this is reader 2"):
        plan(str(source), output, Settings(), "reader 2", {})


def test_an_output_with_other_files_is_left_alone(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    warc(source / "a.warc.gz", [record(0, page(0))])
    out.mkdir()
    (out / "thesis.odt").write_text("dear")
    with pytest.raises(InputError, match="new or an empty folder"):
        plan(str(source), folder_of(str(out)), Settings(), "reader 1", {})
    (out / "thesis.odt").unlink()
    (out / "crawl.json").write_text('{"another": "program"}')
    with pytest.raises(InputError, match="no plan of this version"):
        plan(str(source), folder_of(str(out)), Settings(), "reader 1", {})
