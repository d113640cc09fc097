"""Teaches the encoder the language first: each direction of its LSTM predicts the next word.

    python training/pretrain.py ../shared work/vectors.npz work/encoder.pt --epochs 3

Reads the unlabelled articles that training/corpus.py reads (dev's are left out). Sampled softmax
(Jean et al. 2015) with 500 shared negatives a batch and the log-uniform correction of their chance.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from alphabet import alphabet_of
from corpus import records
from gold import as_article, load
from network import Encoder
from qawl.reader.columns import columns
from store import Grid


def arrays(shared: Path, alphabet, cache: Path, limit: int | None):
    """All sentences as one flat table, and where each begins and ends."""
    if cache.exists():
        data = np.load(cache)
        return data["words"], data["small"], data["spans"]
    held = set()
    for a in load(shared / "gold/dev.jsonl"):
        held |= {a["title"].strip(), a["text"].strip()[:80]}
    held.discard("")
    words, small, spans, n = [], [], [], 0
    for k, r in enumerate(records(shared)):
        if limit and k >= limit:
            break
        title, text = r.get("title") or "", r.get("text") or ""
        if title.strip() in held or text.strip()[:80] in held:
            continue
        c = columns(as_article({"id": k, "title": title, "text": text[:8000]}), alphabet)
        words.append(c.words.astype(np.int16))
        small.append(c.small.astype(np.int8))
        spans += [(a + n, b + n) for a, b in c.spans if b - a > 4]
        n += len(c.tokens)
    out = np.concatenate(words), np.concatenate(small), np.array(spans)
    np.savez(cache, words=out[0], small=out[1], spans=out[2])
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("vectors")
    parser.add_argument("out")
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--width", type=int, default=144)
    parser.add_argument("--hidden", type=int, default=96)
    parser.add_argument("--limit", type=int)
    args = parser.parse_args()
    torch.manual_seed(1)
    random.seed(1)
    np.random.seed(1)
    torch.set_num_threads(1)
    alphabet, _vocabulary, vectors, ends, begins = alphabet_of(args.vectors, 30000)
    t0 = time.time()
    words, small, spans = arrays(
        args.shared, alphabet, Path(args.out).with_suffix(".npz"), args.limit
    )
    print(f"{len(words):,} tokens, {len(spans):,} sentences, {time.time() - t0:.0f} s", flush=True)
    enc = Encoder(vectors, len(ends), len(begins), [], width=args.width, hidden=args.hidden)
    H = args.hidden
    down = nn.Linear(H, vectors.shape[1], bias=False)
    out_emb = nn.Embedding(len(vectors), vectors.shape[1])
    out_emb.weight.data.copy_(torch.from_numpy(vectors) * 0.3)
    bias = nn.Embedding(len(vectors), 1)
    nn.init.zeros_(bias.weight)
    params = (
        list(enc.parameters())
        + list(down.parameters())
        + list(out_emb.parameters())
        + list(bias.parameters())
    )
    opt = torch.optim.Adam(params, lr=2e-3)
    counts = np.bincount(words[:, 0].astype(np.int64), minlength=len(vectors)).astype(float)
    counts[0] = 0
    q = counts**0.75
    q /= q.sum()
    logq = torch.from_numpy(np.log(q * 500 + 1e-12)).float()
    cdf = np.cumsum(q)
    order = np.arange(len(spans))
    lengths = spans[:, 1] - spans[:, 0]
    total_tokens = int(lengths.sum() * args.epochs)
    seen = 0
    t0 = time.time()
    step = 0
    running = 0.0
    enc.train()
    while seen < total_tokens:
        # sentences of like length together
        np.random.shuffle(order)
        blocks = [order[k : k + 6400] for k in range(0, len(order), 6400)]
        for block in blocks:
            block = block[np.argsort(lengths[block], kind="stable")]
            batches, cur, tok = [], [], 0
            for s in block:
                cur.append(s)
                tok += lengths[s]
                if tok > 3500:
                    batches.append(cur)
                    cur, tok = [], 0
            random.shuffle(batches)
            for b in batches:
                L = max(lengths[b])
                n = 0
                grid = np.zeros((len(b), L), np.int64)
                mask = np.zeros((len(b), L), bool)
                rows = []
                for k, s in enumerate(b):
                    a, z = spans[s]
                    grid[k, : z - a] = np.arange(n, n + z - a)
                    mask[k, : z - a] = True
                    rows.append(np.arange(a, z))
                    n += z - a
                rows = np.concatenate(rows)
                w = torch.from_numpy(words[rows].astype(np.int64))
                sm = torch.from_numpy(small[rows].astype(np.int64))
                sentences = Grid(
                    torch.from_numpy(grid),
                    torch.from_numpy(mask),
                    (torch.from_numpy(np.flatnonzero(mask)), torch.from_numpy(grid[mask])),
                    torch.from_numpy(mask.sum(1)),
                )
                lexicon = torch.zeros(n, 0).long()
                batch = SimpleNamespace(words=w, small=sm, lexicon=lexicon, sentences=sentences)
                h = enc(batch)[:, -2 * H :]
                first = np.zeros(n, bool)
                first[grid[:, 0]] = True
                pos = np.where(~first)[0]
                fw, bw = h[pos - 1, :H], h[pos, H:]
                tf, tb = w[pos, 0], w[pos - 1, 0]
                z = torch.cat([down(fw), down(bw)])
                t = torch.cat([tf, tb])
                keep = t > 0
                z, t = z[keep], t[keep]
                neg = torch.from_numpy(
                    np.minimum(np.searchsorted(cdf, np.random.rand(500)), len(cdf) - 1)
                )
                pos_s = (z * out_emb(t)).sum(1) + bias(t)[:, 0] - logq[t]
                neg_s = z @ out_emb(neg).T + bias(neg)[:, 0] - logq[neg]
                loss = F.cross_entropy(
                    torch.cat([pos_s[:, None], neg_s], 1), torch.zeros(len(t)).long()
                )
                opt.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(params, 5.0)
                for g in opt.param_groups:
                    g["lr"] = 2e-3 * min(1.0, (step + 1) / 200) * max(0.03, 1 - seen / total_tokens)
                opt.step()
                seen += n
                step += 1
                running = 0.99 * running + 0.01 * float(loss.detach())
                if step % 200 == 0:
                    print(
                        f"{step} {seen / 1e6:.2f} M tokens {time.time() - t0:.0f} s loss {running / (1 - 0.99**step):.3f}",
                        flush=True,
                    )
                if step % 1000 == 0:
                    torch.save({"encoder": enc.state_dict(), "seen": seen}, args.out)
                if seen >= total_tokens:
                    break
            if seen >= total_tokens:
                break
    torch.save({"encoder": enc.state_dict(), "seen": seen}, args.out)


if __name__ == "__main__":
    main()
