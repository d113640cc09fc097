"""Qawl as a spaCy component: ``nlp.add_pipe("qawl")``, then ``doc._.statements``.

    import spacy
    nlp = spacy.blank("ar")
    nlp.add_pipe("qawl")
    doc = nlp("قالت الوزيرة: «سنعود غدا».")
    doc._.statements        # tuple of qawl.model.Statement, offsets into doc.text
    doc._.qawl_article      # the qawl.model.Article that was read
    doc.spans["qawl:content"], doc.spans["qawl:cue"], doc.spans["qawl:speaker"]

It works on any tokenization, since the reader takes ``doc.text``. A span group holds token spans:
where a statement begins or ends inside of a token, ``alignment`` decides (``expand`` takes the
token whole, ``contract`` leaves it out, ``strict`` leaves the span out); ``doc._.statements`` is
exact always. The ``id_`` of a token span is its statement's number in ``doc._.statements``; the
label of a content is its act, of the others "cue" and "speaker", whose ``kb_id_`` is who is meant.

What was read is kept in ``doc.user_data["qawl"]`` as plain lists and dicts, so that it goes with
the doc through ``to_bytes``, ``DocBin(store_user_data=True)`` and ``nlp.pipe(n_process=2)``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from qawl.errors import MissingExtraError, QawlError
from qawl.model import Article, Decision, Name, Paragraph, Span, Statement, lines_of

try:
    from spacy.language import Language
    from spacy.tokens import Doc, SpanGroup
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] != "spacy":
        raise
    raise MissingExtraError("qawl.spacy", "spacy") from error

if TYPE_CHECKING:
    from qawl.reader.reader import Reader

Alignment = Literal["expand", "contract", "strict"]

#: Where a doc keeps what was read, in ``doc.user_data``.
KEY = "qawl"


@lru_cache(maxsize=1)
def _reader() -> Reader:
    """One reader a process, loaded when the first doc is read."""
    from qawl.reader.reader import Reader

    return Reader()


class QawlComponent:
    """Reads a doc's text as an article. Has no state to save: its settings are in the config."""

    def __init__(self, alignment: Alignment = "expand", titled: bool = False) -> None:
        """``titled``: the first line of a doc's text is the article's title.

        Raises ``QawlError`` for an unknown ``alignment``.
        """
        if alignment not in get_args(Alignment):
            known = ", ".join(get_args(Alignment))
            raise QawlError(f"alignment is {alignment!r}; set one of {known} in the pipe's config")
        self.alignment = alignment
        self.titled = titled

    def __call__(self, doc: Doc) -> Doc:
        """The same doc with its statements."""
        article = _reader().read(_article(doc.text, titled=self.titled))
        if article.text != doc.text:
            raise QawlError("the reader changed the text; please report this with the article")
        doc.user_data[KEY] = {
            "title": article.title,
            "reader": article.reader,
            "notes": list(article.notes),
            "paragraphs": [asdict(paragraph) for paragraph in article.paragraphs],
            "statements": [_kept(statement) for statement in article.statements],
        }
        for part in ("content", "cue", "speaker"):
            doc.spans[f"qawl:{part}"] = self._group(doc, article.statements, part)
        return doc

    def _group(self, doc: Doc, statements: Iterable[Statement], part: str) -> SpanGroup:
        spans = []
        for number, statement in enumerate(statements):
            for span in _parts(statement, part):
                found = doc.char_span(
                    span.start,
                    span.end,
                    label=statement.act if part == "content" else part,
                    kb_id=(statement.who or "") if part == "speaker" else "",
                    alignment_mode=self.alignment,
                    span_id=str(number),
                )
                if found is not None and len(found):
                    spans.append(found)
        return SpanGroup(doc, name=f"qawl:{part}", spans=spans)

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Nothing to write: the settings are in the pipeline's config."""

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> QawlComponent:
        """Nothing to read."""
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Nothing to write."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> QawlComponent:
        """Nothing to read."""
        return self


def _parts(statement: Statement, part: str) -> tuple[Span, ...]:
    if part == "content":
        return statement.content
    span: Span | None = getattr(statement, part)
    return (span,) if span else ()


def _article(text: str, *, titled: bool) -> Article:
    title = text.partition("\n")[0] if titled else ""
    return Article(text=text, title=title, paragraphs=tuple(lines_of(text, titled=bool(title))))


def _statements(doc: Doc) -> tuple[Statement, ...]:
    """What ``doc._.statements`` gives: none where the component has not read the doc."""
    return tuple(map(_statement, doc.user_data.get(KEY, {}).get("statements", ())))


def _qawl_article(doc: Doc) -> Article | None:
    """What ``doc._.qawl_article`` gives: None where the component has not read the doc."""
    kept = doc.user_data.get(KEY)
    if kept is None:
        return None
    return Article(
        text=doc.text,
        title=kept["title"],
        paragraphs=tuple(Paragraph(**p) for p in kept["paragraphs"]),
        statements=_statements(doc),
        reader=kept["reader"],
        notes=tuple(kept["notes"]),
    )


#: The fields of a statement that are a span or None.
_SPANS = ("cue", "speaker", "who_span", "about", "addressee", "setting", "said_span")


def _kept(statement: Statement) -> dict[str, Any]:
    """A statement as plain values, which spaCy can write to bytes."""
    return {**asdict(statement), "said": statement.said.isoformat() if statement.said else None}


def _statement(kept: dict[str, Any]) -> Statement:
    def span(value: dict[str, Any] | None) -> Span | None:
        return Span(**value) if value else None

    said = kept["said"]
    return Statement(
        **{
            **kept,
            **{name: span(kept[name]) for name in _SPANS},
            "content": tuple(Span(**part) for part in kept["content"]),
            "said": said and (dt.datetime if "T" in said else dt.date).fromisoformat(said),
            "via": tuple(kept["via"]),
            "names": tuple(Name(Span(**name["span"]), name["kind"]) for name in kept["names"]),
            "decisions": tuple(Decision(**decision) for decision in kept["decisions"]),
        }
    )


def _register() -> None:
    """Adds the extensions to ``Doc``; ones of the same name that stand already are left alone."""
    for name, getter in (("statements", _statements), ("qawl_article", _qawl_article)):
        if not Doc.has_extension(name):
            Doc.set_extension(name, getter=getter)


@Language.factory(
    "qawl",
    assigns=["doc._.statements", "doc._.qawl_article", "doc.spans"],
    default_config={"alignment": "expand", "titled": False},
)
def make_component(nlp: Language, name: str, alignment: Alignment, titled: bool) -> QawlComponent:
    """The factory behind ``nlp.add_pipe("qawl")`` (entry point ``spacy_factories``)."""
    return QawlComponent(alignment, titled)


_register()
