"""The words of a statement as the linear model of acts sees them (``acts``)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from qawl.arabic.letters import fold
from qawl.arabic.lexicon import CUES, rows
from qawl.reader.act_network import MOST
from qawl.reader.columns import Columns, strip_proclitic
from qawl.reader.detail_words import detail_words
from qawl.reader.draft import Draft
from qawl.reader.memory import Memory

Floats = npt.NDArray[np.float32]


@cache
def signs() -> dict[str, list[str]]:
    """The classes of the words of signs.tsv, folded."""
    found: dict[str, list[str]] = {}
    for row in rows(CUES / "signs.tsv"):
        for before in ("", "و", "ف"):
            found.setdefault(before + fold(row["word"]), []).append(row["class"])
    return found


@cache
def _negations() -> frozenset[str]:
    return frozenset(word for word, classes in signs().items() if "negative" in classes)


def words_of(c: Columns, cue: int, cue_last: int, start: int, end: int) -> set[str]:
    """What the linear model sees of a statement (token indices, inclusive): the cue's word and its
    classes, the words beside it, the content's words with and without their proclitics, and the signs of
    negation, future, duty and question in it."""
    out = set(_placed(c, cue, cue_last, start, end))
    for word in c.folded[start : min(end + 1, start + MOST)]:
        out.update(_told(word))
    return {f for f in out if "\n" not in f}  # the model file keeps them a line each


def _placed(c: Columns, cue: int, cue_last: int, start: int, end: int) -> list[str]:
    """What hangs on the places of the words."""
    folded = c.folded
    word = folded[cue]
    stem = strip_proclitic(word)[0]
    classes = c.lexicon[cue].tolist()
    content = folded[start : min(end + 1, start + MOST)]
    out = [f"c={word}", f"l={stem}", f"k={classes[0]}", f"f={classes[1]}", f"a={classes[2]}"]
    out += [f"n={stem}|{behind}" for behind in folded[cue_last + 1 : cue_last + 3]]
    if start:
        out.append(f"p={folded[start - 1]}")
    out += [f"{k}={w}" for k, w in enumerate(content[:3])]
    if any(w[:1] == "ن" and len(w) > 3 for w in content[:4]):
        out.append("+we")
    if content[0] in _negations():
        out.append("-first")
    if not _negations().isdisjoint(content):
        behind = zip(content, folded[start + 1 :], strict=False)
        out += [f"-={strip_proclitic(after)[0]}" for w, after in behind if w in _negations()]
    out.append(f"b={stem}|{folded[start]}")
    out.append(f"z={min((end - start) // 5, 8)}")
    return out


def _told(word: str) -> list[str]:
    """What a word of a content tells wherever it stands."""
    out = [f"w={word}", f"s={strip_proclitic(word)[0]}"]
    out += [f"+{cls}" for cls in signs().get(word, ())]
    if word in ("?", "؟", "!"):
        out.append(f"+{word}")
    verb = word[1:] if word[:2] in ("وس", "فس") else word
    future = len(verb) > 4 and verb[0] == "س" and verb[1] in "يتنا"
    if future and not detail_words().has("no-future", verb):
        out.append("+will" if verb[1] in "يت" else "+we will")
    return out


class ActWords:
    """The linear model: ``known`` features → rows of ``weights`` (a column an act), and ``bias``."""

    def __init__(self, known: dict[str, int], weights: Floats, bias: Floats) -> None:
        self.known, self.weights, self.bias = known, weights, bias
        self._seen = Memory(lambda word: self._rows(_told(word)))

    def _rows(self, features: list[str]) -> bytes:
        known = self.known
        return np.array([known[f] for f in features if f in known], dtype=np.int32).tobytes()

    def scores(self, drafts: Sequence[tuple[Columns, Draft]]) -> Floats:
        """The sums of the weights of statements' features: a row each, a column an act. Each statement comes with
        the columns of its article."""
        told: list[bytes] = []
        sizes: list[int] = []
        for c, d in drafts:
            some = [self._seen[w] for w in c.folded[d.start : min(d.end + 1, d.start + MOST)]]
            some.append(self._rows(_placed(c, d.cue, d.cue_last, d.start, d.end)))
            told += some
            sizes.append(sum(map(len, some)) // 4)
        rows = np.frombuffer(bytearray().join(told), dtype=np.int32)
        # each feature once a statement, in one order: one sum
        once = np.unique(np.arange(len(drafts)).repeat(sizes) * len(self.weights) + rows)
        whose, rows = np.divmod(once, len(self.weights))
        firsts = np.flatnonzero(np.diff(whose, prepend=-1))
        total = np.zeros((len(drafts), self.weights.shape[1]), dtype=np.float32)
        if len(firsts):
            total[whose[firsts]] = np.add.reduceat(self.weights.take(rows, axis=0), firsts)
        return total + self.bias
