"""JSON-LD with schema.org's words: a NewsArticle and its Quotations, written as one ``@graph``.

``spokenByCharacter`` is "the Person or Organization to whom the quotation is attributed within the
containing CreativeWork", which is what Qawl's ``who`` is, so every Quotation has it; ``creator``
stands beside it only where the words are the source's own (form direct), since a reporter worded
the others. Both are plain text: the reader does not say whether a source is a person or a body, and
schema.org lets text stand where a thing is expected. Where a record knows the source's Wikidata id, they are
a Person or an Organization with the record's name of it and ``sameAs``. Form, act, PLOVER event and the mark of what can
be checked are DefinedTerms in ``keywords``. ``about`` is the topic, ``audience`` whom it was said to,
``dateCreated`` the day it was said, ``mentions`` the names in it; ``isBasedOn`` is what who relays it
said, the outermost first; ``description`` tells where or by what means, which has no word of its own.
``identifier`` says where each part of the content stands, as RFC 5147 writes it
(``char=12,48``: code points of the article's text, title and newline included).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from qawl.formats.csv_table import JOIN
from qawl.formats.iri import article_iri, statement_iri, web_address
from qawl.formats.jsonl import encode
from qawl.model import PLOVER, Article, NameKind, Statement

CONTEXT = "https://schema.org"
#: What an id of Wikidata follows in the address of the thing itself (its concept URI).
WIKIDATA = "http://www.wikidata.org/entity/"
_TYPES: dict[NameKind, str] = {
    "person": "Person",
    "body": "Organization",
    "place": "Place",
    "other": "Thing",
}


def write(articles: Iterable[Article], out: BinaryIO) -> None:
    """Writes the graph, one article a line within it."""
    out.write(b'{"@context": ' + encode(CONTEXT) + b', "@graph": [')
    between = b"\n"
    for article in articles:
        out.write(between + encode(news_article(article)))
        between = b",\n"
    out.write(b"\n]}\n")


def news_article(article: Article) -> dict[str, Any]:
    """The article as a NewsArticle; what is not known of it is left out."""
    body = article.text[len(article.title) + 1 :] if article.title else article.text
    whole = {
        "@type": "NewsArticle",
        "@id": article_iri(article),
        "identifier": article.id,
        "url": web_address(article),
        "headline": article.title,
        "author": article.author,
        "publisher": {"@type": "Organization", "name": article.outlet} if article.outlet else None,
        "datePublished": article.date.isoformat() if article.date else None,
        "inLanguage": "ar",
        "articleBody": body,
        "hasPart": [
            quotation(article, number, statement)
            for number, statement in enumerate(article.statements, 1)
        ],
    }
    return {key: value for key, value in whole.items() if value}


def quotation(article: Article, number: int, statement: Statement) -> dict[str, Any]:
    """A statement as a Quotation that is part of its article."""
    who = known_source(statement) or statement.who
    whole = {
        "@type": "Quotation",
        "@id": statement_iri(article, statement),
        "position": number,
        "identifier": [f"char={part.start},{part.end}" for part in statement.content],
        "text": JOIN.join(part.text for part in statement.content),
        "spokenByCharacter": who,
        "creator": who if statement.form == "direct" else None,
        "inLanguage": "ar",
        "about": statement.about.text if statement.about else None,
        "audience": {"@type": "Audience", "name": statement.addressee.text}
        if statement.addressee
        else None,
        "description": statement.setting.text if statement.setting else None,
        "dateCreated": statement.said.isoformat() if statement.said else None,
        "mentions": list(_mentions(statement)),
        "isBasedOn": [{"@type": "CreativeWork", "creator": who} for who in statement.via],
        "keywords": list(_terms(statement)),
        "isPartOf": {"@id": article_iri(article)},
    }
    return {key: value for key, value in whole.items() if value}


def known_source(statement: Statement) -> dict[str, Any] | None:
    """The source as a thing with its Wikidata address, where a record knows it."""
    entry = statement.entry
    if entry is None or not entry.wikidata or not statement.who:
        return None
    return {
        "@type": "Person" if entry.kind in ("person", "unnamed") else "Organization",
        "name": entry.name or statement.who,
        "sameAs": WIKIDATA + entry.wikidata,
    }


def _mentions(statement: Statement) -> Iterator[dict[str, Any]]:
    """Each name of the content once, with its places."""
    found: dict[tuple[str, str], list[str]] = {}
    for name in statement.names:
        place = f"char={name.span.start},{name.span.end}"
        found.setdefault((_TYPES[name.kind], name.span.text), []).append(place)
    for (kind, text), places in found.items():
        yield {"@type": kind, "name": text, "identifier": places}


def _terms(statement: Statement) -> Iterator[dict[str, Any]]:
    terms: list[tuple[str, str]] = [
        ("Qawl forms", statement.form),
        ("Qawl acts", statement.act),
    ]
    event = PLOVER[statement.act]
    if event:
        terms.append(("PLOVER", event))
    if statement.checkable:
        terms.append(("Qawl marks", "checkable"))
    for terms_of, code in terms:
        yield {
            "@type": "DefinedTerm",
            "termCode": code,
            "name": code,
            "inDefinedTermSet": {"@type": "DefinedTermSet", "name": terms_of},
        }
