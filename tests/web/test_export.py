"""Exports: every format, bounded, safe in a spreadsheet, stopped with its client."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from fastapi.testclient import TestClient

from qawl.formats import FORMATS
from qawl.model import Article, Span, Statement
from qawl.record.store import Record
from qawl.web.pages import export


@pytest.mark.parametrize("form", list(FORMATS))
def test_every_format_is_sent_as_a_file(client: TestClient, form: str) -> None:
    answer = client.get(f"/export/{form}?q=القمح")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="qawl.')
    assert len(answer.content) > 100
    assert "x-qawl-note" not in answer.headers
    if "json" in form or form in ("claimreview", "web-annotation"):
        first = answer.text.splitlines()[0] if form == "jsonl" else answer.text
        assert json.loads(first)


def test_a_file_has_what_the_search_finds(client: TestClient) -> None:
    found = client.get("/api/v1/search?size=100&act=deny").json()["statements"]
    rows = list(
        csv.DictReader(io.StringIO(client.get("/export/csv?act=deny").text.lstrip("\ufeff")))
    )
    assert len(rows) == len(found) > 0
    assert {row["content"] for row in rows} == {s["text"] for s in found}


def test_a_table_has_the_records_numbers(client: TestClient) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(client.get("/export/parquet?q=القمح").content))
    found = client.get("/api/v1/search?q=القمح").json()["statements"]
    assert sorted(table["statement_id"].to_pylist()) == sorted(int(s["number"]) for s in found)


def test_a_folder_is_sent_packed(client: TestClient) -> None:
    packed = zipfile.ZipFile(io.BytesIO(client.get("/export/brat").content))
    assert packed.testzip() is None
    assert any(name.endswith(".ann") for name in packed.namelist())
    assert all(not name.startswith(("/", "..")) for name in packed.namelist())


def test_more_than_the_bound_is_said(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST", 5)
    answer = client.get("/export/jsonl")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert sum(len(line["statements"]) for line in lines) == 5
    assert "newest 5" in answer.headers["x-qawl-note"]
    assert "newest-5" in answer.headers["content-disposition"]


def test_formulas_do_not_run_in_a_spreadsheet(filled: str, client: TestClient) -> None:
    text = '=HYPERLINK("https://evil.example") قال الوزير إن الباب مفتوح'
    span = Span.of(text, 0, len(text))
    said = Statement((span,), None, None, "+الوزير", "direct", "inform")
    article = Article.of(text, id="f", outlet="@منفذ").with_statements([said])
    with Record(filled) as record:
        record.add(article)
    sent = client.get("/export/csv?outlet=@منفذ").text.lstrip("\ufeff")
    (row,) = csv.DictReader(io.StringIO(sent))
    for cell in (row["content"], row["who"], row["outlet"]):
        assert cell.startswith("'")


def test_an_unknown_format_is_not_found(client: TestClient) -> None:
    assert client.get("/export/xlsx").status_code == 404
    assert client.get("/export/csv?source=999").status_code == 404


def test_places_are_given_back(client: TestClient) -> None:
    for _ in range(2 * export.AT_ONCE):
        assert client.get("/export/jsonl").status_code == 200
