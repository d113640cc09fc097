"""Whether the reader errs more often for women: recall and sources of statements by the given name of who says them.

    python training/by_gender.py ../shared 7266-8160 --marks marks.jsonl

A source is a woman's or a man's where the first word of its name that the list of given names gives one gender has
that one; bodies and names that it lacks are left out. Intervals by bootstrap over articles.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from pathlib import Path

from choices import aliases_of
from gold import load, scorer
from marks import marked
from measure import line
from qawl.arabic.letters import fold
from qawl.arabic.lexicon import entries_of
from qawl.model import Article
from qawl.reader import Reader

ROUNDS = 1000


def gender(name: str) -> str | None:
    """ "f" or "m", or None where the list does not say."""
    for word in name.split():
        entries = [e for e in entries_of(fold(word)) if e.cls.startswith("name:given")]
        if entries and entries[0].gender in "mf":
            return entries[0].gender
        if not entries and entries_of(fold(word)):
            return None  # an office or a body
    return None


def counts(score, row, read) -> dict[str, tuple[int, int, int]]:
    """Of each gender in an article: statements, those found, those of them with the right source."""
    text = (row["title"] + "\n" if row.get("title") else "") + row["text"]
    pairs = {i: j for i, j, _ in score.pair(row["statements"], read["statements"], text)}
    aliases = aliases_of(score, row)
    out: dict[str, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for i, s in enumerate(row["statements"]):
        of = gender(s["who"])
        if of is None:
            continue
        found = i in pairs
        right = found and score.speaker_right(s, read["statements"][pairs[i]], aliases)
        some = out[of]
        out[of] = (some[0] + 1, some[1] + found, some[2] + right)
    return out


def figures(rows):
    said, found, right = (sum(column) for column in zip(*rows, strict=True))
    return said, found / max(said, 1), right / max(found, 1)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("shared", type=Path)
    p.add_argument("which", help="dev, or FIRST-LAST of the marks")
    p.add_argument("model", nargs="?", type=Path)
    p.add_argument("--marks", type=Path)
    args = p.parse_args()
    score = scorer(args.shared)
    if args.which == "dev":
        rows = load(args.shared / "gold/dev.jsonl")
    else:
        rows = marked(args.shared, args.marks, *map(int, args.which.split("-")))
    reader = Reader(args.model)
    articles = [Article.of(r["text"], title=r["title"] or "", id=r["id"]) for r in rows]
    every = [counts(score, r, line(reader.read(a))) for r, a in zip(rows, articles, strict=True)]
    chance = random.Random(0)
    for of, name in (("f", "women"), ("m", "men")):
        some = [c[of] for c in every if of in c]
        said, found, right = figures(some)
        drawn = [figures(chance.choices(some, k=len(some))) for _ in range(ROUNDS)]
        ends = [
            "–".join(f"{sorted(d[k] for d in drawn)[at]:.3f}" for at in (25, 974)) for k in (1, 2)
        ]
        print(
            f"{name}: {said} statements, found {found:.3f} [{ends[0]}], who {right:.3f} [{ends[1]}]"
        )


if __name__ == "__main__":
    main()
