"""Reads gold articles with a packed model and scores them.

python training/measure.py ../shared dev|K/N|FIRST-LAST [MODEL.npz] [--errors 40] [--marks marks.jsonl]
"""

from __future__ import annotations

import argparse
import json
import re
import time
from dataclasses import asdict
from pathlib import Path

from gold import load, scorer, split
from marks import marked
from qawl.model import Article
from qawl.reader import Reader


def line(article: Article) -> dict:
    keys = ("content", "cue", "speaker", "who", "form", "act", "nested", "confidence")
    rows = [asdict(s) for s in article.statements]
    return {
        "id": article.id,
        "statements": [{k: (list(r[k]) if k == "content" else r[k]) for k in keys} for r in rows],
    }


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("shared", type=Path)
    p.add_argument("which")
    p.add_argument("model", nargs="?", type=Path)
    p.add_argument("--errors", type=int, default=0)
    p.add_argument("--out", type=Path)
    p.add_argument("--marks", type=Path, help="marks.py's, for FIRST-LAST")
    p.add_argument("--min", type=float, default=0.0)
    args = p.parse_args()
    score = scorer(args.shared)

    if args.which in ("dev", "example"):
        rows = load(args.shared / f"gold/{args.which}.jsonl")
    elif part := re.fullmatch(r"(\d+)-(\d+)", args.which):
        rows = marked(args.shared, args.marks, int(part[1]), int(part[2]))
    elif args.which.endswith(".jsonl"):
        rows = load(Path(args.which))
    else:
        rows = split(load(args.shared / "gold/train.jsonl"), args.which)[1]
    reader = Reader(args.model, min_confidence=args.min)
    articles = [Article.of(r["text"], title=r["title"] or "", id=r["id"]) for r in rows]
    reader.read(articles[0])
    t = time.process_time()
    read = [reader.read(a) for a in articles]
    ms = (time.process_time() - t) / len(read) * 1000
    lines = [line(a) for a in read]
    if args.out:
        args.out.write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines))
    res, shown = score.score(rows, lines, args.errors)
    for k, v in res.items():
        print(f"{k:>22}: {v}")
    for row in shown:
        print("  ".join(row))
    print(f"{ms:.1f} ms an article")


if __name__ == "__main__":
    main()
