"""What the network is taught, head by head."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from batches import batch_of, cue_labels, cue_state, tensors, windows
from network import act_input
from qawl.reader import pairs as P


def who_inputs(c, running, flags, t, choice, offset=0):
    """What scores one statement's candidate sources: (cues, places, speakers, features of cue and place,
    features of the candidate), a row a candidate; tokens are counted from ``offset``."""
    places = choice.places
    pair = P.pair(c, running, flags, np.array([[t.cue]]), places[None, :])
    speaker = t.speaker if t.speaker >= 0 else t.cue
    n = len(places)
    return (
        np.full(n, t.cue + offset),
        places + offset,
        np.full(n, speaker + offset),
        [np.broadcast_to(f, (1, n))[0] for f in pair],
        choice.features,
    )


def who_scores(net, h, inputs):
    """The network's scores of the candidates of several statements, those of one after those of another."""
    cues, places, speakers = (
        torch.from_numpy(np.concatenate([x[k] for x in inputs])).long() for k in range(3)
    )
    pair = [
        torch.from_numpy(np.concatenate(f)).long()[:, None]
        for f in zip(*(x[3] for x in inputs), strict=True)
    ]
    features = torch.from_numpy(np.concatenate([x[4] for x in inputs])).long()
    source = net.source(h, [cues], places[:, None], pair)[:, 0]
    scores = net.who(h[cues], h[places], h[speakers], features, source)
    return scores.split([len(x[0]) for x in inputs])


def pointer_loss(score, ok, target, null=None):
    score = score.masked_fill(~torch.from_numpy(ok), -1e4)
    if null is not None:
        score = torch.cat([score, null], dim=1)
    keep = target >= 0
    if not keep.any():
        return score.sum() * 0
    return F.cross_entropy(score[keep], target[keep])


def losses(net, examples, cue_weight=1.0):
    batch = batch_of(examples)
    h = net.encoder(batch)
    labels = np.concatenate([cue_labels(ex) for ex in examples])
    logits = net.cue(h)
    valid = torch.from_numpy(np.concatenate([ex.columns.sentence >= 0 for ex in examples]))
    aim = np.eye(4, dtype=np.float32)[labels]
    for ex, o in zip(examples, batch["offsets"], strict=True):
        if ex.chances is not None:  # a teacher's doubt is learned with its answer
            aim[o : o + len(ex.chances)] = ex.chances
    out = {"cue": F.cross_entropy(logits[valid], torch.from_numpy(aim)[valid])}
    edges = np.zeros((len(labels), 4), np.float32)
    for ex, o in zip(examples, batch["offsets"], strict=True):
        for t in ex.targets:
            edges[t.start + o, 0] = 1
            edges[t.end + o, 1] = 1
            if t.speaker >= 0:
                edges[t.speaker + o, 2] = 1
                edges[t.speaker_end + o, 3] = 1
    out["edge"] = (
        F.binary_cross_entropy_with_logits(net.edge(h)[valid], torch.from_numpy(edges)[valid]) * 4
    )
    guess = logits.argmax(1).numpy()
    cum = torch.cat([torch.zeros(1, h.shape[1]), h.cumsum(0)])
    S, E, PE, AI, AY, FI, FY, NB, SO, WH = [], [], [], [], [], [], [], [], [], []
    for ex, o in zip(examples, batch["offsets"], strict=True):
        T = ex.targets
        if not T:
            continue
        c = ex.columns
        n = len(c.tokens)
        running, flags = cue_state(guess[o : o + n])
        i = np.array([t.cue for t in T])
        s = np.array([t.start for t in T])
        e = np.array([t.end for t in T])
        ps = np.array([t.speaker for t in T])
        pe = np.array([t.speaker_end for t in T])
        io = torch.from_numpy(i + o)
        j, ok = windows(n, i, P.BEFORE, P.AFTER)
        feats = P.pair(c, running, flags, i[:, None], j)
        score = net.start(h, [io], torch.from_numpy(j + o), tensors(feats))
        tgt = s - i + P.BEFORE
        tgt = np.where((tgt >= 0) & (tgt < j.shape[1]), tgt, -1)
        S.append((score, ok, tgt))
        score = net.speaker(h, [io], torch.from_numpy(j + o), tensors(feats))
        tgt = np.where(ps >= 0, ps - i + P.BEFORE, j.shape[1])
        tgt = np.where((tgt >= 0) & (tgt <= j.shape[1]), tgt, -1)
        NB.append((score, ok, tgt, net.speaker.null(h[io])))
        good = np.zeros(j.shape, bool)
        for k, t in enumerate(T):
            for m in t.sources:
                w = m - t.cue + P.BEFORE
                if 0 <= w < j.shape[1]:
                    good[k, w] = True
        score = net.source(h, [io], torch.from_numpy(j + o), tensors(feats))
        SO.append((score, ok, good))
        for t, choice in zip(T, ex.choices or [], strict=False):
            if choice is not None:
                WH.append((who_inputs(c, running, flags, t, choice, o), choice.right))
        j, ok = windows(n, s, 0, P.REACH)
        feats = P.pair(c, running, flags, i[:, None], j) + P.span(c, running, s[:, None], j)
        score = net.end(h, [io, torch.from_numpy(s + o)], torch.from_numpy(j + o), tensors(feats))
        tgt = np.where(e - s < j.shape[1], e - s, -1)
        E.append((score, ok, tgt))
        has = ps >= 0
        if has.any():
            ii, p, q = i[has], ps[has], pe[has]
            j, ok = windows(n, p, 0, 40)
            feats = P.pair(c, running, flags, ii[:, None], j) + P.span(c, running, p[:, None], j)
            score = net.speaker_end(
                h,
                [torch.from_numpy(ii + o), torch.from_numpy(p + o)],
                torch.from_numpy(j + o),
                tensors(feats),
            )
            tgt = np.where(q - p < j.shape[1], q - p, -1)
            PE.append((score, ok, tgt))
        so, eo = torch.from_numpy(s + o), torch.from_numpy(np.maximum(e, s) + o)
        AI.append(act_input(h, cum, io, so, eo))
        AY += [t.act for t in T]
        FI.append(
            torch.cat(
                [
                    h[io],
                    h[so],
                    torch.tensor(
                        [P.form_features(c, t.cue, t.start, max(t.end, t.start)) for t in T]
                    ),
                ],
                1,
            )
        )
        FY += [t.form for t in T]

    def cat(items, null=False):
        return pointer_loss(
            torch.cat([x[0] for x in items]),
            np.concatenate([x[1] for x in items]),
            torch.from_numpy(np.concatenate([x[2] for x in items])),
            torch.cat([x[3] for x in items]) if null else None,
        )

    read = [
        (ex, o) for ex, o in zip(examples, batch["offsets"], strict=True) if ex.names is not None
    ]
    if read:  # the names that teachers found
        places = np.concatenate([np.arange(o, o + len(ex.names)) for ex, o in read])
        places, names = torch.from_numpy(places), np.concatenate([ex.names for ex, _ in read])
        inside = valid[places]
        out["names"] = F.cross_entropy(net.ner(h[places[inside]]), torch.from_numpy(names)[inside])
    if S:
        out["start"] = cat(S)
        out["end"] = cat(E)
        out["speaker"] = cat(NB, True)
        if PE:
            out["speaker_end"] = cat(PE)
        score = torch.cat([x[0] for x in SO]).masked_fill(
            ~torch.from_numpy(np.concatenate([x[1] for x in SO])), -1e4
        )
        good = torch.from_numpy(np.concatenate([x[2] for x in SO]))
        has = good.any(1)
        if WH:
            scores = who_scores(net, h, [x for x, _ in WH])
            out["who"] = torch.stack(
                [
                    -torch.logsumexp(torch.log_softmax(z, 0)[torch.from_numpy(y)], 0)
                    for z, (_, y) in zip(scores, WH, strict=True)
                ]
            ).mean()
        if has.any():
            logp = torch.log_softmax(score[has], 1)
            out["source"] = -torch.logsumexp(logp.masked_fill(~good[has], -1e4), 1).mean()
        known = torch.tensor(AY) >= 0
        if known.any():
            out["act"] = F.cross_entropy(net.act(torch.cat(AI))[known], torch.tensor(AY)[known])
        out["form"] = F.cross_entropy(net.form(torch.cat(FI)), torch.tensor(FY))
    return out


def ner_loss(net, tagged):
    h = net.encoder(batch_of(tagged))
    labels = torch.from_numpy(np.concatenate([t.labels for t in tagged]))
    valid = torch.from_numpy(np.concatenate([t.columns.sentence >= 0 for t in tagged]))
    return F.cross_entropy(net.ner(h)[valid], labels[valid])
