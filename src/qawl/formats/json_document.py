"""JSON: one document with everything that Qawl knows of the articles and why.

    {"qawl": version, "articles": [article, …]}

Its schema is ``data/qawl.schema.json`` (``qawl schema json``). The document is written article by
article, so that a large one needs no more memory than its largest article.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, BinaryIO

from qawl import __version__
from qawl.errors import InputError
from qawl.formats.jsonl import (
    encode,
    optional_span,
    span_from_dict,
    span_to_dict,
    statement_from_dict,
    statement_to_dict,
)
from qawl.model import NAME_KINDS, PLOVER, Article, Decision, Name, Paragraph, Span, Statement


def statement_in_full(statement: Statement) -> dict[str, Any]:
    """A statement with where its source's name stands, what the article says beside its content, its
    PLOVER event and its decisions."""
    return {
        **statement_to_dict(statement),
        "who_span": optional_span(statement.who_span),
        "plover": PLOVER[statement.act],
        "about": optional_span(statement.about),
        "addressee": optional_span(statement.addressee),
        "setting": optional_span(statement.setting),
        "said": statement.said.isoformat() if statement.said else None,
        "said_span": optional_span(statement.said_span),
        "via": list(statement.via),
        "names": [{**span_to_dict(name.span), "kind": name.kind} for name in statement.names],
        "checkable": statement.checkable,
        "decisions": [
            {"stage": d.stage, "by": d.by, "probability": d.probability, "note": d.note}
            for d in statement.decisions
        ],
    }


def article_in_full(article: Article) -> dict[str, Any]:
    """An article with its text, paragraphs and all that is known of it."""
    return {
        "id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "author": article.author,
        "date": article.date.isoformat() if article.date else None,
        "date_text": article.date_text,
        "address": article.address,
        "canonical": article.canonical,
        "country": article.country,
        "reader": article.reader,
        "notes": list(article.notes),
        "text": article.text,
        "paragraphs": [
            {"start": p.start, "end": p.end, "kind": p.kind} for p in article.paragraphs
        ],
        "statements": [statement_in_full(statement) for statement in article.statements],
    }


def write(articles: Iterable[Article], out: BinaryIO) -> None:
    """Writes the document, one article a line within it."""
    out.write(b'{"qawl": ' + encode(__version__) + b', "articles": [')
    between = b"\n"
    for article in articles:
        out.write(between + encode(article_in_full(article)))
        between = b",\n"
    out.write(b"\n]}\n")


def article_from_dict(data: dict[str, Any]) -> Article:
    """The article that ``article_in_full`` wrote; raises ``InputError`` where it is damaged.

    A document without ``country`` or what stands beside the contents (``about`` to ``checkable``) is read too.
    """
    try:
        return Article(
            text=data["text"],
            id=data["id"],
            title=data["title"],
            paragraphs=tuple(
                Paragraph(p["start"], p["end"], p["kind"]) for p in data["paragraphs"]
            ),
            outlet=data["outlet"],
            author=data["author"],
            date=_date(data["date"]),
            date_text=data["date_text"],
            address=data["address"],
            canonical=data["canonical"],
            statements=tuple(_statement(statement) for statement in data["statements"]),
            reader=data["reader"],
            notes=tuple(data["notes"]),
            country=data.get("country"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"not an article of Qawl's JSON form ({error!r}): "
            "compare it with the schema that `qawl schema json` prints"
        ) from error


def _date(written: str | None) -> dt.datetime | dt.date | None:
    if written is None:
        return None
    return dt.datetime.fromisoformat(written) if "T" in written else dt.date.fromisoformat(written)


def _statement(data: dict[str, Any]) -> Statement:
    bare = statement_from_dict(data)
    return Statement(
        content=bare.content,
        cue=bare.cue,
        speaker=bare.speaker,
        who=bare.who,
        form=bare.form,
        act=bare.act,
        nested=bare.nested,
        confidence=bare.confidence,
        who_span=_span(data, "who_span"),
        decisions=tuple(
            Decision(d["stage"], d["by"], d["probability"], d["note"]) for d in data["decisions"]
        ),
        about=_span(data, "about"),
        addressee=_span(data, "addressee"),
        setting=_span(data, "setting"),
        said=_date(data.get("said")),
        said_span=_span(data, "said_span"),
        via=tuple(str(who) for who in data.get("via", ())),
        names=tuple(_name(name) for name in data.get("names", ())),
        checkable=bool(data.get("checkable", False)),
    )


def _span(data: dict[str, Any], member: str) -> Span | None:
    return span_from_dict(data[member]) if data.get(member) else None


def _name(data: dict[str, Any]) -> Name:
    if data["kind"] not in NAME_KINDS:
        raise ValueError(f"name of an unknown kind {data['kind']!r}")
    return Name(span_from_dict(data), data["kind"])
