"""Tables → articles: what was written comes back, in whatever order it stands; what is damaged is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

import qawl
from qawl.errors import InputError
from qawl.formats.parquet import Tables, write, write_folder
from qawl.model import Article
from qawl.sources import jsonl
from qawl.sources.tables import articles, is_tables

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "ten_articles.jsonl"


@pytest.fixture(scope="module")
def read_articles() -> list[Article]:
    with SAMPLES.open(encoding="utf-8") as lines:
        return list(map(qawl.read, jsonl.articles(lines)))


def found(path: Path) -> list[Article]:
    return [article for article, _ in articles(path)]


def test_what_was_written_comes_back(read_articles: list[Article], tmp_path: Path) -> None:
    write_folder(read_articles, tmp_path)
    assert is_tables(tmp_path)
    assert found(tmp_path) == read_articles
    assert found(tmp_path / "articles.parquet") == read_articles


def test_the_state_of_an_outlet_comes_back_and_old_tables_do_not_have_it(
    read_articles: list[Article], tmp_path: Path
) -> None:
    mine = replace(read_articles[0], country="تونس")
    write_folder([mine], tmp_path)
    assert found(tmp_path) == [mine]
    path = tmp_path / "articles.parquet"
    table = parquet.read_table(path)
    parquet.write_table(table.drop_columns(["country"]), path)
    assert found(tmp_path) == [replace(mine, country=None)]


def test_files_of_many_shards_come_in_order(read_articles: list[Article], tmp_path: Path) -> None:
    for table in ("articles", "statements"):
        (tmp_path / table).mkdir()
    for shard, part in enumerate((read_articles[:4], [], read_articles[4:])):
        with (
            (tmp_path / f"articles/{shard:05d}.parquet").open("wb") as first,
            (tmp_path / f"statements/{shard:05d}.parquet").open("wb") as second,
            Tables(first, second, rows=3) as tables,
        ):
            for article in part:
                tables.add(article)
    assert is_tables(tmp_path)
    assert found(tmp_path) == read_articles


def test_tables_that_were_sorted_anew_still_join(
    read_articles: list[Article], tmp_path: Path
) -> None:
    write_folder(read_articles, tmp_path)
    for name in ("articles", "statements"):
        path = tmp_path / f"{name}.parquet"
        table = parquet.read_table(path)
        keys = [("title", "descending")] if name == "articles" else [("confidence", "ascending")]
        parquet.write_table(table.sort_by(keys), path)
    assert sorted(found(tmp_path), key=lambda a: a.id) == read_articles


def test_articles_without_their_statements_are_as_never_read(
    read_articles: list[Article], tmp_path: Path
) -> None:
    write_folder(read_articles, tmp_path)
    (tmp_path / "statements.parquet").unlink()
    for article, before in zip(found(tmp_path), read_articles, strict=True):
        assert article == replace(before, statements=(), reader="")


def test_a_table_of_others_has_articles_to_be_read(tmp_path: Path) -> None:
    rows = [{"text": "قال الوزير إن الجسر سيفتح.", "title": "الجسر", "id": "1"}, {"text": ""}]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    told: list[tuple[str, int | None]] = []
    (article,) = (
        a
        for a, _ in articles(
            tmp_path / "a.parquet", on_error=lambda name, row, _: told.append((name, row))
        )
    )
    assert (article.id, article.title, article.reader) == ("1", "الجسر", "")
    assert told == [(str(tmp_path / "a.parquet"), 2)]


def test_what_cannot_be_read_is_told(read_articles: list[Article], tmp_path: Path) -> None:
    with (tmp_path / "only.parquet").open("wb") as out:
        write(read_articles, out)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no more")
    parquet.write_table(pa.table({"number": [1]}), tmp_path / "numbers.parquet")
    schema = pa.schema([("text", pa.string())], {"qawl_table": "articles", "qawl_schema": "99"})
    parquet.write_table(pa.table({"text": ["x"]}, schema), tmp_path / "newer.parquet")
    for name, said in (
        ("only", "without their articles"),
        ("broken", "no whole Parquet file"),
        ("numbers", 'no column "text"'),
        ("newer", "update Qawl"),
    ):
        with pytest.raises(InputError, match=said):
            found(tmp_path / f"{name}.parquet")


def test_a_table_that_lost_statements_is_told(read_articles: list[Article], tmp_path: Path) -> None:
    write_folder(read_articles, tmp_path)
    path = tmp_path / "statements.parquet"
    parquet.write_table(parquet.read_table(path).slice(1), path)
    with pytest.raises(InputError, match="give both tables whole"):
        found(tmp_path)


def test_other_folders_are_no_tables(tmp_path: Path) -> None:
    assert not is_tables(tmp_path)
    (tmp_path / "a.html").write_text("<p>")
    assert not is_tables(tmp_path)
    assert not is_tables(tmp_path / "a.html")
