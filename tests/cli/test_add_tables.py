"""`qawl add` of tables: statements come as they were read, unless another reader read them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import qawl
from qawl.formats.parquet import write_folder
from qawl.model import Article
from qawl.record.store import Record

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "ten_articles.jsonl"


def add(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qawl.cli", "add", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


@pytest.fixture
def marked() -> list[Article]:
    """Articles whose first statement's source has a name that no reader would give."""
    made = []
    for line in SAMPLES.read_text("utf-8").splitlines()[:4]:
        row = json.loads(line)
        article = qawl.read(row["text"], title=row["title"], id=row["id"])
        first, *rest = article.statements
        made.append(article.with_statements([replace(first, who="اسم للفحص"), *rest]))
    return made


def test_statements_come_as_they_were_read(
    marked: list[Article], tmp_path: Path, where: str
) -> None:
    write_folder(marked, tmp_path)
    done = add("--db", where, tmp_path)
    assert (done.returncode, done.stdout) == (0, "4 added\n"), done.stderr
    with Record(where) as record:
        assert [record.article(n).statements[0].who for n in (1, 2, 3, 4)] == ["اسم للفحص"] * 4
        for n, article in enumerate(marked, 1):
            kept = record.article(n)
            assert (kept.text, kept.statements) == (article.text, article.statements)
    assert add("--db", where, tmp_path).stdout == "0 added, 4 there already\n"


def test_what_another_reader_read_is_read_again(marked: list[Article], tmp_path: Path) -> None:
    write_folder((replace(a, reader="qawl-reader 0") for a in marked), tmp_path)
    db = tmp_path / "record.db"
    assert add("--db", db, tmp_path / "articles.parquet").stdout == "4 added\n"
    with Record(str(db)) as record:
        kept = record.article(1)
        assert kept.reader == qawl.Reader().version
        assert kept.statements[0].who != "اسم للفحص"


def test_a_broken_table_is_told_and_the_rest_is_added(
    marked: list[Article], tmp_path: Path
) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"no table")
    (tmp_path / "tables").mkdir()
    write_folder(marked, tmp_path / "tables")
    done = add("--db", tmp_path / "record.db", tmp_path / "broken.parquet", tmp_path / "tables")
    assert (done.returncode, done.stdout) == (1, "4 added\n")
    assert "no whole Parquet file" in done.stderr
