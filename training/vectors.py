"""Word vectors from unlabelled text (skip-gram, gensim), for the reader's encoder.

python training/vectors.py work/corpus.txt work/vectors.npz
"""

from __future__ import annotations

import argparse

import numpy as np
from gensim.models import Word2Vec
from gensim.models.word2vec import LineSentence


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus")
    parser.add_argument("out")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--window", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=5)
    args = parser.parse_args()
    model = Word2Vec(
        LineSentence(args.corpus),
        vector_size=args.size,
        window=args.window,
        min_count=5,
        sg=1,
        negative=8,
        sample=1e-4,
        epochs=args.epochs,
        workers=2,
        seed=1,
    )
    words = model.wv.index_to_key
    vectors = model.wv.vectors.astype(np.float32)
    vectors /= vectors.std()
    counts = np.array([model.wv.get_vecattr(w, "count") for w in words])
    np.savez(args.out, words=np.array(words), vectors=vectors, counts=counts)
    print(len(words), "words,", int((counts >= 20).sum()), "of 20 or more")
    for probe in ("اضاف", "موكدا", "بين", "الوزير", "بحسب"):
        print(probe, [w for w, _ in model.wv.most_similar(probe, topn=8)])


if __name__ == "__main__":
    main()
