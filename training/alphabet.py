"""The spellings that the network knows by heart, from the word vectors."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from qawl.reader.columns import Alphabet
from qawl.reader.network import Network


def alphabet_of(vectors_file, max_words):
    """(alphabet, words, vectors, endings, beginnings) of a file of word vectors, or as a packed reader has them."""
    data = np.load(vectors_file)
    if "header" in data.files:
        packed = Network.load(Path(vectors_file))
        a = packed.alphabet
        vectors = packed.arrays["encoder.word.weight"]
        return a, list(a.words), vectors, list(a.endings), list(a.beginnings)
    words = list(data["words"][:max_words])
    vectors = data["vectors"][: len(words)]
    endings, beginnings = Counter(), Counter()
    for word, count in zip(words, data["counts"][: len(words)], strict=True):
        endings[word[-3:]] += int(count)
        endings[word[-2:]] += int(count)
        beginnings[word[:3]] += int(count)
        beginnings[word[:2]] += int(count)
    ends = [e for e, _ in endings.most_common(1500)]
    begins = [e for e, _ in beginnings.most_common(1000)]
    alphabet = Alphabet(words, ends, begins)
    return (
        alphabet,
        words,
        np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), vectors]),
        ends,
        begins,
    )
