"""Trains the act of a statement, over the vectors of a trained encoder.

    python training/train_act.py ../shared work/reader.pt work/act.pt [--fold K/N]

What it is told from, and how, is said at ``network.Act``.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch

import packing
from gold import split
from network import MOST, Act, network_of
from qawl.model import ACTS
from silver import stored
from store import Store


@torch.no_grad()
def instances(net, store, smooth=0.0):
    """What the act is told from, of every statement, and the chances of its acts: a teacher's, or the one
    marked (with ``smooth`` of it given to all)."""
    out = []
    for k in np.flatnonzero(store.target_count):
        b = store.batch([k])
        h = net.encoder(b).half()
        w = net.encoder.word(b.words[:, 1]).half()
        t = b.target
        aim = b.soft.get("act")
        if aim is None:
            aim = torch.eye(len(ACTS))[t["act"]] * (1 - smooth) + smooth / len(ACTS)
        rows = zip(t["cue"].tolist(), t["start"].tolist(), t["end"].tolist(), aim, strict=True)
        for cue, start, end, chances in rows:
            content = slice(start, min(end + 1, start + MOST))
            out.append(
                (h[cue].clone(), h[start].clone(), w[cue].clone(), h[content].clone(),
                 w[content].clone(), chances)
            )  # fmt: skip
    return out


def tensors(batch):
    longest = max(len(b[3]) for b in batch)

    def pad(k):
        return torch.stack(
            [torch.nn.functional.pad(b[k].float(), (0, 0, 0, longest - len(b[k]))) for b in batch]
        )

    mask = torch.tensor([[j < len(b[3]) for j in range(longest)] for b in batch])
    first = [torch.stack([b[k].float() for b in batch]) for k in (0, 1, 2)]
    return [*first, pad(3), pad(4), mask], torch.stack([b[5] for b in batch])


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("shared", type=Path)
    p.add_argument("reader")
    p.add_argument("out")
    p.add_argument("--fold", default="0/8")
    p.add_argument("--marks", type=Path, help="more gold (marks.py)")
    p.add_argument("--most", type=int, help="articles of it at most, the first")
    p.add_argument("--silver", type=Path, help="what a teacher read (silver.py)")
    p.add_argument("--epochs", type=int, default=14)
    p.add_argument("--drop", type=float, default=0.4)
    p.add_argument("--lr", type=float, default=1.5e-3)
    args = p.parse_args()
    torch.manual_seed(1)
    random.seed(1)
    np.random.seed(1)
    torch.set_num_threads(1)
    net, alphabet, _ = network_of(args.reader)
    gold, marked = packing.rows_of(args.shared, args.marks, args.most)
    train_rows, test_rows = split(gold, args.fold)
    t0 = time.time()

    def seen(rows, smooth):
        return instances(net, Store(packing.gold(rows, alphabet, args.shared)), smooth)

    train = seen(train_rows + marked, 0.05)
    test = seen(test_rows, 0.0) if test_rows else []
    more = instances(net, stored(args.silver, alphabet, args.shared, "cpu")) if args.silver else []
    print(f"{len(train)} + {len(more)}, {len(test)}, {time.time() - t0:.0f} s", flush=True)
    train += more
    model = Act(net.encoder.out, net.encoder.word.weight.shape[1], drop=args.drop)
    opt = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.05)
    sched = torch.optim.lr_scheduler.OneCycleLR(
        opt, args.lr, total_steps=args.epochs * (len(train) // 32 + 1), pct_start=0.15
    )
    for epoch in range(args.epochs):
        random.shuffle(train)
        model.train()
        total = 0.0
        for b in range(0, len(train), 32):
            x, y = tensors(train[b : b + 32])
            loss = torch.nn.functional.cross_entropy(model(*x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step()
            total += float(loss.detach())
        if test and (epoch % 4 == 3 or epoch == args.epochs - 1):
            model.eval()
            hit = Counter()
            n = Counter()
            g = Counter()
            with torch.no_grad():
                for b in range(0, len(test), 64):
                    x, y = tensors(test[b : b + 64])
                    z = model(*x).argmax(1)
                    for a, c in zip(y.argmax(1).tolist(), z.tolist(), strict=True):
                        n[a] += 1
                        g[c] += 1
                        hit[a] += a == c
            f1 = [2 * hit[k] / max(n[k] + g[k], 1) for k in range(len(ACTS))]
            print(
                epoch,
                f"loss {total / (len(train) / 32):.3f} act {sum(hit.values()) / len(test):.3f} macro {sum(f1) / 9:.3f}",
                dict(zip(ACTS, [round(f, 2) for f in f1], strict=False)),
                flush=True,
            )
    torch.save(model.state_dict(), args.out)


if __name__ == "__main__":
    main()
