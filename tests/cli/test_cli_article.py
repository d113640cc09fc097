"""qawl article: an article, its versions, and its page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qawl.cli import cli
from qawl.cli.article import _Style
from qawl.model import Span
from qawl.record.changes import Difference

HEAD = (
    '<html lang="ar"><head><meta charset="utf-8"><title>العبدلي: الجسر جاهز</title>'
    '<link rel="canonical" href="https://jisr.example/7"></head><body><article>'
    "<h1>العبدلي: الجسر جاهز</h1>"
)
BODY = (
    "<p>قال مدير الطرق سمير العبدلي إن 12 عاملا أنهوا الجسر قبل موعده المحدد بأسبوعين كاملين.</p>"
    "<p>ويصل الجسر بين ضفتي النهر في أضيق موضع منه، قرب السوق القديمة.</p>"
    "<p>وأضاف أن المديرية لن تفرض رسوما على العبور.</p>"
)


@pytest.fixture
def db(where: str, tmp_path: Path) -> str:
    for name, body in (
        ("a.html", BODY),
        ("b.html", BODY.replace("12", "15").replace("لن تفرض", "ستفرض")),
    ):
        (tmp_path / name).write_text(f"{HEAD}{body}</article></body></html>", "utf-8")
        assert run("add", "--db", where, str(tmp_path / name)).exit_code == 0
    return where


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_an_article_shows_its_statements_and_what_changed(db: str) -> None:
    done = run("article", "--db", db, "2")
    assert done.exit_code == 0, done.output
    out = done.output
    assert out.startswith("#2  العبدلي: الجسر جاهز\n")
    assert "https://jisr.example/7" in out
    assert "2#s1" in out
    assert "2 versions:" in out
    assert "from version 1 to 2: " in out
    assert "إن [-12-] {+15+} عاملا" in out
    assert "المديرية [-لن تفرض-] {+ستفرض+} رسوما" in out
    assert "unchanged paragraph" in out
    assert "another number · 2#s" in out
    assert "another negation · 2#s" in out
    assert "\033" not in out


def test_two_versions_may_be_chosen(db: str) -> None:
    out = run("article", "--db", db, "1", "--versions", "2:1").output
    assert "from version 2 to 1: " in out
    assert "[-15-] {+12+}" in out
    for pair, why in (("1:9", "no version 9; it has 1, 2"), ("new", "write 1:3")):
        assert why in str(run("article", "--db", db, "1", "--versions", pair).exception)
    assert "no article 77" in str(run("article", "--db", db, "77").exception)


def test_json_has_spans_of_both_texts(db: str) -> None:
    new = json.loads(run("article", "--db", db, "2", "--format", "json").output)
    old = json.loads(run("article", "--db", db, "1", "--format", "json").output)
    assert (new["number"], new["version"], old["version"]) == (2, 2, 1)
    assert [v["newest"] for v in new["versions"]] == [False, True]
    (change,) = new["changes"]
    assert (change["from"], change["to"]) == (1, 2)
    for difference in change["differences"]:
        for side, text in (("old", old["text"]), ("new", new["text"])):
            span = difference[side]
            assert text[span["start"] : span["end"]] == span["text"]
    assert {"12", "15"} <= {
        difference[side]["text"].strip()
        for difference in change["differences"]
        for side in ("old", "new")
    }
    assert any("negation" in s["changed"] for s in change["statements"])
    known = {s["id"] for s in new["statements"]}
    assert {s["new"] for s in change["statements"] if s["new"]} == known
    assert new["statements"][0]["source"]["name"]


def test_the_page_is_given_back_as_it_came(db: str, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert run("article", "--db", db, "1", "--page", str(out)).exit_code == 0
    assert out.read_bytes() == (tmp_path / "a.html").read_bytes()
    assert run("article", "--db", db, "2", "--page", "-").stdout_bytes == (
        (tmp_path / "b.html").read_bytes()
    )
    text = tmp_path / "t.txt"
    text.write_text("قال سمير العبدلي إن الجسر مفتوح.", "utf-8")
    assert run("add", "--db", db, str(text)).exit_code == 0
    assert "no page was kept" in str(run("article", "--db", db, "3", "--page", "-").exception)


def test_colour_stands_beside_the_signs() -> None:
    part = Difference("replaced", Span(0, 3, "12 "), Span(0, 3, "15 "))
    assert _Style(True).parts([part]) == "\033[31;9m[-12-]\033[0m \033[32;4m{+15+}\033[0m"
    assert _Style(False).parts([part]) == "[-12-] {+15+}"
