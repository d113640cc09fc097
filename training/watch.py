"""Figures on the articles left out, while the network learns."""

from __future__ import annotations

import numpy as np
import torch

from batches import batch_of, cue_state, tensors, windows
from network import act_input
from qawl.model import ACTS, FORMS
from qawl.reader import pairs as P


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
def decode(net, ex, threshold=0.5):
    """Predicted statements of one article, for watching the training."""
    batch = batch_of([ex])
    h = net.encoder(batch)
    prob = torch.softmax(net.cue(h), 1).numpy()
    c = ex.columns
    n = len(c.tokens)
    guess = prob.argmax(1)
    running, flags = cue_state(guess)
    score_cue = prob[:, 1] + prob[:, 3]
    i = np.where((score_cue > threshold) & (c.sentence >= 0))[0]
    if not len(i):
        return []
    cum = torch.cat([torch.zeros(1, h.shape[1]), h.cumsum(0)])
    io = torch.from_numpy(i)
    j, ok = windows(n, i, P.BEFORE, P.AFTER)
    feats = tensors(P.pair(c, running, flags, i[:, None], j))
    ss = net.start(h, [io], torch.from_numpy(j), feats).masked_fill(~torch.from_numpy(ok), -1e4)
    sp = net.speaker(h, [io], torch.from_numpy(j), feats).masked_fill(~torch.from_numpy(ok), -1e4)
    sp = torch.cat([sp, net.speaker.null(h[io])], 1)
    ls = torch.log_softmax(ss, 1)
    best = [(-1e9, 0, 0)] * len(i)
    top = ls.topk(3, 1)
    for b in range(3):
        s = i - P.BEFORE + top.indices[:, b].numpy()
        s = np.clip(s, 0, n - 1)
        je, oke = windows(n, s, 0, P.REACH)
        fe = P.pair(c, running, flags, i[:, None], je) + P.span(c, running, s[:, None], je)
        se = net.end(h, [io, torch.from_numpy(s)], torch.from_numpy(je), tensors(fe)).masked_fill(
            ~torch.from_numpy(oke), -1e4
        )
        le, ie = torch.log_softmax(se, 1).max(1)
        for k in range(len(i)):
            total = float(top.values[k, b] + le[k])
            if total > best[k][0]:
                best[k] = (total, int(s[k]), int(s[k] + ie[k]))
    pick = sp.argmax(1).numpy()
    p = np.where(pick == j.shape[1], -1, i - P.BEFORE + pick)
    q = p.copy()
    has = np.where(p >= 0)[0]
    if len(has):
        je, oke = windows(n, p[has], 0, 40)
        fe = P.pair(c, running, flags, i[has][:, None], je) + P.span(
            c, running, p[has][:, None], je
        )
        se = net.speaker_end(
            h, [io[has], torch.from_numpy(p[has])], torch.from_numpy(je), tensors(fe)
        ).masked_fill(~torch.from_numpy(oke), -1e4)
        q[has] = p[has] + se.argmax(1).numpy()
    s = np.array([b[1] for b in best])
    e = np.array([b[2] for b in best])
    act = net.act(act_input(h, cum, io, torch.from_numpy(s), torch.from_numpy(e))).argmax(1).numpy()
    form = (
        net.form(
            torch.cat(
                [
                    h[io],
                    h[torch.from_numpy(s)],
                    torch.tensor(
                        [
                            P.form_features(c, int(a), int(b), int(d))
                            for a, b, d in zip(i, s, e, strict=True)
                        ]
                    ),
                ],
                1,
            )
        )
        .argmax(1)
        .numpy()
    )
    text = ex.article.text
    tk = c.tokens
    out = []
    for k in range(len(i)):

        def span(a, b):
            return {
                "start": tk[a].start,
                "end": tk[b].end,
                "text": text[tk[a].start : tk[b].end],
            }

        spk = span(p[k], q[k]) if p[k] >= 0 else None
        out.append(
            {
                "content": [span(s[k], e[k])],
                "cue": None if prob[i[k], 3] > prob[i[k], 1] else span(i[k], i[k]),
                "speaker": spk,
                "who": None,
                "form": FORMS[form[k]],
                "act": ACTS[act[k]],
                "nested": False,
                "confidence": float(score_cue[i[k]]),
            }
        )
    # who, simply: the speaker, or the statement before it
    last = None
    for st in out:
        if st["speaker"]:
            last = st["speaker"]["text"]
        st["who"] = last
    return out


def measure(net, examples, score, threshold=0.5):
    net.eval()
    gold = [ex.row for ex in examples]
    pred = [{"id": ex.row["id"], "statements": decode(net, ex, threshold)} for ex in examples]
    res, _ = score.score(gold, pred)
    net.train()
    return res, pred


def watch(net, test, held_ner, score):
    """A line of figures on the articles left out."""
    res, _ = measure(net, test, score)
    shown = [
        f"{k} {res[k]['f1'] if isinstance(res[k], dict) else res[k]:.3f}"
        for k in ("found", "exact", "joint", "whole", "cue", "form", "speaker", "act")
    ]
    shown += [
        f"P {res['found']['precision']:.3f} R {res['found']['recall']:.3f}",
        f"direct {res['found by form']['direct']['f1']:.3f}",
    ]
    net.eval()
    hits = predicted = there = 0
    with torch.no_grad():
        for t in held_ner:
            found = spans_of(net.ner(net.encoder(batch_of([t]))).argmax(1).numpy())
            gold = spans_of(t.labels)
            hits, predicted, there = (
                hits + len(found & gold),
                predicted + len(found),
                there + len(gold),
            )
    net.train()
    return " ".join([*shown, f"names {2 * hits / max(predicted + there, 1):.3f}"])
