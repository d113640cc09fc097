"""Unlabelled text as folded tokens, a paragraph a line: what the word vectors are learned from.

    python training/corpus.py ../shared work/corpus.txt

Reads text/ant_multisource.jsonl.gz, text/ant_jawharafm.jsonl.gz and the texts (never the marks) of
gold/train.jsonl. Articles whose title or first 80 characters stand in gold/dev.jsonl are left out,
so that nothing of the measure is seen. saudinewsnet is left out for its licence (NC).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

from gold import load
from qawl.arabic.letters import fold_word
from qawl.arabic.tokens import tokens


def records(shared: Path) -> Iterator[dict[str, str]]:
    for name in ("text/ant_multisource.jsonl.gz", "text/ant_jawharafm.jsonl.gz"):
        with gzip.open(shared / name, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    with open(shared / "gold/train.jsonl", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def unheld(shared: Path) -> list[dict[str, str]]:
    """All of ``records`` but those whose title or first 80 characters stand in gold/dev.jsonl."""
    if not (shared / "gold/dev.jsonl").exists():
        raise SystemExit(f"{shared} holds no gold/dev.jsonl; give the folder of shared data")
    held_out = set()
    for article in load(shared / "gold/dev.jsonl"):
        held_out |= {article["title"].strip(), article["text"].strip()[:80]}
    held_out.discard("")
    return [
        {"id": str(r.get("id", "")), "title": r.get("title") or "", "text": r.get("text") or ""}
        for r in records(shared)
        if (r.get("title") or "").strip() not in held_out
        and (r.get("text") or "").strip()[:80] not in held_out
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    paragraphs: list[str] = []
    for record in unheld(args.shared):
        title, text = record["title"], record["text"]
        for line in (title + "\n" + text).split("\n"):
            words = [fold_word(t.text) for t in tokens(line)]
            if len(words) > 3:
                paragraphs.append(" ".join(w for w in words if w))
    random.Random(0).shuffle(paragraphs)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text("\n".join(paragraphs), encoding="utf-8")
    print(f"{len(paragraphs)} paragraphs → {args.out}")


if __name__ == "__main__":
    main()
