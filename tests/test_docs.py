"""The documents: links lead somewhere, code runs, commands exist, printed output is real.

    python tests/test_docs.py

prints the output of the commands shown in the documents anew, where the reader has changed.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "README.ar.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
PAGES += sorted((ROOT / "docs").glob("*.md"))
#: Pages that show what commands print: in a "console" block after this mark, one command a block.
MARK = "<!-- real output -->\n"
SHOWN = [ROOT / "README.md", ROOT / "README.ar.md", ROOT / "docs" / "getting-started.md"]

_FENCED = re.compile(r"^```(?P<kind>[^\n`]*)\n(?P<body>.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")


def relative(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, *kinds: str) -> Iterator[tuple[int, str]]:
    """(line, body) of the fenced blocks of these kinds; the line is that of the body's first."""
    text = page.read_text("utf-8")
    for found in _FENCED.finditer(text):
        if found["kind"].strip() in kinds:
            yield text.count("\n", 0, found.start("body")) + 1, found["body"]


def links(page: Path) -> Iterator[str]:
    text = _FENCED.sub("", page.read_text("utf-8"))
    for found in _LINK.finditer(re.sub(r"`[^`\n]*`", "", text)):
        yield found["target"]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = set()
    for heading in re.findall(
        r"^#+ +(.+)$", _FENCED.sub("", page.read_text("utf-8")), re.MULTILINE
    ):
        words = re.sub(r"[^\w\s-]", "", heading.strip().lower())
        found.add(re.sub(r"\s", "-", words))
    return found


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_relative_links_lead_to_files(page: Path) -> None:
    for link in links(page):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_relative_to(ROOT), f"{link} leads out of the project"
        assert target.exists(), f"{link} leads to nothing"
        if anchor:
            assert anchor in anchors(target), f"{link}: there is no such heading"


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_code_fences_are_closed(page: Path) -> None:
    rest = _FENCED.sub("", page.read_text("utf-8"))
    assert "```" not in rest


def test_every_page_of_docs_is_in_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    assert set((ROOT / "docs").glob("*.md")) - {index} <= linked


def test_python_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("spacy")
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    page = ROOT / "docs" / "python.md"
    names: dict[str, Any] = {"__name__": "__main__"}
    ran = 0
    for line, body in blocks(page, "python", "pycon"):
        if ">>>" in body:
            example = doctest.DocTestParser().get_doctest(
                body, names, f"{relative(page)}:{line}", str(page), line - 1
            )
            said: list[str] = []
            runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
            runner.run(example, out=said.append, clear_globs=False)
            assert not runner.failures, "".join(said)
            names.update(example.globs)
        else:
            # lines are counted so that a traceback points into the page
            exec(compile("\n" * (line - 1) + body, str(page), "exec"), names)
        ran += 1
    assert ran > 5


@pytest.mark.parametrize("page", ["README.md", "README.ar.md"])
def test_the_readme_example_runs(
    page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT / "docs" / "examples")
    for _, body in blocks(ROOT / page, "python"):
        exec(compile(body, page, "exec"), {})
    printed = capsys.readouterr().out
    assert "ليلى الخطيب" in printed
    assert "الجسر عاد لأهله، ولن يدفع أحد رسما لعبوره" in printed


def commands() -> Iterator[tuple[str, str]]:
    """(page, command) for each qawl command that a page shows."""
    for page in PAGES:
        for _, body in blocks(page, "console"):
            for line in body.splitlines():
                if line.startswith("$ "):
                    for part in re.split(r"\s*(?:\||>|&&)\s*", line[2:].partition(" #")[0]):
                        if re.match(r"(?:\S*/)?qawl ", part):
                            yield relative(page), part


@pytest.mark.parametrize(("page", "command"), [*commands()])
def test_the_commands_shown_exist(page: str, command: str) -> None:
    from qawl.cli import cli

    words = shlex.split(command)[1:]
    if words[0].startswith("-"):
        assert words[0] in {"--version", "--help", "-h"}
        return
    context = click.Context(cli)
    verb = cli.get_command(context, words[0])
    assert verb is not None, f"{page}: {command}"
    verb.make_context(words[0], words[1:], parent=context)


def shown(page: Path) -> Iterator[tuple[str, str]]:
    """(block, the block as it should be) for each marked block, fences included."""
    text = page.read_text("utf-8")
    for found in re.finditer(MARK + r"```console\n\$ (.+)\n(?s:.*?)^```$", text, re.MULTILINE):
        yield found[0], f"{MARK}```console\n$ {found[1]}\n{output(found[1])}```"


def output(command: str) -> str:
    """What a command prints when it is run in docs/examples."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("QAWL", "COLUMNS"))}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT / "docs" / "examples",
        env={**environment, "COLUMNS": "80", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n") + "\n"


@pytest.mark.parametrize("page", SHOWN, ids=relative)
def test_the_output_shown_is_what_is_printed(page: Path) -> None:
    blocks_shown = list(shown(page))
    assert len(blocks_shown) == page.read_text("utf-8").count(MARK) > 0
    for written, printed in blocks_shown:
        assert written == printed, "run: python tests/test_docs.py"


def renew() -> None:
    """Writes the output of the commands shown anew."""
    for page in SHOWN:
        text = page.read_text("utf-8")
        for written, printed in shown(page):
            text = text.replace(written, printed)
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    renew()
