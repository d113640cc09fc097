"""Parquet: the columns for DuckDB, pandas, Spark and the crawl.

``write`` makes one table of statements with their article's columns, the simplest to query;
``write_folder`` makes two files, ``articles.parquet`` (with the texts) and ``statements.parquet``,
which join on ``article_id``. Offsets are code points into the article's ``text``.
Rows are written in groups as they come, so that memory stays flat. Needs pyarrow
(``pip install 'qawl[parquet]'``).

`qawl read`, `qawl search`, `qawl export` and the crawl write the same schema, whose number is ``SCHEMA``;
columns that only a record can fill are null elsewhere. ``Tables`` writes both tables article by article.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from qawl.errors import MissingExtraError
from qawl.formats.csv_table import JOIN
from qawl.formats.json_document import article_in_full, statement_in_full
from qawl.formats.output import atomic_file
from qawl.model import Article, Entry

#: A row group is closed at so many rows (Parquet's writers take 100 k to 1 M for narrow tables;
#: fewer here, since a row holds whole sentences) …
ROWS = 20_000
#: … or at so many characters of text, whichever comes first: about 64 MB of Arabic in UTF-8.
CHARACTERS = 32_000_000
#: Rows that wait as Python objects, some 10 kB each.
BATCH = 1_000

#: The number of the schema, in each file's metadata as ``qawl_schema``. A column that is added leaves it;
#: one that is renamed, removed or means something else raises it.
SCHEMA = 1

ARTICLES = "articles.parquet"
STATEMENTS = "statements.parquet"


def write(articles: Iterable[Article], out: BinaryIO) -> None:
    """Writes the table of statements; raises ``MissingExtraError`` without pyarrow."""
    table = _Table(out, statement_schema())
    with table:
        for article in articles:
            table.add(statement_rows(article))


def write_folder(articles: Iterable[Article], folder: Path) -> None:
    """Writes ``articles.parquet`` and ``statements.parquet``, each whole or not at all."""
    with ExitStack() as stack:
        files = [stack.enter_context(atomic_file(folder / f)) for f in (ARTICLES, STATEMENTS)]
        tables = stack.enter_context(Tables(*files))
        for article in articles:
            tables.add(article)


class Tables:
    """Both tables, written article by article to two open binary files, which stay open. Use it as a
    context manager: at its end the last rows and the footers are written, after an error only the footers."""

    def __init__(
        self, articles: BinaryIO, statements: BinaryIO, *, rows: int | None = None
    ) -> None:
        """``rows``: those of a row group, at most, if not ``ROWS``. Raises MissingExtraError without pyarrow."""
        self._articles = _Table(articles, article_schema(), rows)
        self._statements = _Table(statements, statement_schema(), rows)

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *exception: object) -> None:
        try:
            self._articles.__exit__(*exception)
        finally:
            self._statements.__exit__(*exception)

    def add(self, article: Article, kept: Mapping[str, Any] | None = None) -> None:
        """Adds an article and its statements; ``kept`` has what is known of the article besides (``KEPT``:
        columns by their names)."""
        self._articles.add([article_row(article, kept)])
        self._statements.add(statement_rows(article))


def statement_schema() -> Any:
    """The columns of a statement (a ``pyarrow.Schema``)."""
    pa = _pyarrow()
    span = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("text", pa.string())])
    decision = pa.struct(
        [
            ("stage", pa.string()),
            ("by", pa.string()),
            ("probability", pa.float64()),
            ("note", pa.string()),
        ]
    )
    name = pa.struct([*span, ("kind", pa.string())])
    required = {"nullable": False}
    return pa.schema(
        [
            pa.field("article_id", pa.string(), **required),
            pa.field("statement", pa.int32(), **required),
            pa.field("who", pa.string()),
            pa.field("text", pa.string(), **required),
            pa.field("content", pa.list_(span), **required),
            pa.field("cue", span),
            pa.field("speaker", span),
            pa.field("who_span", span),
            pa.field("form", pa.string(), **required),
            pa.field("act", pa.string(), **required),
            pa.field("plover", pa.string()),
            pa.field("nested", pa.bool_(), **required),
            pa.field("confidence", pa.float64(), **required),
            pa.field("about", span),
            pa.field("addressee", span),
            pa.field("setting", span),
            pa.field("said", pa.string()),
            pa.field("said_span", span),
            pa.field("via", pa.list_(pa.string()), **required),
            pa.field("names", pa.list_(name), **required),
            pa.field("checkable", pa.bool_(), **required),
            pa.field("decisions", pa.list_(decision), **required),
            pa.field("outlet", pa.string()),
            pa.field("author", pa.string()),
            pa.field("title", pa.string(), **required),
            pa.field("date", pa.date32()),
            pa.field("published", pa.string()),
            pa.field("address", pa.string()),
            pa.field("canonical", pa.string()),
            pa.field("reader", pa.string(), **required),
            pa.field("statement_id", pa.int64()),
            pa.field("source_id", pa.int64()),
            pa.field("source_name", pa.string()),
            pa.field("source_kind", pa.string()),
            pa.field("source_state", pa.string()),
            pa.field("wikidata", pa.string()),
            pa.field("link_reason", pa.string()),
            pa.field("link_confidence", pa.float64()),
            pa.field("saying_id", pa.int64()),
        ],
        metadata=_metadata("statements"),
    )


def article_schema() -> Any:
    """The columns of an article (a ``pyarrow.Schema``)."""
    pa = _pyarrow()
    paragraph = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("kind", pa.string())])
    required = {"nullable": False}
    return pa.schema(
        [
            pa.field("article_id", pa.string(), **required),
            pa.field("title", pa.string(), **required),
            pa.field("text", pa.string(), **required),
            pa.field("paragraphs", pa.list_(paragraph), **required),
            pa.field("outlet", pa.string()),
            pa.field("author", pa.string()),
            pa.field("date", pa.date32()),
            pa.field("published", pa.string()),
            pa.field("date_text", pa.string()),
            pa.field("address", pa.string()),
            pa.field("canonical", pa.string()),
            pa.field("country", pa.string()),
            pa.field("reader", pa.string(), **required),
            pa.field("notes", pa.list_(pa.string()), **required),
            pa.field("statements", pa.int32(), **required),
            pa.field("hash", pa.string(), **required),
            pa.field("name", pa.string()),
            pa.field("version", pa.int32()),
            pa.field("fetched", pa.timestamp("us", tz="UTC")),
            pa.field("added", pa.timestamp("us", tz="UTC")),
        ],
        metadata=_metadata("articles"),
    )


#: What ``article_row`` takes besides the article: its id in the file that it came from, which of its
#: versions it is, when it was fetched and when it was put into the record (UTC).
KEPT = ("name", "version", "fetched", "added")


def _metadata(table: str) -> dict[str, str]:
    return {"qawl_table": table, "qawl_schema": str(SCHEMA)}


def statement_rows(article: Article) -> list[dict[str, Any]]:
    """A row a statement, numbered from 1 within the article."""
    of_article = {
        "article_id": article.id,
        "outlet": article.outlet,
        "author": article.author,
        "title": article.title,
        "date": _day(article),
        "published": article.date.isoformat() if article.date else None,
        "address": article.address,
        "canonical": article.canonical,
        "reader": article.reader,
    }
    return [
        {
            **of_article,
            **statement_in_full(statement),
            "statement": number,
            "text": JOIN.join(part.text for part in statement.content),
            **_entry(statement.entry),
        }
        for number, statement in enumerate(article.statements, 1)
    ]


_NO_ENTRY: dict[str, Any] = dict.fromkeys(
    (
        "statement_id", "source_id", "source_name", "source_kind", "source_state", "wikidata",
        "link_reason", "link_confidence", "saying_id",
    )
)  # fmt: skip


def _entry(entry: Entry | None) -> dict[str, Any]:
    """The columns that only a record fills."""
    if entry is None:
        return _NO_ENTRY
    return {
        "statement_id": entry.number,
        "source_id": entry.source,
        "source_name": entry.name,
        "source_kind": entry.kind,
        "source_state": entry.state,
        "wikidata": entry.wikidata,
        "link_reason": entry.reason,
        "link_confidence": entry.sure,
        "saying_id": entry.saying,
    }


def article_row(article: Article, kept: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The article's own row; ``kept`` as for ``Tables.add``."""
    row = article_in_full(article)
    digest = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()
    return {
        **dict.fromkeys(KEPT),
        **(kept or {}),
        **row,
        "hash": digest,
        "article_id": row["id"],
        "published": row["date"],
        "date": _day(article),
        "statements": len(article.statements),
    }


def _day(article: Article) -> dt.date | None:
    return article.date.date() if isinstance(article.date, dt.datetime) else article.date


class _Table:
    """A Parquet file that is written in row groups; closing it writes the rest and the footer."""

    def __init__(self, out: BinaryIO, schema: Any, rows: int | None = None) -> None:
        from pyarrow import parquet

        self._most = rows or ROWS
        self._schema = schema
        self._writer = parquet.ParquetWriter(out, schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []
        self._batches: list[Any] = []
        self._waiting = 0
        self._characters = 0

    def __enter__(self) -> _Table:
        return self

    def __exit__(self, *exception: object) -> None:
        if not any(exception):
            self._flush()
        self._writer.close()

    def add(self, rows: list[dict[str, Any]]) -> None:
        self._rows += rows
        self._waiting += len(rows)
        self._characters += sum(len(row["text"]) for row in rows)
        if self._waiting >= self._most or self._characters >= CHARACTERS:
            self._flush()
        elif len(self._rows) >= BATCH:
            self._pack()

    def _flush(self) -> None:
        self._pack()
        if self._batches:
            table = _pyarrow().Table.from_batches(self._batches, self._schema)
            self._writer.write_table(table, row_group_size=self._waiting)
        self._batches, self._waiting, self._characters = [], 0, 0

    def _pack(self) -> None:
        """Turns the rows into columns, which take a tenth of their memory."""
        if not self._rows:
            return
        pa = _pyarrow()
        columns: list[Any] = []
        for field in self._schema:
            values = [row[field.name] for row in self._rows]
            try:
                columns.append(pa.array(values, field.type))
            except UnicodeEncodeError:
                columns.append(pa.array(_clean(values), field.type))
        self._batches.append(pa.RecordBatch.from_arrays(columns, schema=self._schema))
        self._rows = []


def _clean(value: Any) -> Any:
    """The value with "?" for each lone surrogate, which has no UTF-8; offsets stay right."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return value


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtraError("the format parquet", "parquet") from error
    return pyarrow
