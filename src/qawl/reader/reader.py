"""The reader: chains the stages that turn an article into its statements.

    cues → contents → speakers → acts → who → finish

Each stage fills a part of the drafts; ``finish`` turns them into statements with exact spans.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

from qawl.arabic.letters import holds_arabic
from qawl.model import Article, Paragraph, Span, Statement
from qawl.reader import accused, acts, finish, interviews, own_words, pointed, quoted, who
from qawl.reader.columns import Columns, columns
from qawl.reader.contents import Scene
from qawl.reader.draft import Draft
from qawl.reader.mentions import PLAIN, gather, names_of, within_lines
from qawl.reader.network import Network
from qawl.reader.paragraphs import mark
from qawl.reader.threads import one_thread
from qawl.reader.together import Found, found
from qawl.reader.who_choice import resolve
from qawl.reader.who_scores import WhoScores

#: Code points read at once. The longest of 40,000 news articles has 21,000; a longer text is read in
#: windows cut between paragraphs, so that memory stays flat and time linear.
WINDOW = 60_000

#: The version of the rules round the network: one more with every change of theirs to what is read, so that a
#: record knows what another reader has read (``qawl reread``).
RULES = 7

#: Code points of short texts that are read together at most.
TOGETHER = 12_000

_loading = threading.Lock()


@cache
def _shipped() -> Network:
    return Network.load()


def windows(article: Article) -> Iterator[tuple[Article, int]]:
    """Parts of a long article and where each begins; cut after a line, else after a space."""
    text, start = article.text, 0
    while start < len(text):
        end = min(start + WINDOW, len(text))
        if end < len(text):
            cut = text.rfind("\n", start + WINDOW // 2, end)
            if cut < 0:
                cut = text.rfind(" ", start + WINDOW // 2, end)
            end = cut + 1 if cut >= 0 else end
        lines = (
            Paragraph(max(p.start, start) - start, min(p.end, end) - start, p.kind)
            for p in article.paragraphs
            if p.start < end and p.end > start
        )
        title = article.title if start == 0 else ""
        yield replace(article, text=text[start:end], title=title, paragraphs=tuple(lines)), start
        start = end


def moved(statements: Iterable[Statement], by: int) -> Iterator[Statement]:
    """The statements with every span moved ``by`` code points."""

    def move(span: Span | None) -> Span | None:
        return None if span is None else Span(span.start + by, span.end + by, span.text)

    for s in statements:
        yield replace(
            s,
            content=tuple(Span(p.start + by, p.end + by, p.text) for p in s.content),
            cue=move(s.cue),
            speaker=move(s.speaker),
            who_span=move(s.who_span),
            about=move(s.about),
            addressee=move(s.addressee),
            setting=move(s.setting),
            said_span=move(s.said_span),
            names=tuple(
                replace(n, span=Span(n.span.start + by, n.span.end + by, n.span.text))
                for n in s.names
            ),
        )


def _batches(articles: Sequence[Article]) -> Iterator[list[tuple[int, Article, int]]]:
    """What to read together: an article's number, its text or a part of it, and where that begins."""
    batch: list[tuple[int, Article, int]] = []
    size = 0
    for k, article in enumerate(articles):
        if not holds_arabic(article.text):
            continue
        parts = windows(article) if len(article.text) > WINDOW else [(article, 0)]
        for part, shift in parts:
            if batch and size + len(part.text) > TOGETHER:
                yield batch
                batch, size = [], 0
            batch.append((k, part, shift))
            size += len(part.text)
    if batch:
        yield batch


class Reader:
    """Reads articles. One instance may be kept, shared between threads and used for ever.

    ``model`` is the path of a model file other than the one that ships with qawl. The model is
    loaded at the first reading. The same text gives the same statements, whatever was read before.
    """

    def __init__(self, model: Path | None = None, *, min_confidence: float = 0.0) -> None:
        self._path = model
        self._network: Network | None = None
        self.min_confidence = min_confidence

    @property
    def network(self) -> Network:
        """The model, loaded when first asked for. Raises ModelError."""
        if self._network is None:
            with _loading:
                if self._network is None:
                    self._network = Network.load(self._path) if self._path else _shipped()
        return self._network

    @property
    def version(self) -> str:
        """What read: the model's version and, behind a stop, that of the rules round it."""
        return f"qawl-reader {self.network.version}.{RULES}"

    def read(self, article: Article) -> Article:
        """The same article with its statements, in the order of their contents."""
        return self.read_together([article])[0]

    def pipe(self, articles: Iterable[Article], *, batch_size: int = 1) -> Iterator[Article]:
        """Reads a stream of articles, in order, ``batch_size`` at a time (constant memory): several in less time
        (``read_together``), but the first comes only when as many have been given.

        Raises ValueError where ``batch_size`` is below 1.
        """
        if batch_size < 1:
            raise ValueError(f"batch_size is {batch_size}; it must be 1 or more")
        if batch_size == 1:
            yield from map(self.read, articles)
            return
        stream = iter(articles)
        while batch := list(islice(stream, batch_size)):
            yield from self.read_together(batch)

    def read_together(self, articles: Sequence[Article]) -> list[Article]:
        """Each of the articles as ``read`` gives it. Short ones take less time so than one by one."""
        articles = [mark(article) for article in articles]
        statements: list[list[Statement]] = [[] for _ in articles]
        for batch in _batches(articles):
            with one_thread():
                read = self._windows([part for _, part, _ in batch])
            for (k, _, shift), some in zip(batch, read, strict=True):
                statements[k] += moved(some, shift) if shift else some
        least = self.min_confidence
        return [
            article.with_statements([s for s in some if s.confidence >= least], self.version)
            for article, some in zip(articles, statements, strict=True)
        ]

    def _windows(self, parts: Sequence[Article]) -> list[list[Statement]]:
        """The statements of each of the texts."""
        every = [columns(part, self.network.alphabet) for part in parts]
        filled = [(part, c) for part, c in zip(parts, every, strict=True) if c.spans]
        if not filled:
            return [[] for _ in parts]
        scene, read = found([c for _, c in filled], self.network)
        for (part, c), some in zip(filled, read, strict=True):
            some.drafts = _settled(part, c, some.drafts)
        acts.find(scene, read)
        asked = _asked(scene, read)
        scores = WhoScores(
            scene,
            [(some.first, said) for some, a in zip(read, asked, strict=True) for said in a.said],
            [choices for a in asked for choices in a.candidates],
        )
        statements: list[list[Statement]] = []
        first = 0
        for (part, c), some, a in zip(filled, read, asked, strict=True):
            chosen = resolve(a.context, a.candidates, scores.of(first))
            first += len(a.said)
            for draft in some.drafts:
                if draft.rule == interviews.BY:
                    draft.form = "direct"
            _meant(c, some.drafts, a.context, chosen)
            own_words.give(c, some.drafts)
            statements.append(
                finish.statements(part, c, some.drafts, a.context, self.network, a.names)
            )
        rest = iter(statements)
        return [next(rest) if c.spans else [] for c in every]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who may be meant in one text: its names, and the candidates of each statement."""

    names: list[tuple[int, int, int]]
    said: list[who.Said]
    context: who.Context
    candidates: list[who.Choices]


def _asked(scene: Scene, read: Sequence[Found]) -> list[_Asked]:
    """Who may be meant in each of the texts of a scene."""
    named = [
        names_of(within_lines(some.scene.c, some.tags, [d.cue for d in some.drafts if not d.bare]))
        for some in read
    ]
    taken, cues = [], []
    for some, names in zip(read, named, strict=True):
        speakers = [d.speaker for d in some.drafts]
        own, which = pointed.unnamed(len(some.scene.c.sentence), names, speakers)
        taken.append(own)
        cues += [some.first + some.drafts[k].cue for k in which]
    others = pointed.find(scene, np.array(cues, dtype=np.int64), np.concatenate(taken))
    out = []
    for some, names in zip(read, named, strict=True):
        c, drafts = some.scene.c, some.drafts
        end = some.first + len(c.sentence)
        plain = [
            (a - some.first, b - some.first, PLAIN) for a, b in others if some.first <= a < end
        ]
        groups, speak = gather(c, [d.speaker for d in drafts], names + plain)
        said = [who.Said(d.cue, d.speaker, d.start, d.end) for d in drafts]
        context = who.Context(c, groups, speak, said)
        out.append(_Asked(names, said, context, context.every()))
    return out


def _settled(article: Article, c: Columns, drafts: list[Draft]) -> list[Draft]:
    """The drafts of one text that are statements, as the rules leave them."""
    quoted.widen(c, drafts)
    accused.widen(c, drafts)
    accused.unseat(c, drafts)
    drafts += interviews.answers(article, c, drafts)
    drafts.sort(key=lambda d: (d.cue, d.start))
    return finish.settle(c, drafts)


def _meant(
    c: Columns,
    drafts: Sequence[Draft],
    context: who.Context,
    chosen: Sequence[tuple[int, float]],
) -> None:
    """Sets who is meant, as chosen; an answer without a name is that of whom the interview is with."""
    for draft, (group, chance) in zip(drafts, chosen, strict=True):
        draft.group, draft.who_probability = group, chance
    unnamed = [d for d in drafts if d.rule == interviews.BY and d.speaker is None]
    if unnamed and (asked := interviews.interviewee(c, context, drafts)) >= 0:
        for draft in unnamed:
            draft.group, draft.who_probability = asked, interviews.CHANCE
