"""ClaimReview drafts (schema.org, as search engines and fact-check archives take it) of the statements
that somebody could verify.

A draft says what was claimed, by whom, where and when; the review itself is a person's: its author,
address, date and rating stand empty, to be filled in. Statements that are no checkable claim (opinions,
promises, demands) are left out, and so is one whose source is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from qawl.formats.csv_table import JOIN
from qawl.formats.iri import statement_iri, web_address
from qawl.formats.jsonl import encode
from qawl.formats.jsonld import CONTEXT, known_source
from qawl.model import Article, Statement


def write(articles: Iterable[Article], out: BinaryIO) -> None:
    """Writes the drafts as one ``@graph``, one a line."""
    out.write(b'{"@context": ' + encode(CONTEXT) + b', "@graph": [')
    between = b"\n"
    for article in articles:
        for draft in drafts(article):
            out.write(between + encode(draft))
            between = b",\n"
    out.write(b"\n]}\n")


def drafts(article: Article) -> Iterator[dict[str, Any]]:
    """A draft of each checkable statement of an article."""
    for statement in article.statements:
        if statement.checkable and statement.who:
            yield draft(article, statement)


def draft(article: Article, statement: Statement) -> dict[str, Any]:
    """The draft of one statement."""
    published = article.date.isoformat() if article.date else None
    said = statement.said.isoformat() if statement.said else published
    appearance = {
        "@type": "NewsArticle",
        "url": web_address(article),
        "headline": article.title,
        "publisher": {"@type": "Organization", "name": article.outlet} if article.outlet else None,
        "datePublished": published,
        "inLanguage": "ar",
    }
    claim = {
        "@type": "Claim",
        "@id": statement_iri(article, statement),
        "author": known_source(statement) or {"@type": _kind(statement), "name": statement.who},
        "datePublished": said,
        "appearance": _known(appearance),
    }
    return {
        "@type": "ClaimReview",
        "claimReviewed": JOIN.join(part.text for part in statement.content),
        "inLanguage": "ar",
        "itemReviewed": _known(claim),
        "author": {"@type": "Organization", "name": "", "url": ""},
        "url": "",
        "datePublished": "",
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": "",
            "bestRating": "5",
            "worstRating": "1",
            "alternateName": "",
        },
    }


def _kind(statement: Statement) -> str:
    """Person or Organization, by the word lists; Person where they do not tell."""
    from qawl.arabic.letters import fold
    from qawl.arabic.lexicon import classes_of

    first = fold((statement.who or "").split(" ", 1)[0])
    bodies = ("body:", "media:", "place:")
    return "Organization" if any(c.startswith(bodies) for c in classes_of(first)) else "Person"


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
