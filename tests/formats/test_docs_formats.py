"""The examples of docs/formats.md are what Qawl writes."""

import datetime as dt
import io
import json
import re
from pathlib import Path

import pytest
from format_strategies import place

from qawl.formats import (
    FORMATS,
    bibtex,
    brat,
    csv_table,
    jsonl,
    jsonld,
    parquet,
    ris,
    terminal,
    web_annotation,
)
from qawl.formats.terminal import View
from qawl.model import Article, Decision, Statement

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")


@pytest.fixture
def nawras():
    article = Article.of(
        "قال رئيس بلدية النورس وائل الشامي: «لن نقطع المياه هذا الصيف».\n"
        "وأضاف أن الصهاريج ستصل غدًا.",
        title="لا قطع للمياه في النورس",
        id="nawras-1",
        outlet="أخبار النورس",
        date=dt.date(2024, 6, 3),
        address="https://nawras.example/water",
    )
    text = article.text
    who = place(text, "وائل الشامي")
    direct = Statement(
        content=(place(text, "لن نقطع المياه هذا الصيف"),),
        cue=place(text, "قال"),
        speaker=place(text, "رئيس بلدية النورس وائل الشامي"),
        who=who.text,
        form="direct",
        act="commit",
        confidence=0.97,
        who_span=who,
        decisions=(Decision("cue", "lexicon"), Decision("act", "act model", 0.93)),
    )
    indirect = Statement(
        content=(place(text, "الصهاريج ستصل غدًا"),),
        cue=place(text, "أضاف"),
        speaker=None,
        who=who.text,
        form="indirect",
        act="inform",
        confidence=0.88,
        who_span=who,
    )
    return article.with_statements([direct, indirect])


def written(write, article, *view):
    out = io.BytesIO()
    write([article], out, *view)
    return out.getvalue().decode("utf-8-sig").replace("\r\n", "\n")


def test_every_format_has_its_section():
    for name in FORMATS:
        assert f"\n## {name}\n" in PAGE


def test_the_article_the_line_the_rows_and_the_views_are_true(nawras):
    assert f"```text\n{nawras.text}\n```" in PAGE
    assert f"```json\n{written(jsonl.write, nawras)}```" in PAGE
    assert f"```csv\n{written(csv_table.write, nawras)}```" in PAGE
    assert written(terminal.write, nawras, View(width=80)) in PAGE
    assert written(terminal.write, nawras, View(width=80, context=True, explain=True)) in PAGE
    assert "```text\n" + "\n".join(list(brat.standoff(nawras))[:10]) + "\n```" in PAGE


def test_the_citations_are_true(nawras):
    for module in (ris, bibtex):
        first = written(module.write, nawras).replace("\r\n", "\n").split("\n\n")[0]
        assert f"```text\n{first}\n```" in PAGE


def test_the_view_of_what_stands_beside_a_content_is_true(gulf):
    assert written(terminal.write, gulf, View(width=80)) in PAGE


def test_the_linked_data_is_true(nawras):
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
    _, annotation, quotation = blocks
    true_annotation = web_annotation.annotation_of(nawras, nawras.statements[0])
    true_quotation = jsonld.quotation(nawras, 1, nawras.statements[0])
    for shown, true in ((annotation, true_annotation), (quotation, true_quotation)):
        for key, value in shown.items():
            if isinstance(value, list) and value[-1] == "…":
                assert true[key][: len(value) - 1] == value[:-1]
            else:
                assert true[key] == value


def test_every_column_of_the_tables_is_named():
    pytest.importorskip("pyarrow")
    section = PAGE.partition("\n## parquet\n")[2].partition("\n## web")[0]
    for schema in (parquet.statement_schema(), parquet.article_schema()):
        for name in schema.names:
            assert f"`{name}`" in section
