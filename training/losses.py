"""What the network is taught, head by head: by gold, and by a teacher's scores."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from network import LEAST
from qawl.reader import pairs as P
from store import POINTERS, Batch, Pairs, window
from transformer import take

#: What each head's loss weighs; the cue's is given apart, since all else hangs on it.
WEIGHTS = {"form": 0.3, "names": 4.0}
#: Tokens of a speaker looked at.
SPEAKER = 40


def scores(net, b: Batch, h):
    """Every head's scores of a batch, for the statements that it holds."""
    out = {"cue": net.cue(h), "edge": net.edge(h), "names": net.ner(h)}
    if not b.count:
        return out
    pairs = Pairs(b, (out["cue"].detach().argmax(1) == 1) & b.valid)
    t = b.target
    i, s = t["cue"], t["start"]
    j, ok = window(b, i, P.BEFORE, P.AFTER)
    features = pairs.pair(i[:, None], j)
    out["start"] = net.start(h, [i], j, features).masked_fill(~ok, LEAST)
    out["speaker"] = torch.cat(
        [net.speaker(h, [i], j, features).masked_fill(~ok, LEAST), net.speaker.null(take(h, i))], 1
    )
    out["source"] = net.source(h, [i], j, features).masked_fill(~ok, LEAST)
    j, ok = window(b, s, 0, P.REACH)
    features = pairs.pair(i[:, None], j) + pairs.span(s[:, None], j)
    out["end"] = net.end(h, [i, s], j, features).masked_fill(~ok, LEAST)
    has = b.has_speaker
    if len(has):
        p = t["speaker"][has]
        j, ok = window(b, p, 0, SPEAKER)
        features = pairs.pair(i[has][:, None], j) + pairs.span(p[:, None], j)
        out["speaker_end"] = net.speaker_end(h, [i[has], p], j, features).masked_fill(~ok, LEAST)
    out["form"] = net.form(torch.cat([take(h, i), take(h, s), b.form], 1))
    if b.who:
        out["who"] = who_scores(net, b, h, pairs)
    return out


def who_scores(net, b: Batch, h, pairs: Pairs):
    """Scores of each statement's candidate sources (statements × candidates)."""
    rows, source = who_inputs(net, b, h, pairs)
    return net.who(take(h, rows), b.who, source)


def who_inputs(net, b: Batch, h, pairs: Pairs):
    """What the head that scores candidate sources is given beside their features: of each statement the rows of the
    cue, the speaker (without one, the cue) and the candidates, and the source head's scores of the latter."""
    w = b.who
    i = b.target["cue"][w["which"]]
    speaker = b.target["speaker"][w["which"]]
    speaker = torch.where(speaker >= 0, speaker, i)
    places = w["places"]
    source = net.source(h, [i], places, pairs.pair(i[:, None], places))
    return torch.cat([i[:, None], speaker[:, None], places], 1), source


def point_loss(score, target):
    """Cross entropy of a window's scores; a target outside of it teaches nothing."""
    inside = (target >= 0) & (target < score.shape[1])
    loss = F.cross_entropy(score, torch.where(inside, target, -100), reduction="sum")
    return loss / inside.sum().clamp(min=1)


def marginal(score, good):
    """-log of the chance of any of the good ones."""
    log = torch.log_softmax(score, 1)
    return -torch.logsumexp(log.masked_fill(~good, LEAST), 1).mean()


def gold_losses(b: Batch, out):
    """Losses of a batch whose statements are taken for right."""
    t = b.target
    ls = {}
    valid = b.learns_cues
    labels = torch.where(valid, b.cue_labels, -100)
    ls["cue"] = F.cross_entropy(out["cue"], labels, reduction="sum") / valid.sum().clamp(min=1)
    edges = torch.zeros_like(out["edge"])
    has = b.has_speaker
    if b.count:
        edges[t["start"], 0] = 1
        edges[t["end"], 1] = 1
        edges[t["speaker"][has], 2] = 1
        edges[t["speaker_end"][has], 3] = 1
    edge = F.binary_cross_entropy_with_logits(out["edge"], edges, reduction="none").sum(1)
    ls["edge"] = (edge * valid).sum() / valid.sum().clamp(min=1)
    named = (b.names >= 0) & b.valid
    ls["names"] = F.cross_entropy(
        out["names"], torch.where(named, b.names, -100), reduction="sum"
    ) / named.sum().clamp(min=1)
    if not b.count:
        return ls
    i, s, e = t["cue"], t["start"], t["end"]
    ls["start"] = point_loss(out["start"], s - i + P.BEFORE)
    ls["end"] = point_loss(out["end"], e - s)
    p = t["speaker"]
    none = out["speaker"].shape[1] - 1
    at = p - i + P.BEFORE
    at = torch.where((at < 0) | (at >= none), -1, at)
    ls["speaker"] = point_loss(out["speaker"], torch.where(p < 0, none, at))
    if len(has):
        ls["speaker_end"] = point_loss(out["speaker_end"], t["speaker_end"][has] - p[has])
    if len(b.with_source):
        ls["source"] = marginal(out["source"][b.with_source], b.good[b.with_source])
    if b.who:
        ls["who"] = marginal(out["who"], b.who["right"])
    ls["form"] = F.cross_entropy(out["form"], t["form"])
    return ls


def soft_losses(b: Batch, out):
    """Losses of a batch that a teacher read: how far off its chances are (cross entropy; Hinton et al. 2015)."""
    ls = {}
    log = torch.log_softmax(out["cue"], 1)
    ls["cue"] = -((b.soft["cue"] * log).sum(1) * b.valid).sum() / b.valid.sum().clamp(min=1)
    hard = gold_losses(b, out)
    for name in ("edge", "names"):
        ls[name] = hard[name]
    if not b.count:
        return ls
    for name in POINTERS:
        if name in out and len(out[name]):
            index, chance = b.soft[name]
            log = torch.log_softmax(out[name], 1).gather(1, index)
            ls[name] = -(log * chance).sum(1).mean()
    ls["form"] = -(torch.log_softmax(out["form"], 1) * b.soft["form"]).sum(1).mean()
    if b.who:
        ls["who"] = -(torch.log_softmax(out["who"], 1) * b.soft["who"]).sum(1).mean()
    return ls


def total(ls, cue_weight):
    return sum(v * (cue_weight if k == "cue" else WEIGHTS.get(k, 1.0)) for k, v in ls.items())
