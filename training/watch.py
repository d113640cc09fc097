"""Figures on the articles left out, while the network learns."""

from __future__ import annotations

import torch

from decode import decode, statements
from losses import scores


def spans_of(labels):
    """{(first, last, kind)} of BIO labels, an I without its B begins one too."""
    out, k, n = set(), 0, len(labels)
    while k < n:
        if labels[k]:
            kind = (labels[k] + 1) // 2
            b = k
            k += 1
            while k < n and labels[k] == 2 * kind:
                k += 1
            out.add((b, k - 1, int(kind)))
        else:
            k += 1
    return out


@torch.no_grad()
def watch(net, examples, store, tagged, score):
    """A line of figures: ``examples`` and their ``store``, and articles whose names are known."""
    net.eval()
    gold, read = [ex.row for ex in examples], []
    right = choices = 0
    for k, ex in enumerate(examples):
        b = store.batch([k])
        h = net.encoder(b)
        read.append({"id": ex.row["id"], "statements": statements(ex, *decode(net, b, h))})
        if b.who:
            best = scores(net, b, h)["who"].argmax(1, keepdim=True)
            right += int(b.who["right"].gather(1, best).sum())
            choices += len(best)
    res, _ = score.score(gold, read)
    shown = [
        f"{k} {res[k]['f1'] if isinstance(res[k], dict) else res[k]:.3f}"
        for k in ("found", "exact", "joint", "whole", "cue", "speaker")
    ]
    shown += [
        f"P {res['found']['precision']:.3f} R {res['found']['recall']:.3f}",
        f"choice of who {right / max(choices, 1):.3f}",
    ]
    hits = predicted = there = 0
    for k in range(0, tagged.count, 8):
        b = tagged.batch(range(k, min(k + 8, tagged.count)))
        labels = net.ner(net.encoder(b)).argmax(1).masked_fill(~b.valid, 0)
        found, known = (
            spans_of(x.cpu().numpy())
            for x in (labels, b.names.clamp(min=0).masked_fill(~b.valid, 0))
        )
        hits, predicted, there = (
            hits + len(found & known),
            predicted + len(found),
            there + len(known),
        )
    net.train()
    return " ".join([*shown, f"names {2 * hits / max(predicted + there, 1):.3f}"])
