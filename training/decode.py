"""What a network in training reads in a batch of articles, without the reader's later steps."""

from __future__ import annotations

import numpy as np
import torch

from losses import SPEAKER
from network import LEAST
from qawl.model import ACTS, FORMS
from qawl.reader import pairs as P
from store import TARGET, Batch, Pairs, window

#: Beginnings of a content looked at.
BEGINNINGS = 3


@torch.no_grad()
def decode(net, b: Batch, h, threshold=0.5):
    """A row a statement as ``TARGET``, places counted over the batch, and each one's chance of being one."""
    logits = net.cue(h)
    chances = torch.softmax(logits, 1)
    labels = logits.argmax(1)
    said = chances[:, 1] + chances[:, 3]
    i = torch.nonzero((said > threshold) & b.valid)[:, 0]
    if not len(i):
        return np.zeros((0, len(TARGET)), np.int64), np.zeros(0)
    pairs = Pairs(b, (labels == 1) & b.valid)
    j, ok = window(b, i, P.BEFORE, P.AFTER)
    features = pairs.pair(i[:, None], j)
    begin = net.start(h, [i], j, features).masked_fill(~ok, LEAST)
    top = torch.log_softmax(begin, 1).topk(BEGINNINGS, 1)
    totals, starts, ends = [], [], []
    for k in range(BEGINNINGS):
        s = j.gather(1, top.indices[:, k : k + 1])[:, 0]
        je, oke = window(b, s, 0, P.REACH)
        f = pairs.pair(i[:, None], je) + pairs.span(s[:, None], je)
        score = net.end(h, [i, s], je, f).masked_fill(~oke, LEAST)
        value, at = torch.log_softmax(score, 1).max(1)
        totals.append(top.values[:, k] + value)
        starts.append(s)
        ends.append(je.gather(1, at[:, None])[:, 0])
    best = torch.stack(totals).argmax(0)[None]
    s, e = torch.stack(starts).gather(0, best)[0], torch.stack(ends).gather(0, best)[0]
    who = net.speaker(h, [i], j, features).masked_fill(~ok, LEAST)
    pick = torch.cat([who, net.speaker.null(h[i])], 1).argmax(1)
    none = pick == j.shape[1]
    p = j.gather(1, pick.clamp(max=j.shape[1] - 1)[:, None])[:, 0]
    je, oke = window(b, p, 0, SPEAKER)
    f = pairs.pair(i[:, None], je) + pairs.span(p[:, None], je)
    score = net.speaker_end(h, [i, p], je, f).masked_fill(~oke, LEAST)
    q = je.gather(1, score.argmax(1)[:, None])[:, 0]
    p, q = p.masked_fill(none, -1), q.masked_fill(none, -1)
    # the cue's further words are labelled so
    more = labels == 2
    last = i
    for _ in range(4):
        behind = torch.minimum(last + 1, b.last[i])
        last = torch.where((behind > last) & more[behind], behind, last)
    bare = chances[i, 3] > chances[i, 1]
    form = torch.zeros_like(i)
    table = torch.stack([i, last, s, e, p, q, form, bare.long()], 1)
    return table.cpu().numpy(), said[i].cpu().numpy()


def statements(ex, table, chances):
    """Decoded rows of one article, places its own, as the measure reads them; who is simply the speaker,
    or the one of the statement before."""
    text, tokens = ex.article.text, ex.columns.tokens

    def span(a, b):
        start, end = tokens[a].start, tokens[b].end
        return {"start": start, "end": end, "text": text[start:end]}

    out, last = [], None
    for (cue, cue_last, s, e, p, q, _form, bare), chance in zip(table, chances, strict=True):
        speaker = span(p, q) if p >= 0 else None
        last = speaker["text"] if speaker else last
        out.append(
            {
                "content": [span(s, e)],
                "cue": None if bare else span(cue, cue_last),
                "speaker": speaker,
                "who": last,
                "form": FORMS[2],
                "act": ACTS[0],
                "nested": False,
                "confidence": float(chance),
            }
        )
    return out
