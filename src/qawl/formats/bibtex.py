"""BibLaTeX: an @article a statement, of its newspaper, with the statement in its note. Text is UTF-8 (biber)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from qawl.formats.csv_table import JOIN
from qawl.formats.iri import statement_iri
from qawl.formats.ris import quoted
from qawl.model import Article, Statement

_ESCAPED = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#",
        "$": r"\$", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
)  # fmt: skip


def write(articles: Iterable[Article], out: BinaryIO) -> None:
    """Writes an entry for every statement."""
    for article in articles:
        for statement in article.statements:
            fields = "".join(
                f",\n  {name} = {{{value}}}" for name, value in entry(article, statement)
            )
            text = f"@article{{{key(article, statement)}{fields}\n}}\n\n"
            out.write(text.encode("utf-8", "replace"))


def key(article: Article, statement: Statement) -> str:
    """The key of an entry: the year and a hash of where the statement stands, the same every time."""
    place = statement_iri(article, statement)
    year = f"{article.date.year:04d}" if article.date else "nd"
    return f"qawl{year}-{hashlib.sha256(place.encode('utf-8', 'replace')).hexdigest()[:10]}"


def entry(article: Article, statement: Statement) -> Iterator[tuple[str, str]]:
    """The fields of a statement's entry, in order."""
    yield "title", _safe(article.title or JOIN.join(p.text for p in statement.content)[:80])
    if article.author:
        yield "author", f"{{{_safe(article.author)}}}"
    if article.outlet:
        yield "journaltitle", _safe(article.outlet)
    if article.date:
        day = article.date.date() if isinstance(article.date, dt.datetime) else article.date
        yield "date", day.isoformat()
    address = article.canonical or article.address
    if address:
        yield "url", "".join(f"%{ord(c):02X}" if c in "{}\\ " else c for c in address.strip())
    yield "langid", "arabic"
    yield "note", _safe(quoted(statement))


def _safe(value: str) -> str:
    return " ".join(value.split()).translate(_ESCAPED)
