"""The gold set is what its articles compile to, and the compiler refuses marks that do not fit."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).resolve().parent

ARTICLE = """id: t-1
source: صحيفة التجربة
date: 2024-01-01
title: الوزير: لا زيادة في الأسعار

وقال الوزير سامر العطار إنه لا زيادة في الأسعار، وفقا لما ذكرته الوكالة.

=== statements
content: لا زيادة @1 [..] الأسعار
cue: :
speaker: الوزير
who: سامر العطار
form: indirect
act: deny

content: لا زيادة @2 [..] الأسعار
cue: قال
speaker: الوزير سامر العطار
who: سامر العطار
form: indirect
act: deny
"""


@pytest.fixture(scope="module")
def compiler() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_compile", HERE / "compile.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def compiled(compiler: ModuleType, folder: Path, text: str) -> tuple[list, list[str]]:
    (folder / "part").mkdir()
    (folder / "part" / "a.txt").write_text(text, encoding="utf-8")
    return compiler.compile_folders(folder)


def test_gold_file_is_what_the_articles_compile_to() -> None:
    run = subprocess.run(
        [sys.executable, HERE / "compile.py", "--check"], capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_articles_of_another_folder_are_compiled_to_a_file_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "a.txt").write_text(ARTICLE, encoding="utf-8")
    gold = (HERE / "qawl_gold.jsonl").read_bytes()
    command = [sys.executable, HERE / "compile.py", "--folder", tmp_path]
    refused = subprocess.run(command, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "needs --out" in refused.stderr
    out = tmp_path / "out.jsonl"
    run = subprocess.run([*command, "--out", out], capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (0, "out.jsonl: 1 articles, 2 statements\n")
    (article,) = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert article["id"] == "t-1"
    assert (HERE / "qawl_gold.jsonl").read_bytes() == gold


def test_articles_written_to_learn_from_compile_and_none_is_what_the_reader_is_judged_by(
    compiler: ModuleType,
) -> None:
    training = HERE.parents[1] / "training"
    written, wrong = compiler.compile_folders(training / "written")
    held, more_wrong = compiler.compile_folders(training / "held")
    assert wrong + more_wrong == []
    assert len(written) > 700
    assert len(held) > 80
    own = (HERE / "qawl_gold.jsonl").read_text(encoding="utf-8").splitlines()
    judged = [*held, *map(json.loads, own)]
    lines = {line for a in judged for line in a["text"].splitlines() if len(line) > 40}
    for article in written:
        assert lines.isdisjoint(article["text"].splitlines())


def test_gold_covers_every_form_and_act_and_enough_articles() -> None:
    lines = (HERE / "qawl_gold.jsonl").read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines]
    statements = [s for a in articles for s in a["statements"]]
    assert len(articles) >= 20
    assert {s["form"] for s in statements} == {"direct", "mixed", "indirect"}
    assert len({s["act"] for s in statements}) == 9
    assert any(len(s["content"]) > 1 for s in statements)
    assert any(s["cue"] is None for s in statements)
    for article in articles:
        text = f"{article['title']}\n{article['text']}" if article["title"] else article["text"]
        for s in article["statements"]:
            for span in [*s["content"], s["cue"], s["speaker"]]:
                assert span is None or text[span["start"] : span["end"]] == span["text"]


def test_spans_are_found_beside_their_content(compiler: ModuleType, tmp_path: Path) -> None:
    (article,), wrong = compiled(compiler, tmp_path, ARTICLE)
    assert wrong == []
    text = article["title"] + "\n" + article["text"]
    title, body = article["statements"]
    assert title["speaker"]["start"] == 0
    assert title["cue"]["text"] == ":"
    assert body["content"][0]["start"] == text.index("لا زيادة", len(article["title"]))
    assert body["cue"]["start"] == text.index("قال")
    assert not body["nested"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("cue: قال", "cue: صرخ", "the article has no «صرخ»"),
        ("لا زيادة @2", "لا زيادة", "stands 2 times"),
        ("لا زيادة @2", "لا زيادة @3", "there is no @3"),
        ("act: deny", "act: shout", "act 'shout' is none of"),
        ("form: indirect", "form: oblique", "form 'oblique' is none of"),
        ("who: سامر العطار", "who: سمير", "does not stand in the article"),
        ("act: deny\n\n", "act: deny\nnested: yes\n\n", "inside no other content"),
        ("@2 [..] الأسعار", "@2 [..] الأسعار،", "leave it out"),
        ("=== statements", "=== marks", "no line '=== statements'"),
        ("date: 2024-01-01\n", "", "the header lacks 'date'"),
        ("cue: :\n", "cue: :\ncue: :\n", "'cue' twice"),
    ],
)
def test_marks_that_do_not_fit_are_refused(
    compiler: ModuleType, tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in ARTICLE
    articles, wrong = compiled(compiler, tmp_path, ARTICLE.replace(old, new, 1))
    assert articles == []
    assert len(wrong) == 1
    assert says in wrong[0]
    assert "a.txt" in wrong[0]


def test_content_inside_another_must_be_called_nested(compiler: ModuleType, tmp_path: Path) -> None:
    inner = "\ncontent: في الأسعار @2\nwho: سامر العطار\nform: indirect\nact: deny\n"
    _, wrong = compiled(compiler, tmp_path, ARTICLE + inner)
    assert len(wrong) == 1
    assert "add 'nested: yes'" in wrong[0]
