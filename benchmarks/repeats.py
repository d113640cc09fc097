"""Measures record/repeats.py beside a plain MinHash of words: the same or not, what changed, the keys.

    python benchmarks/repeats.py ../shared [--articles 4500]

The pairs are gold/repeats.jsonl of the folder. Whatever is learned (the weights of the features, the
threshold of MinHash) is learned on nine tenths and measured on the last; articles that pairs join are
never on both sides. The keys are counted on the statements that Qawl reads from some articles of
text/ant_multisource.jsonl.gz; figures go to standard output only.
"""

from __future__ import annotations

import argparse
import email.utils
import gzip
import importlib.util
import json
import random
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

import qawl
from qawl.arabic.letters import fold_word
from qawl.arabic.tokens import tokens
from qawl.record import repeats, wordings
from qawl.record.repeats import SAME, SHARED, Said, compare, keys_of

PROJECT = Path(__file__).resolve().parent.parent
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FOLDS, ROUNDS = 10, 10
GRAVE = ("number", "negation", "meaning")
#: Permutations of MinHash, and how its LSH cuts them: 32 bands of 4 find a Jaccard of 0.42 half the time.
PERMUTATIONS, BANDS = 128, 32
PRIME = (1 << 31) - 1
_rng = np.random.default_rng(0)
_A = _rng.integers(1, PRIME, PERMUTATIONS, dtype=np.uint64)
_B = _rng.integers(0, PRIME, PERMUTATIONS, dtype=np.uint64)
#: Days on either side of a statement within which the candidates of a record are also counted.
WINDOW = 60.0


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="shared data with gold/repeats.jsonl")
    parser.add_argument("--articles", type=int, default=4500, help="articles read for the keys")
    args = parser.parse_args()
    gold = args.folder / "gold" / "repeats.jsonl"
    if not gold.is_file():
        raise SystemExit(f"{gold} is missing; give the folder of the shared data")
    learning = training()
    pairs = learning.read(gold)
    same_or_not(learning, pairs)
    what_changed(learning, pairs)
    text = args.folder / "text" / "ant_multisource.jsonl.gz"
    if not text.is_file() or not args.articles:
        print(f"\nno keys counted: {text} is missing or no articles were asked for")
        return
    statements = list(read(text, args.articles))
    the_keys(pairs, statements)
    speed(learning, pairs, statements)


def training() -> ModuleType:
    """training/likeness.py, which is no package."""
    path = PROJECT / "training" / "likeness.py"
    spec = importlib.util.spec_from_file_location("likeness", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def folds(pairs: Sequence[dict[str, Any]], seed: int) -> npt.NDArray[np.int64]:
    """A fold for each pair; pairs that an article joins, directly or not, are in one."""
    parent: dict[str, str] = {}

    def root(x: str) -> str:
        while parent.setdefault(x, x) != x:
            x = parent[x]
        return x

    for p in pairs:
        parent[root(p["a"]["article"])] = root(p["b"]["article"])
    roots = [root(p["a"]["article"]) for p in pairs]
    groups = sorted(set(roots))
    random.Random(seed).shuffle(groups)
    place = {g: k % FOLDS for k, g in enumerate(groups)}
    return np.array([place[r] for r in roots])


def f1(said: Flags, true: Flags) -> float:
    """F1 of the pairs called the same."""
    hits = int((said & true).sum())
    return 2 * hits / max(int(said.sum() + true.sum()), 1)


def jaccard(a: str, b: str) -> float:
    """Of the folded words."""
    one, other = plain_words(a), plain_words(b)
    return len(one & other) / max(len(one | other), 1)


def plain_words(text: str) -> set[str]:
    """The folded words of a text, as a plain MinHash takes them."""
    return {fold_word(t.text) for t in tokens(text) if t.text[0].isalnum()}


def minhash(text: str) -> npt.NDArray[np.uint64]:
    """The signature of a text: the least of each permutation of its words' hashes."""
    hashes = [zlib.crc32(w.encode()) % PRIME for w in plain_words(text)] or [0]
    mixed = np.outer(np.array(hashes, dtype=np.uint64), _A) + _B
    least: npt.NDArray[np.uint64] = (mixed % np.uint64(PRIME)).min(axis=0)
    return least


def same_or_not(learning: ModuleType, pairs: list[dict[str, Any]]) -> None:
    """F1 on ``same``, all pairs and those of high and of low overlap."""
    x, y = learning.matrix(pairs)
    true = y > 0.5
    overlap = np.array([jaccard(p["a"]["content"], p["b"]["content"]) for p in pairs])
    high = overlap > np.median(overlap)
    alike = np.array(
        [(minhash(p["a"]["content"]) == minhash(p["b"]["content"])).mean() for p in pairs]
    )
    column = {name: x[:, k] for k, name in enumerate(repeats.FEATURES)}
    enough = (column["mass"] >= np.log1p(SHARED)) & ~(
        (column["other source"] > 0) & (column["denied by another"] > 0)
    )

    def ours(train: Flags, test: Flags) -> Flags:
        w = learning.fitted(x[train], y[train])
        z = x[test] @ w[:-1] + w[-1]
        return np.asarray((1 / (1 + np.exp(-z)) >= SAME) & enough[test])

    def theirs(train: Flags, test: Flags) -> Flags:
        at = max(sorted(set(alike[train])), key=lambda t: f1(alike[train] >= t, true[train]))
        return np.asarray(alike[test] >= at)

    print(f"{len(pairs)} pairs, {true.sum()} the same; {ROUNDS} rounds of {FOLDS} folds\n")
    print(
        f"{'the same or not: F1':34}{'all':>8}{'high':>8}{'low':>8}{'precision':>11}{'recall':>8}"
    )
    for name, learn in (
        ("all called the same", None),
        ("MinHash of words, best threshold", theirs),
        ("qawl.record.repeats", ours),
    ):
        print(f"{name:34}" + crossed(learn, pairs, true, high))


def crossed(
    learn: Callable[[Flags, Flags], Flags] | None,
    pairs: list[dict[str, Any]],
    true: Flags,
    high: Flags,
) -> str:
    """The means over the rounds, as a row."""
    figures = []
    for seed in range(ROUNDS):
        fold = folds(pairs, seed)
        called = np.ones(len(pairs), dtype=bool)
        for k in range(FOLDS):
            if learn is not None:
                called[fold == k] = learn(fold != k, fold == k)
        hits = (called & true).sum()
        figures.append(
            (
                f1(called, true),
                f1(called[high], true[high]),
                f1(called[~high], true[~high]),
                hits / max(called.sum(), 1),
                hits / true.sum(),
            )
        )
    a, h, low, p, r = np.mean(figures, axis=0)
    return f"{a:8.3f}{h:8.3f}{low:8.3f}{p:11.3f}{r:8.3f}"


def what_changed(learning: ModuleType, pairs: list[dict[str, Any]]) -> None:
    """What of the marked changes is named. Nothing is learned here; the rules and their words were
    written with these pairs in sight, so others will have lower figures."""
    named: Counter[str] = Counter()
    true: Counter[str] = Counter()
    false: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    for p in pairs:
        if not p["same"]:
            continue
        gold = p["change"]
        one, other = learning.said(p["a"]), learning.said(p["b"])
        found = repeats.changes(one.text, other.text) or ("none",)
        true[gold] += 1
        named[gold] += gold in found
        false.update(c for c in found if c != gold)
        plain[gold] += gold == "none" and plain_words(one.text) == plain_words(other.text)
    print(f"\n{'what changed':20}{'pairs':>7}{'named':>7}{'elsewhere too':>15}{'MinHash':>9}")
    for change in sorted(true, key=lambda c: (c not in GRAVE, c)):
        print(f"{change:20}{true[change]:7}{named[change]:7}{false[change]:15}{plain[change]:9}")
    grave = sum(named[c] for c in GRAVE), sum(true[c] for c in GRAVE)
    print(
        f"number, negation, meaning: {grave[0]} of {grave[1]} named ({grave[0] / grave[1]:.2f}); "
        f"named besides in {sum(false[c] for c in GRAVE)} of {true.total() - grave[1]} other pairs"
    )


def read(path: Path, count: int) -> Iterator[dict[str, Any]]:
    """The statements that Qawl reads from ``count`` articles, drawn at random."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = list(lines)
    for k, line in enumerate(random.Random(1).sample(rows, min(count, len(rows)))):
        row = json.loads(line)
        moment = email.utils.parsedate_to_datetime(row["date"])
        for s in qawl.read(row["text"], title=row["title"]).statements:
            text = " ".join(span.text for span in s.content)
            yield {"id": row["id"], "said": Said(text, s.who, None, s.form, s.act, None, moment)}
        if k % 500 == 0:
            print(f"\r{k} articles read", end="", file=sys.stderr)
    print(file=sys.stderr)


def bands(text: str) -> list[int]:
    """The keys of MinHash and LSH."""
    rows = minhash(text).reshape(BANDS, -1)
    return [hash((k, row.tobytes())) for k, row in enumerate(rows)]


def the_keys(pairs: list[dict[str, Any]], statements: list[dict[str, Any]]) -> None:
    """Recall of the same pairs, and how many statements each one's keys bring together."""
    same = [(p["a"]["content"], p["b"]["content"]) for p in pairs if p["same"]]
    low = [
        jaccard(a, b) <= np.median([jaccard(p["a"]["content"], p["b"]["content"]) for p in pairs])
        for a, b in same
    ]
    print(f"\n{len(statements)} statements of {len({s['id'] for s in statements})} articles")
    print(
        f"{'keys':26}{'a text':>8}{'recall':>8}{'low':>8}{'candidates':>12}{'in 60 days':>12}"
        f"{'most':>7}{'called same':>13}"
    )
    for name, keys in (("MinHash LSH, 32 of 4", bands), ("keys_of", keys_of)):
        hit = np.array([bool(set(keys(a)) & set(keys(b))) for a, b in same])
        index: dict[int, list[int]] = defaultdict(list)
        all_keys = [keys(s["said"].text) for s in statements]
        for k, some in enumerate(all_keys):
            for key in set(some):
                index[key].append(k)
        counts, near, called = [], 0, 0
        drawn = random.Random(0).sample(range(len(statements)), min(2000, len(statements)))
        for k in drawn:
            here = statements[k]
            found = {j for key in all_keys[k] for j in index[key]}
            found = {j for j in found if statements[j]["id"] != here["id"]}
            counts.append(len(found))
            for j in found:
                there = statements[j]["said"]
                near += repeats.days_apart(here["said"].date, there.date) <= WINDOW
                called += compare(here["said"], there).same
        print(
            f"{name:26}{np.mean([len(k) for k in all_keys]):8.1f}{hit.mean():8.3f}"
            f"{hit[np.array(low)].mean():8.3f}{np.mean(counts):12.1f}{near / len(drawn):12.1f}"
            f"{max(counts):7}{called / len(drawn):13.2f}"
        )


def speed(
    learning: ModuleType, pairs: list[dict[str, Any]], statements: list[dict[str, Any]]
) -> None:
    """Milliseconds of CPU; each text is new to ``keys_of``, and one of two to ``compare``."""
    texts = [s["said"].text for s in statements]
    wordings.words_in.cache_clear()
    start = time.process_time()
    for text in texts:
        keys_of(text)
    per_text = (time.process_time() - start) * 1000 / len(texts)
    marked = [(learning.said(p["a"]), learning.said(p["b"])) for p in pairs]
    spent = 0.0
    for one, other in marked:
        wordings.words_in.cache_clear()
        wordings.wording.cache_clear()
        wordings.wording(one.text)
        start = time.process_time()
        compare(one, other)
        spent += time.process_time() - start
    print(f"\nkeys_of {per_text:.3f} ms a statement; ", end="")
    print(f"compare {spent * 1000 / len(marked):.3f} ms a pair", end="")
    start = time.process_time()
    for one, other in marked:
        _ = compare(one, other).differences
    print(f"; with differences {(time.process_time() - start) * 1000 / len(marked):.3f} ms")


if __name__ == "__main__":
    main()
