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
from qawl.reader.contents import TOGETHER, Scene
from qawl.reader.draft import Draft
from qawl.reader.network import Floats, softmax
from qawl.reader.together import Found

#: The weight of the linear model beside the network: with 0 and 0.3 of the acts of 894 unseen articles 0.770 and 0.777 are
#: right, of training/held 0.716 and 0.730, of the project's own 0.803 and 0.799 (in their chain, with the bounds given;
#: version 9's network).
LINEAR = np.float32(0.3)


def find(s: Scene, articles: Sequence[Found]) -> None:
    """Sets ``act``, its chance and ``form`` on each draft of the articles in the scene (contents must be set)."""
    every = [(article, draft) for article in articles for draft in article.drafts]
    if not every:
        return
    parts = [every[k : k + TOGETHER] for k in range(0, len(every), TOGETHER)]
    for part in parts:
        _set_forms(s, part)
    by_words = np.concatenate([_by_words(part) for part in parts])
    first = 0
    for article in articles:
        drafts = article.drafts
        if not drafts:
            continue
        own = by_words[first : first + len(drafts)]
        first += len(drafts)
        for k in range(0, len(drafts), TOGETHER):
            own[k : k + TOGETHER] *= _by_network(article, drafts[k : k + TOGETHER])
        order = np.lexsort(([d.start for d in drafts], [d.cue for d in drafts]))
        own[order] = in_chain(own[order], s.network.act_chain)
        for draft, chances in zip(drafts, own, strict=True):
            best = int(chances.argmax())
            draft.act, draft.act_probability = ACTS[best], float(chances[best])


def _by_words(drafts: Sequence[tuple[Found, Draft]]) -> Floats:
    """The linear model's chances of the acts of statements, each by itself, to the power that they weigh."""
    told = [(article.scene.c, draft) for article, draft in drafts]
    acts: Floats = softmax(drafts[0][0].scene.network.act_words.scores(told)) ** LINEAR
    return acts


def _by_network(article: Found, drafts: Sequence[Draft]) -> Floats:
    """The same by the network of acts, of one article's statements: so nothing that is read beside the article
    changes a digit of them."""
    c = article.scene.c
    looked = [places(d.cue, d.cue_last, d.start, d.end, len(c.sentence) - 1) for d in drafts]
    acts: Floats = softmax(article.scene.network.acts.scores(c, looked)) ** (1 - LINEAR)
    return acts


def _set_forms(s: Scene, drafts: Sequence[tuple[Found, Draft]]) -> None:
    """Sets ``form`` on each of the drafts."""
    cues = np.array([article.first + d.cue for article, d in drafts])
    starts = np.array([article.first + d.start for article, d in drafts])
    marks = [pairs.form_features(article.scene.c, d.cue, d.start, d.end) for article, d in drafts]
    x = np.concatenate([s.h[cues], s.h[starts], np.array(marks, dtype=np.float32)], axis=1)
    forms = s.network.layers("form", x, 0, 2).argmax(axis=1)
    for (_, draft), form in zip(drafts, forms.tolist(), strict=True):
        draft.form = FORMS[form]


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
