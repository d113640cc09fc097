from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from qawl.cli import cli

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    where = str(tmp_path_factory.mktemp("record") / "r.db")
    assert CliRunner().invoke(cli, ["add", "--db", where, str(SAMPLES)]).exit_code == 0
    return where


def run(*arguments: str, status: int = 0) -> str:
    done = CliRunner().invoke(cli, ["search", *arguments])
    assert done.exit_code == status, done.output
    return done.output


def test_statements_are_found_with_who_said_them_where_and_when(db: str) -> None:
    out = run("--db", db, "إضرابهم")
    assert "نقابة عمال مرفأ طرابلس: «" in out
    assert "2023-11-26 · المنارة اليوم" in out
    assert "https://manara-alyawm.example/2023/11/26/port-strike/ · " in out
    assert re.search(r" · \d+#s\d+\n", out)


def test_any_form_of_a_word_finds_it(db: str) -> None:
    assert run("--db", db, "الإضراب") == run("--db", db, "إضراب")
    assert "nothing found" in run("--db", db, "زرافة")


def test_pages_follow_each_other(db: str) -> None:
    first = run("--db", db, "-n", "2")
    assert first.count("«") >= 2
    after = first.rsplit("--after ", 1)[1].strip()
    second = run("--db", db, "-n", "2", "--after", after)
    assert second.split("\n\n")[0] not in first


def test_all_that_is_found_is_written_with_its_articles(db: str, tmp_path: Path) -> None:
    lines = [
        json.loads(x) for x in run("--db", db, "--act", "deny", "--format", "jsonl").splitlines()
    ]
    assert lines
    assert {s["act"] for line in lines for s in line["statements"]} == {"deny"}
    file = tmp_path / "out.csv"
    run("--db", db, "--act", "deny", "--format", "csv", "-o", str(file))
    assert len(file.read_text("utf-8-sig").splitlines()) - 1 == sum(
        len(line["statements"]) for line in lines
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "yesterday"], "is no date"),
        (["-o", "x"], "--output is for --format"),
        (["--format", "brat"], "give --output FOLDER"),
        (["--act", "shout"], "is not one of"),
    ],
)
def test_wrong_use_is_explained(db: str, arguments: list[str], said: str) -> None:
    assert said in run("--db", db, *arguments, status=2)
