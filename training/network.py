"""The reader's network in torch (training only; qawl reads with numpy)."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from qawl.model import ACTS, FORMS
from qawl.reader import pairs as P
from qawl.reader import who as W
from qawl.reader.columns import SMALL, Alphabet


class Scan(torch.autograd.Function):
    """c[t] = keep[t] · c[t - 1] + new[t] over the first axis."""

    @staticmethod
    def forward(ctx, keep, new):
        c = new.clone()
        for t in range(1, len(c)):
            c[t].addcmul_(keep[t], c[t - 1])
        ctx.save_for_backward(keep, c)
        return c

    @staticmethod
    def backward(ctx, grad):
        keep, c = ctx.saved_tensors
        new = grad.clone()
        for t in range(len(c) - 1, 0, -1):
            new[t - 1].addcmul_(keep[t], new[t])
        old = torch.zeros_like(c)
        old[1:] = new[1:] * c[:-1]
        return old, new


class Quasi(nn.Module):
    """A bidirectional quasi-recurrent layer of window 1 with fo-pooling (Bradbury et al. 2017): its gates
    see their own token only, so that all tokens' are reckoned at once."""

    def __init__(self, width, hidden):
        super().__init__()
        self.hidden = hidden
        self.gates = nn.Linear(width, 6 * hidden)  # both directions: keep, output, new
        # to remember some ten tokens, at first
        self.gates.bias.data.view(2, 3, hidden)[:, 0] += 1.0

    def forward(self, x, mask):
        """``x``: sentences × tokens × width; ``mask``: what of it is no padding."""
        z = self.gates(x).transpose(0, 1).unflatten(2, (2, 3, self.hidden))
        keep, out = torch.sigmoid(z[:, :, :, 0]), torch.sigmoid(z[:, :, :, 1])
        new = (1 - keep) * torch.tanh(z[:, :, :, 2]) * mask.T[:, :, None, None]
        forth = Scan.apply(keep[:, :, 0].contiguous(), new[:, :, 0].contiguous())
        back = Scan.apply(keep[:, :, 1].flip(0).contiguous(), new[:, :, 1].flip(0).contiguous())
        c = torch.stack([forth, back.flip(0)], 2)
        return (out * c).flatten(2).transpose(0, 1)


class Recurrent(nn.Module):
    """A bidirectional LSTM: what ``Quasi`` is compared with and learns from."""

    def __init__(self, width, hidden):
        super().__init__()
        self.lstm = nn.LSTM(width, hidden, bidirectional=True, batch_first=True)

    def forward(self, x, mask):
        """As ``Quasi.forward``."""
        packed = nn.utils.rnn.pack_padded_sequence(
            x, mask.sum(1), batch_first=True, enforce_sorted=False
        )
        return nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)[0]


class Encoder(nn.Module):
    """Columns → one vector a token: embeddings, a projection, and recurrent layers by sentence."""

    def __init__(
        self,
        vectors,
        n_endings,
        n_beginnings,
        lexicon_sizes,
        width=128,
        hidden=64,
        drop=0.2,
        context=0,
        upper="quasi",
    ):
        super().__init__()
        rows, size = vectors.shape
        self.word = nn.Embedding(rows, size)
        self.word.weight.data.copy_(torch.from_numpy(vectors))
        self.ending = nn.Embedding(n_endings + 1, 16)
        self.beginning = nn.Embedding(n_beginnings + 1, 16)
        self.small = nn.ModuleList(nn.Embedding(n, 8) for n in SMALL.values())
        self.lexicon = nn.ModuleList(nn.Embedding(n, 12) for n in lexicon_sizes)
        total = 2 * size + 32 + 8 * len(SMALL) + 12 * len(lexicon_sizes)
        self.project = nn.Linear(total, width)
        self.drop = nn.Dropout(drop)
        self.lstm = nn.LSTM(width, hidden, bidirectional=True, batch_first=True)
        self.out = width + 2 * hidden
        self.context = context
        if context:
            self.sum = nn.Linear(4 * hidden, context)
            self.sentences = nn.LSTM(context, context // 2, bidirectional=True, batch_first=True)
            layer = {"lstm": Recurrent, "quasi": Quasi}[upper]
            self.upper = layer(2 * hidden + context, hidden)

    def forward(self, batch):
        words = batch["words"]
        if self.training:
            # unknown words must be lived with: a tenth of them is hidden
            keep = torch.rand(words.shape[0]) > 0.08
            words = words.clone()
            words[:, 0] *= keep
            words[:, 1] *= keep | (torch.rand(words.shape[0]) > 0.5)
        x = torch.cat(
            [
                self.word(words[:, 0]),
                self.word(words[:, 1]),
                self.ending(words[:, 2]),
                self.beginning(words[:, 3]),
            ]
            + [e(batch["small"][:, k]) for k, e in enumerate(self.small)]
            + [e(batch["lexicon"][:, k]) for k, e in enumerate(self.lexicon)],
            dim=1,
        )
        x = self.drop(torch.relu(self.project(self.drop(x))))
        padded = x[batch["grid"]] * batch["grid_mask"][..., None]
        packed = nn.utils.rnn.pack_padded_sequence(
            padded, batch["lengths"], batch_first=True, enforce_sorted=False
        )
        y, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        if self.context:
            y = self.deepen(y, batch)
        h = torch.zeros(x.shape[0], y.shape[2])
        h[batch["grid"][batch["grid_mask"]]] = y[batch["grid_mask"]]
        return self.drop(torch.cat([x, h], dim=1))

    def deepen(self, y, batch):
        """Lets sentences of an article know of one another: what each is about, read both ways in their
        order, goes with each token into a second layer, whose answer is added to the first's."""
        mask = batch["grid_mask"][..., None]
        mean = (y * mask).sum(1) / mask.sum(1)
        most = y.masked_fill(~mask, -1).amax(1)
        s = self.drop(torch.relu(self.sum(torch.cat([mean, most], 1))))
        packed = nn.utils.rnn.pack_padded_sequence(
            s[batch["order"]], batch["order_lengths"], batch_first=True, enforce_sorted=False
        )
        t, _ = nn.utils.rnn.pad_packed_sequence(self.sentences(packed)[0], batch_first=True)
        around = torch.zeros_like(s)
        around[batch["order"][batch["order_mask"]]] = t[batch["order_mask"]]
        z = torch.cat([self.drop(y), around[:, None].expand(-1, y.shape[1], -1)], 2)
        return y + self.upper(z, batch["grid_mask"])


class Pointer(nn.Module):
    """Scores token j for cue i: v · relu(A i + B j (+ C s) + Σ feature embeddings)."""

    def __init__(self, size, feature_sizes, hidden=64, anchors=1, null=False):
        super().__init__()
        self.A = nn.ModuleList(nn.Linear(size, hidden, bias=k == 0) for k in range(anchors))
        self.B = nn.Linear(size, hidden, bias=False)
        self.F = nn.ModuleList(nn.Embedding(n, hidden) for n in feature_sizes)
        for f in self.F:
            f.weight.data.mul_(0.2)
        self.v = nn.Linear(hidden, 1)
        self.drop = nn.Dropout(0.2)
        self.null = nn.Linear(size, 1) if null else None

    def forward(self, h, anchors, js, features):
        """anchors: list of (n,), js: (n, w), features: list of (n, w) → (n, w) scores."""
        few = js.numel() < len(h)  # each place once, whichever way that is less work
        z = self.B(h[js]) if few else self.B(h)[js]
        for lin, a in zip(self.A, anchors, strict=False):
            z = z + lin(h[a])[:, None, :]
        for emb, f in zip(self.F, features, strict=False):
            z = z + emb(f)
        return self.v(self.drop(torch.relu(z))).squeeze(-1)


class Who(nn.Module):
    """Scores a candidate source for a cue, from both tokens' vectors, the speaker's and features."""

    def __init__(self, size, hidden=64):
        super().__init__()
        self.A = nn.Linear(size, hidden)
        self.B = nn.Linear(size, hidden, bias=False)
        self.C = nn.Linear(size, hidden, bias=False)
        self.F = nn.ModuleList(nn.Embedding(n, hidden) for n in W.SIZES)
        for f in self.F:
            f.weight.data.mul_(0.3)
        self.S = nn.Linear(1, hidden, bias=False)
        self.hidden = nn.Linear(hidden, 32)
        self.v = nn.Linear(32, 1)
        self.drop = nn.Dropout(0.25)

    def forward(self, cue, candidate, speaker, features, source):
        z = self.A(cue) + self.B(candidate) + self.C(speaker) + self.S(source[:, None])
        for k, f in enumerate(self.F):
            z = z + f(features[:, k])
        return self.v(torch.relu(self.hidden(self.drop(torch.relu(z)))))[:, 0]


class Network(nn.Module):
    def __init__(self, vectors, n_endings, n_beginnings, lexicon_sizes, n_acts, n_forms, **kw):
        super().__init__()
        self.encoder = Encoder(vectors, n_endings, n_beginnings, lexicon_sizes, **kw)
        size = self.encoder.out
        self.cue = nn.Sequential(nn.Linear(size, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 4))
        self.ner = nn.Linear(size, 9)
        self.edge = nn.Linear(size, 4)
        self.start = Pointer(size, P.SIZES)
        self.end = Pointer(size, P.SIZES + P.SPAN_SIZES, anchors=2)
        self.speaker = Pointer(size, P.SIZES, null=True)
        self.source = Pointer(size, P.SIZES)
        self.who = Who(size)
        self.speaker_end = Pointer(size, P.SIZES + P.SPAN_SIZES, anchors=2)
        self.act = nn.Sequential(
            nn.Linear(4 * size, 96), nn.ReLU(), nn.Dropout(0.3), nn.Linear(96, n_acts)
        )
        self.form = nn.Sequential(
            nn.Linear(2 * size + P.FORM_WIDTH, 32), nn.ReLU(), nn.Linear(32, n_forms)
        )


def act_input(h, cumulative, cues, starts, ends):
    """Cue, content's first token, content's mean and end, for the act."""
    mean = (cumulative[ends + 1] - cumulative[starts]) / (ends + 1 - starts)[:, None]
    return torch.cat([h[cues], h[starts], mean, h[ends]], dim=1)


def network_of(path):
    saved = torch.load(path, weights_only=False)
    net = Network(
        np.zeros((len(saved["words"]) + 1, 64), np.float32),
        len(saved["endings"]),
        len(saved["beginnings"]),
        saved["sizes"],
        len(ACTS),
        len(FORMS),
        width=saved["width"],
        hidden=saved["hidden"],
        context=saved["context"],
        upper=saved["upper"],
    )
    net.load_state_dict(saved["state"])
    net.eval()
    alphabet = Alphabet(saved["words"], saved["endings"], saved["beginnings"])
    return net, alphabet, saved
