"""Pages and WARC files made of the project's own samples, for the tests of the crawl."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "ten_articles.jsonl"
ARTICLES: list[dict[str, str]] = [
    json.loads(line) for line in SAMPLES.read_text("utf-8").splitlines()
]
ENGLISH = "<html lang='en'><body>" + "<p>The council said that the bridge opens soon.</p>" * 30


def page(number: int, *, charset: str = "utf-8", more: str = "") -> bytes:
    """The page of a sample, by its number."""
    sample = ARTICLES[number % len(ARTICLES)]
    body = "".join(f"<p>{line}</p>" for line in sample["text"].split("\n"))
    html = (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="{charset}">'
        f"<title>{sample['title']}</title></head><body><nav><a href='/'>الأولى</a></nav>"
        f"<article><h1>{sample['title']}</h1>{body}{more}</article></body></html>"
    )
    return html.encode(charset, "xmlcharrefreplace")


def record(
    number: int,
    body: bytes,
    kind: str = "text/html; charset=utf-8",
    status: int = 200,
    headers: str = "",
) -> bytes:
    """A WARC response record, not packed."""
    http = f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\n{headers}\r\n".encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
        "WARC-Date: 2024-05-01T10:00:00Z\r\n"
        f"WARC-Target-URI: https://outlet.example/news/{number}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def packed(data: bytes, how: str = "gz") -> bytes:
    """A record as a member of its own: gz, zst, or plain."""
    if how == "gz":
        return gzip.compress(data, mtime=0)
    if how == "zst":
        import pyarrow as pa

        return bytes(pa.compress(data, codec="zstd", asbytes=True))
    return data


def warc(path: Path, records: list[bytes], how: str = "gz") -> Path:
    """Writes a WARC file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(packed(one, how) for one in records))
    return path


def crawl(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs `qawl crawl` to its end."""
    return subprocess.run(command(*arguments), capture_output=True, encoding="utf-8", cwd=cwd)


def command(*arguments: object) -> list[str]:
    """How to start it."""
    return [sys.executable, "-m", "qawl.cli", "crawl", *map(str, arguments)]
