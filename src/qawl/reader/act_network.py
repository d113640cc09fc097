"""The network of acts: what the words of a statement do, told by a small network of their own.

Vectors of the words by the cue and of the content go through two convolutions over three words (Kim 2014; the second
is added to the first), and an attention from the cue (Bahdanau et al. 2015) says how much each word of the content
counts. Its vectors of words are not the encoder's: those have cues, bounds and names to tell, and of the acts that
they were taught with all else, they knew too few even in what they had learned from (docs/accuracy.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from qawl.reader.columns import SMALL, Columns
from qawl.reader.lexicon_columns import SIZES as LEXICON_SIZES

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.integer[Any]]
Index = npt.NDArray[np.int64]

#: Words of a content that are looked at for its act: the first of them.
MOST = 60
#: Tokens before a cue, behind a cue and behind a content that are looked at too.
BEFORE, BEHIND, AFTER = 4, 2, 2
#: What a token is to its statement: before its cue, of a cue that stands before its content, behind the cue, of the
#: content, behind the content, of a cue that stands behind its content.
ROLES = 6
#: Those of a cue, wherever it stands, and of the content.
OF_CUE, OF_CONTENT = (1, 5), 3


def places(cue: int, cue_last: int, start: int, end: int, last: int) -> tuple[list[int], list[int]]:
    """The tokens that a statement's act is told from, in their order, and the role of each; all places are
    inclusive, ``last`` is the article's last."""
    of_cue = OF_CUE[0 if cue < start else 1]
    roles = dict.fromkeys(range(end + 1, min(end + AFTER, last) + 1), 4)
    for k in range(max(cue - BEFORE, 0), min(cue_last + BEHIND, last) + 1):
        roles[k] = 0 if k < cue else of_cue if k <= cue_last else 2
    for k in range(start, end + 1):
        roles.pop(k, None)
    roles |= dict.fromkeys(range(start, min(end + 1, start + MOST)), OF_CONTENT)
    tokens = sorted(roles)
    return tokens, [roles[k] for k in tokens]


class ActNetwork:
    """The arrays ``acts.*`` of the model file and what is reckoned with them."""

    def __init__(self, arrays: Mapping[str, Floats]) -> None:
        own = {name[5:]: a for name, a in arrays.items() if name.startswith("acts.")}
        self._own = own
        self._small = [own[f"small.{k}.weight"] for k in range(len(SMALL))]
        self._lexicon = [own[f"lexicon.{k}.weight"] for k in range(len(LEXICON_SIZES))]
        # convolutions as one product: words, three times over
        self._layers = [
            (own[f"{name}.weight"].transpose(1, 2, 0).reshape(len(own[f"{name}.weight"][0]), -1),
             own[f"{name}.bias"])
            for name in ("lower", "upper")
        ]  # fmt: skip

    def scores(self, c: Columns, looked: Sequence[tuple[list[int], list[int]]]) -> Floats:
        """The scores of the acts (a row a statement, a column an act) of statements that are told from the
        ``places`` in ``c`` that are given."""
        sizes = np.array([len(some) for some, _ in looked])
        ends = np.cumsum(sizes)
        firsts = ends - sizes
        tokens = np.array([k for some, _ in looked for k in some])
        roles = np.array([r for _, some in looked for r in some])
        return self._told(self._vectors(c, tokens, roles), roles, firsts, ends)

    def _vectors(self, c: Columns, tokens: Index, roles: Index) -> Floats:
        own = self._own
        # a token is many statements' neighbour: each is projected once
        looked = np.zeros(len(c.words), dtype=np.int64)
        looked[tokens] = 1
        distinct = np.flatnonzero(looked)
        words, small, lexicon = (a.take(distinct, axis=0) for a in (c.words, c.small, c.lexicon))
        tables = [own[f"{name}.weight"] for name in ("word", "stem", "ending", "beginning")]
        rows: list[tuple[Floats, Ints]] = [(t, words[:, k]) for k, t in enumerate(tables)]
        rows += [(table, small[:, k]) for k, table in enumerate(self._small)]
        rows += [(table, lexicon[:, k]) for k, table in enumerate(self._lexicon)]
        x = np.concatenate([table.take(some, axis=0) for table, some in rows], axis=1)
        projected = x @ own["project.weight"].T
        projected += own["project.bias"]
        y: Floats = projected.take(np.cumsum(looked)[tokens] - 1, axis=0)
        y += own["role.weight"].take(roles, axis=0)
        return y

    def _told(self, x: Floats, roles: Index, firsts: Index, ends: Index) -> Floats:
        own = self._own
        h = self._convolved(0, x, firsts, ends)
        h += self._convolved(1, h, firsts, ends)
        of_cue = np.isin(roles, OF_CUE).astype(np.float32)
        cue = np.add.reduceat(h * of_cue[:, None], firsts)
        cue /= np.maximum(np.add.reduceat(of_cue, firsts), 1)[:, None]
        # the contents, whose words stand one behind another in each statement
        content = np.flatnonzero(roles == OF_CONTENT)
        whose = np.repeat(np.arange(len(firsts)), ends - firsts)[content]
        begins = np.flatnonzero(np.diff(whose, prepend=-1))
        h = h.take(content, axis=0)
        asked = cue @ own["query.weight"].T
        asked += own["query.bias"]
        score = np.einsum("nk,nk->n", h, asked.take(whose, axis=0))
        score /= np.float32(np.sqrt(h.shape[1]))
        score += (h @ own["key.weight"].T)[:, 0]
        chances = np.exp(score - np.maximum.reduceat(score, begins)[whose])
        chances /= np.add.reduceat(chances, begins)[whose]
        mean = np.add.reduceat(h * chances[:, None], begins)
        most = np.maximum.reduceat(h, begins)
        z = np.concatenate([cue, mean, most, h.take(begins, axis=0)], axis=1)
        hidden = z @ own["first.weight"].T
        hidden += own["first.bias"]
        np.clip(hidden, 0, np.inf, out=hidden)
        result: Floats = hidden @ own["last.weight"].T + own["last.bias"]
        return result

    def _convolved(self, layer: int, x: Floats, firsts: Index, ends: Index) -> Floats:
        """Each row with those beside it in its statement, rectified."""
        weights, bias = self._layers[layer]
        width = len(bias)
        z = x @ weights
        y: Floats = z[:, width : 2 * width] + bias
        z[ends - 1, :width] = 0  # nothing goes from one statement into another
        z[firsts, 2 * width :] = 0
        y[1:] += z[:-1, :width]
        y[:-1] += z[1:, 2 * width :]
        np.clip(y, 0, np.inf, out=y)
        return y
