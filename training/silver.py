"""Unlabelled articles as a teacher reads them: what a smaller network learns from beside gold.

    python training/silver.py ../shared work/teacher.pt work/silver.pt --marks marks.jsonl --device cuda

The teacher finds the statements and the names; whoever learns from it then learns its scores of all that
it chose among (``losses.soft_losses``), not its choices alone.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch

import packing
from corpus import unheld
from decode import decode
from gold import load
from losses import scores
from network import network_of
from qawl.model import FORMS
from qawl.reader.who import MOST
from store import POINTERS, Store
from transformer import quick

#: Chances of a pointer that are kept, and what a token's chance of being no cue is under where it is kept.
LARGEST, UNLIKELY = 6, 0.99
#: Articles that a batch of reading holds, and letters that an article may have.
TOGETHER = 32
LETTERS = range(400, 6000)


def pool_of(shared: Path, marks: Path | None, count: int | None):
    """Unlabelled articles of a fair length, none of gold/dev, gold/train and those marked (whether learned
    from or not)."""
    held = {a["text"].strip()[:80] for a in load(shared / "gold/train.jsonl")}
    lines = marks.read_text("utf-8").splitlines() if marks else []
    ids = {str(json.loads(line)[0]) for line in lines}
    seen: set[str] = set()
    pool = []
    for r in unheld(shared):
        head = r["text"].strip()[:80]
        if (
            len(r["text"]) in LETTERS
            and r["id"] not in ids
            and head not in held
            and head not in seen
        ):
            seen.add(head)
            pool.append(r)
    random.Random(3).shuffle(pool)
    return pool[:count]


def batches(store: Store, together=TOGETHER):
    """Numbers of articles, those of like length together."""
    order = np.argsort(store.rows, kind="stable")
    return [order[k : k + together] for k in range(0, len(order), together)]


def largest(scores, count=LARGEST):
    """The largest chances of each row and where they stand, made to sum to one."""
    chance, at = torch.softmax(scores, 1).topk(min(count, scores.shape[1]), 1)
    chance = chance / chance.sum(1, keepdim=True)
    return at.to(torch.int16).cpu().numpy(), chance.half().cpu().numpy()


@torch.no_grad()
def read(teacher, store: Store):
    """(rows as ``store.TARGET``, labels of names, chances of cues where there are any) of each article."""
    out: list = [None] * store.count
    for ids in batches(store):
        b = store.batch(ids)
        h = teacher.encoder(b)
        table, _ = decode(teacher, b, h)
        labels = teacher.ner(h).argmax(1).masked_fill(~b.valid, 0).cpu().numpy().astype(np.int8)
        cue = torch.softmax(teacher.cue(h), 1).half().cpu().numpy()
        cue[~b.valid.cpu().numpy()] = (1, 0, 0, 0)
        sizes = store.rows[ids]
        offsets = np.cumsum(sizes) - sizes
        owner = np.searchsorted(offsets, table[:, 0], side="right") - 1
        for k, (a, offset, size) in enumerate(zip(ids, offsets, sizes, strict=True)):
            mine = table[owner == k].copy()
            mine[:, :6] = np.where(mine[:, :6] >= 0, mine[:, :6] - offset, -1)
            order = np.lexsort((mine[:, 2], mine[:, 0]))
            some = cue[offset : offset + size - 1]
            at = np.flatnonzero(some[:, 0] < UNLIKELY)
            out[a] = (
                mine[order].astype(np.int16), labels[offset : offset + size - 1],
                (at.astype(np.int16), some[at]),
            )  # fmt: skip
    return out


@torch.no_grad()
def choose(teacher, store: Store, keep: bool):
    """Which candidate the teacher takes for each statement of each article and, to be kept, its chances."""
    chosen = [[-1] * n for n in store.target_count]
    chances: list = [None] * store.count
    for ids in batches(store):
        b = store.batch(ids)
        counts = store.target_count[ids]
        first = np.cumsum(counts) - counts
        out = scores(teacher, b, teacher.encoder(b)) if b.count else {}
        who = np.zeros((b.count, MOST), np.float16)
        if "who" in out:
            soft = torch.softmax(out["who"], 1).half().cpu().numpy()
            which = b.who["which"].cpu().numpy()
            who[which, : soft.shape[1]] = soft
            by = np.repeat(np.arange(len(ids)), counts)
            for k, took in zip(which.tolist(), soft.argmax(1).tolist(), strict=True):
                chosen[ids[by[k]]][k - first[by[k]]] = took
        if not keep:
            continue
        kept = {name: largest(out[name]) for name in POINTERS if name in out}
        has = b.has_speaker.cpu().numpy()
        if "form" in out:
            kept["form"] = torch.softmax(out["form"], 1).half().cpu().numpy()
        kept["who"] = who
        for a, f, n in zip(ids, first, counts, strict=True):
            mine = {}
            spoken = np.searchsorted(has, [f, f + n])
            for name in (*POINTERS, "form", "who"):
                part = slice(*spoken) if name == "speaker_end" else slice(f, f + n)
                mine[name] = _part(kept, name, part)
            chances[a] = mine
    return chosen, chances


def _part(kept, name, part):
    """The rows of some statements; none where a batch had none."""
    if name in POINTERS:
        index, chance = kept.get(
            name, (np.zeros((0, LARGEST), np.int16), np.zeros((0, LARGEST), np.float16))
        )
        return index[part].copy(), chance[part].copy()
    width = {"form": len(FORMS), "who": MOST}[name]
    return kept.get(name, np.zeros((0, width), np.float16))[part].copy()


def stored(path: Path, alphabet, shared: Path) -> Store:
    """The articles of a file that this script made."""
    rows = {r["id"]: r for r in unheld(shared)}
    tasks = [(rows[name], *rest) for name, *rest in torch.load(path, weights_only=False)]
    return Store(packing.soft(tasks, alphabet, shared))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("teacher", help="what train_reader.py made")
    parser.add_argument("out")
    parser.add_argument("--articles", type=int, default=10000)
    parser.add_argument("--marks", type=Path, help="articles to leave out (marks.py)")
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    quick()
    t0 = time.time()
    teacher, alphabet, saved = network_of(args.teacher)
    rows = pool_of(args.shared, args.marks, args.articles)

    def store(work, tasks):
        return Store(work(tasks, alphabet, args.shared, saved), args.device)

    plain = store(packing.plain, rows)
    teacher.to(args.device)
    found = read(teacher, plain)
    print(f"read, {time.time() - t0:.0f} s", flush=True)
    # sources are chosen twice: with the speakers' own words before, then with whom the teacher took
    tasks = [(r, t, n, None, None) for r, (t, n, _) in zip(rows, found, strict=True)]
    chosen, _ = choose(teacher, store(packing.soft, tasks), False)
    print(f"chosen, {time.time() - t0:.0f} s", flush=True)
    tasks = [(r, t, n, c, None) for (r, t, n, _, _), c in zip(tasks, chosen, strict=True)]
    _, chances = choose(teacher, store(packing.soft, tasks), True)
    out = [
        (r["id"], table, names, took, {**soft, "cue": cue})
        for r, (table, names, cue), took, soft in zip(rows, found, chosen, chances, strict=True)
    ]
    torch.save(out, args.out)
    print(f"{len(out)} articles, {sum(len(t) for _, t, *_ in out)} statements, "
          f"{time.time() - t0:.0f} s", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
