"""qawl export: tables that join, any format, and what the options choose."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qawl.cli import cli

ARTICLES = [
    ("2024-02-01", "الشاطئ", "قال مدير الميناء حسان الدوسري إن الرصيف الجديد جاهز.\nوأضاف أن السفن ستصل في آذار."),
    ("2024-02-02", "الواحة", "لا شيء قيل في هذا الخبر عن الطقس."),
    ("2024-02-03", "الواحة", "نفى حسان الدوسري وجود أي تأخير في الرصيف الجديد."),
]  # fmt: skip


@pytest.fixture
def db(where: str, tmp_path: Path) -> str:
    file = tmp_path / "a.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for k, (date, outlet, text) in enumerate(ARTICLES):
            row = {"id": f"n{k}", "date": date, "outlet": outlet, "text": text}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    assert run("add", "--db", where, str(file)).exit_code == 0
    return where


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_tables_of_the_whole_record_join(db: str, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import parquet as pq

    from qawl.formats import parquet

    folder = tmp_path / "out" / "tables"
    done = run("export", "--db", db, str(folder))
    assert done.exit_code == 0, done.output
    assert "3 articles" in done.stderr
    articles = pq.read_table(folder / "articles.parquet")
    statements = pq.read_table(folder / "statements.parquet")
    assert articles.schema.equals(parquet.article_schema())
    assert statements.schema.equals(parquet.statement_schema())
    assert statements.schema.metadata[b"qawl_schema"] == str(parquet.SCHEMA).encode()
    assert articles.column("article_id").to_pylist() == ["1", "2", "3"]
    assert articles.column("name").to_pylist() == ["n0", "n1", "n2"]
    flat = statements.select(["article_id", "text", "source_name", "source_id", "act", "saying_id"])
    texts = articles.select(["article_id", "text"]).rename_columns(["article_id", "whole"])
    both = flat.join(texts, "article_id", join_type="inner").to_pylist()
    assert len(both) == statements.num_rows >= 3
    assert all(row["text"] in row["whole"] for row in both)
    whole = dict(zip(*(texts.column(name).to_pylist() for name in ("article_id", "whole")), strict=True))  # fmt: skip
    for row in statements.to_pylist():
        for part in row["content"]:
            assert whole[row["article_id"]][part["start"] : part["end"]] == part["text"]
    assert {row["source_name"] for row in both} == {"حسان الدوسري"}
    assert len({row["source_id"] for row in both}) == 1
    assert {row["act"] for row in both} >= {"deny"}
    assert all(row["saying_id"] for row in both)


def test_filters_choose_and_one_file_holds_the_statements(db: str, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from pyarrow import parquet as pq

    file = tmp_path / "denied.parquet"
    assert run("export", "--db", db, str(file), "--act", "deny").exit_code == 0
    rows = pq.read_table(file).to_pylist()
    assert {row["act"] for row in rows} == {"deny"}
    assert {row["article_id"] for row in rows} == {"3"}
    lines = tmp_path / "said.jsonl"
    done = run("export", "--db", db, "--format", "jsonl", "--about", "السفن", str(lines))
    assert done.exit_code == 0
    (line,) = lines.read_text("utf-8").splitlines()
    assert json.loads(line)["id"] == "n0"
    assert len(json.loads(line)["statements"]) == 1


def test_other_formats_and_standard_output(db: str, tmp_path: Path) -> None:
    done = run("export", "--db", db, "--format", "jsonl", "-")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["n0", "n1", "n2"]
    assert run("export", "--db", db, "--format", "brat", str(tmp_path / "brat")).exit_code == 0
    assert len(list((tmp_path / "brat").glob("*.txt"))) == 3
    assert run("export", "--db", db, "--format", "brat", "-").exit_code == 2
    (tmp_path / "file").write_text("x")
    refused = run("export", "--db", db, str(tmp_path / "file"))
    assert refused.exit_code == 2
    assert "cannot be made a folder" in refused.output
    missing = run("export", "--db", db, "--format", "csv", str(tmp_path / "no" / "a.csv"))
    assert missing.exit_code == 2
