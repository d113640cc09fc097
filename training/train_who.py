"""Teaches a reader's choice of who is meant by itself, on gold, marked and written articles; all else stays as it is.

python training/train_who.py ../shared work/reader.pt work/reader_who.pt --marks training/marks.jsonl --most 7266
    --written work/written.jsonl

What the head is given is reckoned once, so a round takes half a minute, and it can learn until it is done, where all
heads together stop earlier.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

import packing
from gold import load
from losses import Pairs, marginal, who_inputs
from network import network_of
from qawl.reader.who import MOST
from silver import batches
from store import Store
from transformer import quick

#: Statements in a step.
BATCH = 256


class Told:
    """The choices of statements, and all that the head is given of them: vectors of the cue, the speaker and the
    candidates (rows of ``h``), features, the source head's scores, and which are right."""

    def __init__(self) -> None:
        self.h: list[np.ndarray] = []
        self.rows = 0
        self.at: list[np.ndarray] = []
        self.features: list[np.ndarray] = []
        self.source: list[np.ndarray] = []
        self.mask: list[np.ndarray] = []
        self.right: list[np.ndarray] = []

    @torch.no_grad()
    def add(self, net, b, times: int) -> None:
        """Adds a batch's, ``times`` over."""
        if not b.count or not b.who:
            return
        h = net.encoder(b)
        pairs = Pairs(b, (net.cue(h).argmax(1) == 1) & b.valid)
        w = b.who
        at, source = who_inputs(net, b, h, pairs)
        used, at = torch.unique(at, return_inverse=True)
        self.h.append(h[used].numpy().astype(np.float16))
        wide = MOST - w["mask"].shape[1]

        def filled(x):
            return np.pad(x.numpy(), [(0, 0), (0, wide)] + [(0, 0)] * (x.dim() - 2))

        for _ in range(times):
            self.at.append(filled(at + self.rows).astype(np.int32))
            self.features.append(filled(w["features"]).astype(np.int16))
            self.source.append(filled(source).astype(np.float32))
            self.mask.append(filled(w["mask"]))
            self.right.append(filled(w["right"]))
        self.rows += len(used)

    def joined(self) -> None:
        """Ends the adding."""
        for name in ("h", "at", "features", "source", "mask", "right"):
            setattr(self, name, np.concatenate(getattr(self, name)))

    def batch(self, ids):
        """What the head is given of some statements, and which candidates are right."""
        many = int(self.mask[ids].sum(1).max())
        at = self.at[ids, : many + 2]
        h = torch.from_numpy(self.h[at].astype(np.float32))
        features = torch.from_numpy(self.features[ids, :many].astype(np.int64))
        w = {"features": features, "mask": torch.from_numpy(self.mask[ids, :many])}
        source = torch.from_numpy(self.source[ids, :many])
        right = torch.from_numpy(self.right[ids, :many])
        return (h, w, source), right


def steps(told: Told, generator):
    """Numbers of the statements of one round, a step's at once, those of a step with about as many candidates."""
    order = generator.permutation(len(told.at))
    counts = told.mask.sum(1)
    parts = [order[k : k + 40 * BATCH] for k in range(0, len(order), 40 * BATCH)]
    parts = [p[np.argsort(counts[p], kind="stable")] for p in parts]
    cut = [p[k : k + BATCH] for p in parts for k in range(0, len(p), BATCH)]
    generator.shuffle(cut)
    return cut


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("shared", type=Path)
    p.add_argument("reader")
    p.add_argument("out")
    p.add_argument("--marks", type=Path, help="more gold (marks.py)")
    p.add_argument("--most", type=int, help="articles of it at most, the first")
    p.add_argument("--written", type=Path, help="articles of training/written, compiled")
    p.add_argument("--gold-times", type=int, default=2, help="times that the gold counts")
    p.add_argument("--epochs", type=int, default=4)
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument(
        "--drop", type=float, default=0.1, help="chance that a unit of a vector is hidden"
    )
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    quick()
    generator = np.random.default_rng(args.seed)
    net, alphabet, saved = network_of(args.reader)
    gold, marked = packing.rows_of(args.shared, args.marks, args.most)
    t0, told = time.time(), Told()
    more = load(args.written) if args.written else []
    for rows, times in ((gold, args.gold_times), (more + marked, 1)):
        if rows:
            store = Store(packing.gold(rows, alphabet, args.shared))
            for ids in batches(store):
                told.add(net, store.batch(ids), times)
    told.joined()
    print(f"{len(told.at)} statements, {time.time() - t0:.0f} s", flush=True)
    head = net.who.train()
    hide = nn.Dropout(args.drop)
    optimizer = torch.optim.AdamW(head.parameters(), lr=args.lr, weight_decay=0.01)
    total = args.epochs * len(steps(told, np.random.default_rng(0)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, args.lr, total_steps=total, pct_start=0.1
    )
    for epoch in range(1, args.epochs + 1):
        t0, losses = time.time(), []
        for ids in steps(told, generator):
            (h, w, source), right = told.batch(ids)
            loss = marginal(head(hide(h), w, source), right)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 2.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"{epoch} {time.time() - t0:.0f}s loss {np.mean(losses):.4f}", flush=True)
    saved["state"] = {k: w.detach().half() for k, w in net.state_dict().items()}
    torch.save(saved, args.out)


if __name__ == "__main__":
    main()
