"""Fits the confidence: the chance that a statement is found and its speaker right, from the stages' own
chances, by logistic regression (Platt 1999) on articles that the model has not learned from.

    python training/calibrate.py ../shared work/calibration.json MODEL.npz:K/N|FIRST-LAST …
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import torch

from choices import aliases_of
from gold import load, scorer, split
from marks import marked
from measure import line
from qawl.model import Article
from qawl.reader import Reader, confidence, finish


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("shared", type=Path)
    p.add_argument("out", type=Path)
    p.add_argument("models", nargs="+")
    p.add_argument("--marks", type=Path, help="more gold (marks.py), for MODEL.npz:FIRST-LAST")
    p.add_argument("--penalty", type=float, default=0.002)
    args = p.parse_args()
    score = scorer(args.shared)

    seen: list[list[float]] = []

    def numbered(c, draft, network):
        """Keeps the features of a statement and gives their number for its confidence."""
        seen.append(confidence.features(c, draft))
        return float(len(seen) - 1)

    finish.confidence = numbered
    rows = load(args.shared / "gold/train.jsonl")
    X, Y, articles = [], [], []
    for spec in args.models:
        path, fold = spec.split(":", 1)
        reader = Reader(Path(path))
        part = re.fullmatch(r"(\d+)-(\d+)", fold)
        if part:
            unseen = marked(args.shared, args.marks, int(part[1]), int(part[2]))
        else:
            unseen = split(rows, fold)[1]
        for r in unseen:
            article = reader.read(Article.of(r["text"], title=r["title"] or "", id=r["id"]))
            pred = line(article)["statements"]
            text = article.text
            pairs = {j: i for i, j, _ in score.pair(r["statements"], pred, text)}
            aliases = aliases_of(score, r)
            for j, s in enumerate(article.statements):
                X.append(seen[int(s.confidence)])
                articles.append(r["id"])
                Y.append(
                    j in pairs and score.speaker_right(r["statements"][pairs[j]], pred[j], aliases)
                )
    X, Y = np.array(X), np.array(Y)
    middle, spread = X.mean(0), X.std(0) + 1e-6
    X = torch.tensor((X - middle) / spread, dtype=torch.float32)
    Y = torch.tensor(Y, dtype=torch.float32)
    parts = np.array([int(hashlib.md5(a.encode()).hexdigest(), 16) % 5 for a in articles])
    held = np.zeros(len(Y))
    for k in range(5):
        learn, watch = parts != k, parts == k
        w, b = fit(X[learn], Y[learn], args.penalty)
        held[watch] = torch.sigmoid(X[watch] @ w + b).numpy()
    w, b = fit(X, Y, args.penalty)
    weights = (w.numpy() / spread).tolist()
    bias = float(b) - float((w.numpy() / spread) @ middle)
    out = {"weights": [round(x, 5) for x in weights], "bias": round(bias, 5)}
    args.out.write_text(json.dumps(out))
    y = Y.numpy()
    ece = sum(
        abs(held[m].mean() - y[m].mean()) * m.mean()
        for k in range(10)
        for m in [(held >= k / 10) & (held < (k + 1) / 10)]
        if m.any()
    )
    loss = -np.mean(y * np.log(held) + (1 - y) * np.log(1 - held))
    print(out, f"{len(y)} statements, {y.mean():.3f} right; held out: log loss {loss:.4f}, "
          f"expected calibration error {ece:.4f}")  # fmt: skip
    for t in np.arange(0.1, 1.0, 0.05):
        keep = held >= t
        print(f"from {t:.2f}: {keep.sum()} kept, precision {y[keep].mean():.3f}")


def fit(X, Y, penalty):
    """(weights, bias) of a logistic regression."""
    w = torch.zeros(X.shape[1], requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    opt = torch.optim.LBFGS([w, b], max_iter=300, line_search_fn="strong_wolfe")

    def closure():
        opt.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(X @ w + b, Y)
        loss = loss + penalty * (w * w).sum()
        loss.backward()
        return loss

    opt.step(closure)
    return w.detach(), b.detach()


if __name__ == "__main__":
    main()
