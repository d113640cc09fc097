"""The choice of who is meant, as the network learns it: candidates, features, and which are right."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import torch

from gold import Example, Target
from qawl.reader.mentions import gather, names_of
from qawl.reader.who import HISTORY, Context, History, Said


@dataclass
class Choice:
    """One statement's candidates: the tokens that speak for them, their features, the right ones."""

    places: np.ndarray
    features: np.ndarray
    right: np.ndarray


def aliases_of(score, row):
    """What the measure accepts as a name of each source of an article."""
    out = defaultdict(set)
    for s in row["statements"]:
        out[s["who"]].add(s["who"])
        mention = s["speaker"]["text"] if s["speaker"] else ""
        if set(score.name_tokens(mention)) & set(score.name_tokens(s["who"])):
            out[s["who"]].add(mention)
    return out


def prepare(ex: Example, labels, score) -> list[Choice | None]:
    """The choices of an article whose names the tagger labels ``labels``; the statements before each
    count as rightly resolved. Right is what the measure takes for the source, or, where teachers read
    the article, a name that they mean."""
    targets, c = ex.targets, ex.columns
    speakers = [
        (t.speaker, max(t.speaker_end, t.speaker)) if t.speaker >= 0 else None for t in targets
    ]
    groups, own = gather(c, speakers, names_of(labels))
    said = [
        Said(t.cue, sp, t.start, max(t.end, t.start))
        for t, sp in zip(targets, speakers, strict=True)
    ]
    context = Context(c, groups, own, said)
    aliases = {} if ex.chances is not None else aliases_of(score, ex.row)
    text = ex.article.text
    memo: dict[tuple[int, str], bool] = {}

    def right(g: int, t: Target) -> bool:
        if ex.chances is not None:
            return not t.meant.isdisjoint(groups[g].places)
        if (g, t.who) not in memo:
            a, b = groups[g].person or (groups[g].first, groups[g].last)
            name = text[c.tokens[a].start : c.tokens[b].end]
            memo[g, t.who] = score.speaker_right({"who": t.who}, {"who": name}, aliases)
        return memo[g, t.who]

    history = History(context.root)
    out: list[Choice | None] = []
    for k, t in enumerate(targets):
        choices = context.choices(k)
        features = np.array(choices.features)
        if choices.groups:
            features[:, HISTORY] = history.features(own[k], choices.roots)
        good = np.array([right(g, t) for g in choices.groups], bool)
        if good.any():
            history.add(own[k], choices.groups[int(good.argmax())])
        elif own[k] >= 0:
            history.add(own[k], own[k])
        out.append(
            Choice(np.array(choices.places), features.astype(np.int16), good)
            if good.any()
            else None
        )
    return out


def tensors(features: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(features)).long()
