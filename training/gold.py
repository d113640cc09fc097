"""Gold articles as columns and targets for the network."""

from __future__ import annotations

import json
import random
import sys
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path

from qawl.model import ACTS, FORMS, Article
from qawl.reader.columns import Alphabet, Columns, columns
from qawl.reader.paragraphs import mark


@dataclass
class Target:
    """A gold statement as token indices into its article (ends are inclusive)."""

    cue: int
    cue_last: int
    start: int
    end: int
    speaker: int  # -1: none
    speaker_end: int
    act: int
    form: int
    bare: bool  # no cue: ``cue`` is the opening quotation mark
    parts: int
    who: str
    sources: list[int]  # tokens at which a mention of the same source begins, its own speaker aside
    row: dict = field(repr=False)


@dataclass
class Example:
    article: Article
    columns: Columns
    targets: list[Target]
    row: dict
    choices: list | None = None  # of sources, once the names are known (choices.py)


def scorer(shared: Path):
    """The measure's own module: a choice is right where the measure says so."""
    if str(shared) not in sys.path:
        sys.path.insert(0, str(shared))
    import score

    return score


def load(path: Path) -> list[dict]:
    return [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]


def split(rows, fold):
    """(to learn, to watch) of articles: K/N leaves out the K-th of N parts, "all" leaves out none."""
    if fold == "all":
        return list(rows), []
    k, n = map(int, fold.split("/"))
    order = list(range(len(rows)))
    random.Random(7).shuffle(order)
    return (
        [rows[x] for p, x in enumerate(order) if p % n != k],
        [rows[x] for p, x in enumerate(order) if p % n == k],
    )


def as_article(row: dict) -> Article:
    article = Article.of(row["text"], title=row.get("title") or "", id=str(row["id"]))
    return mark(article)


def example(row: dict, alphabet: Alphabet) -> Example:
    article = as_article(row)
    cols = columns(article, alphabet)
    starts = [t.start for t in cols.tokens]

    def token_at(place: int) -> int:
        return max(bisect_right(starts, place) - 1, 0)

    targets = []
    for s in row["statements"]:
        start = token_at(s["content"][0]["start"])
        end = token_at(s["content"][-1]["end"] - 1)
        bare = s["cue"] is None
        if bare:
            cue = start - 1
            if cue < 0 or not cols.quotes.opens[cue]:
                continue
            cue_last = cue
        else:
            cue = token_at(s["cue"]["start"])
            cue_last = token_at(s["cue"]["end"] - 1)
        speaker = speaker_end = -1
        if s["speaker"]:
            speaker = token_at(s["speaker"]["start"])
            speaker_end = token_at(s["speaker"]["end"] - 1)
        targets.append(
            Target(
                cue, cue_last, start, end, speaker, speaker_end,
                ACTS.index(s["act"]), FORMS.index(s["form"]), bare, len(s["content"]), s["who"], [], s,
            )
        )  # fmt: skip
    # where the sources of this article are mentioned: as the gold's names and as its speakers
    mentions: dict[str, set[int]] = {}
    for t in targets:
        places = mentions.setdefault(t.who, set())
        at = article.text.find(t.who)
        while at >= 0:
            places.add(token_at(at))
            at = article.text.find(t.who, at + 1)
        if t.speaker >= 0:
            places.add(t.speaker)
    for t in targets:
        t.sources = sorted(mentions[t.who] - {t.speaker})
    targets.sort(key=lambda t: (t.cue, t.start))
    return Example(article, cols, targets, row)
