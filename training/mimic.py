"""A cheaper encoder that gives what a reader's gives: where layers are others, training goes on from there.

    python training/mimic.py ../shared src/qawl/reader/data/reader.npz work/mimic.pt --lower quasi --marks marks.jsonl

The new layers begin with nothing; the encoder learns the vectors of the old one, layer by layer and at the end
(mean squared error; Romero et al. 2015), on unlabelled articles, which costs a seventh of learning to read. The
heads are kept as they are.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

import packing
from network import Act, encoder_of, network_of
from silver import pool_of
from store import Store
from train_reader import forever
from transformer import quick


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("teacher", help="what train_reader.py made, or a packed reader (.npz)")
    parser.add_argument("out")
    parser.add_argument("--begin", help="a reader with such layers, which they begin as")
    parser.add_argument("--act", help="what train_act.py made, if the reader has no such act yet")
    parser.add_argument("--lower", choices=("lstm", "quasi"), default="quasi")
    parser.add_argument("--marks", type=Path, help="articles to leave out (marks.py)")
    parser.add_argument("--articles", type=int, default=10000)
    parser.add_argument("--rounds", type=float, default=4)
    parser.add_argument("--per", type=int, default=12, help="articles a step")
    parser.add_argument("--lr", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    quick()
    teacher, alphabet, saved = network_of(args.teacher)
    if args.act:
        teacher.act = Act(teacher.encoder.out, teacher.encoder.word.weight.shape[1])
        teacher.act.load_state_dict(torch.load(args.act))
    teacher.requires_grad_(False)
    saved = {**saved, "lower": args.lower}
    encoder = encoder_of(saved)
    old = {
        k: v
        for k, v in teacher.encoder.state_dict().items()
        if not k.startswith(("lower.", "sentences."))
    }
    encoder.load_state_dict(old, strict=False)
    if args.begin:
        layers = network_of(args.begin)[0].encoder.state_dict()
        layers = {
            k: v
            for k, v in layers.items()
            if k.startswith(("lower.", "sentences.", "sum.", "upper."))
        }
        encoder.load_state_dict(layers, strict=False)
    encoder.eval()  # nothing is dropped: the vectors are to be met
    for part in (encoder.word, encoder.ending, encoder.beginning, encoder.small, encoder.lexicon):
        part.requires_grad_(False)
    encoder.project.requires_grad_(False)
    rows = pool_of(args.shared, args.marks, args.articles)
    store = Store(packing.plain(rows, alphabet, args.shared))
    weights = [w for w in encoder.parameters() if w.requires_grad]
    opt = torch.optim.AdamW(weights, lr=args.lr, weight_decay=0.0, fused=True)
    steps = int(args.rounds * store.count / args.per)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, args.lr, total_steps=steps + 1, pct_start=0.1)
    batches = forever(store, args.per, np.random.default_rng(args.seed))
    t0, sums = time.time(), torch.zeros(4)
    for step in range(1, steps + 1):
        b = store.batch(next(batches))
        with torch.no_grad():
            aim = teacher.encoder.layers(b)[1:]
        got = encoder.layers(b)[1:]
        far = [((g - a)[b.valid] ** 2).mean() for g, a in zip(got, aim, strict=True)]
        opt.zero_grad(set_to_none=True)
        sum(far).backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        opt.step()
        sched.step()
        sums += torch.stack([*far, *(a[b.valid].var() for a in aim)]).detach()
        if step % 100 == 0 or step == steps:
            kept = 1 - sums[:2] / sums[2:]
            print(
                f"{step} of {steps}, {time.time() - t0:.0f} s: of the variance of the first layer "
                f"{kept[0]:.3f}, of both {kept[1]:.3f}",
                flush=True,
            )
            sums.zero_()
    teacher.encoder = encoder
    saved["state"] = {k: v.detach().half() for k, v in teacher.state_dict().items()}
    torch.save(saved, args.out)


if __name__ == "__main__":
    main()
