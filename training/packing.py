"""Articles as ``Packed``, made by several processes at once."""

from __future__ import annotations

import multiprocessing
import os
from functools import partial
from pathlib import Path

import numpy as np

import ner
from choices import plain_of, prepare, soft_choices
from gold import Example, Target, as_article, example, load, scorer
from marks import marked
from qawl.reader import contents, cues
from qawl.reader.columns import Alphabet, columns
from qawl.reader.mentions import within_lines
from qawl.reader.network import Network
from qawl.reader.threads import one_thread
from store import Packed, pack

_STATE: dict = {}


def _begin(alphabet, shared, spelled):
    _STATE.update(alphabet=alphabet, score=scorer(shared), tagger=Network.load())
    _STATE["spelling"] = spelled and spelling_of(spelled)


def spelling_of(saved):
    """The pieces that a teacher's file says it reads, if it is one that reads pieces."""
    if saved.get("kind") != "pieces":
        return None
    from pieces import Spelling

    return Spelling(saved["pieces"], saved["scores"])


def _gold(row) -> Packed:
    ex = example(row, _STATE["alphabet"])
    tagger = _STATE["tagger"]
    with one_thread():
        c = columns(ex.article, tagger.alphabet)
        h = tagger.encode(c)
        drafts, labels = cues.find(c, h, tagger)
        names = tagger.linear("ner", h).argmax(axis=1)
        tags = within_lines(c, names, [t.cue for t in ex.targets if not t.bare])
        plain = plain_of(ex, tags, contents.scene(c, h, tagger, drafts, labels))
    ex.choices = prepare(ex, tags, _STATE["score"], plain)
    return pack(ex, spelling=_STATE["spelling"])


def _plain(row) -> Packed:
    article = as_article(row)
    ex = Example(article, columns(article, _STATE["alphabet"]), [], row)
    return pack(ex, spelling=_STATE["spelling"])


def _soft(task) -> Packed:
    """An article that a teacher read: its rows as ``store.TARGET``, its names' labels, which candidates the
    teacher took in the round before, and its chances."""
    row, table, names, chosen, chances = task
    article = as_article(row)
    cols = columns(article, _STATE["alphabet"])
    targets = [
        Target(cue, last, s, e, p, q, 0, form, bool(bare), 1, "", [], {})
        for cue, last, s, e, p, q, form, bare in table.tolist()
    ]
    ex = Example(article, cols, targets, row)
    ex.choices = soft_choices(ex, names.tolist(), chosen)
    return pack(ex, names=names.astype(np.int8), soft=chances, spelling=_STATE["spelling"])


def many(work, tasks, alphabet: Alphabet, shared: Path, spelled=None) -> list[Packed]:
    """``work`` on each task, in their order. ``spelled``: what a teacher's file says (``spelling_of``)."""
    context = multiprocessing.get_context("fork")
    with context.Pool(os.cpu_count(), partial(_begin, alphabet, shared, spelled)) as pool:
        return pool.map(work, tasks, chunksize=max(1, min(64, len(tasks) // 64)))


gold, plain, soft = (partial(many, work) for work in (_gold, _plain, _soft))


def tagged(shared: Path, alphabet: Alphabet, spelled=None) -> list[Packed]:
    """Articles whose names are known, and nothing else."""
    spelling = spelled and spelling_of(spelled)
    return [
        pack(t, names=t.labels.astype(np.int8), learns_cues=False, spelling=spelling)
        for t in ner.load(shared / "ner/ANERcorp_CSabty", alphabet)
    ]


def rows_of(shared: Path, marks: Path | None, most: int | None = None, first: int = 0):
    """Gold/train's articles, and those marked."""
    return load(shared / "gold/train.jsonl"), (marked(shared, marks, first, most) if marks else [])
