"""said, who, compare, saying, stats, fix and reread on one small record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from qawl.cli import cli

ARTICLES = [
    ("2024-01-05", "الضفة", "قال وزير النقل كريم الأيوبي إن الوزارة تدعم مشروع القطار السريع بين العاصمة والميناء."),
    ("2024-01-05", "الأفق", "أعلن كريم الأيوبي أن الوزارة تدعم مشروع القطار السريع بين العاصمة والميناء، مضيفا أن التمويل جاهز."),
    ("2024-01-06", "الضفة", "رحب وزير النقل كريم الأيوبي بمشروع القطار السريع."),
    ("2024-05-20", "المرفأ", "رفض وزير النقل كريم الأيوبي مشروع القطار السريع في صيغته الجديدة."),
    ("2024-05-21", "المرفأ", "قالت رئيسة لجنة الأشغال نجاة بن عيسى إن القطار السريع سيصل إلى الميناء."),
]  # fmt: skip


@pytest.fixture
def db(tmp_path: Path) -> str:
    where, file = str(tmp_path / "r.db"), tmp_path / "a.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for k, (date, outlet, text) in enumerate(ARTICLES):
            row = {"id": f"n{k}", "date": date, "outlet": outlet, "text": text}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    run(where, "add", str(file))
    return where


def run(db: str, command: str, *arguments: str, status: int = 0) -> str:
    given = [command, "--db", db, *arguments]
    done = CliRunner().invoke(cli, given)
    if status == 0:
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output
    assert done.exit_code != 0
    return str(done.exception) if done.exit_code == 1 else done.output


def test_what_somebody_said_is_shown_newest_first(db: str) -> None:
    out = run(db, "said", "كريم الأيوبي")
    assert out.index("2024-05-20") < out.index("2024-01-06") < out.index("2024-01-05")
    assert "نجاة" not in out
    about = run(db, "said", "الأيوبي", "--about", "التمويل")
    assert "التمويل جاهز" in about
    assert "2024-05-20" not in about


def test_who_somebody_is(db: str) -> None:
    out = run(db, "who", "كريم الأيوبي")
    assert "كريم الأيوبي" in out
    assert "وزير النقل" in out
    assert "2024-01-05 … 2024-05-20" in out
    assert "المرفأ ×1" in out
    assert "nobody in the record" in run(db, "who", "عائشة بنجلون", status=1)


def test_a_turn_of_position_is_flagged_with_both_proofs(db: str) -> None:
    out = run(db, "compare", "كريم الأيوبي", "--about", "القطار السريع")
    assert "⚠ turned (support → deny) from 2024-01-05" in out
    assert out.rstrip().endswith("1 turns")
    assert "0 turns" in run(db, "compare", "نجاة بن عيسى", "--about", "القطار")
    assert "nothing found" in run(db, "compare", "نجاة بن عيسى", "--about", "الطائرة")


def test_a_saying_in_all_its_outlets(db: str) -> None:
    out = run(db, "saying", "2#s1")
    assert out.index("الضفة") < out.index("الأفق")
    assert "no other article" in run(db, "saying", "5#s1")
    assert "is no statement" in run(db, "saying", "5", status=1)


def test_counts(db: str) -> None:
    assert "5 articles" in run(db, "stats")
    months = run(db, "stats", "--by", "month")
    assert months.index("2024-01") < months.index("2024-05")
    assert "كريم الأيوبي" in run(db, "stats", "--by", "source")
    assert "نجاة" not in run(db, "stats", "--by", "source", "--who", "كريم الأيوبي")


def test_corrections_are_made_listed_and_undone(db: str) -> None:
    assert "correction 1: 5#s1 wrong" in run(db, "fix", "--by", "سناء", "wrong", "5#s1")
    assert "nothing found" in run(db, "said", "نجاة بن عيسى")
    assert "سناء  wrong" in run(db, "fix", "list")
    assert "taken back" in run(db, "fix", "undo", "1")
    assert "سيصل" in run(db, "said", "نجاة بن عيسى")
    assert "correction 2" in run(db, "fix", "speaker", "5#s1", "كريم الأيوبي")
    assert "سيصل" in run(db, "said", "كريم الأيوبي")
    assert "correction 3" in run(db, "fix", "merge", "نجاة بن عيسى", "كريم الأيوبي")
    assert "correction 4" in run(db, "fix", "rename", "كريم الأيوبي", "كريم س. الأيوبي")
    assert "كريم س. الأيوبي" in run(db, "who", "الأيوبي")
    assert "write each part as START-END" in run(db, "fix", "bounds", "1#s1", "here", status=1)
    assert "no statement 1#s99" in run(db, "fix", "wrong", "1#s99", status=1)


def test_rereading_tells_what_it_did(db: str) -> None:
    assert "all was read by" in run(db, "reread")
    assert "5 read again" in run(db, "reread", "--all")
    assert "2024-05-20" in run(db, "said", "كريم الأيوبي")
