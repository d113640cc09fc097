"""What record/repeats.py learns: the list of frequent words and the weights of the features.

    python training/likeness.py words          # data/frequent.txt, from the reader's network
    python training/likeness.py GOLD.jsonl     # data/likeness.tsv, from pairs marked same or not

The pairs are lines {"a": {"content", "who", "date", "article"}, "b": …, "same", "change"}. The weights are
those of a logistic regression with a ridge on standardised features, written for the features as they
are. benchmarks/repeats.py measures by cross-validation with ``fitted``.
"""

from __future__ import annotations

import email.utils
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qawl.record.repeats import FEATURES, Said, features
from qawl.record.wordings import DATA

Floats = npt.NDArray[np.float64]

#: Ridge on standardised features: with 150 to 250 pairs and nine features, the usual weight of one.
RIDGE = 1.0

WORDS_HEAD = """\
# Commonest words of Arabic news, folded, the commonest first: those that the reader's network was trained
# with (training/likeness.py makes this file). What a word tells is reckoned from its place here. The keys
# of the statements in a record depend on it: a record made with another list must have its keys made again.
"""
WEIGHTS_HEAD = """\
# Weights of a logistic regression on the features of repeats.py (training/likeness.py makes this file).
# Columns: feature; weight; why it should help (a sign against it would be a mistake).
"""
WHY = {
    "shared": "share of the weight of the words that both have, in the text that has less of it (+)",
    "runs": "share of the neighbouring words that are neighbours in both (+)",
    "mass": "log of the weight of the shared words: two rare words tell more than one (+)",
    "length": "log of the weight of the shorter text: chance shares more of a long one (-)",
    "same source": "the two names share a word, or are one identity (+)",
    "other source": "two names, neither an office, that share no word, or of two states (-)",
    "days": "log of the days between the articles: formulas come back, utterances pass (-)",
    "other numbers later": "other numbers more than two days later: another event (-)",
    "denied by another": "a negation in one only, and not surely the same source (-)",
    "bias": "what is left",
}


def read(path: Path) -> list[dict[str, Any]]:
    """The marked pairs of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def said(side: dict[str, Any]) -> Said:
    """A side of a marked pair."""
    date = email.utils.parsedate_to_datetime(side["date"]) if side.get("date") else None
    return Said(side["content"], side.get("who"), outlet=side.get("outlet"), date=date)


def matrix(pairs: list[dict[str, Any]]) -> tuple[Floats, Floats]:
    """(features, 1 where same), a row a pair."""
    rows = [features(said(p["a"]), said(p["b"])) for p in pairs]
    return np.array(rows), np.array([float(p["same"]) for p in pairs])


def fitted(x: Floats, y: Floats, ridge: float = RIDGE) -> Floats:
    """The weights of the features and the bias, by Newton's method."""
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.c_[(x - mean) / spread, np.ones(len(x))]
    penalty = np.eye(z.shape[1]) * ridge
    penalty[-1, -1] = 1e-6
    w = np.zeros(z.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ w))
        step = np.linalg.solve(
            (z * (p * (1 - p))[:, None]).T @ z + penalty, z.T @ (p - y) + penalty @ w
        )
        w -= step
        if np.abs(step).max() < 1e-9:
            break
    raw = w[:-1] / spread
    return np.append(raw, w[-1] - raw @ mean)


def main() -> None:
    """Writes the file that the argument asks for."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    if sys.argv[1] == "words":
        from qawl.reader.network import Network

        words = [w for w in Network.load().alphabet.words if any(c.isalpha() for c in w)]
        (DATA / "frequent.txt").write_text(WORDS_HEAD + "\n".join(words) + "\n", "utf-8")
        return
    path = Path(sys.argv[1])
    if not path.is_file():
        raise SystemExit(f"{path} is missing; give the file of marked pairs (repeats.jsonl)")
    weights = fitted(*matrix(read(path)))
    lines = [
        f"{name}\t{w:.3f}\t{WHY[name]}\n"
        for name, w in zip((*FEATURES, "bias"), weights, strict=True)
    ]
    text = WEIGHTS_HEAD + "feature\tweight\twhy\n" + "".join(lines)
    (DATA / "likeness.tsv").write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
