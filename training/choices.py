"""The choice of who is meant, as the network learns it: candidates, features, and which are right."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from gold import Example, Target
from qawl.reader import pointed
from qawl.reader.mentions import PLAIN, gather, names_of
from qawl.reader.who import HISTORY, Context, Said
from qawl.reader.who_choice import History

#: Share of the choices remembered wrongly while learning.
MISTAKEN = 0.1


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


def speakers_of(ex: Example) -> list[tuple[int, int] | None]:
    """The tokens of each statement's speaker."""
    return [
        (t.speaker, max(t.speaker_end, t.speaker)) if t.speaker >= 0 else None for t in ex.targets
    ]


def context_of(ex: Example, labels, plain=()) -> Context:
    """The mentions of an article whose names the tagger labels ``labels``; ``plain`` are those that no name tells
    (``qawl.reader.pointed``)."""
    speakers = speakers_of(ex)
    names = [*names_of(labels), *((a, b, PLAIN) for a, b in plain)]
    groups, own = gather(ex.columns, speakers, names)
    said = [
        Said(t.cue, sp, t.start, max(t.end, t.start))
        for t, sp in zip(ex.targets, speakers, strict=True)
    ]
    return Context(ex.columns, groups, own, said)


def prepare(ex: Example, labels, score, plain=()) -> list[Choice | None]:
    """The choices of an article whose mentions ``context_of`` gives; the statements before each
    count as rightly resolved, but for a few. Right is what the measure takes for the source."""
    targets, c = ex.targets, ex.columns
    context = context_of(ex, labels, plain)
    groups, own = context.groups, context.own
    aliases = aliases_of(score, ex.row)
    text = ex.article.text
    memo: dict[tuple[int, str], bool] = {}

    def right(g: int, t: Target) -> bool:
        if (g, t.who) not in memo:
            a, b = groups[g].person or (groups[g].first, groups[g].last)
            name = text[c.tokens[a].start : c.tokens[b].end]
            memo[g, t.who] = score.speaker_right({"who": t.who}, {"who": name}, aliases)
        return memo[g, t.who]

    def named(g: int, t: Target) -> bool:
        a, b = groups[g].person or (groups[g].first, groups[g].last)
        name = text[c.tokens[a].start : c.tokens[b].end]
        return bool(t.who) and score.name_similarity(name, t.who) > 0

    history = History(context.root)
    rng = random.Random(len(c.tokens))
    out: list[Choice | None] = []
    for k, t in enumerate(targets):
        choices = context.choices(k)
        features = np.array(choices.features)
        if choices.groups:
            features[:, HISTORY] = history.features(own[k], choices.roots)
        good = np.array([right(g, t) for g in choices.groups], bool)
        # the measure also takes an office for its bearer; where a candidate bears the name, that is meant
        bears = good & np.array([named(g, t) for g in choices.groups], bool)
        good = bears if bears.any() else good
        if good.any():
            # the reader's own history is not always right, so neither is the one learned with
            wrong = rng.random() < MISTAKEN
            chosen = rng.choice(choices.groups) if wrong else choices.groups[int(good.argmax())]
            history.add(own[k], chosen)
        elif own[k] >= 0:
            history.add(own[k], own[k])
        out.append(
            Choice(np.array(choices.places), features.astype(np.int16), good)
            if good.any()
            else None
        )
    return out


def plain_of(ex: Example, labels, scene) -> list[tuple[int, int]]:
    """The mentions of an article that no name tells, as the reader finds them for the gold's statements."""
    count = len(ex.columns.tokens)
    taken, which = pointed.unnamed(count, names_of(labels), speakers_of(ex))
    return pointed.find(scene, np.array([ex.targets[k].cue for k in which], dtype=np.int64), taken)


def soft_choices(ex: Example, labels, chosen: list[int] | None) -> list[Choice | None]:
    """The choices of an article that a teacher read: ``chosen`` are the candidates that it took in a round
    before, by which the statements before each count as resolved; without, by their own speakers."""
    context = context_of(ex, labels)
    own = context.own
    history = History(context.root)
    out: list[Choice | None] = []
    for k in range(len(ex.targets)):
        choices = context.choices(k)
        if not choices.groups:
            out.append(None)
            continue
        features = np.array(choices.features)
        features[:, HISTORY] = history.features(own[k], choices.roots)
        took = choices.groups[chosen[k]] if chosen is not None and chosen[k] >= 0 else own[k]
        if took >= 0:
            history.add(own[k], took)
        right = np.array([context.root[g] == context.root[took] for g in choices.groups], bool)
        out.append(Choice(np.array(choices.places), features.astype(np.int16), right))
    return out
