"""Trains the choice of who is meant, over the vectors of a trained encoder.

python training/train_who.py ../shared work/reader.pt work/who.pt [--fold K/N]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from gold import example, load, split
from network import Network
from qawl.model import ACTS, FORMS
from qawl.reader import pairs as P
from qawl.reader.columns import Alphabet
from qawl.reader.mentions import gather, names_of
from qawl.reader.who import SIZES, Context, Said
from train_reader import batch_of, cue_state


class Who(nn.Module):
    def __init__(self, size, hidden=64):
        super().__init__()
        self.A = nn.Linear(size, hidden)
        self.B = nn.Linear(size, hidden, bias=False)
        self.C = nn.Linear(size, hidden, bias=False)
        self.F = nn.ModuleList(nn.Embedding(n, hidden) for n in SIZES)
        for f in self.F:
            f.weight.data.mul_(0.3)
        self.hidden = nn.Linear(hidden, 32)
        self.S = nn.Linear(1, hidden, bias=False)
        self.v = nn.Linear(32, 1)
        self.drop = nn.Dropout(0.25)

    def forward(self, hc, hp, hs, feats, source):
        z = (
            self.A(self.drop(hc))
            + self.B(self.drop(hp))
            + self.C(self.drop(hs))
            + self.S(source[:, None])
        )
        for k, f in enumerate(self.F):
            z = z + f(feats[:, k])
        return self.v(torch.relu(self.hidden(self.drop(torch.relu(z)))))[:, 0]


def network_of(path):
    saved = torch.load(path, weights_only=False)
    net = Network(
        np.zeros((len(saved["words"]) + 1, 64), np.float32),
        len(saved["endings"]),
        len(saved["beginnings"]),
        saved["sizes"],
        len(ACTS),
        len(FORMS),
        kind=saved["kind"],
        width=saved["width"],
        hidden=saved["hidden"],
    )
    net.load_state_dict(saved["state"])
    net.eval()
    alphabet = Alphabet(saved["words"], saved["endings"], saved["beginnings"])
    return net, alphabet, saved


def right(score, text, who, aliases):
    return score.speaker_right({"who": who}, {"who": text}, aliases)


def aliases_of(score, row):
    import collections

    out = collections.defaultdict(set)
    for s in row["statements"]:
        out[s["who"]].add(s["who"])
        if s["speaker"] and set(score.name_tokens(s["speaker"]["text"])) & set(
            score.name_tokens(s["who"])
        ):
            out[s["who"]].add(s["speaker"]["text"])
    return out


@torch.no_grad()
def instances(net, ex, score, rng=None):
    """[(h of cue, of candidates, of speaker, features, which are right)] of one article."""
    T = ex.targets
    if not T:
        return []
    c = ex.columns
    h = net.encoder(batch_of([ex]))
    names = names_of(net.ner(h).argmax(1).numpy())
    speakers = [(t.speaker, max(t.speaker_end, t.speaker)) if t.speaker >= 0 else None for t in T]
    groups, own = gather(c, speakers, names)
    said = [
        Said(t.cue, sp, t.start, max(t.end, t.start)) for t, sp in zip(T, speakers, strict=False)
    ]
    ctx = Context(c, groups, own, said)
    text = ex.article.text
    aliases = aliases_of(score, ex.row)
    memo = {}

    def ok(g, who):
        if (g, who) not in memo:
            gr = groups[g]
            a, b = gr.person or (gr.first, gr.last)
            memo[g, who] = right(score, text[c.tokens[a].start : c.tokens[b].end], who, aliases)
        return memo[g, who]

    resolved, out = [], []
    labels = net.cue(h).argmax(1).numpy()
    running, flags = cue_state(labels)
    for k, t in enumerate(T):
        ch = ctx.choices(k, resolved)
        y = [ok(g if g >= 0 else own[k], t.who) for g in ch.groups]
        good = [n for n, v in enumerate(y) if v]
        if good:
            n = good[0]
            resolved.append(ch.groups[n] if ch.groups[n] >= 0 else own[k])
        elif own[k] >= 0:
            resolved.append(own[k])
        if ch.groups:
            j = np.array(ch.places)[None, :]
            feats = P.pair(c, running, flags, np.array([[t.cue]]), j)
            source = net.source(
                h,
                [torch.tensor([t.cue])],
                torch.from_numpy(j),
                [torch.from_numpy(f).long() for f in feats],
            )[0]
            out.append(
                (
                    h[t.cue],
                    h[ch.places],
                    h[t.speaker if t.speaker >= 0 else t.cue],
                    np.array(ch.features),
                    np.array(y, bool),
                    t.speaker < 0,
                    source,
                )
            )
    return out


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("shared", type=Path)
    p.add_argument("reader")
    p.add_argument("out")
    p.add_argument("--fold", default="0/8")
    p.add_argument("--epochs", type=int, default=12)
    args = p.parse_args()
    torch.manual_seed(1)
    random.seed(1)
    np.random.seed(1)
    torch.set_num_threads(1)
    sys.path.insert(0, str(args.shared))
    import score

    net, alphabet, _ = network_of(args.reader)
    rows = load(args.shared / "gold/train.jsonl")
    train_rows, test_rows = split(rows, args.fold)
    t0 = time.time()
    train = [i for r in train_rows for i in instances(net, example(r, alphabet), score)]
    test = [i for r in test_rows for i in instances(net, example(r, alphabet), score)]
    have = sum(i[4].any() for i in train)
    print(
        f"{len(train)} choices, {have} of them with a right candidate; {len(test)} to watch; {time.time() - t0:.0f} s",
        flush=True,
    )
    who = Who(net.encoder.out)
    opt = torch.optim.AdamW(who.parameters(), lr=2e-3, weight_decay=0.02)
    usable = [i for i in train if i[4].any()]
    steps = args.epochs * (len(usable) // 64 + 1)
    sched = torch.optim.lr_scheduler.OneCycleLR(opt, 2e-3, total_steps=steps, pct_start=0.1)

    def scores(batch):
        counts = [len(i[4]) for i in batch]
        rep = torch.repeat_interleave(torch.arange(len(batch)), torch.tensor(counts))
        hc = torch.stack([i[0] for i in batch])[rep]
        hp = torch.cat([i[1] for i in batch])
        hs = torch.stack([i[2] for i in batch])[rep]
        f = torch.from_numpy(np.concatenate([i[3] for i in batch])).long()
        return who(hc, hp, hs, f, torch.cat([i[6] for i in batch])), counts

    for epoch in range(args.epochs):
        random.shuffle(usable)
        total = 0.0
        who.train()
        for b in range(0, len(usable), 64):
            batch = usable[b : b + 64]
            z, counts = scores(batch)
            loss = 0
            for part, i in zip(z.split(counts), batch, strict=False):
                lp = torch.log_softmax(part, 0)
                loss = loss - torch.logsumexp(lp[torch.from_numpy(i[4])], 0)
            loss = loss / len(batch)
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step()
            total += float(loss.detach())
        if test and epoch % 3 == 2:
            who.eval()
            hits = [0, 0]
            n = [0, 0]
            with torch.no_grad():
                for i in test:
                    z, _ = scores([i])
                    n[i[5]] += 1
                    hits[i[5]] += bool(i[4][int(z.argmax())])
            print(
                epoch,
                f"loss {total / (len(usable) / 64):.3f} named {hits[0] / n[0]:.3f} hidden {hits[1] / n[1]:.3f} all {sum(hits) / sum(n):.3f}",
                flush=True,
            )
    torch.save(who.state_dict(), args.out)


if __name__ == "__main__":
    main()
