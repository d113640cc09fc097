"""The view for a person at a terminal: an article's statements, grouped by their source.

Right-to-left text in a terminal: most terminals apply the bidirectional algorithm line by line and
know no base direction. So Arabic words stand on lines of their own, cut only between words, and
what must share a line with English is put between isolates (U+2067 … U+2069), so that a full stop
or a number stays on its side. The isolates go only to a terminal: a file or a pipe gets the words
as they stand in the article. On a terminal Arabic lines end at the right margin, as they begin
there for the reader. Terminals without bidi show the letters left to right, unjoined, with marks or
without; docs/formats.md says which do what.

Colour is never the only sign: where there is none, brackets tell content, cue and source apart.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from qawl.formats.labels import Labels, Lang
from qawl.model import Article, Span, Statement

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

RLI, PDI = "\u2067", "\u2069"
# Hebrew, Arabic, Syriac, Thaana, N'Ko … and the presentation forms: right-to-left by block.
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# What would move the cursor or the colour: C0 but the line's own, DEL, C1, and bidi overrides and
# embeddings that an article could leave open over the rest of the screen.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_WORD = re.compile(r"\S+")

#: Colour and, where there is none, the brackets round a part in its paragraph.
STYLES = {"content": "bold green", "cue": "yellow underline", "speaker": "cyan italic"}
BRACKETS = {"content": ("⟦", "⟧"), "cue": ("{", "}"), "speaker": ("<", ">")}
#: What stands before a statement's words.
INDENT = "     "
#: A line is hard to follow beyond this many columns, however wide the terminal.
WIDEST = 88


@dataclass(frozen=True, slots=True)
class View:
    """How the view is to be: ``marks`` None puts isolates only on a terminal."""

    context: bool = False
    explain: bool = False
    lang: Lang = "en"
    marks: bool | None = None
    width: int | None = None


def write(articles: Iterable[Article], out: BinaryIO, view: View | None = None) -> None:
    """Writes the view of every article and, at the end, how many statements by how many sources."""
    from rich.console import Console

    class Wrapper(io.TextIOWrapper):
        """Leaves the binary file open when it goes."""

        def close(self) -> None:
            self.detach()

    text = Wrapper(out, encoding="utf-8", errors="replace", newline="\n")
    console = Console(file=text, highlight=False, markup=False, emoji=False, soft_wrap=True)
    try:
        _Page(console, view or View()).show(articles)
    finally:
        text.flush()
        text.detach()


class _Page:
    def __init__(self, console: Console, view: View) -> None:
        self._console = console
        self._view = view
        self._label = Labels(view.lang)
        self._marks = console.is_terminal if view.marks is None else view.marks
        self._right = console.is_terminal
        self._plain = console.color_system is None or console.no_color
        self._width = min(view.width or console.width, WIDEST)

    def show(self, articles: Iterable[Article]) -> None:
        read = statements = sources = 0
        for article in articles:
            if read:
                self._line()
            self._article(article)
            read += 1
            statements += len(article.statements)
            sources += len({s.who for s in article.statements if s.who})
            self._console.file.flush()
        if read > 1:
            self._line()
            self._line(self._total(statements, sources, read), "bold")

    def _article(self, article: Article) -> None:
        self._arabic(article.title or self._label("untitled"), "bold", indent="")
        date = article.date.strftime("%Y-%m-%d") if article.date else article.date_text
        known = [part for part in (article.outlet, date, article.author) if part]
        if known:
            self._line(" · ".join(map(self._inline, known)), "dim")
        if self._view.context and self._plain and article.statements:
            self._line(self._label("legend"))
        if not article.statements:
            self._line()
            self._line(f"  {self._label('none')}")
        for who, group in _by_source(article.statements):
            self._line()
            heading = self._inline(who) if who else self._label("unknown")
            count = self._label.count("statements", len(group))
            self._line(f"{heading} — {count}", "bold cyan")
            for number, statement in group:
                self._statement(article, number, statement)
        if article.statements:
            sources = len({s.who for s in article.statements if s.who})
            self._line()
            self._line(self._total(len(article.statements), sources))

    def _statement(self, article: Article, number: int, statement: Statement) -> None:
        from rich.text import Text

        parts = [
            self._label(f"form.{statement.form}"),
            self._label(f"act.{statement.act}"),
        ]
        if statement.cue:
            parts.append(f"{self._label('cue')} {self._inline(f'«{statement.cue.text}»')}")
        if statement.speaker and statement.speaker.text != statement.who:
            parts.append(f"{self._label('as')} {self._inline(f'«{statement.speaker.text}»')}")
        if statement.nested:
            parts.append(self._label("nested"))
        if statement.checkable:
            parts.append(self._label("checkable"))
        if self._view.explain:
            parts.append(f"{self._label('confidence')} {statement.confidence:.2f}")
        self._line(f"{number:>3}. " + " · ".join(parts), "dim")
        if self._view.context:
            self._context(article, statement)
        else:
            for part_number, part in enumerate(statement.content):
                if part_number:
                    self._print(Text("[…]"), INDENT, rtl=bool(_RTL.search(part.text)))
                self._arabic(part.text, "")
        self._beside(statement)
        if self._view.explain:
            for decision in statement.decisions:
                sure = "" if decision.probability is None else f" {decision.probability:.2f}"
                note = f" — {self._inline(decision.note)}" if decision.note else ""
                stage = self._label(f"stage.{decision.stage}")
                self._line(f"     {stage}: {self._inline(decision.by)}{sure}{note}", "dim")

    def _beside(self, statement: Statement) -> None:
        """What stands beside the content, cut between the details, so that none of them is torn."""
        from rich.text import Text

        line = ""
        for key, words in _told(statement):
            piece = f"{self._label(key)}: {self._inline(words)}"
            if line and Text(f"{INDENT}{line} · {piece} ·").cell_len > self._width:
                self._line(f"{INDENT}{line} ·", "dim")
                line = ""
            line = f"{line} · {piece}" if line else piece
        if line:
            self._line(f"{INDENT}{line}", "dim")

    def _context(self, article: Article, statement: Statement) -> None:
        """The paragraphs that the statement touches, its parts told apart."""
        parts = [("content", span) for span in statement.content]
        parts += [("cue", statement.cue)] if statement.cue else []
        parts += [("speaker", statement.speaker)] if statement.speaker else []
        start = min(span.start for _, span in parts)
        end = max(span.end for _, span in parts)
        start = article.text.rfind("\n", 0, start) + 1
        after = article.text.find("\n", end)
        end = len(article.text) if after < 0 else after
        self._arabic(article.text[start:end], "", parts=parts, offset=start)

    def _arabic(
        self,
        text: str,
        style: str,
        *,
        indent: str = INDENT,
        parts: Iterable[tuple[str, Span]] = (),
        offset: int = 0,
    ) -> None:
        """Lines of an article's own words, cut between words only."""
        from rich.text import Text

        whole = Text(text, style)
        for kind, span in parts:
            whole.stylize(STYLES[kind], span.start - offset, span.end - offset)
        if self._plain:
            whole = _bracketed(text, parts, offset)
        room = max(self._width - len(indent), 20)
        for start, end in wrapped(whole.plain, room):
            line = _clean(whole[start:end])
            self._print(line, indent, rtl=bool(_RTL.search(line.plain)))

    def _line(self, text: str = "", style: str = "") -> None:
        """A line of labels (which reads from the right if they are Arabic), cut between words."""
        from rich.text import Text

        if not text:
            self._console.print()
        indent = text[: len(text) - len(text.lstrip())]
        fits = Text(text).cell_len <= self._width
        for start, end in wrapped(text, self._width if fits else self._width - len(INDENT)):
            self._print(Text(text[start:end], style), indent, rtl=self._view.lang == "ar")
            indent = INDENT

    def _print(self, line: Text, indent: str, *, rtl: bool) -> None:
        """A line; one that reads from the right ends at the right margin of a terminal."""
        from rich.text import Text

        begin, end = (RLI, PDI) if rtl and self._marks else ("", "")
        if not (rtl and self._right):
            self._console.print(Text.assemble(indent, begin, line, end))
            return
        pad = " " * max(self._width - len(indent) - line.cell_len, 0)
        # Arabic labels are indented from the right, and what stands under them too.
        left, right = (pad, indent) if self._view.lang == "ar" else (indent + pad, "")
        self._console.print(Text.assemble(left, begin, right, line, end))

    def _inline(self, text: str) -> str:
        """Words of an article in a line of labels: one line, isolated on a terminal."""
        text = " ".join(_CONTROL.sub("", text).split())
        return f"{RLI}{text}{PDI}" if self._marks and _RTL.search(text) else text

    def _total(self, statements: int, sources: int, articles: int = 0) -> str:
        pattern = self._label("total.articles" if articles else "total")
        for key, n in (("statements", statements), ("sources", sources), ("articles", articles)):
            pattern = pattern.replace(f"{{{key}}}", self._label.count(key, n))
        return pattern


def _told(statement: Statement) -> Iterator[tuple[str, str]]:
    """What the article says beside the content: the key of its label and its words."""
    for key in ("addressee", "setting"):
        span: Span | None = getattr(statement, key)
        if span:
            yield key, span.text
    if statement.said:
        when = statement.said
        at = when.isoformat(" ", "minutes") if isinstance(when, dt.datetime) else when.isoformat()
        yield "said", at
    if statement.about:
        yield "about", statement.about.text
    if statement.via:
        yield "via", " ← ".join(statement.via)


def _by_source(
    statements: Iterable[Statement],
) -> Iterator[tuple[str | None, list[tuple[int, Statement]]]]:
    """The statements with their numbers, grouped by ``who`` in order of first appearance."""
    groups: dict[str | None, list[tuple[int, Statement]]] = {}
    for number, statement in enumerate(statements, 1):
        groups.setdefault(statement.who, []).append((number, statement))
    yield from groups.items()


def wrapped(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Where each line of ``text`` begins and ends (code points) in ``width`` columns.

    Cut at white space only: a word longer than the width keeps its letters joined and runs over.
    """
    from rich.cells import cell_len

    start = end = -1
    for word in _WORD.finditer(text):
        fits = start >= 0 and "\n" not in text[end : word.start()]
        if fits and cell_len(text[start : word.end()]) <= width:
            end = word.end()
            continue
        if start >= 0:
            yield start, end
        start, end = word.span()
    if start >= 0:
        yield start, end


def _bracketed(text: str, parts: Iterable[tuple[str, Span]], offset: int) -> Text:
    """The text with each part between its brackets, inner parts inside outer ones."""
    from rich.text import Text

    signs: list[tuple[int, int, int, str]] = []
    for kind, span in parts:
        before, behind = BRACKETS[kind]
        start, end = span.start - offset, span.end - offset
        # At one place what closes comes first; the longer part opens first and closes last.
        signs += [(start, 1, start - end, before), (end, 0, end - start, behind)]
    pieces: list[str] = []
    done = 0
    for place, _, _, sign in sorted(signs):
        pieces += [text[done:place], sign]
        done = place
    return Text("".join([*pieces, text[done:]]))


def _clean(text: Text) -> Text:
    """The text without what would move a terminal's cursor, colour or direction."""
    if not _CONTROL.search(text.plain) and "\t" not in text.plain:
        return text
    from rich.text import Text

    kept = Text()
    for index, character in enumerate(text.plain):
        if not _CONTROL.match(character):
            kept.append_text(text[index : index + 1] if character != "\t" else Text(" "))
    return kept
