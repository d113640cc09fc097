"""docs/crawl.md: its queries run on real tables, its settings are the defaults, its pipeline runs."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest
from crawl_samples import ARTICLES

from qawl.crawl.settings import Running, Settings, load

PAGE = Path(__file__).resolve().parents[2] / "docs" / "crawl.md"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_queries_run_and_find_something(crawled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.chdir(crawled.parent)
    (sql,) = blocks("sql")
    found = [duckdb.sql(query).fetchall() for query in sql.split(";") if query.strip()]
    assert len(found) == 6
    assert [k for k, rows in enumerate(found) if not rows] == []


def test_the_settings_shown_are_the_defaults() -> None:
    defaults = asdict(Settings()) | asdict(Running())
    assert tomllib.loads(blocks("toml")[0]) == defaults


def test_the_settings_for_slurm_are_taken(tmp_path: Path) -> None:
    (tmp_path / "slurm.toml").write_text(blocks("toml")[1])
    settings, running = load(tmp_path / "slurm.toml")
    assert settings == Settings()
    assert (running.executor, running.workers) == ("slurm", 200)
    from datatrove.executor.slurm import SlurmPipelineExecutor

    SlurmPipelineExecutor([], tasks=1, logging_dir=str(tmp_path), **running.slurm)


def test_the_pipeline_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles").mkdir()
    lines = "\n".join(json.dumps(a, ensure_ascii=False) for a in ARTICLES)
    (tmp_path / "articles" / "a.jsonl").write_text(lines, "utf-8")
    exec(compile(blocks("python")[0].replace("workers=2", "workers=1"), str(PAGE), "exec"), {})
    with gzip.open(tmp_path / "statements" / "00000.jsonl.gz") as lines_written:
        written = lines_written.read().splitlines()
    assert len(written) == len(ARTICLES)
    assert all(json.loads(line)["metadata"]["statements"] for line in written)


def test_the_other_recipes_are_python() -> None:
    for block in blocks("python"):
        compile(block, str(PAGE), "exec")
