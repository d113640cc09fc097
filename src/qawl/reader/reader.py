"""The reader: chains the stages that turn an article into its statements.

    cues → contents → speakers → acts → who → finish

Each stage fills a part of the drafts; ``finish`` turns them into statements with exact spans.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from qawl.arabic.letters import holds_arabic
from qawl.model import Article, Paragraph, Span, Statement
from qawl.reader import accused, acts, contents, cues, finish, interviews, quoted, speakers, who
from qawl.reader.columns import columns
from qawl.reader.mentions import gather, names_of, within_lines
from qawl.reader.network import Network
from qawl.reader.paragraphs import mark
from qawl.reader.threads import one_thread
from qawl.reader.who_choice import resolve
from qawl.reader.who_scores import WhoScores

#: Code points read at once. The longest of 40,000 news articles has 21,000; a longer text is read in
#: windows cut between paragraphs, so that memory stays flat and time linear.
WINDOW = 60_000

#: The version of the rules round the network: one more with every change of theirs to what is read, so that a
#: record knows what another reader has read (``qawl reread``).
RULES = 3

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
        article = mark(article)
        if not holds_arabic(article.text):
            return article.with_statements((), self.version)
        return article.with_statements(self._statements(article), self.version)

    def pipe(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Reads a stream of articles, in order, one at a time (constant memory)."""
        for article in articles:
            yield self.read(article)

    def _statements(self, article: Article) -> list[Statement]:
        if len(article.text) <= WINDOW:
            found = self._window(article)
        else:
            found = [
                s for part, shift in windows(article) for s in moved(self._window(part), shift)
            ]
        return [s for s in found if s.confidence >= self.min_confidence]

    def _window(self, article: Article) -> list[Statement]:
        with one_thread():
            return self._read_window(article)

    def _read_window(self, article: Article) -> list[Statement]:
        network = self.network
        c = columns(article, network.alphabet)
        if not c.spans:
            return []
        h = network.encode(c)
        drafts, labels = cues.find(c, h, network)
        scene = contents.scene(c, h, network, drafts, labels)
        contents.find(scene, drafts)
        speakers.find(scene, drafts)
        quoted.widen(c, drafts)
        accused.widen(c, drafts)
        accused.unseat(c, drafts)
        drafts += interviews.answers(article, c, drafts)
        drafts.sort(key=lambda d: (d.cue, d.start))
        kept = finish.settle(c, drafts)
        acts.find(scene, kept)
        for draft in kept:
            if draft.rule == interviews.BY:
                draft.form = "direct"
        tags = network.linear("ner", h).argmax(axis=1)
        names = names_of(within_lines(c, tags, [d.cue for d in kept if not d.bare]))
        groups, own = gather(c, [d.speaker for d in kept], names)
        said = [who.Said(d.cue, d.speaker, d.start, d.end) for d in kept]
        context = who.Context(c, groups, own, said)
        candidates = [context.choices(k) for k in range(len(said))]
        chosen = resolve(context, candidates, WhoScores(scene, said, candidates))
        for draft, (group, chance) in zip(kept, chosen, strict=True):
            draft.group, draft.who_probability = group, chance
        unnamed = [d for d in kept if d.rule == interviews.BY and d.speaker is None]
        if unnamed and (asked := interviews.interviewee(context, unnamed)) >= 0:
            for draft in unnamed:
                draft.group, draft.who_probability = asked, interviews.CHANCE
        return finish.statements(article, c, kept, context, network, names)
