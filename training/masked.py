"""Lets the pretrained encoder read the news first: pieces hidden from it are to be told from those around them.

    python training/masked.py ../shared src/qawl/reader/data/reader.npz work/pieces.pt work/adapted.pt --minutes 1.5

Masked language modelling (Devlin et al. 2019) over articles laid end to end, stretches of pieces hidden together
(Joshi et al. 2020), as further pretraining on the texts of a task (Gururangan et al. 2020). Needs a GPU.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import packing
from alphabet import alphabet_of
from corpus import unheld
from network import shrunk
from pieces import END, HIDDEN, bert_of
from transformer import quick


class Told(nn.Module):
    """Scores of the pieces that a hidden place may have."""

    def __init__(self, bert):
        super().__init__()
        rows, size = bert.word.weight.shape
        self.down = nn.Linear(size, size)
        self.norm = nn.LayerNorm(size)
        self.bias = nn.Parameter(torch.zeros(rows))

    def forward(self, bert, h):
        return F.linear(self.norm(F.gelu(self.down(h))), bert.word.weight, self.bias)


def hide(n, length, share, device):
    """Which pieces of n × length are hidden: stretches of one to three, ``share`` of all."""
    begin = torch.rand(n, length, device=device) < share / 1.75
    two = begin & (torch.rand(n, length, device=device) < 0.5)
    three = two & (torch.rand(n, length, device=device) < 0.5)
    out = begin.clone()
    out[:, 1:] |= two[:, :-1]
    out[:, 2:] |= three[:, :-2]
    return out


def loss_of(bert, told, pieces, share, blank):
    """Of a batch of blocks (n × length); ``blank``: the piece put in the place of a hidden one."""
    hidden = hide(*pieces.shape, share, pieces.device)
    dice = torch.rand(hidden.shape, device=pieces.device)
    seen = pieces.masked_fill(hidden & (dice < 0.8), blank)
    other = pieces.flatten()[torch.randint(pieces.numel(), hidden.shape, device=pieces.device)]
    seen = torch.where(hidden & (dice > 0.9), other, seen)
    # a fixed number of places is told, so that every step has one shape
    at = torch.topk(hidden.flatten() + dice.flatten() * 0.5, int(hidden.numel() * share)).indices
    with torch.autocast("cuda", dtype=torch.bfloat16, enabled=pieces.is_cuda):
        scores = told(bert, bert(seen).flatten(0, 1)[at])
    aim = torch.where(hidden.flatten()[at], pieces.flatten()[at], -100)
    return F.cross_entropy(scores.float(), aim)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("vectors", help="vectors.npz or a packed reader: the columns' words")
    parser.add_argument("pieces", help="what pieces.py made")
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=2400)
    parser.add_argument("--minutes", type=float, default=1e9, help="of training at most")
    parser.add_argument("--lr", type=float, default=4e-4)
    parser.add_argument("--blocks", type=int, default=64, help="in a step")
    parser.add_argument("--length", type=int, default=448, help="pieces of a block")
    parser.add_argument("--share", type=float, default=0.2, help="of the pieces hidden")
    parser.add_argument("--limit", type=int, help="articles at most")
    parser.add_argument("--device", default="cuda")
    args = parser.parse_args()
    torch.manual_seed(1)
    quick()
    t0 = time.time()
    saved = torch.load(args.pieces, weights_only=False)
    rows = unheld(args.shared)[: args.limit]
    packed = packing.plain(rows, alphabet_of(args.vectors, 30000)[0], args.shared, saved)
    end = [saved["pieces"].index(END)]
    data = torch.from_numpy(np.concatenate([x for a in packed for x in (a.pieces[0], end)]))
    data = data.to(args.device)
    print(f"{len(rows)} articles, {len(data):,} pieces, {time.time() - t0:.0f} s", flush=True)
    bert = bert_of(saved)
    told = Told(bert)
    bert.to(args.device).train()
    told.to(args.device)
    weights = [*bert.parameters(), *told.parameters()]
    opt = torch.optim.AdamW(
        [
            {"params": [p for p in weights if p.dim() > 1], "weight_decay": 0.01},
            {"params": [p for p in weights if p.dim() == 1], "weight_decay": 0.0},
        ],
        lr=args.lr, betas=(0.9, 0.98), fused=args.device == "cuda",
    )  # fmt: skip
    blocks = (len(data) - args.length) // args.length
    order: list[int] = []
    shift = 0
    blank = saved["pieces"].index(HIDDEN)
    running, t0 = 0.0, time.time()
    generator = np.random.default_rng(1)
    for step in range(args.steps):
        done = max(step / args.steps, (time.time() - t0) / 60 / args.minutes)  # share of all
        if done >= 1:
            break
        if len(order) < args.blocks:
            order = generator.permutation(blocks).tolist()
            shift = int(generator.integers(args.length))
        some = torch.tensor([order.pop() for _ in range(args.blocks)], device=args.device)
        at = (some * args.length + shift)[:, None] + torch.arange(args.length, device=args.device)
        warm = min(1.0, (step + 1) / 100)
        for group in opt.param_groups:
            group["lr"] = args.lr * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        loss = loss_of(bert, told, data[at].long(), args.share, blank)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        opt.step()
        loss = loss.detach()
        running = loss if step == 0 else running * 0.98 + loss * 0.02
        if step % 200 == 199 or step < 3:
            seen, took = (step + 1) * args.blocks * args.length, time.time() - t0
            print(f"{step + 1} {seen / 1e6:.0f} M pieces {took:.0f} s {seen / took / 1e6:.2f} M/s "
                  f"loss {float(running):.3f}", flush=True)  # fmt: skip
    unfinished = args.out.with_suffix(".part")
    torch.save({**saved, "bert": shrunk(bert.state_dict())}, unfinished)
    unfinished.rename(args.out)


if __name__ == "__main__":
    main()
