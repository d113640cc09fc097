"""Files, folders and standard input → articles, with what cannot be read reported."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qawl.errors import InputError
from qawl.model import Article
from qawl.sources import article_from, articles, sniff

TITLE = "وزيرة المياه: منسوب السد مطمئن"
SAID = "قالت وزيرة المياه، نهى الشاذلي، إن المنسوب مطمئن تماما، مؤكدة أن الصيانة انتهت قبل موعدها."
TEXT = f"{TITLE}\n{SAID}\n{SAID}"
PAGE = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{SAID}</p><p>{SAID}!</p></body></html>"
PAGES = Path(__file__).parent / "pages"

Problem = tuple[str, int | None, str]


def record(ident: str) -> str:
    return json.dumps({"id": ident, "title": TITLE, "text": SAID}, ensure_ascii=False)


def read(*paths: str | Path) -> tuple[list[Article], list[Problem]]:
    problems: list[Problem] = []
    return list(articles(paths, on_error=lambda *p: problems.append(p))), problems


def test_each_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "b.html").write_text(PAGE, "utf-8")
    (tmp_path / "c.jsonl").write_text(record("c1") + "\n" + record("c2") + "\n", "utf-8")
    (tmp_path / "d.json").write_text(f"[{record('d1')}, {record('d2')}]", "utf-8")
    (tmp_path / "e.json").write_text(json.dumps(json.loads(record("e1")), indent=1), "utf-8")
    (tmp_path / "f.json").write_text(record("f1") + "\n" + record("f2"), "utf-8")
    (tmp_path / "g.txt.gz").write_bytes(gzip.compress(TEXT.encode("windows-1256")))
    (tmp_path / "h.jsonl.gz").write_bytes(gzip.compress(record("h1").encode()))
    (tmp_path / "notes.md").write_text("لا", "utf-8")
    (tmp_path / ".hidden.txt").write_text("لا", "utf-8")
    found, problems = read(tmp_path)
    assert problems == []
    assert [a.id for a in found] == [
        "a.txt", "b.html", "c1", "c2", "d1", "d2", "e1", "f1", "f2", "g.txt.gz", "h1",
    ]  # fmt: skip
    assert {a.title for a in found} == {TITLE}
    assert found[0].text == TEXT == found[9].text


def test_folders_are_walked_in_order_and_ids_are_paths_within(tmp_path: Path) -> None:
    for name in ("2025/03/b.txt", "2025/03/a.txt", "2025/01/z.txt", "x.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TEXT, "utf-8")
    found, _ = read(tmp_path)
    assert [a.id for a in found] == ["2025/01/z.txt", "2025/03/a.txt", "2025/03/b.txt", "x.txt"]


def test_what_cannot_be_read_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(TEXT, "utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "paper.txt").write_bytes(b"%PDF-1.4\n%\xe2\xe3")
    (tmp_path / "cut.txt.gz").write_bytes(gzip.compress(TEXT.encode() * 50)[:60])
    (tmp_path / "bad.jsonl").write_text(f"{record('a')}\n{{\n{record('b')}", "utf-8")
    (tmp_path / "bad.json").write_text("[1, ", "utf-8")
    (tmp_path / "list.html").write_text("<html><body><a href=x>خبر</a></body></html>", "utf-8")
    (tmp_path / "none").mkdir()
    names = [
        "empty.txt",
        "paper.txt",
        "cut.txt.gz",
        "missing.txt",
        "bad.jsonl",
        "bad.json",
        "list.html",
        "none",
    ]
    found, problems = read(*(tmp_path / n for n in names), good)
    assert [a.id for a in found] == ["a", "b", "good.txt"]
    assert [(Path(name).name, line) for name, line, _ in problems] == [
        (n, 2 if n == "bad.jsonl" else None) for n in names
    ]
    said = " | ".join(message for _, _, message in problems)
    for part in (
        "empty",
        "a PDF",
        "gzip data is damaged",
        "no such file",
        "not JSON",
        "no article",
        "no article files",
    ):
        assert part in said


def test_without_a_callback_it_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.txt: there is no such file"):
        list(articles([tmp_path / "missing.txt"]))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, "utf-8")
    path.chmod(0)
    assert "cannot be read" in read(path)[1][0][2]


def test_a_given_file_of_any_name_is_read_by_what_it_holds(tmp_path: Path) -> None:
    for name, content in (("page", PAGE), ("lines", record("x") + "\n"), ("text.dat", TEXT)):
        (tmp_path / name).write_text(content, "utf-8")
    found, problems = read(tmp_path / "page", tmp_path / "lines", tmp_path / "text.dat")
    assert problems == []
    assert [a.id for a in found] == ["page", "x", "text.dat"]
    assert {a.title for a in found} == {TITLE}


def test_jsonl_in_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(record("a") + "\n" + record("b") + "\n", "utf-16")
    assert [a.id for a in read(path)[0]] == ["a", "b"]


def test_a_separator_of_lines_within_a_record_does_not_cut_it(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "نص\u2028نص\x85"}, ensure_ascii=False), "utf-8")
    assert [a.text for a in read(path)[0]] == ["نص\u2028نص\x85"]


def test_a_jsonl_file_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    data = gzip.compress((record("a") + "\n").encode() * 20_000)
    path.write_bytes(data[: len(data) // 2])  # cut: the beginning is read all the same
    found, problems = read(path)
    assert 1000 < len(found) < 20_000
    assert "gzip" in problems[0][2]


@pytest.mark.parametrize(("content", "ident"), [(PAGE, "-"), (record("x"), "x"), (TEXT, "-")])
def test_standard_input(content: str, ident: str) -> None:
    code = "from qawl.sources import articles\nfor a in articles(['-']): print(ascii(a.id), ascii(a.title))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=content.encode("utf-16"),
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().strip() == f"{ident!r} {TITLE!a}"


def test_standard_input_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.TextIOWrapper(io.BytesIO(TEXT.encode()))
    monkeypatch.setattr(sys, "stdin", raw)
    assert [a.title for a in articles(["-"])] == [TITLE]
    assert not raw.buffer.closed


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PAGE, "html"),
        ("<!-- saved -->\n<!DOCTYPE html><html>", "html"),
        ("\ufeff  <p>نص</p>", "html"),
        ("نص <p>أول</p> ثم <p>ثان</p>", "html"),
        (record("a"), "jsonl"),
        ('\n{"text": "broken', "jsonl"),
        (TEXT, "text"),
        ("قال: أ < ب", "text"),
        ("{نص} بين قوسين", "text"),
        ("", "text"),
    ],
)
def test_sniffing(content: str, kind: str) -> None:
    assert sniff(content) == kind


@pytest.mark.parametrize("content", [TEXT, PAGE, record("x"), TEXT.encode("utf-16"), PAGE.encode()])
def test_one_article_from_anything(content: str | bytes) -> None:
    found = article_from(content, outlet="وكالة الوادي")
    assert (found.title, found.outlet) == (TITLE, "وكالة الوادي")


def test_one_article_is_one() -> None:
    with pytest.raises(InputError, match="2 articles"):
        article_from(record("a") + "\n" + record("b"))
    with pytest.raises(InputError, match="empty"):
        article_from(b"  ")
    with pytest.raises(InputError, match="PNG"):
        article_from(b"\x89PNG\r\n\x1a\n0000")


def test_a_title_given_for_a_record() -> None:
    found = article_from(record("a"), title="آخر")
    assert found.text == f"آخر\n{SAID}"
    assert found.paragraphs[0].end == 3


def test_the_pages_of_the_tests_as_a_folder() -> None:
    found, problems = read(*sorted(PAGES.glob("*.html")))
    assert problems == []
    assert all(a.title and a.id.endswith(".html") for a in found)


def test_import_is_light() -> None:
    code = (
        "import sys, qawl.sources, qawl.reader.paragraphs, qawl.arabic.dates\n"
        "print([m for m in ('trafilatura', 'lxml', 'hijridate') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"
