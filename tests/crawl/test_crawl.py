"""`qawl crawl` as people run it: real processes over a real archive, killed, gone on with, poisoned."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from crawl_samples import ARTICLES, command, crawl, page

import qawl
from qawl.formats.csv_table import JOIN


def rows(output: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table, in the order of its files."""
    from pyarrow import parquet

    return [
        row
        for path in sorted((output / table).glob("*.parquet"))
        for row in parquet.read_table(path).to_pylist()
    ]


def tables(output: Path) -> dict[str, bytes]:
    """Every table, as bytes."""
    found = {
        f"{path.parent.name}/{path.name}": path.read_bytes()
        for table in ("articles", "statements", "repeats", "failed")
        for path in (output / table).glob("*")
    }
    assert found
    return found


def test_every_page_has_its_place(crawled: Path) -> None:
    report = json.loads((crawled / "report.json").read_text())
    assert report["passed_over"] == {"no web page": 1, "not Arabic": 2}
    assert report["failed"] == {"damaged": 2, "time": 1}
    assert report["repeats"] == {"exact": 1, "near": 1}
    assert report["articles"] == 10
    places = ("passed_over", "failed", "repeats")
    assert report["pages"] == 18 == 10 + sum(sum(report[name].values()) for name in places)
    assert set(report["seconds"]) == {"pages", "keep", "extract", "repeats", "read", "write"}
    assert report["statements"] == len(rows(crawled, "statements")) > 20


def test_the_report_is_told_to_people(crawled: Path) -> None:
    said = (crawled.parent / "said").read_text()
    assert said.startswith("18 pages: 10 read as articles, with ")
    assert "3 failed: damaged 2, time 1" in said
    assert "2 repeats dropped" in said


def test_the_tables_are_those_of_the_other_formats(crawled: Path) -> None:
    from pyarrow import parquet

    from qawl.formats.parquet import article_schema, statement_schema

    for table, schema in (("articles", article_schema()), ("statements", statement_schema())):
        for path in (crawled / table).glob("*.parquet"):
            written = parquet.read_schema(path)
            assert (written.names, written.metadata) == (schema.names, schema.metadata)
    articles = {row["article_id"]: row for row in rows(crawled, "articles")}
    statements = rows(crawled, "statements")
    for row in statements:
        text = articles[row["article_id"]]["text"]
        for part in row["content"]:
            assert text[part["start"] : part["end"]] == part["text"]
    for ident, row in articles.items():
        assert row["statements"] == sum(s["article_id"] == ident for s in statements)


def test_a_crawled_article_is_read_as_any_other(crawled: Path) -> None:
    (row,) = [r for r in rows(crawled, "articles") if r["article_id"] == "page8.html"]
    alone = qawl.read(page(8), id="page8.html")
    assert row["text"] == alone.text
    said = [r["text"] for r in rows(crawled, "statements") if r["article_id"] == "page8.html"]
    assert said == [JOIN.join(part.text for part in s.content) for s in alone.statements]


def test_windows_1256_is_read_and_its_address_kept(crawled: Path) -> None:
    (row,) = [
        r for r in rows(crawled, "articles") if r["address"] == "https://outlet.example/news/13"
    ]
    assert row["title"] == ARTICLES[7]["title"]
    assert row["fetched"].isoformat() == "2024-05-01T10:00:00+00:00"


def test_poison_and_damage_are_listed_with_their_reasons(crawled: Path) -> None:
    failed = {row["address"]: row for row in rows(crawled, "failed")}
    slow = failed["https://outlet.example/news/12"]
    assert (slow["stage"], slow["why"]) == ("extract", "time")
    assert "0.7 s" in slow["detail"]
    assert sorted(r["why"] for r in rows(crawled, "failed")) == ["damaged", "damaged", "time"]


def test_repeats_name_what_stays(crawled: Path) -> None:
    repeats = {row["address"]: row for row in rows(crawled, "repeats")}
    kept = {row["article_id"]: row["address"] for row in rows(crawled, "articles")}
    near = repeats["https://outlet.example/news/0"]
    assert not near["exact"]
    assert kept[near["repeats"]] == "https://outlet.example/news/21"
    exact = repeats["https://outlet.example/news/20"]
    assert exact["exact"]
    assert kept[exact["repeats"]] == "https://outlet.example/news/1"


def test_the_same_command_again_reads_nothing(archive: Path, crawled: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in crawled.rglob("*.parquet")}
    done = crawl(archive, crawled, "--config", crawled.parent / "config.toml")
    assert done.returncode == 0
    assert "18 pages: 10 read" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in crawled.rglob("*.parquet")} == before


def test_killed_and_gone_on_with_by_other_workers_gives_the_same_bytes(
    archive: Path, crawled: Path, tmp_path: Path
) -> None:
    config = crawled.parent / "config.toml"
    output = tmp_path / "out"
    for mark in ("work/extract/completions", "work/read/completions"):
        process = subprocess.Popen(
            command(archive, output, "--config", config), stderr=subprocess.DEVNULL
        )
        _until(lambda mark=mark: any((output / mark).glob("*")), process)
        process.send_signal(signal.SIGKILL)
        process.wait()
    finished = {p: p.stat().st_mtime_ns for p in (output / "articles").glob("*.parquet")}
    marked = {p.name for p in (output / "work/read/completions").glob("*")}
    done = crawl(archive, output, "--config", config, "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert "going on with the crawl" in done.stderr
    assert tables(output) == tables(crawled)
    for path, moment in finished.items():
        if path.stem in marked:
            assert path.stat().st_mtime_ns == moment, "a finished shard was read again"
    assert not list(output.rglob("*.part"))


def test_a_lost_worker_costs_nothing(archive: Path, crawled: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    config = crawled.parent / "config.toml"
    process = subprocess.Popen(
        command(archive, output, "--config", config), stderr=subprocess.PIPE, text=True
    )
    told = output / "work/progress/extract"
    _until(lambda: any(told.glob("*.json")), process)
    worker = 0
    while not worker:
        for path in told.glob("*.json"):
            said = path.read_text()
            worker = int(json.loads(said)["worker"].rpartition(":")[2]) if said else 0
    os.kill(worker, signal.SIGKILL)
    assert process.wait(timeout=120) == 0, process.stderr.read() if process.stderr else ""
    assert tables(output) == tables(crawled)


def _until(what: Any, process: subprocess.Popen[Any]) -> None:
    for _ in range(6000):
        if what():
            return
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)
    pytest.fail("it did not come so far")


def test_what_was_crawled_can_be_read_again(crawled: Path, tmp_path: Path) -> None:
    again = crawl(f"file://{crawled}", f"file://{tmp_path}/out", "--repeats", "none")
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("10 pages: 10 read as articles")
    for table in ("articles", "statements"):
        assert rows(tmp_path / "out", table) == rows(crawled, table)


def test_what_cannot_be_written_is_told(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    (output / "work").mkdir(parents=True)
    (output / "work" / "extracted").write_text("a file where a folder should be")
    done = crawl(archive, output, "--repeats", "none")
    assert done.returncode == 1
    assert "give the same command again" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import qawl.crawl
    from qawl.errors import MissingExtraError

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'qawl\[crawl\]'"):
        qawl.crawl.needs_engine()


def test_a_second_crawl_waits_for_no_one(archive: Path, crawled: Path) -> None:
    import fcntl

    with (crawled / "work/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = crawl(archive, crawled, "--config", crawled.parent / "config.toml")
    assert done.returncode == 1
    assert "another crawl is writing" in done.stderr


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("worker = 2", "did you mean workers?"),
        ("page_seconds = 0", "above 0"),
        ("repeats = 'some'", "one of near, exact, none"),
        ("workers = 'two'", "whole number"),
        ("slurm = 1", "a table"),
        ("= 2", "not TOML"),
    ],
)
def test_a_wrong_setting_is_told(archive: Path, tmp_path: Path, config: str, said: str) -> None:
    from click.testing import CliRunner

    from qawl.cli.crawl import crawl as verb
    from qawl.errors import InputError

    (tmp_path / "config.toml").write_text(config)
    with pytest.raises(InputError, match=said):
        CliRunner().invoke(
            verb,
            [str(archive), str(tmp_path / "out"), "--config", str(tmp_path / "config.toml")],
            catch_exceptions=False,
        )


@pytest.mark.parametrize(
    ("source", "said"), [("nowhere", "nothing at"), ("empty", "nothing at"), ("pdf", "no file")]
)
def test_an_input_with_nothing_to_read_is_told(tmp_path: Path, source: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / "a.pdf").write_bytes(b"%PDF")
    done = crawl(tmp_path / source, tmp_path / "out")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "articles").exists()


def test_slurm_without_a_partition_says_what_to_write(archive: Path, tmp_path: Path) -> None:
    done = crawl(archive, tmp_path / "out", "--executor", "slurm")
    assert done.returncode == 1
    assert "partition and time" in done.stderr


def test_stopped_by_hand_it_says_how_to_go_on(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    process = subprocess.Popen(
        command(archive, output, "--workers", 2),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    _until(lambda: any((output / "work/progress/extract").glob("*.json")), process)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "the same command goes on" in said
    assert "Traceback" not in said
