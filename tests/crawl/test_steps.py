"""Qawl's steps in a datatrove pipeline of one's own."""

from __future__ import annotations

import json
from pathlib import Path

from crawl_samples import ARTICLES, ENGLISH, page
from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.writers import JsonlWriter

import qawl
from qawl.crawl import ExtractArticles, KeepArabic, ReadStatements
from qawl.formats.json_document import article_in_full


def test_read_statements_adds_plain_data_that_any_writer_takes(tmp_path: Path) -> None:
    documents = [
        Document(
            a["text"], a["id"], metadata={"title": a["title"], "outlet": a["outlet"], "score": 3}
        )
        for a in ARTICLES
    ]
    documents.insert(2, Document("", "empty"))
    LocalPipelineExecutor(
        [documents, ReadStatements(), JsonlWriter(str(tmp_path / "out"), compression=None)],
        logging_dir=str(tmp_path / "logs"),
    ).run()
    rows = [json.loads(line) for line in (tmp_path / "out" / "00000.jsonl").open(encoding="utf-8")]
    assert [row["id"] for row in rows] == [a["id"] for a in ARTICLES]
    for row, sample in zip(rows, ARTICLES, strict=True):
        alone = article_in_full(
            qawl.read(sample["text"], title=sample["title"], outlet=sample["outlet"])
        )
        assert row["metadata"]["statements"] == alone["statements"]
        assert row["metadata"]["reader"] == qawl.Reader().version
        assert row["metadata"]["score"] == 3
        for statement in row["metadata"]["statements"]:
            for part in statement["content"]:
                assert row["text"][part["start"] : part["end"]] == part["text"]


def test_pages_as_datatroves_reader_gives_them() -> None:
    documents = [
        Document(page(0).decode(), "a", metadata={"url": "https://outlet.example/0"}),
        Document(ENGLISH, "b", metadata={"url": "https://outlet.example/1"}),
    ]
    (read,) = ReadStatements().run(ExtractArticles().run(documents))
    assert read.text.startswith(ARTICLES[0]["title"])
    assert read.metadata["statements"]
    assert "article" not in read.metadata


def test_texts_are_kept_by_their_letters() -> None:
    documents = [
        Document(ARTICLES[0]["text"], "a"),
        Document("Only English here.", "b"),
        Document("", "c"),
    ]
    assert [d.id for d in KeepArabic().run(documents)] == ["a"]
