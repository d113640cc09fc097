"""Teaches the transformer the language first: words hidden from it are to be told from those around them.

    python training/masked.py ../shared work/vectors.npz work/masked.pt --steps 8000

Masked language modelling (Devlin et al. 2019) over whole articles laid end to end, stretches of words
hidden together (Joshi et al. 2020); a hidden word's ending and beginning are told too, so that words
which the vocabulary lacks teach something. Needs a GPU.
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
from qawl.reader.lexicon_columns import SIZES
from transformer import Transformer, quick

#: Columns of ``small`` that a token's place decides, and not its word.
PLACED = 3


class Told(nn.Module):
    """Scores of the words, endings and beginnings that a hidden token may have."""

    def __init__(self, encoder: Transformer):
        super().__init__()
        rows, size = encoder.word.weight.shape
        self.down = nn.Linear(encoder.out, size)
        self.norm = nn.LayerNorm(size)
        self.bias = nn.Parameter(torch.zeros(rows))
        self.ending = nn.Linear(encoder.out, encoder.ending.num_embeddings)
        self.beginning = nn.Linear(encoder.out, encoder.beginning.num_embeddings)
        self.hidden = nn.Parameter(torch.zeros(encoder.out))

    def forward(self, encoder, h):
        words = F.linear(self.norm(F.gelu(self.down(h))), encoder.word.weight, self.bias)
        return words, self.ending(h), self.beginning(h)


def hide(n, length, share, device):
    """Which tokens of n × length are hidden: stretches of one to three, ``share`` of all."""
    begin = torch.rand(n, length, device=device) < share / 1.75
    two = begin & (torch.rand(n, length, device=device) < 0.5)
    three = two & (torch.rand(n, length, device=device) < 0.5)
    out = begin.clone()
    out[:, 1:] |= two[:, :-1]
    out[:, 2:] |= three[:, :-2]
    return out


def loss_of(encoder, told, words, small, lexicon, share):
    """Of a batch of blocks (n × length × columns)."""
    word = words[..., 0] > 0
    known = word | (words[..., 2] > 0)  # a mark teaches little, but is there to be told
    hidden = hide(*words.shape[:2], share, words.device) & known
    dice = torch.rand(hidden.shape, device=words.device)
    blank = hidden & (dice < 0.8)
    other = hidden & (dice > 0.9)
    flat = words.reshape(-1, words.shape[-1])
    pick = torch.randint(len(flat), hidden.shape, device=words.device)
    seen = torch.where(other[..., None], flat[pick], words).masked_fill(blank[..., None], 0)
    s = small.masked_fill(blank[..., None], 0)
    s = torch.cat([s[..., :PLACED], small[..., PLACED:]], -1)
    lex = lexicon.masked_fill((blank | other)[..., None], 0)
    with torch.autocast("cuda", dtype=torch.bfloat16, enabled=words.is_cuda):
        x = encoder.columns(seen, s, lex)
        x = x + blank[..., None] * told.hidden.to(x.dtype)
        # a fixed number of places is told, so that every step has one shape
        at = torch.topk(
            hidden.flatten().float() + dice.flatten() * 0.5, int(hidden.numel() * share)
        ).indices
        h = encoder.run(x).flatten(0, 1)[at]
        scores = told(encoder, h)
    counts = hidden.flatten()[at]
    target = flat[at]
    ls = []
    for score, column in zip(scores, (0, 2, 3), strict=True):
        aim = target[:, column]
        aim = torch.where(counts & (aim > 0), aim, -100)
        ls.append(F.cross_entropy(score.float(), aim))
    return ls[0] + 0.3 * (ls[1] + ls[2]), ls[0].detach()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("vectors")
    parser.add_argument("out")
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--blocks", type=int, default=32, help="in a step")
    parser.add_argument("--length", type=int, default=1024, help="tokens of a block")
    parser.add_argument("--share", type=float, default=0.25, help="of the tokens hidden")
    parser.add_argument("--drop", type=float, default=0.0)
    parser.add_argument("--size", type=int, default=320)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--heads", type=int, default=5)
    parser.add_argument("--word", type=int, default=96)
    parser.add_argument("--minutes", type=float, default=1e9, help="of training at most")
    parser.add_argument("--limit", type=int, help="articles at most")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--device", default="cuda")
    args = parser.parse_args()
    torch.manual_seed(1)
    quick()
    t0 = time.time()
    alphabet, words, _, ends, begins = alphabet_of(args.vectors, 30000)
    rows = unheld(args.shared)[: args.limit]
    packed = packing.plain(rows, alphabet, args.shared)
    data = [
        torch.from_numpy(np.concatenate([getattr(a, name) for a in packed])).to(args.device)
        for name in ("words", "small", "lexicon")
    ]
    n = len(data[0])
    print(f"{len(rows)} articles, {n:,} tokens, {time.time() - t0:.0f} s", flush=True)
    shape = {"size": args.size, "layers": args.layers, "heads": args.heads, "word": args.word}
    encoder = Transformer(len(words), len(ends), len(begins), SIZES, drop=args.drop, **shape)
    told = Told(encoder)
    encoder.to(args.device).train()
    told.to(args.device)
    decays = [p for p in encoder.layers.parameters() if p.dim() > 1]
    ids = {id(p) for p in decays}
    rest = [p for m in (encoder, told) for p in m.parameters() if id(p) not in ids]
    opt = torch.optim.AdamW(
        [{"params": decays, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}],
        lr=args.lr, betas=(0.9, 0.98), fused=args.device == "cuda",
    )  # fmt: skip
    step_loss = torch.compile(loss_of) if args.compile else loss_of
    blocks = (n - args.length) // args.length
    order: list[int] = []
    shift = 0
    running, t0 = 0.0, time.time()
    generator = np.random.default_rng(1)
    done = 0.0  # share of all
    for step in range(args.steps):
        done = max(step / args.steps, (time.time() - t0) / 60 / args.minutes)
        if done >= 1:
            break
        if len(order) < args.blocks:
            order = generator.permutation(blocks).tolist()
            shift = int(generator.integers(args.length))
        some = torch.tensor([order.pop() for _ in range(args.blocks)], device=args.device)
        at = (some * args.length + shift)[:, None] + torch.arange(args.length, device=args.device)
        w, s, x = (d[at].long() for d in data)
        warm = min(1.0, (step + 1) / 300)
        rate = args.lr * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        for group in opt.param_groups:
            group["lr"] = rate
        loss, alone = step_loss(encoder, told, w, s, x, args.share)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_([*decays, *rest], 1.0)
        opt.step()
        running = alone if step == 0 else running * 0.98 + alone * 0.02
        if step % 200 == 199 or step < 3:
            seen = (step + 1) * args.blocks * args.length
            took = time.time() - t0
            print(f"{step + 1} {seen / 1e6:.0f} M tokens {took:.0f} s {seen / took / 1e6:.2f} M/s "
                  f"loss {float(running):.3f}", flush=True)  # fmt: skip
    torch.save(
        {
            "kind": "transformer", "shape": shape, "words": words, "endings": ends,
            "beginnings": begins, "sizes": SIZES,
            "encoder": shrunk(encoder.state_dict()),
        },
        args.out,
    )  # fmt: skip


if __name__ == "__main__":
    main()
