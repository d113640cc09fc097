"""Unlabelled articles as several trained readers read them together: what a student learns from beside gold.

    python training/silver.py ../shared work/silver.pt A.npz B.npz [--articles 6000]

The teachers' chances of a cue are averaged and kept for every token (soft targets, Hinton et al. 2015);
contents and speakers are those of the surer teacher, names those of both, and who is meant is kept where
the teachers agree. Articles of gold/dev are left out, and those of
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
from marks import marked
from qawl.model import FORMS
from qawl.reader import acts, contents, cues, speakers, who
from qawl.reader.columns import columns
from qawl.reader.draft import Draft
from qawl.reader.mentions import gather, names_of
from qawl.reader.network import Network, softmax
from qawl.reader.threads import one_thread
from qawl.reader.who_scores import WhoScores


def sources(c, scenes, drafts, names):
    """For each draft the first tokens of the source's mentions that all teachers mean, where they agree."""
    groups, own = gather(c, [d.speaker for d in drafts], names)
    said = [who.Said(d.cue, d.speaker, d.start, d.end) for d in drafts]
    context = who.Context(c, groups, own, said)
    candidates = [context.choices(k) for k in range(len(said))]
    chosen = [who.resolve(context, candidates, WhoScores(s, said, candidates)) for s in scenes]
    out = []
    for several in zip(*chosen, strict=True):
        roots = {context.root[g] if g >= 0 else -1 for g, _ in several}
        root = roots.pop()
        out.append(
            [p for g, r in zip(groups, context.root, strict=True) if r == root for p in g.places]
            if not roots and root >= 0
            else []
        )
    return out


def read(article, networks):
    """(chances of every token, its name's label, statements as token indices) of one article."""
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
    kept = []
    for k in range(len(drafts)):
        best = max(
            (v[k] for v in versions), key=lambda d: d.content_probability if d.start >= 0 else -1
        )
        voice = max((v[k] for v in versions), key=lambda d: d.speaker_probability)
        if best.start < 0 or best.cue_probability < 0.5:
            continue
        best.speaker = voice.speaker
        kept.append(best)
    kept.sort(key=lambda d: (d.cue, d.start))
    tags = sum(softmax(n.linear("ner", h)) for n, h in zip(networks, vectors, strict=True))
    tags = tags.argmax(axis=1)
    tags[c.sentence < 0] = 0
    names = names_of(tags.tolist())
    scenes = [contents.scene(c, h, n, kept, labels) for n, h in zip(networks, vectors, strict=True)]
    rows = [row(d, places) for d, places in zip(kept, sources(c, scenes, kept, names), strict=True)]
    return chances.astype(np.float16), tags.astype(np.int8), rows


def row(d: Draft, places):
    return (
        d.cue, d.cue_last, d.start, d.end, *(d.speaker or (-1, -1)), FORMS.index(d.form), d.bare,
        float(d.content_probability), places,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("out")
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--articles", type=int, default=6000)
    parser.add_argument("--skip", type=int, default=0, help="articles that another run reads")
    parser.add_argument("--marks", type=Path, help="articles to leave out (marks.py)")
    args = parser.parse_args()
    networks = [Network.load(m) for m in args.models]
    held = set()
    for name in ("dev", "train"):
        for a in load(args.shared / f"gold/{name}.jsonl"):
            held |= {a["title"].strip(), a["text"].strip()[:80]}
    held_ids = {r["id"] for r in marked(args.shared, args.marks)} if args.marks else set()
    pool = [
        r
        for r in records(args.shared)
        if r["id"] not in held_ids
        and 600 < len(r.get("text") or "") < 4500
        and (r.get("title") or "").strip() not in held
        and r["text"].strip()[:80] not in held
    ]
    random.Random(3).shuffle(pool)
    out, statements = [], 0
    with one_thread():
        for r in pool[args.skip : args.skip + args.articles]:
            row = {"id": r["id"], "title": r.get("title") or "", "text": r["text"]}
            got = read(as_article(row), networks)
            if got is None:
                continue
            out.append((row, *got))
            statements += len(got[2])
    torch.save(out, args.out)
    print(f"{len(out)} articles, {statements} statements, read by {[n.version for n in networks]}")


if __name__ == "__main__":
    main()
