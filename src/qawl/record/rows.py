"""Articles and statements as rows of the record, and back: nothing is lost on the way.

A span is kept as its two places; its words are cut from the article's text again when it is read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from qawl.formats.csv_table import JOIN
from qawl.model import Article, Decision, Name, Paragraph, Span, Statement

#: Parameters of an address that tell where a reader came from, not which article it is.
_TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "at_", "xtor", "ocid")


def hash_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal; a lone surrogate counts as what it is."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def hash_of_bytes(data: bytes) -> str:
    """SHA-256 of a page, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def plain_address(address: str) -> str:
    """An address as the record compares it: scheme and host in small letters, https for http, without a
    default port, a fragment or parameters that only tell where a reader came from."""
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:  # no address, but what the article says
        return address.strip()
    if parts.scheme.lower() not in ("http", "https") or not host:
        return address.strip()
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith(_TRACKING)
    ]
    return urlunsplit(("https", netloc, parts.path or "/", urlencode(query), ""))


def key_of(article: Article, *, named: bool) -> str:
    """What makes two articles versions of one: the address (the page's own before that where it was
    fetched, unless that is a site's front page), else, if it is ``named`` by its publisher, outlet and id, else the text itself."""
    canonical = plain_address(article.canonical) if article.canonical else ""
    if urlsplit(canonical).path in ("", "/"):  # a front page, which many sites name on every page
        canonical = ""
    address = canonical or (plain_address(article.address) if article.address else "")
    if address:
        return "address:" + address
    if named and article.id:
        return f"id:{article.outlet or ''}:{article.id}"
    return "text:" + hash_of(article.text)


def moment_of(date: dt.date | dt.datetime | None) -> tuple[dt.datetime | None, bool]:
    """(the moment in UTC, whether only its day is known); a time without a zone counts as UTC."""
    if date is None:
        return None, False
    if isinstance(date, dt.datetime):
        return (date if date.tzinfo else date.replace(tzinfo=dt.UTC)).astimezone(dt.UTC), False
    return dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC), True


def article_row(article: Article, *, key: str, version: int, **times: Any) -> dict[str, Any]:
    """The row of an article; ``times`` are ``added`` and ``fetched``."""
    published, whole_day = moment_of(article.date)
    return {
        "key": key,
        "version": version,
        "current": True,
        "hash": hash_of(article.text),
        "address": article.address or article.canonical,
        "canonical": article.canonical,
        "name": article.id,
        "outlet": article.outlet,
        "author": article.author,
        "title": article.title,
        "text": article.text,
        "paragraphs": [[p.start, p.end, p.kind] for p in article.paragraphs],
        "published": published,
        "whole_day": whole_day,
        "date_text": article.date_text,
        "reader": article.reader,
        "notes": list(article.notes),
        "country": article.country,
        **times,
    }


def article_from(row: Mapping[str, Any], statements: Iterable[Statement] = ()) -> Article:
    """The article of a row."""
    published = row["published"]
    return Article(
        text=row["text"],
        id=row["name"] or str(row["id"]),
        title=row["title"],
        paragraphs=tuple(Paragraph(*p) for p in row["paragraphs"]),
        outlet=row["outlet"],
        author=row["author"],
        date=published.date() if published and row["whole_day"] else published,
        date_text=row["date_text"],
        address=row["address"],
        canonical=row["canonical"],
        statements=tuple(statements),
        reader=row["reader"],
        notes=tuple(row["notes"]),
        country=row["country"],
    )


def _places(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]


def statement_row(statement: Statement) -> dict[str, Any]:
    """What the row of a statement keeps of the statement itself."""
    spans: dict[str, Any] = {
        "content": [_places(p) for p in statement.content],
        "cue": _places(statement.cue),
        "speaker": _places(statement.speaker),
        "who": _places(statement.who_span),
        "about": _places(statement.about),
        "addressee": _places(statement.addressee),
        "setting": _places(statement.setting),
        "said": statement.said.isoformat() if statement.said else None,
        "said_span": _places(statement.said_span),
        "via": list(statement.via),
        "names": [[n.span.start, n.span.end, n.kind] for n in statement.names],
        "decisions": [[d.stage, d.by, d.probability, d.note] for d in statement.decisions],
    }
    return {
        "text": JOIN.join(part.text for part in statement.content),
        "who": statement.who,
        "form": statement.form,
        "act": statement.act,
        "nested": statement.nested,
        "confidence": statement.confidence,
        "checkable": statement.checkable,
        "spans": {name: value for name, value in spans.items() if value},
    }


def statement_from(row: Mapping[str, Any], text: str) -> Statement:
    """The statement of a row; ``text`` is that of its article."""
    spans = row["spans"]

    def span(name: str) -> Span | None:
        places = spans.get(name)
        return Span.of(text, *places) if places else None

    said = spans.get("said")
    return Statement(
        content=tuple(Span.of(text, *p) for p in spans["content"]),
        cue=span("cue"),
        speaker=span("speaker"),
        who=row["who"],
        form=row["form"],
        act=row["act"],
        nested=row["nested"],
        confidence=row["confidence"],
        who_span=span("who"),
        decisions=tuple(Decision(*d) for d in spans.get("decisions", ())),
        about=span("about"),
        addressee=span("addressee"),
        setting=span("setting"),
        said=_date(said) if said else None,
        said_span=span("said_span"),
        via=tuple(spans.get("via", ())),
        names=tuple(Name(Span.of(text, a, b), kind) for a, b, kind in spans.get("names", ())),
        checkable=row["checkable"],
    )


def _date(written: str) -> dt.date | dt.datetime:
    return dt.datetime.fromisoformat(written) if "T" in written else dt.date.fromisoformat(written)
