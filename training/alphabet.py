"""The spellings that the network knows by heart, from the word vectors."""

from __future__ import annotations

from collections import Counter

import numpy as np

from qawl.reader.columns import Alphabet


def alphabet_of(vectors_file, max_words):
    data = np.load(vectors_file)
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
