"""Unlabelled articles as several trained readers read them together: what a student learns from beside gold.

    python training/silver.py ../shared work/silver.pt A.npz B.npz [--articles 6000]

The teachers' chances of a cue are averaged and kept for every token (soft targets, Hinton et al. 2015);
contents and speakers are those of the surer teacher. Articles of gold/dev are left out, and those of
gold/train, so that a teacher's fold stays unseen.
"""

from __future__ import annotations

import argparse
import copy
import random
from pathlib import Path

import numpy as np
import torch

from corpus import records
from gold import as_article, load
from qawl.model import FORMS
from qawl.reader import acts, contents, cues, speakers
from qawl.reader.columns import columns
from qawl.reader.network import Network, softmax
from qawl.reader.threads import one_thread


def read(article, networks):
    """(chances of every token, statements as token indices) of one article."""
    c = columns(article, networks[0].alphabet)
    if not c.spans:
        return None
    vectors = [n.encode(c) for n in networks]
    chances = sum(softmax(n.layers("cue", h, 0, 3)) for n, h in zip(networks, vectors, strict=True))
    chances /= len(networks)
    drafts, labels = cues.pick(c, chances)
    versions = []
    for n, h in zip(networks, vectors, strict=True):
        mine = copy.deepcopy(drafts)
        scene = contents.scene(c, h, n, mine, labels)
        contents.find(scene, mine)
        speakers.find(scene, mine)
        for d in mine:
            if d.start >= 0 and d.end < d.start:
                d.start = -1
        kept = [d for d in mine if d.start >= 0]
        if kept:
            acts.find(contents.scene(c, h, n, kept, labels), kept)
        versions.append(mine)
    rows = []
    for k in range(len(drafts)):
        best = max(
            (v[k] for v in versions), key=lambda d: d.content_probability if d.start >= 0 else -1
        )
        voice = max((v[k] for v in versions), key=lambda d: d.speaker_probability)
        if best.start < 0 or best.cue_probability < 0.5:
            continue
        rows.append(
            (
                best.cue,
                best.cue_last,
                best.start,
                best.end,
                *(voice.speaker or (-1, -1)),
                FORMS.index(best.form),
                best.bare,
                float(best.content_probability),
            )
        )
    return chances.astype(np.float16), rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("out")
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--articles", type=int, default=6000)
    args = parser.parse_args()
    networks = [Network.load(m) for m in args.models]
    held = set()
    for name in ("dev", "train"):
        for a in load(args.shared / f"gold/{name}.jsonl"):
            held |= {a["title"].strip(), a["text"].strip()[:80]}
    pool = [
        r
        for r in records(args.shared)
        if 600 < len(r.get("text") or "") < 4500
        and (r.get("title") or "").strip() not in held
        and r["text"].strip()[:80] not in held
    ]
    random.Random(3).shuffle(pool)
    out, statements = [], 0
    with one_thread():
        for r in pool[: args.articles]:
            row = {"id": r["id"], "title": r.get("title") or "", "text": r["text"]}
            got = read(as_article(row), networks)
            if got is None:
                continue
            out.append((row, *got))
            statements += len(got[1])
    torch.save(out, args.out)
    print(f"{len(out)} articles, {statements} statements, read by {[n.version for n in networks]}")


if __name__ == "__main__":
    main()
