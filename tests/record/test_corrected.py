"""Corrected articles as gold: written, read back, and measured by."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import qawl
from qawl.cli import cli
from qawl.evaluation.gold import read_gold
from qawl.model import Article
from qawl.record import corrections, who
from qawl.record.corrected import corrected, gold
from qawl.record.rereading import restored
from qawl.record.store import Record

TEXT = (
    "قال عميد الصيادين سليم الحداد إن المرفأ مغلق منذ أسبوع.\n"
    "وأضاف أن القوارب ستعود غدا.\n"
    "من جهتها قالت مديرة المرفأ نادية الفقيه إن الأعمال انتهت.\n"
    "ونفت الفقيه وجود أي تأخير."
)


@pytest.fixture
def kept(record: Record) -> Record:
    for day, text in enumerate(
        (TEXT, "قال سليم الحداد إن الموسم بدأ.", TEXT.replace("غدا", "اليوم")), 1
    ):
        date = dt.datetime(2024, 6, day, 8, tzinfo=dt.UTC)
        title = "الصيادون ينتظرون" if day == 1 else ""
        address = f"https://marsa.example/{day}"
        made = Article.of(text, title=title, outlet="المرسى", date=date, address=address)
        record.add(qawl.read(made))
    return record


def correct(record: Record, article: int, words: str, kind: Any, **value: object) -> int:
    with record.writing() as connection:
        statements = record_statements(connection, article)
        place = next(k for k, text in enumerate(statements, 1) if words in text)
        row = corrections.statement_at(connection, article, place)
        return corrections.correct(connection, row, kind, value, "ليلى")


def record_statements(connection: Any, article: int) -> list[str]:
    from qawl.record.store import article_of

    return [s.content[0].text for s in article_of(connection, article).statements]


def lines(record: Record) -> list[dict[str, Any]]:
    with record.reading() as connection:
        return list(gold(connection))


def test_nothing_corrected_is_no_gold(kept: Record) -> None:
    assert lines(kept) == []


def test_a_corrected_article_comes_back_through_the_gold_reader(
    kept: Record, tmp_path: Path
) -> None:
    start = kept.article(1).text.index("المرفأ مغلق")
    correct(kept, 1, "المرفأ مغلق", "bounds", content=[[start, start + len("المرفأ مغلق")]])
    correct(kept, 1, "القوارب", "act", act="predict")
    correct(kept, 1, "الأعمال", "wrong")
    with kept.reading() as connection:
        fisher = who.one(connection, "سليم الحداد").source.id
    correct(kept, 1, "وجود أي تأخير", "speaker", source=fisher)
    correct(kept, 3, "القوارب", "form", form="direct")
    path = tmp_path / "gold.jsonl"
    path.write_text(
        "\n".join(json.dumps(line, ensure_ascii=False) for line in lines(kept)), "utf-8"
    )
    first, second = read_gold(path)
    source = kept.article(1)
    assert (first.text, first.title, first.outlet, first.date) == (
        source.text, source.title, "المرسى", source.date,
    )  # fmt: skip
    said = {s.content[0].text: s for s in first.statements}
    assert said["المرفأ مغلق"].cue is not None
    assert not any("الأعمال" in words for words in said)
    assert next(s for w, s in said.items() if "القوارب" in w).act == "predict"
    assert next(s for w, s in said.items() if "تأخير" in w).who == "سليم الحداد"
    assert len(first.statements) == len(source.statements) - 1
    assert next(s for s in second.statements if "القوارب" in s.content[0].text).form == "direct"
    assert second.title == ""
    done = CliRunner().invoke(cli, ["evaluate", str(path)])
    assert done.exit_code == 0, done.output


def test_what_is_undone_or_of_an_old_version_is_no_gold(kept: Record) -> None:
    number = correct(kept, 1, "القوارب", "act", act="predict")
    correct(kept, 3, "القوارب", "act", act="predict")
    with kept.reading() as connection:
        assert corrected(connection) == [1, 3]
    with kept.writing() as connection:
        corrections.undo(connection, number, restored(qawl.read))
    newer = Article.of(TEXT + "\nانتهى.", address="https://marsa.example/3")
    kept.add(qawl.read(newer))
    with kept.reading() as connection:
        assert corrected(connection) == []


def test_a_source_has_the_name_that_the_article_has(kept: Record) -> None:
    with kept.writing() as connection:
        fisher = who.one(connection, "سليم الحداد").source.id
        corrections.rename(connection, fisher, "سليم بن عمر الحداد", "ليلى")
    correct(kept, 1, "الأعمال", "speaker", source=fisher)
    (line,) = lines(kept)
    works = next(s for s in line["statements"] if "الأعمال" in s["content"][0]["text"])
    assert works["who"] == "سليم الحداد"


def test_a_statement_of_nobody_keeps_its_article_out(kept: Record) -> None:
    correct(kept, 1, "الأعمال", "speaker", source=None)
    correct(kept, 3, "الأعمال", "act", act="opine")
    told: list[str] = []
    with kept.reading() as connection:
        (line,) = gold(connection, told.append)
    assert line["article"] == 3
    assert len(told) == 1
    assert "article 1 is left out" in told[0]


def test_the_command_writes_a_file_or_prints(where: str, tmp_path: Path) -> None:
    with Record(where) as record:
        record.add(qawl.read(Article.of(TEXT)))
    out = tmp_path / "gold.jsonl"

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(cli, ["fix", "--db", where, *arguments])

    assert run("act", "1#s1", "opine").exit_code == 0
    done = run("export", str(out))
    assert done.exit_code == 0, done.output
    assert "1 articles" in done.stderr
    (article,) = read_gold(out)
    assert article.statements[0].act == "opine"
    assert run("export", "-").stdout_bytes == out.read_bytes()
    assert run("export", str(tmp_path / "no" / "x.jsonl")).exit_code == 2
