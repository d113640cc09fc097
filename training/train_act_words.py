"""Trains the linear half of the act: logistic regression over the words of cue and content; and counts
which act follows which.

python training/train_act_words.py ../shared work/vectors.npz work/act_words.npz [--fold K/N]
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from alphabet import alphabet_of
from gold import example, load, split
from marks import marked
from qawl.model import ACTS
from qawl.reader.act_words import words_of

#: A feature seen once in the gold says nothing.
LEAST = 2
#: Exponent of the chain: of 0.3, 0.5, 0.7 and 1 all help, and 0.7 keeps most of the gain.
DAMPED = 0.7


def instances(rows, alphabet):
    xs, ys = [], []
    for row in rows:
        ex = example(row, alphabet)
        for t in ex.targets:
            words = words_of(ex.columns, t.cue, t.cue_last, t.start, max(t.end, t.start))
            xs.append(dict.fromkeys(words, 1.0))
            ys.append(t.act)
    return xs, ys


def chain(rows, alphabet):
    """How much likelier an act is after another than anywhere, damped: the words count for more."""
    follows, anywhere = np.full((len(ACTS), len(ACTS)), 3.0), np.full(len(ACTS), 3.0)
    for row in rows:
        acts = [t.act for t in example(row, alphabet).targets]
        np.add.at(follows, (acts[:-1], acts[1:]), 1)
        np.add.at(anywhere, acts, 1)
    follows /= follows.sum(axis=1, keepdims=True)
    return (follows / (anywhere / anywhere.sum())) ** DAMPED


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("shared", type=Path)
    p.add_argument("vectors")
    p.add_argument("out")
    p.add_argument("--fold", default="0/8")
    p.add_argument("--marks", type=Path, help="more gold (marks.py)")
    p.add_argument("--most", type=int, help="articles of it at most, the first")
    p.add_argument("--written", type=Path, help="articles of training/written, compiled")
    p.add_argument("--strength", type=float, default=0.5, help="inverse of the regularisation")
    args = p.parse_args()
    alphabet = alphabet_of(args.vectors, 30000)[0]
    learn, watch = split(load(args.shared / "gold/train.jsonl"), args.fold)
    learn += load(args.written) if args.written else []
    if args.marks:
        learn += marked(args.shared, args.marks, last=args.most)
    xs, ys = instances(learn, alphabet)
    counts = Counter(f for x in xs for f in x)
    xs = [{f: v for f, v in x.items() if counts[f] >= LEAST} for x in xs]
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=args.strength, max_iter=500).fit(vectorizer.fit_transform(xs), ys)
    weights = np.zeros((len(vectorizer.vocabulary_), len(ACTS)), np.float32)
    bias = np.full(len(ACTS), -20.0, np.float32)
    weights[:, model.classes_] = model.coef_.T
    bias[model.classes_] = model.intercept_
    if watch:
        xs, ys = instances(watch, alphabet)
        guess = model.predict(vectorizer.transform(xs))
        print(f"act {np.mean(guess == ys):.3f} macro {f1_score(ys, guess, average='macro'):.3f}")
    np.savez(args.out, words=np.array(vectorizer.feature_names_), weights=weights, bias=bias,
        chain=chain(learn, alphabet),
    )  # fmt: skip
    print(f"{len(weights)} features of {len(ys)} statements → {args.out}")


if __name__ == "__main__":
    main()
