"""Fits the confidence: the chance that a statement is found and its speaker right, from the stages' own
chances, by logistic regression (Platt 1999) on articles that the model has not learned from.

    python training/calibrate.py ../shared work/calibration.json MODEL.npz:K/N [MODEL.npz:K/N …]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from choices import aliases_of
from gold import load, scorer, split
from measure import line
from qawl.model import Article
from qawl.reader import Reader


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("shared", type=Path)
    p.add_argument("out", type=Path)
    p.add_argument("models", nargs="+")
    args = p.parse_args()
    score = scorer(args.shared)

    rows = load(args.shared / "gold/train.jsonl")
    X, Y = [], []
    for spec in args.models:
        path, fold = spec.rsplit(":", 1)
        reader = Reader(Path(path))
        for r in split(rows, fold)[1]:
            article = reader.read(Article.of(r["text"], title=r["title"] or "", id=r["id"]))
            pred = line(article)["statements"]
            text = article.text
            pairs = {j: i for i, j, _ in score.pair(r["statements"], pred, text)}
            aliases = aliases_of(score, r)
            for j, s in enumerate(article.statements):
                by = {d.stage: d.probability for d in s.decisions}
                X.append(
                    [
                        np.log(max(q, 1e-4) / max(1 - q, 1e-4))
                        for q in (by["cue"], by["content"], by["speaker"], by["who"])
                    ]
                )
                Y.append(
                    j in pairs and score.speaker_right(r["statements"][pairs[j]], pred[j], aliases)
                )
    X, Y = torch.tensor(np.array(X), dtype=torch.float32), torch.tensor(Y, dtype=torch.float32)
    w = torch.zeros(X.shape[1], requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    opt = torch.optim.LBFGS([w, b], max_iter=200)

    def closure():
        opt.zero_grad()
        loss = (
            torch.nn.functional.binary_cross_entropy_with_logits(X @ w + b, Y)
            + 1e-4 * (w * w).sum()
        )
        loss.backward()
        return loss

    opt.step(closure)
    out = {"weights": [round(x, 5) for x in w.tolist()], "bias": round(b.item(), 5)}
    args.out.write_text(json.dumps(out))
    prob = torch.sigmoid(X @ w + b).detach().numpy()
    y = Y.numpy()
    ece = sum(
        abs(prob[m].mean() - y[m].mean()) * m.mean()
        for k in range(10)
        for m in [(prob >= k / 10) & (prob < (k + 1) / 10)]
        if m.any()
    )
    print(out, f"{len(y)} statements, {y.mean():.3f} right, expected calibration error {ece:.4f}")
    for t in np.arange(0.1, 0.7, 0.05):
        keep = prob >= t
        print(f"from {t:.2f}: {keep.sum()} kept, precision {y[keep].mean():.3f}")


if __name__ == "__main__":
    main()
