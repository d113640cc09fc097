import datetime as dt
import hashlib
import io
import sys
from dataclasses import replace

import pytest
from format_strategies import articles as any_article
from hypothesis import given, settings

pa = pytest.importorskip("pyarrow")
from pyarrow import parquet as pq  # noqa: E402

from qawl.errors import MissingExtraError  # noqa: E402
from qawl.formats import parquet  # noqa: E402
from qawl.model import Article, Entry, Span, Statement  # noqa: E402


def table(articles):
    out = io.BytesIO()
    parquet.write(articles, out)
    return pq.read_table(io.BytesIO(out.getvalue()))


def test_one_row_a_statement_in_the_documented_schema(articles):
    read = table(articles)
    assert read.schema.equals(parquet.statement_schema())
    rows = read.to_pylist()
    assert [(row["article_id"], row["statement"]) for row in rows[:2]] == [
        ("levant-1", 1),
        ("levant-1", 2),
    ]
    assert len(rows) == 6
    assert rows[1]["text"] == "سنعيد فتح الجسر […] قبل حلول الشتاء"
    assert rows[1]["decisions"][1] == {
        "stage": "act", "by": "model-1", "probability": 0.91, "note": "",
    }  # fmt: skip
    assert (rows[1]["date"].isoformat(), rows[1]["published"]) == (
        "2019-11-25",
        "2019-11-25T09:30:00+00:00",
    )
    assert (rows[4]["date"].isoformat(), rows[4]["published"]) == ("2020-01-03", "2020-01-03")
    assert rows[4]["who"] is None
    assert rows[5]["plover"] == "REJECT"


def test_what_stands_beside_a_content_has_columns(gulf, levant):
    [row] = table([gulf]).to_pylist()
    assert row["plover"] == "ACCUSE"
    for column in ("about", "addressee", "setting", "said_span"):
        assert Span(**row[column]) == getattr(gulf.statements[0], column)
    assert row["said"] == "2024-06-02"
    assert row["via"] == ["وكالة الساحل", "الغرفة"]
    assert [name.pop("kind") for name in row["names"]] == ["body", "place", "person", "body"]
    assert [Span(**name) for name in row["names"]] == [n.span for n in gulf.statements[0].names]
    assert row["checkable"] is True
    bare = table([levant]).to_pylist()[2]
    assert (bare["about"], bare["said"], bare["via"], bare["names"]) == (None, None, [], [])


def test_nothing_read_gives_an_empty_table():
    assert table([]).num_rows == 0


def test_rows_are_written_in_groups_as_they_come(levant, monkeypatch):
    monkeypatch.setattr(parquet, "ROWS", 10)
    out = io.BytesIO()
    parquet.write((replace(levant, id=str(n)) for n in range(10)), out)
    read = pq.ParquetFile(io.BytesIO(out.getvalue()))
    assert [read.metadata.row_group(n).num_rows for n in range(read.num_row_groups)] == [12, 12, 12, 4]  # fmt: skip
    assert read.read().column("article_id").to_pylist()[::4] == [str(n) for n in range(10)]


def test_a_folder_gets_articles_and_statements_that_join(articles, tmp_path):
    parquet.write_folder(articles, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["articles.parquet", "statements.parquet"]
    of_articles = pq.read_table(tmp_path / "articles.parquet")
    assert of_articles.schema.equals(parquet.article_schema())
    texts = {row["article_id"]: row for row in of_articles.to_pylist()}
    assert texts["silent-3"]["statements"] == 0
    assert texts["levant-1"]["paragraphs"][0]["kind"] == "title"
    statements = pq.read_table(tmp_path / "statements.parquet").to_pylist()
    assert len(statements) == sum(row["statements"] for row in texts.values()) == 6
    for row in statements:
        text = texts[row["article_id"]]["text"]
        for span in [*row["content"], row["cue"], row["speaker"], row["who_span"]]:
            if span:
                assert text[span["start"] : span["end"]] == span["text"]


def test_the_files_tell_their_schema(articles, tmp_path):
    parquet.write_folder(articles, tmp_path)
    for name in ("articles", "statements"):
        metadata = pq.read_schema(tmp_path / f"{name}.parquet").metadata
        assert metadata[b"qawl_schema"] == str(parquet.SCHEMA).encode()
        assert metadata[b"qawl_table"] == name.encode()


def test_what_a_record_knows_has_columns(levant):
    entry = Entry(7, 3, "نبيل الحاصباني", "person", "لبنان", "Q42", "same name", 0.9, 5)
    levant = replace(levant, statements=(replace(levant.statements[0], entry=entry),))
    articles, statements = io.BytesIO(), io.BytesIO()
    moment = dt.datetime(2024, 1, 2, 3, 4, tzinfo=dt.UTC)
    with parquet.Tables(articles, statements) as tables:
        tables.add(levant, {"version": 2, "fetched": moment, "name": "a"})
        tables.add(replace(levant, id="other", statements=()))
    first, second = pq.read_table(io.BytesIO(articles.getvalue())).to_pylist()
    assert (first["version"], first["fetched"], first["added"], first["name"]) == (2, moment, None, "a")  # fmt: skip
    assert (second["version"], second["name"]) == (None, None)
    assert first["hash"] == hashlib.sha256(levant.text.encode()).hexdigest()
    [row] = pq.read_table(io.BytesIO(statements.getvalue())).to_pylist()
    assert (row["statement_id"], row["source_id"], row["saying_id"]) == (7, 3, 5)
    assert (row["source_name"], row["source_kind"], row["source_state"]) == ("نبيل الحاصباني", "person", "لبنان")  # fmt: skip
    assert (row["wikidata"], row["link_reason"], row["link_confidence"]) == ("Q42", "same name", 0.9)  # fmt: skip


def test_the_tables_join_on_the_article(articles, tmp_path):
    parquet.write_folder(articles, tmp_path)
    of_articles = pq.read_table(tmp_path / "articles.parquet", columns=["article_id", "text"])
    of_statements = pq.read_table(tmp_path / "statements.parquet", columns=["article_id", "act"])
    joined = of_statements.join(of_articles, "article_id", join_type="inner")
    assert joined.num_rows == of_statements.num_rows
    assert set(joined.column_names) == {"article_id", "act", "text"}


def test_an_error_in_the_stream_leaves_no_file(levant, tmp_path):
    def broken():
        yield levant
        raise RuntimeError("the source failed")

    with pytest.raises(RuntimeError):
        parquet.write_folder(broken(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=30)
@given(any_article())
def test_any_text_comes_back(article):
    for row, statement in zip(table([article]).to_pylist(), article.statements, strict=True):
        assert [Span(**part) for part in row["content"]] == list(statement.content)
        assert row["who"] == statement.who
        assert row["confidence"] == statement.confidence


def test_half_a_character_costs_nothing_else():
    text = "قال \ud83d شيئا"
    statement = Statement((Span.of(text, 4, 11),), None, None, "\ud83d", "direct", "inform")
    [row] = table([Article(text=text, statements=(statement,))]).to_pylist()
    assert row["content"] == [{"start": 4, "end": 11, "text": "? شيئا"}]


def test_without_pyarrow_it_says_what_to_install(levant, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"qawl\[parquet\]"):
        parquet.write([levant], io.BytesIO())
