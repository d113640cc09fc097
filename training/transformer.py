"""A larger encoder that sees a whole article at once: a teacher for the one that ships.

Pre-norm transformer layers (Vaswani et al. 2017; Xiong et al. 2020) with rotary places (Su et al. 2021)
over the same columns that the shipped encoder sees, a vector a token.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from qawl.reader.columns import SMALL
from store import put_back


def quick():
    """Lets a GPU multiply in fewer digits, and keeps it from planning attention anew for each length."""
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cuda.enable_cudnn_sdp(False)


def take(rows, places):
    """rows[places]; its gradient is summed faster on a GPU."""
    return rows.index_select(0, places.flatten()).view(*places.shape, rows.shape[-1])


def vectors_of(encoder, words, small, lexicon):
    """The embeddings of tokens' columns (… × columns), side by side."""
    parts = [
        encoder.word(words[..., 0]),
        encoder.word(words[..., 1]),
        encoder.ending(words[..., 2]),
        encoder.beginning(words[..., 3]),
    ]
    tables = [*encoder.small, *encoder.lexicon]
    return torch.cat(parts + looked_up(tables, torch.cat([small, lexicon], -1)), -1)


def forgotten(words, share):
    """The words' columns with ``share`` of the words unknown, half of these by their stem too: unknown words must
    be lived with."""
    keep = torch.rand(len(words), device=words.device) > share
    words = words.clone()
    words[:, 0] *= keep
    words[:, 1] *= keep | (torch.rand(len(words), device=words.device) > 0.5)
    return words


def looked_up(tables, columns):
    """The tables' rows that the columns name (… × columns), a list of tensors. On a GPU as one product with
    a row of zeros and ones for each token, of which the tables' gradients come fast."""
    if not columns.is_cuda:
        return [e(columns[..., k]) for k, e in enumerate(tables)]
    sizes = torch.tensor([0] + [e.num_embeddings for e in tables[:-1]], device=columns.device)
    many = sum(e.num_embeddings for e in tables)
    kind = torch.bfloat16 if torch.is_autocast_enabled("cuda") else torch.float32
    hot = torch.zeros(*columns.shape[:-1], many, device=columns.device, dtype=kind)
    hot.scatter_(-1, columns + sizes.cumsum(0), 1.0)
    return [hot @ torch.block_diag(*[e.weight for e in tables]).to(kind)]


def normal(x):
    """Layer normalization without weights of its own, in the precision of ``x``."""
    with torch.autocast(x.device.type, enabled=False):
        return F.layer_norm(x, x.shape[-1:])


class Layer(nn.Module):
    def __init__(self, size, heads, drop):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(size, 3 * size, bias=False)
        self.out = nn.Linear(size, size, bias=False)
        self.up = nn.Linear(size, 4 * size, bias=False)
        self.down = nn.Linear(4 * size, size, bias=False)
        self.drop = nn.Dropout(drop)

    def forward(self, x, turn, mask):
        a, n, d = x.shape
        z = self.qkv(normal(x)).view(a, n, 3, self.heads, d // self.heads)
        q, k, v = z.permute(2, 0, 3, 1, 4)
        q, k = turned(q, turn), turned(k, turn)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = x + self.drop(self.out(y.transpose(1, 2).reshape(a, n, d)))
        return x + self.drop(self.down(F.gelu(self.up(normal(x)), approximate="tanh")))


def turned(x, turn):
    cos, sin = turn
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def turns(n, size, device, dtype):
    """Cosine and sine of each place's turns (n × size / 2)."""
    rates = 10000.0 ** -(torch.arange(0, size // 2, device=device) / (size // 2))
    angle = torch.arange(n, device=device)[:, None] * rates
    return angle.cos().to(dtype), angle.sin().to(dtype)


class Transformer(nn.Module):
    """Columns → one vector a token."""

    def __init__(
        self, n_words, n_endings, n_beginnings, lexicon_sizes,
        size=320, layers=8, heads=5, word=96, drop=0.1,
    ):  # fmt: skip
        super().__init__()
        self.word = nn.Embedding(n_words + 1, word)
        self.ending = nn.Embedding(n_endings + 1, 32)
        self.beginning = nn.Embedding(n_beginnings + 1, 32)
        self.small = nn.ModuleList(nn.Embedding(n, 8) for n in SMALL.values())
        self.lexicon = nn.ModuleList(nn.Embedding(n, 12) for n in lexicon_sizes)
        total = 2 * word + 64 + 8 * len(SMALL) + 12 * len(lexicon_sizes)
        self.project = nn.Linear(total, size)
        self.layers = nn.ModuleList(Layer(size, heads, drop) for _ in range(layers))
        self.drop = nn.Dropout(drop)
        self.out = size
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, std=0.02)
                if m.bias is not None:
                    nn.init.zeros_(m.bias)
            elif isinstance(m, nn.Embedding):
                nn.init.normal_(m.weight, std=0.05)
        for layer in self.layers:
            for m in (layer.out, layer.down):
                nn.init.normal_(m.weight, std=0.02 / (2 * layers) ** 0.5)

    def columns(self, words, small, lexicon):
        """The vectors of tokens before any layer (… × size)."""
        return normal(self.project(vectors_of(self, words, small, lexicon)))

    def run(self, x, mask=None):
        """The layers over sequences (a × n × size); ``mask``: a × 1 × 1 × n, what may be looked at."""
        x = self.drop(x)
        size = x.shape[2] // self.layers[0].heads
        turn = turns(x.shape[1], size, x.device, x.dtype)
        for layer in self.layers:
            x = layer(x, turn, mask)
        return normal(x)

    def forward(self, b):
        words = forgotten(b.words, 0.05) if self.training else b.words
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=words.is_cuda):
            x = self.columns(words, b.small, b.lexicon)
            y = self.run(take(x, b.articles.places), b.articles.mask[:, None, None])
        return put_back(len(x), y, b.articles.within).float()
