"""W3C Web Annotation (Recommendation of 23 February 2017): an AnnotationCollection.

One document with one embedded AnnotationPage, an annotation a statement, written as a stream. A
statement's content parts are the targets, each a SpecificResource of the article with a
TextQuoteSelector (the exact words and ``AROUND`` code points before and after) and a
TextPositionSelector. The bodies say the rest: who (identifying), the speaker's and the cue's words
in the article (identifying, describing), form, act, PLOVER event, nesting and what the article says
beside the content (tagging: ``about:…``, ``via:…``, ``person:…``), confidence (assessing).

Positions count code points of the article's text as Qawl read it (title, newline, body), not of the
HTML behind the address; on the live page the quote selector finds the place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, BinaryIO

from qawl import __version__
from qawl.formats.iri import article_iri, statement_iri, urn_of
from qawl.formats.jsonl import encode
from qawl.model import PLOVER, Article, Span, Statement

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
#: Code points of prefix and suffix, as annotation clients (Hypothesis, Apache Annotator) use.
AROUND = 32


def write(articles: Iterable[Article], out: BinaryIO) -> None:
    """Writes the collection; its ``total`` and ``id`` stand at the end, when they are known."""
    seen = hashlib.sha256()
    total = 0
    out.write(
        b'{"@context": "%s", "type": "AnnotationCollection", "label": "Statements read by Qawl",'
        b' "first": {"type": "AnnotationPage", "startIndex": 0, "items": [' % CONTEXT.encode()
    )
    for article in articles:
        for statement in article.statements:
            annotation = annotation_of(article, statement)
            out.write((b",\n" if total else b"\n") + encode(annotation))
            seen.update(annotation["id"].encode())
            total += 1
    collection = urn_of("collection", seen.hexdigest())
    page = urn_of("page", seen.hexdigest())
    out.write(
        b'\n], "id": "%s", "partOf": "%s"}, "total": %d, "id": "%s"}\n'
        % (page.encode(), collection.encode(), total, collection.encode())
    )


def annotation_of(article: Article, statement: Statement) -> dict[str, Any]:
    """One statement as an Annotation (without its @context, which the collection carries)."""
    targets = [_resource(article, part) for part in statement.content]
    return {
        "id": statement_iri(article, statement),
        "type": "Annotation",
        "motivation": ["identifying", "classifying"],
        "generator": {
            "id": urn_of("reader", article.reader or __version__),
            "type": "Software",
            "name": f"Qawl {__version__}" + (f" ({article.reader})" if article.reader else ""),
        },
        "body": list(_bodies(article, statement)),
        "target": targets[0] if len(targets) == 1 else targets,
    }


def _bodies(article: Article, statement: Statement) -> Iterable[dict[str, Any]]:
    if statement.who:
        yield _words("identifying", statement.who)
    if statement.speaker:
        yield {**_resource(article, statement.speaker), "purpose": "identifying"}
    if statement.cue:
        yield {**_resource(article, statement.cue), "purpose": "describing"}
    yield _words("tagging", f"form:{statement.form}")
    yield _words("tagging", f"act:{statement.act}")
    event = PLOVER[statement.act]
    if event:
        yield _words("tagging", f"plover:{event}")
    if statement.nested:
        yield _words("tagging", "nested")
    for key in ("about", "addressee", "setting"):
        span: Span | None = getattr(statement, key)
        if span:
            yield _words("tagging", f"{key}:{span.text}")
    if statement.said:
        yield _words("tagging", f"said:{statement.said.isoformat()}")
    for who in statement.via:
        yield _words("tagging", f"via:{who}")
    for name in dict.fromkeys((name.kind, name.span.text) for name in statement.names):
        yield _words("tagging", f"{name[0]}:{name[1]}")
    if statement.checkable:
        yield _words("tagging", "checkable")
    yield _words("assessing", f"confidence:{statement.confidence:.3f}")


def _words(purpose: str, value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"}


def _resource(article: Article, span: Span) -> dict[str, Any]:
    text = article.text
    return {
        "type": "SpecificResource",
        "source": article_iri(article),
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": span.text,
                "prefix": text[max(0, span.start - AROUND) : span.start],
                "suffix": text[span.end : span.end + AROUND],
            },
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
        ],
    }
