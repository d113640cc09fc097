"""The network's stages over several articles at once: cues, contents, speakers and names.

Much of the time of a short article goes to beginning each array operation, whatever it has to do. So short
articles are laid end to end, the stages look at all of them as at one, and each article is then given its own part
of what they found. No stage looks from one article into another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qawl.arabic.quotes import Quotes
from qawl.reader import contents, cues, speakers
from qawl.reader.columns import Columns, Ints
from qawl.reader.contents import Index, Scene
from qawl.reader.draft import Draft
from qawl.reader.network import Network


@dataclass(slots=True)
class Found:
    """What the stages found in one article."""

    scene: Scene
    drafts: list[Draft]
    tags: Index  # labels of names, a token each
    first: int = 0  # its first token in the scene of all


def found(parts: Sequence[Columns], network: Network) -> tuple[Scene, list[Found]]:
    """The scene of all of the articles with these columns, and what was found in each; each must have a sentence."""
    c = joined(parts)
    h = network.encode(c)
    drafts, labels = cues.find(c, h, network)
    scene = contents.scene(c, h, network, drafts, labels)
    contents.find(scene, drafts)
    speakers.find(scene, drafts)
    tags = network.linear("ner", h).argmax(axis=1)
    if len(parts) == 1:
        return scene, [Found(scene, drafts, tags)]
    places = [d.cue for d in drafts]
    out = []
    for own, first in zip(parts, c.articles, strict=True):
        end = first + len(own.tokens)
        low, high = np.searchsorted(places, (first, end)).tolist()
        for draft in drafts[low:high]:
            _move(draft, -first)
        out.append(Found(scene.part(own, first), drafts[low:high], tags[first:end], first))
    return scene, out


def _move(draft: Draft, by: int) -> None:
    """Moves all places of a draft as these stages leave it."""
    draft.cue += by
    draft.cue_last += by
    if draft.start >= 0:
        draft.start, draft.end = draft.start + by, draft.end + by
    if draft.speaker:
        draft.speaker = draft.speaker[0] + by, draft.speaker[1] + by


def joined(parts: Sequence[Columns]) -> Columns:
    """The columns of several articles as one, without ``quotes``: what the network's stages look at, so that their
    work on many short articles is done at once. No pair of tokens is of two articles (``of_article``)."""
    if len(parts) == 1:
        return parts[0]
    firsts = np.cumsum([0, *(len(c.sentence) for c in parts)])
    shifts = np.repeat(firsts[:-1], np.diff(firsts)).astype(np.int32)

    def rows(name: str) -> Ints:
        return np.concatenate([getattr(c, name)[: len(c.sentence)] for c in parts])

    def places(name: str) -> Ints:
        values = rows(name)
        values[values >= 0] += shifts[values >= 0]
        return values

    return Columns(
        tokens=[],
        quotes=Quotes([], [], [], []),
        spans=[
            (a + by, b + by)
            for c, by in zip(parts, firsts[:-1].tolist(), strict=True)
            for a, b in c.spans
        ],
        words=rows("words"),
        small=rows("small"),
        lexicon=rows("lexicon"),
        sentence=rows("sentence"),
        paragraph=rows("paragraph"),
        mark=rows("mark"),
        counts=rows("counts"),
        before=rows("before"),
        closing=places("closing"),
        mate=places("mate"),
        next=places("next"),
        folded=[],
        articles=tuple(firsts[:-1].tolist()),
    )
