"""``qawl evaluate`` as a person meets it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from qawl.cli.evaluate import evaluate

ARTICLE = {
    "id": "c-1",
    "source": "جريدة الرصيف",
    "title": "",
    "text": "قال المدرب عمر الزين: «سنفوز». ونفى أنه سيرحل.",
}
TEXT = str(ARTICLE["text"])


def span(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def statement(content: str, cue: str, form: str, act: str, **fields: object) -> dict[str, Any]:
    made = {"content": [span(content)], "cue": span(cue), "speaker": None, "who": "عمر الزين"}
    return {**made, "form": form, "act": act, **fields}


DIRECT = statement("سنفوز", "قال", "direct", "commit", speaker=span("المدرب عمر الزين"))
DENIAL = statement("سيرحل", "نفى", "indirect", "deny")


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return write(tmp_path / "gold.jsonl", {**ARTICLE, "statements": [DIRECT, DENIAL]})


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(evaluate, [str(a) for a in arguments])


def test_a_table_of_predictions(gold: Path, tmp_path: Path) -> None:
    predicted = write(tmp_path / "p.jsonl", {"id": "c-1", "statements": [DIRECT]})
    result = run(gold, predicted)
    assert result.exit_code == 0
    assert "1 articles, 2 gold statements, 1 predicted" in result.output
    lines = {line.split("  ")[0]: line.split() for line in result.output.splitlines() if line}
    assert lines["joint"][1:4] == ["1.000", "0.500", "0.667"]
    assert "who, named" in result.output


def test_json_with_errors_and_groups(gold: Path, tmp_path: Path) -> None:
    other = {**DENIAL, "act": "inform", "who": None}
    predicted = write(tmp_path / "p.jsonl", {"id": "c-1", "statements": [other]})
    result = run(gold, predicted, "--json", "--errors", "-1", "--by", "outlet")
    report = json.loads(result.output)
    assert report["found"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667}
    assert report["by_outlet"]["جريدة الرصيف"]["gold"] == 2
    assert report["polarity_flips"]["denials_as_assertions"]["right"] == 1
    assert [e["kind"] for e in report["errors"]] == ["missed", "wrong speaker", "wrong act"]
    assert report["errors"][0]["article"] == "c-1"
    assert TEXT[report["errors"][0]["start"] :].startswith("سنفوز")


@pytest.mark.parametrize(
    ("by", "shows"), [("form", "mixed"), ("act", "gold ↓ predicted →"), ("outlet", "جريدة الرصيف")]
)
def test_by(gold: Path, by: str, shows: str) -> None:
    assert shows in run(gold, gold, "--by", by).output


def test_as_many_errors_as_asked_for(gold: Path, tmp_path: Path) -> None:
    nothing = write(tmp_path / "p.jsonl")
    one, both = run(gold, nothing, "--errors", 1).output, run(gold, nothing, "--errors", -1).output
    assert (one.count("missed  c-1"), both.count("missed  c-1")) == (1, 2)
    assert "1 articles (1 without a prediction)" in one


def test_without_predictions_the_reader_reads(gold: Path) -> None:
    result = run(gold, "--json")
    assert result.exit_code == 0
    assert json.loads(result.output)["articles_missing"] == 0


def test_bad_gold_names_the_line(gold: Path, tmp_path: Path) -> None:
    bad = {**ARTICLE, "statements": [{**DIRECT, "form": "sung"}]}
    result = run(write(tmp_path / "bad.jsonl", {**ARTICLE, "id": "ok", "statements": []}, bad))
    assert result.exit_code == 1
    assert "bad.jsonl, line 2: statement 1: \"form\" is 'sung'" in result.output
    assert "Traceback" not in result.output


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    result = run(tmp_path / "none.jsonl")
    assert result.exit_code == 1
    assert "none.jsonl: cannot be read" in result.output


def test_importing_the_command_loads_no_reader() -> None:
    code = (
        "import sys, qawl.cli.evaluate; print('qawl.reader.reader' in sys.modules, "
        "'qawl.evaluation.measures' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
