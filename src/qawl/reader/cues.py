"""Cues: which words report. The first stage; the network judges every token from its sentence."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from qawl.reader.columns import Columns
from qawl.reader.draft import Draft
from qawl.reader.network import Floats, Network, softmax

#: A token is taken for a cue from this chance on. Chosen on folds of the training articles for
#: joint F1; the statement's own confidence is weighed later (``confidence``).
THRESHOLD = 0.40
#: Labels of the cue head.
OUTSIDE, CUE, INSIDE, BARE = range(4)


def find(c: Columns, h: Floats, network: Network) -> tuple[list[Draft], npt.NDArray[np.int64]]:
    """A draft for each cue, in reading order, and the label of every token."""
    return pick(c, softmax(network.layers("cue", h, 0, 3)))


def pick(c: Columns, chances: Floats) -> tuple[list[Draft], npt.NDArray[np.int64]]:
    """The cues of tokens with these chances of each label; none in newlines and page chrome."""
    none = (c.sentence < 0) | (c.small[:, 4] // 2 == 4)
    labels = chances.argmax(axis=1)
    labels[none] = OUTSIDE
    taken = chances[:, CUE] + chances[:, BARE]
    taken[none] = 0.0
    out = []
    for i in np.flatnonzero(taken > THRESHOLD):
        k = int(i)
        bare = bool(chances[k, BARE] > chances[k, CUE])
        last = k
        while last - k < 4 and c.next[last] > last and labels[last + 1] == INSIDE:
            last += 1
        out.append(Draft(cue=k, cue_last=last, bare=bare, cue_probability=float(taken[k])))
    return out, labels
