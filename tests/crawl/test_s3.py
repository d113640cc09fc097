"""A crawl from a bucket into a bucket, as with CC-NEWS, by a server that speaks S3's protocol."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from crawl_samples import command, crawl

s3fs = pytest.importorskip("s3fs")
moto_server = pytest.importorskip("moto.server")

TABLES = ("articles", "statements", "repeats", "failed")


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A store with an empty bucket, where this process and those that it starts look for S3."""
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "reader")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "fish")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    files = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    files.mkdir("news")
    yield files
    server.stop()


def test_a_crawl_between_buckets_gives_the_same_tables_also_after_a_kill(
    store: Any, archive: Path, crawled: Path
) -> None:
    store.put(f"{archive}/", "news/archive/", recursive=True)
    arguments = ("s3://news/archive", "s3://news/out", "--workers", 2)
    config = ("--config", crawled.parent / "config.toml")
    process = subprocess.Popen(
        command(*arguments, *config),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 120
    while not store.glob("news/out/work/extract/completions/*"):
        assert process.poll() is None, "it was done, or failed, before the kill"
        assert time.monotonic() < until
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not store.exists("news/out/report.json")
    done = crawl(*arguments, *config)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    said = (crawled.parent / "said").read_text()
    assert done.stdout.splitlines()[:4] == said.splitlines()[:4]
    for table in TABLES:
        here = {path.name: path.read_bytes() for path in (crawled / table).iterdir()}
        names = store.ls(f"news/out/{table}")
        there = {name.rpartition("/")[2]: store.cat_file(name) for name in names}
        assert there == here
    assert not [name for name in store.find("news/out") if name.endswith(".part")]
