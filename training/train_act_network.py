"""Trains the network of acts (``qawl.reader.act_network``) from gold, marked and written articles.

python training/train_act_network.py ../shared src/qawl/reader/data/reader.npz work/acts.pt --marks training/marks.jsonl
    --most 7266 --fold all --written work/written.jsonl

The vectors of words begin as those of the reader that is given, whose alphabet it shares.
"""

from __future__ import annotations

import argparse
import random
import time
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import f1_score
from torch import nn
from torch.nn import functional as F

from gold import example, load, split
from marks import marked
from network import network_of
from qawl.model import ACTS
from qawl.reader.act_network import OF_CONTENT, OF_CUE, ROLES, places

#: The role of what only fills up.
NONE = ROLES
#: Statements in a step, and how many batches' worth are put in order of length at once.
BATCH, POOL = 64, 50
#: The chance that a word is hidden while learning, so that its neighbours tell.
HIDDEN = 0.06


@dataclass
class Told:
    """A statement: columns of its tokens (words, small, lexicon) and their roles, and its act."""

    words: np.ndarray
    small: np.ndarray
    lexicon: np.ndarray
    roles: np.ndarray
    act: int

    @classmethod
    def of(cls, c, cue, cue_last, start, end, act) -> Told:
        at, roles = places(cue, cue_last, start, max(end, start), len(c.tokens) - 1)
        return cls(
            c.words[at].astype(np.int16), c.small[at].astype(np.int16),
            c.lexicon[at].astype(np.int16), np.array(roles, dtype=np.int8), act,
        )  # fmt: skip


class ActNetwork(nn.Module):
    """As the package reckons it with numpy. ``encoder``: whose tables its own begin as."""

    def __init__(self, encoder, narrow=64, hidden=128, last=128, drop=(0.04, 0.08)):
        super().__init__()
        for name in ("word", "ending", "beginning", "small", "lexicon"):
            setattr(self, name, deepcopy(getattr(encoder, name)))
        self.stem = deepcopy(encoder.word)
        self.project = nn.Linear(encoder.project.in_features, narrow)
        self.role = nn.Embedding(ROLES, narrow)
        self.lower = nn.Conv1d(narrow, hidden, 3, padding=1)
        self.upper = nn.Conv1d(hidden, hidden, 3, padding=1)
        self.key = nn.Linear(hidden, 1, bias=False)
        self.query = nn.Linear(hidden, hidden)
        self.first = nn.Linear(4 * hidden, last)
        self.last = nn.Linear(last, len(ACTS))
        self.drop, self.drop_more = map(nn.Dropout, drop)

    def forward(self, words, small, lexicon, roles):
        """Statements × tokens (× columns) → statements × acts; roles of what only fills up are NONE."""
        there = (roles < NONE)[..., None]
        if self.training:
            words = words.masked_fill((torch.rand(roles.shape) < HIDDEN)[..., None], 0)
        tables = [self.word, self.stem, self.ending, self.beginning]
        parts = [table(words[..., k]) for k, table in enumerate(tables)]
        parts += [table(small[..., k]) for k, table in enumerate(self.small)]
        parts += [table(lexicon[..., k]) for k, table in enumerate(self.lexicon)]
        x = self.project(self.drop(torch.cat(parts, -1))) + self.role(roles.clamp(max=ROLES - 1))
        x = x * there
        h = self.drop(torch.relu(self.lower(x.transpose(1, 2)))) * there.transpose(1, 2)
        h = (h + torch.relu(self.upper(h))).transpose(1, 2)
        of_cue = torch.isin(roles, torch.tensor(OF_CUE))[..., None]
        content = roles == OF_CONTENT
        cue = (h * of_cue).sum(1) / of_cue.sum(1).clamp(min=1)
        score = (h * self.query(cue)[:, None]).sum(-1) / h.shape[-1] ** 0.5 + self.key(h)[..., 0]
        chances = score.masked_fill(~content, -1e9).softmax(-1)
        mean = (chances[..., None] * h).sum(1)
        most = h.masked_fill(~content[..., None], -1e9).amax(1)
        begins = h[torch.arange(len(h)), content.float().argmax(1)]
        z = torch.cat([cue, mean, most, begins], -1)
        return self.last(self.drop_more(torch.relu(self.first(self.drop_more(z)))))


def told(rows, alphabet) -> list[Told]:
    """The statements of gold articles."""
    out = []
    for row in rows:
        ex = example(row, alphabet)
        out += [Told.of(ex.columns, t.cue, t.cue_last, t.start, t.end, t.act) for t in ex.targets]
    return out


def batch(some: list[Told]):
    """Statements as tensors, filled up to the longest."""
    longest = max(len(t.roles) for t in some)

    def filled(arrays, value):
        out = np.full((len(some), longest, *arrays[0].shape[1:]), value, dtype=np.int64)
        for k, array in enumerate(arrays):
            out[k, : len(array)] = array
        return torch.from_numpy(out)

    return (
        filled([t.words for t in some], 0), filled([t.small for t in some], 0),
        filled([t.lexicon for t in some], 0), filled([t.roles for t in some], NONE),
    ), torch.tensor([t.act for t in some])  # fmt: skip


def batches(statements: list[Told], rng: random.Random):
    """Statements in a random order, but for those of like length together."""
    order = list(statements)
    rng.shuffle(order)
    pools = [
        sorted(order[k : k + BATCH * POOL], key=lambda t: len(t.roles))
        for k in range(0, len(order), BATCH * POOL)
    ]
    cut = [p[k : k + BATCH] for p in pools for k in range(0, len(p), BATCH)]
    rng.shuffle(cut)
    return cut


@torch.no_grad()
def chances(net, statements: list[Told]):
    """Its chances of their acts (statements × acts)."""
    net.eval()
    parts = [
        net(*batch(statements[k : k + 256])[0]).softmax(-1) for k in range(0, len(statements), 256)
    ]
    net.train()
    return torch.cat(parts).numpy()


def learn(
    net, statements: list[Told], epochs: int, lr: float, seed: int, watch: list[Told]
) -> None:
    """Cross entropy, one cycle (Smith and Topin 2019) of AdamW."""
    rng = random.Random(seed)
    steps = epochs * len(batches(statements, random.Random(0)))
    tables = [p for m in net.modules() if isinstance(m, nn.Embedding) for p in m.parameters()]
    known = set(map(id, tables))
    rest = [p for p in net.parameters() if id(p) not in known]
    optimizer = torch.optim.AdamW(
        [{"params": tables, "weight_decay": 0.0}, {"params": rest, "weight_decay": 0.01}], lr=lr
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [lr / 2, lr], total_steps=steps, pct_start=0.1
    )
    t0 = time.time()
    for epoch in range(1, epochs + 1):
        total = 0.0
        for some in batches(statements, rng):
            x, y = batch(some)
            loss = F.cross_entropy(net(*x), y, label_smoothing=0.02)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(some)
        line = f"{epoch} {time.time() - t0:.0f}s loss {total / len(statements):.3f}"
        if watch:
            y, guess = np.array([t.act for t in watch]), chances(net, watch).argmax(1)
            line += (
                f" act {np.mean(y == guess):.3f} macro {f1_score(y, guess, average='macro'):.3f}"
            )
        print(line, flush=True)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("shared", type=Path)
    p.add_argument("reader", help="a reader whose alphabet and first vectors are taken")
    p.add_argument("out", type=Path)
    p.add_argument("--fold", default="0/8")
    p.add_argument("--marks", type=Path, help="more gold (marks.py)")
    p.add_argument("--most", type=int, help="articles of it at most, the first")
    p.add_argument("--written", type=Path, help="articles of training/written, compiled")
    p.add_argument(
        "--watch", type=Path, help="articles to measure on in the place of those left out"
    )
    p.add_argument("--gold-times", type=int, default=2, help="times that the gold counts")
    p.add_argument("--epochs", type=int, default=6)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    reader, alphabet, _ = network_of(args.reader)
    gold, left = split(load(args.shared / "gold/train.jsonl"), args.fold)
    statements = told(gold, alphabet) * args.gold_times
    if args.written:
        statements += told(load(args.written), alphabet)
    if args.marks:
        statements += told(marked(args.shared, args.marks, last=args.most), alphabet)
    watch = told(load(args.watch) if args.watch else left, alphabet)
    net = ActNetwork(reader.encoder)
    print(f"{len(statements)} statements to learn, {len(watch)} to watch", flush=True)
    learn(net, statements, args.epochs, args.lr, args.seed, watch)
    torch.save({f"acts.{k}": v for k, v in net.state_dict().items()}, args.out)


if __name__ == "__main__":
    main()
