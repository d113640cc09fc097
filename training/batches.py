"""Articles as the tensors that the network learns from."""

from __future__ import annotations

import numpy as np
import torch


def batch_of(examples):
    """Flattens the tokens of several articles; sentences padded for the LSTM."""
    words, small, lexicon, spans, offsets = [], [], [], [], []
    n = 0
    art_len, sentences = [], []
    for ex in examples:
        c = ex.columns
        offsets.append(n)
        words.append(c.words)
        small.append(c.small)
        lexicon.append(c.lexicon)
        sentences.append(np.arange(len(spans), len(spans) + len(c.spans)))
        spans += [(a + n, b + n) for a, b in c.spans]
        n += len(c.tokens)
        art_len.append(len(c.tokens))
    longest = max(b - a for a, b in spans)
    grid = np.zeros((len(spans), longest), np.int64)
    mask = np.zeros_like(grid, bool)
    for k, (a, b) in enumerate(spans):
        grid[k, : b - a] = np.arange(a, b)
        mask[k, : b - a] = True
    most = max(1, *(len(s) for s in sentences))
    order = np.zeros((len(sentences), most), np.int64)
    order_mask = np.zeros_like(order, bool)
    for k, s in enumerate(sentences):
        order[k, : len(s)] = s
        order_mask[k, : len(s)] = True
    some = order_mask.any(1)
    order, order_mask = order[some], order_mask[some]
    ag = np.zeros((len(examples), max(art_len)), np.int64)
    am = np.zeros_like(ag, bool)
    for k, (o, size) in enumerate(zip(offsets, art_len, strict=True)):
        ag[k, :size] = np.arange(o, o + size)
        am[k, :size] = True

    def t(x):
        return torch.from_numpy(np.ascontiguousarray(x)).long()

    return {
        "words": t(np.concatenate(words)),
        "small": t(np.concatenate(small)),
        "lexicon": t(np.concatenate(lexicon)),
        "grid": torch.from_numpy(grid),
        "grid_mask": torch.from_numpy(mask),
        "lengths": torch.from_numpy(mask.sum(1)),
        "order": t(order),
        "order_mask": torch.from_numpy(order_mask),
        "order_lengths": torch.from_numpy(order_mask.sum(1)),
        "art_grid": torch.from_numpy(ag),
        "art_mask": torch.from_numpy(am),
        "offsets": offsets,
    }


def cue_labels(ex):
    y = np.zeros(len(ex.columns.tokens), np.int64)
    for t in ex.targets:
        for k in range(t.cue + 1, t.cue_last + 1):
            if not y[k]:
                y[k] = 2
    for t in ex.targets:
        y[t.cue] = 3 if t.bare else 1
    return y


def windows(n, i, before, after):
    j = i[:, None] + np.arange(-before, after + 1)[None, :]
    ok = (j >= 0) & (j < n)
    return np.clip(j, 0, n - 1), ok


def tensors(feats):
    return [torch.from_numpy(np.ascontiguousarray(f)).long() for f in feats]


def cue_state(labels):
    flags = np.concatenate([labels == 1, [False]]).astype(np.int64)
    running = np.concatenate([[0], np.cumsum(flags)])
    return running, flags
