"""RIS, which reference managers read: an entry a statement, citing its article.

The statement stands in the notes (N1) with its source and its place; the article is a newspaper article
(TY  - NEWS) with title, outlet, author, day and address. Text is UTF-8.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from qawl.formats.csv_table import JOIN
from qawl.formats.iri import statement_iri
from qawl.model import Article, Statement


def write(articles: Iterable[Article], out: BinaryIO) -> None:
    """Writes an entry for every statement."""
    for article in articles:
        for statement in article.statements:
            lines = "".join(f"{tag}  - {value}\r\n" for tag, value in entry(article, statement))
            out.write(lines.encode("utf-8", "replace"))
            out.write(b"ER  - \r\n\r\n")


def entry(article: Article, statement: Statement) -> Iterator[tuple[str, str]]:
    """The fields of a statement's entry, in order, the type first."""
    yield "TY", "NEWS"
    yield "ID", statement_iri(article, statement)
    yield "TI", _line(article.title or JOIN.join(p.text for p in statement.content)[:80])
    if article.author:
        yield "AU", _line(article.author)
    if article.outlet:
        yield "T2", _line(article.outlet)
        yield "PB", _line(article.outlet)
    if article.date:
        day = article.date.date() if isinstance(article.date, dt.datetime) else article.date
        yield "PY", f"{day.year:04d}"
        yield "DA", f"{day:%Y/%m/%d}/"
    address = article.canonical or article.address
    if address:
        yield "UR", _line(address)
    yield "LA", "ar"
    yield "N1", _line(quoted(statement))


def quoted(statement: Statement) -> str:
    """Who said what, and where it stands: the note of a citation."""
    words = JOIN.join(part.text for part in statement.content)
    places = ";".join(f"char={part.start},{part.end}" for part in statement.content)
    return f"{statement.who or '؟'}: «{words}» ({places})"


def _line(value: str) -> str:
    return " ".join(value.split())
