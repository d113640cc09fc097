"""brat standoff: a folder with NAME.txt and NAME.ann for each article, to look at and to correct.

T lines mark Content, Cue, Speaker and Who in code points; a content of several parts is one
discontinuous T. brat's files are read line by line, so a span that runs over a line break is cut
there into fragments, which brat joins by a space (its own way since 1.3). R lines tie cue, speaker,
who, topic, addressee, setting and day to the content, A lines carry form, act, nesting and what can be
checked, a note carries who, relays, day and confidence. Names (Person, Body, Place, Other) are marked in
the content.
``annotation.conf`` declares all of it, so that brat opens the folder as it is.

A text begins with its title; no byte of it is changed. Only a lone surrogate, which has no UTF-8,
becomes "?" (one code point for one, so that offsets stay).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from qawl.model import Article, Span, Statement

# Wherever Python's (and so brat's) line reading may break: str.splitlines.
_BREAKS = re.compile("[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]+")
_UNSAFE = re.compile(r"[^\w-]+")
#: A name keeps so many bytes of the article's id; with number and suffix it stays far below the 255
#: that file systems allow.
NAME_BYTES = 80


def write_folder(articles: Iterable[Article], folder: Path) -> None:
    """Writes two files an article and ``annotation.conf`` into ``folder``."""
    conf = files("qawl.formats").joinpath("data", "annotation.conf").read_bytes()
    (folder / "annotation.conf").write_bytes(conf)
    for number, article in enumerate(articles, 1):
        name = file_name(number, article.id)
        (folder / f"{name}.txt").write_bytes(article.text.encode("utf-8", "replace"))
        lines = "".join(f"{line}\n" for line in standoff(article))
        (folder / f"{name}.ann").write_bytes(lines.encode("utf-8", "replace"))


def file_name(number: int, identity: str) -> str:
    """A name that is unique by its number and tells the article by its id, safe on any system."""
    kept = _UNSAFE.sub("_", unicodedata.normalize("NFC", identity)).strip("_-")
    short = kept.encode("utf-8", "ignore")[:NAME_BYTES].decode("utf-8", "ignore")
    return f"{number:05d}-{short}" if short else f"{number:05d}"


def fragments(text: str, spans: Iterable[Span]) -> list[tuple[int, int]]:
    """The stretches of the spans (code points) that hold no line break."""
    found: list[tuple[int, int]] = []
    for span in spans:
        start = span.start
        for broken in _BREAKS.finditer(text, span.start, span.end):
            found.append((start, broken.start()))
            start = broken.end()
        found.append((start, span.end))
    return [(start, end) for start, end in found if start < end]


def standoff(article: Article) -> Iterator[str]:
    """The lines of the article's .ann file, without their line ends."""
    lines = _Lines(article.text)
    for statement in article.statements:
        yield from lines.of(statement)


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).replace("\t", " ")


class _Lines:
    """Numbers the annotations of one article."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._numbers = dict.fromkeys("TRA#", 0)
        self._sources: dict[Span, str] = {}
        self._named: set[Span] = set()

    def of(self, statement: Statement) -> Iterator[str]:
        content, line = self._bound("Content", statement.content)
        if not line:
            return
        yield line
        for kind, span in (
            ("Cue", statement.cue),
            ("Speaker", statement.speaker),
            ("Who", statement.who_span),
            ("About", statement.about),
            ("Addressee", statement.addressee),
            ("Setting", statement.setting),
            ("Said", statement.said_span),
        ):
            if not span:
                continue
            name = self._sources.get(span, "") if kind == "Who" else ""
            if not name:
                name, line = self._bound(kind, (span,))
                if line:
                    yield line
            if kind == "Who":
                # One name for all that the source says: marked once, tied to each content.
                self._sources[span] = name
            if name:
                yield f"{self._next('R')}\tHas{kind} Arg1:{content} Arg2:{name}"
        yield f"{self._next('A')}\tForm {content} {statement.form}"
        yield f"{self._next('A')}\tAct {content} {statement.act}"
        if statement.nested:
            yield f"{self._next('A')}\tNested {content}"
        if statement.checkable:
            yield f"{self._next('A')}\tCheckable {content}"
        for found in statement.names:
            # A name within nested contents is marked once.
            if found.span not in self._named:
                self._named.add(found.span)
                _, line = self._bound(found.kind.capitalize(), (found.span,))
                if line:
                    yield line
        note = f"who: {_one_line(statement.who or '') or '?'}"
        if statement.via:
            note += f"; via: {', '.join(map(_one_line, statement.via))}"
        if statement.said:
            note += f"; said: {statement.said.isoformat()}"
        note += f"; confidence: {statement.confidence:.3f}"
        yield f"{self._next('#')}\tAnnotatorNotes {content}\t{note}"

    def _bound(self, kind: str, spans: Iterable[Span]) -> tuple[str, str]:
        pieces = fragments(self._text, spans)
        if not pieces:
            return "", ""
        name = self._next("T")
        places = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(self._text[start:end] for start, end in pieces)
        return name, f"{name}\t{kind} {places}\t{words}"

    def _next(self, kind: str) -> str:
        self._numbers[kind] += 1
        return f"{kind}{self._numbers[kind]}"
