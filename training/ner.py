"""Named entities for the network's side task: ANERcorp (corrected), re-cut into Qawl's tokens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from qawl.model import Article
from qawl.reader.columns import Alphabet, columns

LABELS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"]
_NAMES = {"PERS": "PER", "PER": "PER", "ORG": "ORG", "LOC": "LOC", "MISC": "MISC"}
#: Sentences read as one article, so that a batch has a fair size.
TOGETHER = 12


class Tagged:
    def __init__(self, cols, labels) -> None:
        self.columns, self.labels, self.targets, self.choices = cols, labels, [], None


def sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    out: list[tuple[str, str]] = []
    for line in path.read_text("utf-8").split("\n"):
        parts = line.split()
        if len(parts) < 2:
            if out:
                yield out
            out = []
            continue
        tag = parts[1]
        kind = _NAMES.get(tag[2:], "")
        out.append((parts[0], f"{tag[0]}-{kind}" if kind and tag[0] in "BI" else "O"))
        if parts[0] in (".", "؟", "!") and len(out) > 2:
            yield out
            out = []
    if out:
        yield out


def load(folder: Path, alphabet: Alphabet) -> list[Tagged]:
    out, group = [], []
    for name in ("ANERcorp_train_corrected", "ANERcorp_test_corrected.txt"):
        for sentence in sentences(folder / name):
            group.append(sentence)
            if len(group) == TOGETHER:
                out.append(_tagged(group, alphabet))
                group = []
    return out


def _tagged(group: list[list[tuple[str, str]]], alphabet: Alphabet) -> Tagged:
    text, places = "", []
    for sentence in group:
        for word, tag in sentence:
            start = len(text)
            text += word
            places.append((start, len(text), tag))
            text += " "
        text = text[:-1] + "\n"
    cols = columns(Article.of(text), alphabet)
    labels = np.zeros(len(cols.tokens), np.int64)
    k = 0
    for t, tok in enumerate(cols.tokens):
        while k < len(places) and places[k][1] <= tok.start:
            k += 1
        if k < len(places) and places[k][0] <= tok.start:
            tag = places[k][2]
            if tag.startswith("B") and tok.start > places[k][0]:
                tag = "I" + tag[1:]
            if tok.text in '()«»"“”,،' and tok.start == places[k][0] and tok.end < places[k][1]:
                tag = "O"
            labels[t] = LABELS.index(tag)
    return Tagged(cols, labels)
