import csv
import io

import pytest
from format_strategies import articles as any_article
from hypothesis import given
from hypothesis import strategies as st

from qawl.formats import csv_table
from qawl.formats.csv_table import COLUMNS, JOIN, SEVERAL, guard, unguard


def written(articles):
    out = io.BytesIO()
    csv_table.write(articles, out)
    return out.getvalue()


def rows(articles):
    text = io.TextIOWrapper(io.BytesIO(written(articles)), encoding="utf-8-sig", newline="")
    return list(csv.DictReader(text, strict=True))


def test_it_begins_with_a_byte_order_mark_and_lines_end_in_crlf(levant):
    data = written([levant])
    assert data.startswith(b"\xef\xbb\xbfarticle_id,")
    assert data.count(b"\r\n") == data.count(b"\n") == 1 + len(levant.statements)


def test_one_row_a_statement_with_its_article(articles):
    read = rows(articles)
    assert [(row["article_id"], row["statement"]) for row in read] == [
        ("levant-1", "1"),
        ("levant-1", "2"),
        ("levant-1", "3"),
        ("levant-1", "4"),
        ("../maghreb/2", "1"),
        ("../maghreb/2", "2"),
    ]
    assert tuple(read[0]) == COLUMNS
    assert read[1]["outlet"] == "صحيفة المرفأ"
    assert read[1]["address"] == "https://almarfa.example/news/77"
    assert (read[1]["form"], read[1]["act"], read[3]["nested"]) == ("direct", "commit", "true")


def test_parts_are_joined_and_their_offsets_listed(levant):
    row = rows([levant])[1]
    assert row["content"] == "سنعيد فتح الجسر […] قبل حلول الشتاء"
    pairs = zip(row["content_starts"].split(";"), row["content_ends"].split(";"), strict=True)
    assert JOIN.join(levant.text[int(a) : int(b)] for a, b in pairs) == row["content"]
    assert levant.text[int(row["cue_start"]) : int(row["cue_end"])] == row["cue"] == "قال"
    assert rows([levant])[2]["speaker"] == rows([levant])[2]["speaker_start"] == ""


def test_what_stands_beside_a_content_has_columns_behind_the_old_ones(gulf, levant):
    [row] = rows([gulf])
    assert COLUMNS[:20][-1] == "speaker_end"
    assert row["plover"] == "ACCUSE"
    assert row["about"] == "توسعة الميناء"
    assert row["addressee"] == "أعضاء الغرفة"
    assert row["setting"] == "في لقاء مفتوح"
    assert row["said"] == "2024-06-02"
    assert row["via"].split(SEVERAL) == ["وكالة الساحل", "الغرفة"]
    assert row["names"].split(SEVERAL) == ["شركة الدانة", "الخور", "سالم الغيث", "شركة الدانة"]
    assert row["checkable"] == "true"
    bare = rows([levant])[2]
    assert [bare[column] for column in COLUMNS[20:]] == [""] * 7 + ["false"]


def test_a_cell_that_a_spreadsheet_would_run_is_guarded(maghreb):
    first, second = rows([maghreb])
    assert first["content"].startswith("'=مجموع")
    assert second["content"] == "'@لا تعليق"
    assert unguard(first["content"]) == maghreb.statements[0].content[0].text


@pytest.mark.parametrize("cell", ["=1+1", "+9", "-9", "@x", "\t=1", "\r=1", "＝1", "'=1", "''@"])
def test_guarding_is_undone_exactly(cell):
    assert guard(cell) == "'" + cell
    assert unguard(guard(cell)) == cell


@given(st.text())
def test_no_guarded_cell_begins_like_a_formula(cell):
    assert not guard(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguard(guard(cell)) == cell


@given(any_article())
def test_any_text_comes_back_from_the_csv_module(article):
    for row, statement in zip(rows([article]), article.statements, strict=True):
        assert unguard(row["content"]) == JOIN.join(part.text for part in statement.content)
        assert unguard(row["who"]) == (statement.who or "")
        assert float(row["confidence"]) == statement.confidence
        if statement.cue:
            start, end = int(row["cue_start"]), int(row["cue_end"])
            assert article.text[start:end] == unguard(row["cue"])
