"""Acts and forms: what the speaker does with the words, and how they are given.

The act is judged twice: by a network of its own from the words by the cue and those of the content (``act_network``),
and by a linear model over the words themselves (``act_words``), which knows rare ones better. A weighted geometric mean
of both goes through the acts before and after, since what is warned of in one sentence is seldom praised in the next
(forward-backward over a chain, Rabiner 1989). The form is judged by the reader's network from the cue, the first word
and the marks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qawl.model import ACTS, FORMS
from qawl.reader import pairs
from qawl.reader.act_network import places
from qawl.reader.contents import TOGETHER, Index, Scene
from qawl.reader.draft import Draft
from qawl.reader.network import Floats, softmax
from qawl.reader.together import Found

#: The weight of the linear model beside the network.
LINEAR = np.float32(0.3)


def find(s: Scene, articles: Sequence[Found]) -> None:
    """Sets ``act``, its chance and ``form`` on each draft of the articles in the scene (contents must be set)."""
    every = [(article, draft) for article in articles for draft in article.drafts]
    judged = [_judged(s, every[k : k + TOGETHER]) for k in range(0, len(every), TOGETHER)]
    if not judged:
        return
    acts, forms = map(np.concatenate, zip(*judged, strict=True))
    first = 0
    for article in articles:
        drafts = article.drafts
        if not drafts:
            continue
        own = acts[first : first + len(drafts)]
        order = np.lexsort(([d.start for d in drafts], [d.cue for d in drafts]))
        own[order] = in_chain(own[order], s.network.act_chain)
        for k, (draft, chances) in enumerate(zip(drafts, own, strict=True), first):
            best = int(chances.argmax())
            draft.act, draft.act_probability = ACTS[best], float(chances[best])
            draft.form = FORMS[int(forms[k])]
        first += len(drafts)


def _judged(s: Scene, drafts: Sequence[tuple[Found, Draft]]) -> tuple[Floats, Index]:
    """The chances of the acts of some statements, each by itself, and which form each has."""
    h, net = s.h, s.network
    looked = []
    for some, d in drafts:
        first, n = some.first, len(some.scene.c.sentence)
        at = (d.cue + first, d.cue_last + first, d.start + first, d.end + first)
        looked.append(places(*at, first, first + n - 1))
    acts = softmax(net.acts.scores(s.c, looked))
    acts **= 1 - LINEAR
    acts *= softmax(net.act_words.scores([(some.scene.c, d) for some, d in drafts])) ** LINEAR
    cues = np.array([some.first + d.cue for some, d in drafts])
    starts = np.array([some.first + d.start for some, d in drafts])
    marks = [pairs.form_features(some.scene.c, d.cue, d.start, d.end) for some, d in drafts]
    x = np.concatenate([h[cues], h[starts], np.array(marks, dtype=np.float32)], axis=1)
    return acts, net.layers("form", x, 0, 2).argmax(axis=1)


def in_chain(chances: Floats, follows: Floats) -> Floats:
    """The chances of each statement's acts (rows, in the order of the cues) given those of the others;
    ``follows[a, b]``: how much likelier b is after a than anywhere. Each row sums to 1."""
    forward, backward = chances.copy(), np.ones_like(chances)
    forward[0] /= forward[0].sum()
    for k in range(1, len(chances)):
        forward[k] *= forward[k - 1] @ follows
        forward[k] /= forward[k].sum()
    for k in range(len(chances) - 2, -1, -1):
        backward[k] = follows @ (backward[k + 1] * chances[k + 1])
        backward[k] /= backward[k].sum()
    both: Floats = forward * backward
    both /= both.sum(axis=1, keepdims=True)
    return both
