"""The reader's network, run with numpy: an encoder and the heads that the stages call.

Embeddings of a token's columns, a projection, and three quasi-recurrent layers over each sentence give each token a
vector; between two layers a small one runs over the article's sentences, so that each knows of those around it;
pointers (Vinyals et al. 2015) score a place for a cue from both vectors and the features of ``pairs``. training/
makes the file; it holds arrays only (``numpy.load`` without pickle) and a JSON header with its version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qawl.errors import ModelError
from qawl.reader import act_network, pairs
from qawl.reader.act_network import ActNetwork
from qawl.reader.act_words import ActWords
from qawl.reader.columns import SMALL, Alphabet, Columns
from qawl.reader.lexicon_columns import SIZES as LEXICON_SIZES
from qawl.reader.who import SIZES as WHO_SIZES

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.integer[Any]]

#: The layout of the file that this code reads.
FORMAT = 8
#: Rows that a layer reckons at once, or a few more; bounds memory on a text without end, and changes nothing.
ROWS = 4096


class Quasi:
    """A bidirectional quasi-recurrent layer with fo-pooling, or with f-pooling where it has no output gates (Bradbury
    et al. 2017).

    Its gates see their own row, and with a window of 2 what a projection makes of the one before it in their
    direction, so those of all rows are reckoned at once; what each keeps of those before it is one product and one
    sum a step, and takes few steps (``_scan``). Gates are straight lines between bounds (Courbariaux et al. 2015,
    with the slope of σ at 0).
    """

    def __init__(self, name: str, arrays: dict[str, Floats], *, output: bool = True) -> None:
        """The weights of the gates of both directions (keep, output if ``output``, and new), for their own row and
        for what ``before`` makes of the one before it, and their bias."""
        bias = arrays[f"{name}.gates.bias"]
        of_each = 3 if output else 2
        h = self.hidden = len(bias) // (2 * of_each)
        self._output = output

        def gates(weights: Floats) -> Floats:
            w = (
                weights.reshape(2, of_each, h, -1)
                .transpose(1, 0, 3, 2)
                .reshape(2 * of_each, -1, h)
                .copy()
            )
            w[:-2] *= 0.25
            return w

        self._weights, self._bias = gates(arrays[f"{name}.gates.weight"]), gates(bias)
        self._bias[:-2] += 0.5
        before = arrays.get(f"{name}.before.weight")
        self._before = None if before is None else np.ascontiguousarray(before.T)
        if before is not None:
            seen = gates(arrays[f"{name}.seen.weight"])
            both = np.concatenate([self._weights, seen], axis=1)
            self._weights = both.reshape(of_each, 2, -1, h)

    def read(self, x: Floats, starts: Ints, beside: tuple[Floats, Ints] | None = None) -> Floats:
        """What both directions make of the rows of ``x`` (n × 2H), where spans begin at ``starts`` (the first at
        0) and end where the next begins. ``beside``: more rows, and which of them is put to each row of ``x``, in
        their order."""
        if len(x) <= ROWS:
            return self._run(x, starts, beside)
        parts, first = [], 0
        ends = np.append(starts[1:], len(x))
        while first < len(starts):
            low = starts[first]
            last = max(first + 1, int(np.searchsorted(ends, low + ROWS, side="right")))
            high = ends[last - 1]
            some = None
            if beside is not None:
                which = beside[1][low:high]
                some = beside[0][which[0] : which[-1] + 1], which - which[0]
            parts.append(self._run(x[low:high], starts[first:last] - low, some))
            first = last
        return np.concatenate(parts)

    def _run(self, x: Floats, starts: Ints, beside: tuple[Floats, Ints] | None) -> Floats:
        width = x.shape[1]
        if self._before is not None:
            both = _windows(x, x @ self._before, starts)
            z = np.matmul(both, self._weights).reshape(-1, len(x), self.hidden)
            z += self._bias
        elif beside is None:
            z = np.matmul(x, self._weights)
            z += self._bias
        else:
            z = np.matmul(x, self._weights[:, :width])
            around = np.matmul(beside[0], self._weights[:, width:]) + self._bias
            z += around.take(beside[1], axis=1)
        keep, new = z[:2], z[-2:]
        np.clip(z[:-2], 0, 1, out=z[:-2])
        np.clip(new, -1, 1, out=new)
        new -= keep * new
        keep[0, starts] = 0  # nothing is kept from one span to the next
        keep[1, starts - 1] = 0  # the last row's too
        longest = int((np.append(starts[1:], len(x)) - starts).max())
        spare, product = np.empty_like(keep), np.empty_like(keep)
        for d in (0, 1):
            _scan(keep[d], new[d], spare[d], product[d], longest, backwards=d == 1)
        out = np.empty((len(x), 2 * self.hidden), dtype=np.float32)
        for d in (0, 1):
            half = out[:, d * self.hidden : (d + 1) * self.hidden]
            if self._output:
                np.multiply(new[d], z[2 + d], out=half)
            else:
                half[...] = new[d]
        return out


def _windows(x: Floats, made: Floats, starts: Ints) -> Floats:
    """The rows of ``x`` with what was ``made`` of the one before each (2 × n × width), in each direction; nothing
    is before a span's first."""
    width, half = x.shape[1], made.shape[1] // 2
    both = np.empty((2, len(x), width + half), dtype=np.float32)
    both[:, :, :width] = x
    forth, back = both[0, :, width:], both[1, :, width:]
    forth[1:] = made[:-1, :half]
    forth[starts] = 0
    back[:-1] = made[1:, half:]
    back[starts - 1] = 0  # the last row of each span, the last one's too
    return both


def _scan(
    keep: Floats, new: Floats, spare: Floats, product: Floats, longest: int, *, backwards: bool
) -> None:
    """new[t] += keep[t] · new[t - 1], for all t at once by doubling (Hillis and Steele 1986); from the end on
    if ``backwards``. ``keep`` and the two behind it are spent."""
    step = 1
    while step < longest:
        later, earlier = slice(step, None), slice(None, -step)
        if backwards:
            later, earlier = earlier, later
        some = np.multiply(keep[later], new[earlier], out=product[later])
        now = new[later]
        now += some
        np.multiply(keep[later], keep[earlier], out=spare[later])
        (spare[-step:] if backwards else spare[:step])[...] = 0
        keep, spare = spare, keep
        step *= 2


class Network:
    """The arrays of the model file and the operations on them. Read-only after loading, so one
    instance serves many threads."""

    def __init__(
        self,
        header: dict[str, Any],
        arrays: dict[str, Floats],
        alphabet: Alphabet,
        act_words: dict[str, int],
    ) -> None:
        self.header = header
        self.arrays = arrays
        self.alphabet = alphabet
        self.version: str = header["version"]
        #: The network of acts and the linear model of them (see ``acts``).
        self.acts = ActNetwork(arrays)
        self.act_words = ActWords(act_words, arrays["act_words.weight"], arrays["act_words.bias"])
        #: How much likelier an act is after another than anywhere (acts × acts; see ``acts``).
        self.act_chain = arrays["act_chain"]
        self._first = Quasi("encoder.lower", arrays)
        #: The further layers: what each sentence is about, that over the article's sentences, that over its words.
        self._further = [
            (
                f"{part}.sum",
                Quasi(f"{part}.sentences", arrays),
                Quasi(f"{part}.upper", arrays, output=output),
            )
            for part, output in (("encoder", True), ("encoder.third", False))
        ]

    @classmethod
    def load(cls, path: Path | None = None) -> Network:
        """The network of the package, or of ``path``.

        Raises ModelError where the file is missing, damaged or of another format.
        """
        try:
            data = (
                files("qawl.reader").joinpath("data", "reader.npz").read_bytes()
                if path is None
                else path.read_bytes()
            )
            with np.load(BytesIO(data), allow_pickle=False) as stored:
                raw = {name: stored[name] for name in stored.files}
            header = json.loads(raw.pop("header").tobytes())
            if header.get("format") != FORMAT:
                raise ModelError(
                    f"the reader's model has format {header.get('format')}, this qawl reads "
                    f"{FORMAT}; install the qawl that it was made for, or make the model again"
                )
            return cls._of(header, raw)
        except ModelError:
            raise
        except Exception as error:  # a damaged archive fails in a dozen ways, zlib's among them
            what = str(error) or type(error).__name__
            raise ModelError(
                f"the reader's model cannot be loaded ({what}); install qawl again, or make it "
                "with training/README.md"
            ) from error

    @classmethod
    def _of(cls, header: dict[str, Any], raw: dict[str, Any]) -> Network:
        words, endings, beginnings, act_words = (
            raw.pop(name).tobytes().decode("utf-8").split("\n")
            for name in ("words", "endings", "beginnings", "act_words")
        )
        arrays: dict[str, Floats] = {}
        for name, array in raw.items():
            if name.endswith("|scale"):
                continue
            scale = raw.get(name + "|scale")
            arrays[name] = array.astype(np.float32)
            if scale is not None:
                arrays[name] *= scale.astype(np.float32)
        alphabet = Alphabet(words, endings, beginnings)
        for name, rows in _tables(alphabet):
            if len(arrays[name + ".weight"]) != rows:
                raise ModelError(
                    f"the reader's model was made for other columns than this qawl has ({name} has "
                    f"{len(arrays[name + '.weight'])} rows, not {rows}); install qawl again, or make "
                    "it with training/README.md"
                )
        return cls(header, arrays, alphabet, {w: k for k, w in enumerate(act_words)})

    def encode(self, c: Columns) -> Floats:
        """One vector a token (n × size)."""
        a = self.arrays
        tables = [("word", c.words[:, 0]), ("word", c.words[:, 1])]
        tables += [("ending", c.words[:, 2]), ("beginning", c.words[:, 3])]
        tables += [(f"small.{k}", c.small[:, k]) for k in range(len(SMALL))]
        tables += [(f"lexicon.{k}", c.lexicon[:, k]) for k in range(len(LEXICON_SIZES))]
        parts = [a[f"encoder.{name}.weight"].take(rows, axis=0) for name, rows in tables]
        x = np.concatenate(parts, axis=1) @ a["encoder.project.weight"].T
        x += a["encoder.project.bias"]
        rectify(x)
        out = np.zeros((len(x), x.shape[1] + 2 * self._first.hidden), dtype=np.float32)
        out[:, : x.shape[1]] = x
        if c.spans:
            within = np.flatnonzero(c.sentence >= 0)
            out[within, x.shape[1] :] = self._read(x[within], c.spans, c.articles)
        return out

    def _read(self, x: Floats, spans: list[tuple[int, int]], articles: tuple[int, ...]) -> Floats:
        """What the recurrent layers make of the rows of the sentences of articles, one after another.

        What each sentence is about, read both ways over the article, goes with each of its tokens into the
        further layers, and what each of these answers is added to what was there before it.
        """
        lengths = np.array([b - a for a, b in spans])
        ends = np.cumsum(lengths)
        starts = ends - lengths
        whose = np.repeat(np.arange(len(spans)), lengths)
        # the first sentence of each article
        first = np.searchsorted(np.array([a for a, _ in spans]), articles)
        y = self._first.read(x, starts)
        for name, sentences, upper in self._further:
            # by themselves: ``reduceat`` takes twice as long
            rows = [y[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
            mean = np.array([some.sum(axis=0) for some in rows])
            mean /= lengths[:, None]
            most = np.array([some.max(axis=0) for some in rows])
            about = self.linear(name, np.hstack([mean, most]))
            rectify(about)
            around = sentences.read(about, first)
            y += upper.read(y, starts, (around, whose))
        return y

    def linear(self, name: str, x: Floats) -> Floats:
        """x · Wᵀ + b."""
        y: Floats = x @ self.arrays[name + ".weight"].T
        bias = self.arrays.get(name + ".bias")
        if bias is not None:
            y += bias
        return y

    def layers(self, name: str, x: Floats, first: int | str, second: int | str) -> Floats:
        """Two linear layers with a rectifier between; ``first`` and ``second`` are their names."""
        hidden = self.linear(f"{name}.{first}", x)
        rectify(hidden)
        return self.linear(f"{name}.{second}", hidden)

    def point(
        self, name: str, places: Floats, anchors: list[Floats], features: list[Ints]
    ) -> Floats:
        """Scores of pairs: ``places`` and ``anchors`` are projected vectors, one row a pair."""
        z = places.copy()
        for anchor in anchors:
            z += anchor
        for k, feature in enumerate(features):
            z += self.arrays[f"{name}.F.{k}.weight"].take(feature, axis=0)
        rectify(z)
        scores: Floats = (z @ self.arrays[name + ".v.weight"].T)[:, 0]
        scores += self.arrays[name + ".v.bias"][0]
        return scores


def _tables(alphabet: Alphabet) -> Iterator[tuple[str, int]]:
    """Every table that is looked up by a column or a feature, and how many rows it must have."""
    for name in ("encoder.word", "acts.word", "acts.stem"):
        yield name, len(alphabet.words) + 1
    for part in ("encoder", "acts"):
        yield f"{part}.ending", len(alphabet.endings) + 1
        yield f"{part}.beginning", len(alphabet.beginnings) + 1
    yield "acts.role", act_network.ROLES
    features = {
        "encoder.small": list(SMALL.values()),
        "encoder.lexicon": LEXICON_SIZES,
        "acts.small": list(SMALL.values()),
        "acts.lexicon": LEXICON_SIZES,
        "start.F": pairs.SIZES,
        "end.F": pairs.SIZES + pairs.SPAN_SIZES,
        "speaker.F": pairs.SIZES,
        "speaker_end.F": pairs.SIZES + pairs.SPAN_SIZES,
        "source.F": pairs.SIZES,
        "who.F": WHO_SIZES,
    }
    for name, sizes in features.items():
        for k, size in enumerate(sizes):
            yield f"{name}.{k}", size


def rectify(x: Floats) -> None:
    """x where it is above 0, else 0; in place. (``numpy.maximum`` with a scalar takes three times as long.)"""
    np.clip(x, 0, np.inf, out=x)


def softmax(x: Floats) -> Floats:
    """Along the last axis."""
    y = np.exp(x - np.ascontiguousarray(x.T).max(axis=0)[..., None])  # fast where rows are short
    y /= y.sum(axis=-1, keepdims=True)
    result: Floats = y
    return result


def sigmoid(x: Floats) -> Floats:
    """Of each element."""
    result = np.exp(-np.clip(x, -30, 30))
    result += 1.0
    return np.reciprocal(result)
