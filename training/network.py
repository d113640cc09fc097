"""The reader's network in torch (training only; qawl reads with numpy)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from qawl.model import FORMS
from qawl.reader import pairs as P
from qawl.reader import who as W
from qawl.reader.columns import SMALL, Alphabet
from qawl.reader.lexicon_columns import SIZES
from qawl.reader.network import Network as Packed
from store import Batch, Grid, put_back
from transformer import forgotten, take, vectors_of


class Scan(torch.autograd.Function):
    """c[t] = keep[t] · c[t - 1] + new[t] over the first axis; from its end on where ``back``."""

    @staticmethod
    def forward(ctx, keep, new, back):
        c = _scanned(keep, new, back)
        ctx.save_for_backward(keep, c)
        ctx.back = back
        return c

    @staticmethod
    def backward(ctx, grad):
        keep, c = ctx.saved_tensors
        later, old = torch.zeros_like(keep), torch.zeros_like(c)
        if ctx.back:
            later[1:], old[:-1] = keep[:-1], c[1:]
        else:
            later[:-1], old[1:] = keep[1:], c[:-1]
        new = _scanned(later, grad, not ctx.back)
        return old.mul_(new), new, None


def _scanned(keep, new, back):
    if keep.is_cuda:
        return _doubled(keep.flip(0), new.flip(0)).flip(0) if back else _doubled(keep, new)
    c = new.clone()
    steps = range(len(c) - 2, -1, -1) if back else range(1, len(c))
    last = 1 if back else -1
    for t in steps:
        c[t].addcmul_(keep[t], c[t + last])
    return c


def _doubled(keep, c):
    """By doubling (Hillis and Steele 1986): few steps, each over all tokens, as suits a GPU."""
    step = 1
    while step < len(c):
        c = torch.cat([c[:step], c[step:] + keep[step:] * c[:-step]])
        keep = torch.cat([keep[:step], keep[step:] * keep[:-step]])
        step *= 2
    return c


def straight(x):
    """A gate in straight lines: σ's slope at 0, and 0 and 1 from 2 on (after Courbariaux et al. 2015)."""
    return (x * 0.25 + 0.5).clamp(0, 1)


#: The score of what cannot be.
LEAST = -1e4
#: Width of what a gate sees of the token before its own, in each direction.
SEEN = 32


class Quasi(nn.Module):
    """A bidirectional quasi-recurrent layer with fo-pooling, or with f-pooling where it has no output gates (Bradbury
    et al. 2017): its gates see their own token and, with a window of 2, what a projection to ``seen`` makes of the one
    before it in their direction, so that all tokens' are reckoned at once. They are straight lines."""

    def __init__(self, width, hidden, window=1, output=True, seen=SEEN):
        super().__init__()
        self.hidden = hidden
        self.window = window
        self.output = output
        self.of_each = 3 if output else 2
        self.gates = nn.Linear(
            width, 2 * self.of_each * hidden
        )  # both directions: keep, output, new
        # to remember some ten tokens, at first
        self.gates.bias.data.view(2, self.of_each, hidden)[:, 0] += 1.0
        if window == 2:
            self.before = nn.Linear(width, 2 * seen, bias=False)
            self.seen = nn.Linear(seen, 2 * self.of_each * hidden, bias=False)
            self.seen.weight.data.mul_(0.1)

    def forward(self, x, grid: Grid):
        """What it makes of each row of ``x``; zeros where no stretch of the grid is."""
        z = self.gates(x)
        if self.window == 2:
            forth, back = self.before(x).chunk(2, 1)
            of_forth, of_back = self.seen.weight.chunk(2)
            seen = (grid.moved(forth, 1) @ of_forth.T, grid.moved(back, -1) @ of_back.T)
            z = z + torch.cat(seen, 1)
        z = z.unflatten(1, (2, self.of_each, self.hidden))
        keep = straight(z[:, :, 0])
        new = (1 - keep) * z[:, :, -1].clamp(-1, 1)
        # steps × stretches × directions × hidden; padding remembers nothing
        at = grid.places.T.contiguous()
        keep, new = (take(v.flatten(1), at).unflatten(2, (2, self.hidden)) for v in (keep, new))
        new = new * grid.mask.T[..., None, None]
        c = [Scan.apply(keep[:, :, k], new[:, :, k], k == 1) for k in (0, 1)]
        places, numbers = grid.within
        stretches, steps = grid.places.shape
        places = places % steps * stretches + places // steps
        kept = put_back(len(x), torch.cat(c, 2), (places, numbers))
        return straight(z[:, :, 1]).flatten(1) * kept if self.output else kept


#: Below all that a recurrent layer gives.
LARGE = 9.0


class Encoder(nn.Module):
    """Columns → one vector a token: embeddings, a projection, and three quasi-recurrent layers by sentence."""

    def __init__(
        self,
        vectors,
        n_endings,
        n_beginnings,
        lexicon_sizes,
        width=128,
        hidden=64,
        drop=0.2,
        context=64,
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
        self.lower = Quasi(width, hidden, window=2)
        self.out = width + 2 * hidden
        self.sum = nn.Linear(4 * hidden, context)
        self.sentences = Quasi(context, context // 2)
        self.upper = Quasi(2 * hidden + context, hidden)
        self.third = Third(hidden, context)

    def forward(self, b: Batch):
        """Each token's own vector, and what all layers give."""
        words = forgotten(b.words, 0.08) if self.training else b.words
        x = vectors_of(self, words, b.small, b.lexicon)
        x = self.drop(torch.relu(self.project(self.drop(x))))
        y = deeper(self, self.lower(x, b.sentences), b, self.drop)
        return self.drop(torch.cat([x, deeper(self.third, y, b, self.drop)], dim=1))


class Third(nn.Module):
    """One more layer like the second, over a sentence layer of its own; it begins by saying almost nothing."""

    def __init__(self, hidden, context):
        super().__init__()
        self.sum = nn.Linear(4 * hidden, context)
        self.sentences = Quasi(context, context // 2)
        self.upper = Quasi(2 * hidden + context, hidden, output=False)
        self.upper.gates.weight.data.view(2, 2, hidden, -1)[:, -1] *= 0.1
        self.upper.gates.bias.data.view(2, 2, hidden)[:, -1] = 0


def deeper(part, y, b: Batch, drop):
    """Lets sentences of an article know of one another: what each is about, read both ways in their
    order, goes with each token into a further layer, whose answer is added to ``y``."""
    grid = b.sentences
    mask = grid.mask[..., None]
    tokens = take(y, grid.places)
    mean = (tokens * mask).sum(1) / mask.sum(1)
    most = tokens.masked_fill(~mask, -LARGE).amax(1)
    around = part.sentences(drop(torch.relu(part.sum(torch.cat([mean, most], 1)))), b.order)
    places, numbers = grid.within
    whose = torch.zeros(len(y), dtype=torch.long, device=y.device)
    whose[numbers] = places // grid.places.shape[1]
    return y + part.upper(torch.cat([drop(y), take(around, whose)], 1), grid)


def summed(tables, features):
    """The sum of the tables' rows that the features name. On a GPU as one product with a row of zeros and ones
    for each pair, of which the tables' gradients come fast."""
    if not features[0].is_cuda:
        return sum(e(f) for e, f in zip(tables, features, strict=True))
    sizes = [e.num_embeddings for e in tables]
    first = 0
    at = []
    for f, size in zip(features, sizes, strict=True):
        at.append(f + first)
        first += size
    hot = torch.zeros(*features[0].shape, first, device=features[0].device)
    hot.scatter_(-1, torch.stack(at, -1), 1.0)
    return hot @ torch.cat([e.weight for e in tables])


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
        z = self.B(take(h, js)) if few else take(self.B(h), js)
        for lin, a in zip(self.A, anchors, strict=True):
            z = z + lin(take(h, a))[:, None, :]
        z = z + summed(self.F, features)
        return self.v(self.drop(torch.relu(z))).squeeze(-1)


class Who(nn.Module):
    """Scores a candidate source for a cue, from both tokens' vectors, the speaker's, features, and the most that
    is true of any of the candidates."""

    def __init__(self, size, hidden=64, second=32):
        super().__init__()
        self.A = nn.Linear(size, hidden)
        self.B = nn.Linear(size, hidden, bias=False)
        self.C = nn.Linear(size, hidden, bias=False)
        self.F = nn.ModuleList(nn.Embedding(n, hidden) for n in W.SIZES)
        for f in self.F:
            f.weight.data.mul_(0.3)
        self.S = nn.Linear(1, hidden, bias=False)
        self.hidden = nn.Linear(hidden, second)
        self.all = nn.Linear(hidden, second, bias=False)
        self.v = nn.Linear(second, 1)
        self.drop = nn.Dropout(0.15)

    def forward(self, h, w, source):
        """h: the vectors of the cue, the speaker and the candidates (n × 2 + candidates); w: ``features`` and
        ``mask`` of the candidates; source: the source head's scores of them."""
        cues, speakers, places = h[:, 0], h[:, 1], h[:, 2:]
        z = self.A(cues) + self.C(speakers)
        z = z[:, None] + self.B(places) + self.S(source[..., None])
        z = z + summed(self.F, list(w["features"].unbind(-1)))
        z = self.drop(torch.relu(z))
        most = (z * w["mask"][..., None]).amax(1)  # none is below 0
        scores = self.v(torch.relu(self.hidden(z) + self.all(most)[:, None]))[..., 0]
        return scores.masked_fill(~w["mask"], LEAST)


class Network(nn.Module):
    """The encoder and the heads over it."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
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
        self.form = nn.Sequential(
            nn.Linear(2 * size + P.FORM_WIDTH, 32), nn.ReLU(), nn.Linear(32, len(FORMS))
        )


def network_of(path):
    """A trained network, its alphabet and what else its file says. A packed reader (.npz) is one too."""
    if str(path).endswith(".npz"):
        return unpacked(Path(path))
    saved = torch.load(path, weights_only=False)
    net = Network(encoder_of(saved))
    state = expanded(saved["state"])
    # up to version 8 the reader told acts too
    net.load_state_dict({k: w for k, w in state.items() if not k.startswith("act.")})
    net.eval()
    alphabet = Alphabet(saved["words"], saved["endings"], saved["beginnings"])
    return net, alphabet, saved


def unpacked(path: Path):
    """As ``network_of``, of a packed reader: the package's own too, from which training may so go on."""
    packed = Packed.load(path)
    alphabet, arrays = packed.alphabet, packed.arrays
    saved = {
        **{k: list(getattr(alphabet, k)) for k in ("words", "endings", "beginnings")},
        "sizes": SIZES,
        "width": len(arrays["encoder.project.bias"]),
        "hidden": len(arrays["encoder.upper.gates.bias"]) // 6,
        "context": len(arrays["encoder.sum.bias"]),
    }
    net = Network(encoder_of(saved))
    state = {k: torch.from_numpy(v) for k, v in arrays.items() if not k.startswith("act")}
    net.load_state_dict(state)
    net.eval()
    return net, alphabet, saved


def shrunk(state):
    """Weights in 16 bits; with large ones (the transformer's) a byte each and a scale for each row."""
    out = {}
    for name, w in state.items():
        w = w.detach().cpu().float()
        if w.dim() == 2 and w.numel() > 50_000:
            scale = (w.abs().amax(1, keepdim=True) / 127).clamp(min=1e-8)
            out[name], out[name + "|scale"] = (w / scale).round().to(torch.int8), scale.half()
        else:
            out[name] = w.half()
    return out


def expanded(state):
    """Weights as ``shrunk`` keeps them, as they were."""
    return {
        name: w.float() * state[name + "|scale"].float() if name + "|scale" in state else w.float()
        for name, w in state.items()
        if not name.endswith("|scale")
    }


def encoder_of(saved):
    """The encoder that a file describes, with weights yet to be loaded."""
    sizes = len(saved["words"]), len(saved["endings"]), len(saved["beginnings"])
    if saved.get("kind") == "pieces":
        from pieces import BEGIN, Pieced

        pieces = saved["pieces"]
        return Pieced(*sizes, saved["sizes"], len(pieces), pieces.index(BEGIN))
    return Encoder(
        np.zeros((sizes[0] + 1, 64), np.float32),
        *sizes[1:],
        saved["sizes"],
        width=saved["width"],
        hidden=saved["hidden"],
        context=saved["context"],
    )
