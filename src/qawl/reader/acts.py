"""Acts and forms: what the speaker does with the words, and how they are given.

The act is judged twice and the chances averaged: by the network from the cue, the content's first word
and a mean of the content's words weighted by the cue's attention (Bahdanau et al. 2015), and by a
linear model over the words themselves, which knows rare ones better (together 0.645 right on held-out
articles, alone 0.62 and 0.61). The form is judged from the cue, the first word and the marks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qawl.model import ACTS, FORMS
from qawl.reader import pairs
from qawl.reader.columns import Columns, strip_proclitic
from qawl.reader.contents import Scene
from qawl.reader.draft import Draft
from qawl.reader.network import softmax

#: Words of a content that are looked at for its act: the first of them.
MOST = 60


def find(s: Scene, drafts: Sequence[Draft]) -> None:
    """Sets ``act``, its chance and ``form`` on each draft (contents must be set)."""
    if not len(drafts):
        return
    h, net = s.h, s.network
    words = net.arrays["encoder.word.weight"][s.c.words[:, 1]]
    cues = np.array([d.cue for d in drafts])
    starts = np.array([d.start for d in drafts])
    queries = net.linear("act.query", h[cues])
    bias = net.arrays["act.key.bias"]
    pooled, pooled_words = [], []
    for k, draft in enumerate(drafts):
        a, b = draft.start, min(draft.end + 1, draft.start + MOST)
        keys = s.project("act", "key", np.arange(a, b)) + bias
        weights = softmax(keys @ queries[k] / np.float32(np.sqrt(len(bias))))
        pooled.append(weights @ h[a:b])
        pooled_words.append(weights @ words[a:b])
    x = np.concatenate(
        [h[cues], h[starts], np.array(pooled), words[cues], np.array(pooled_words)], axis=1
    )
    hidden = np.maximum(net.linear("act.first", x), 0)
    acts = softmax(net.linear("act.last", hidden))
    known, weights, bias = net.act_words
    for k, draft in enumerate(drafts):
        rows = [
            known[f]
            for f in words_of(s.c, draft.cue, draft.cue_last, draft.start, draft.end)
            if f in known
        ]
        acts[k] = (acts[k] + softmax(weights[rows].sum(axis=0) + bias)) / 2
    marks = [pairs.form_features(s.c, d.cue, d.start, d.end) for d in drafts]
    x = np.concatenate([h[cues], h[starts], np.array(marks, dtype=np.float32)], axis=1)
    forms = net.layers("form", x, 0, 2).argmax(axis=1)
    for k, draft in enumerate(drafts):
        best = int(acts[k].argmax())
        draft.act, draft.act_probability = ACTS[best], float(acts[k, best])
        draft.form = FORMS[int(forms[k])]


def words_of(c: Columns, cue: int, cue_last: int, start: int, end: int) -> set[str]:
    """What the linear model sees of a statement (token indices, inclusive): the cue's word and its
    classes, the words beside it, and the content's words with and without their proclitics."""
    folded = c.folded
    word = folded[cue]
    stem = strip_proclitic(word)[0]
    classes = c.lexicon[cue]
    out = {f"c={word}", f"l={stem}", f"k={classes[0]}", f"f={classes[1]}", f"a={classes[2]}"}
    for k in range(cue_last + 1, min(cue_last + 3, len(folded))):
        out.add(f"n={stem}|{folded[k]}")
    if start:
        out.add(f"p={folded[start - 1]}")
    for k in range(start, min(end + 1, start + MOST)):
        w = folded[k]
        out.add(f"w={w}")
        out.add(f"s={strip_proclitic(w)[0]}")
        if k < start + 3:
            out.add(f"{k - start}={w}")
    out.add(f"b={stem}|{folded[start]}")
    out.add(f"z={min((end - start) // 5, 8)}")
    return {f for f in out if "\n" not in f}  # the model file keeps them a line each
