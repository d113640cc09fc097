"""The articles that the benchmarks read: from a folder of shared data, or the project's own."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]

#: Articles shorter than this (code points) are bare captions and say nothing about reading.
SHORTEST = 300


@dataclass(frozen=True, slots=True)
class Corpus:
    """Rows with ``title`` and ``text``, and in words what they are."""

    rows: tuple[dict[str, str], ...]
    what: str

    @property
    def megabytes(self) -> float:
        """The UTF-8 size of titles and texts, in 10^6 bytes."""
        return sum(len((r["title"] + r["text"]).encode()) for r in self.rows) / 1e6


def load(folder: Path | None, count: int) -> Corpus:
    """``count`` articles at most, the same ones each time.

    From ``folder``: half from gold/train.jsonl, the rest from text/*.jsonl.gz in equal shares;
    without a folder: the project's own gold and samples. Exits with a message where none is found.
    """
    if folder is None:
        paths = sorted([*PROJECT.glob("tests/gold/*.jsonl"), *PROJECT.glob("samples/*.jsonl")])
        rows = [row for path in paths for row in read(path)]
        if not rows:
            raise SystemExit(
                "no articles: tests/gold and samples hold no .jsonl; give a folder such as ../shared"
            )
        what = "the project's own articles (tests/gold, samples)"
        return Corpus(tuple(_sample(rows, count)), what)
    gold, texts = folder / "gold" / "train.jsonl", sorted((folder / "text").glob("*.jsonl.gz"))
    if not folder.is_dir() or not (gold.exists() or texts):
        raise SystemExit(
            f"{folder}: neither gold/train.jsonl nor text/*.jsonl.gz is there; give the folder of "
            "shared data, or none for the project's own articles"
        )
    chosen: list[dict[str, str]] = []
    if gold.exists():
        chosen += _sample(list(read(gold)), count // 2 if texts else count)
    for number, path in enumerate(texts):
        share = (count - len(chosen)) // (len(texts) - number)
        chosen += _sample(list(read(path)), share)
    names = [p.name for p in (gold, *texts) if p.exists()]
    return Corpus(tuple(chosen), ", ".join(names))


def read(path: Path) -> Iterator[dict[str, str]]:
    """The articles of a JSONL file (also .gz) that are no bare captions."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            row = json.loads(line)
            text = row.get("text") or ""
            if len(text) >= SHORTEST:
                yield {"title": row.get("title") or "", "text": text}


def _sample(rows: list[dict[str, str]], count: int) -> list[dict[str, str]]:
    return rows if len(rows) <= count else random.Random(0).sample(rows, count)
