"""Parquet tables of Qawl → Articles with their statements as they were read; also tables of others.

What ``qawl crawl``, ``qawl export`` and ``qawl read --format parquet`` write comes as two tables that join on
``article_id``: ``articles.parquet`` and ``statements.parquet`` beside each other, or the folders ``articles/``
and ``statements/`` with files of the same names. A table of others has a column "text", and the keys of JSONL.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from qawl.errors import InputError, MissingExtraError
from qawl.formats.json_document import article_from_dict
from qawl.model import Article
from qawl.sources import jsonl
from qawl.sources.jsonl import OnError

#: Rows that are taken from a file at once.
_BATCH = 500


def is_ours(schema: Any, table: str) -> bool:
    """Whether a pyarrow schema is that of Qawl's table "articles" or "statements".

    Raises InputError where a newer Qawl wrote it.
    """
    from qawl.formats.parquet import SCHEMA

    said = schema.metadata or {}
    if said.get(b"qawl_table") != table.encode():
        return False
    number = int(said.get(b"qawl_schema", b"0"))
    if number > SCHEMA:
        raise InputError(f"its schema is {number}, and this Qawl knows {SCHEMA}; update Qawl")
    return True


def is_tables(path: Path) -> bool:
    """Whether a path is a Parquet file, or a folder of Qawl's tables."""
    if path.is_dir():
        return bool(_pairs(path))
    return path.suffix == ".parquet" and path.is_file()


def articles(
    path: Path, *, on_error: OnError | None = None
) -> Iterator[tuple[Article, dt.datetime | None]]:
    """The articles of a table or of a folder of tables, in order, in flat memory, and when each was fetched.

    Articles that Qawl read have their statements and ``reader``; those of another table have none. What
    cannot be read is reported to ``on_error`` and the rest goes on; without it, it raises InputError.
    """
    pairs = _pairs(path) if path.is_dir() else [(path, _statements_beside(path))]
    for first, second in pairs:
        try:
            yield from _table(first, second, on_error)
        except InputError as error:
            if on_error is None:
                raise type(error)(f"{first}: {error}") from error
            on_error(str(first), None, str(error))


def _pairs(folder: Path) -> list[tuple[Path, Path | None]]:
    found = [folder / "articles.parquet", *sorted((folder / "articles").glob("*.parquet"))]
    return [(path, _statements_beside(path)) for path in found if path.is_file()]


def _statements_beside(path: Path) -> Path | None:
    if path.name == "articles.parquet":
        beside = path.with_name("statements.parquet")
    else:
        beside = path.parent.with_name("statements") / path.name
    return beside if beside.is_file() else None


def _table(
    path: Path, statements: Path | None, on_error: OnError | None
) -> Iterator[tuple[Article, dt.datetime | None]]:
    with _opened(path) as table:
        schema = table.schema_arrow
        if is_ours(schema, "statements"):
            raise InputError(
                "it holds statements without their articles; give the folder with both tables"
            )
        if not is_ours(schema, "articles"):
            for article in _of_others(table, path, on_error):
                yield article, None
            return
        if statements is None:
            for row in _rows(table):
                yield article_from_row(row, None), row.get("fetched")
            return
        with _opened(statements) as said:
            if not is_ours(said.schema_arrow, "statements"):
                raise InputError(f"{statements} beside it is no table of statements")
            yield from _joined(_rows(table), said)


def _joined(
    rows: Iterable[Mapping[str, Any]], said: Any
) -> Iterator[tuple[Article, dt.datetime | None]]:
    """Articles with their statements: those of a file that Qawl wrote stand in the same order; where
    somebody has sorted it, they are looked up."""
    stream = _rows(said)
    sorted_anew: dict[str, list[Any]] | None = None
    for row in rows:
        ident, count = row["article_id"], row["statements"]
        mine = (
            list(itertools.islice(stream, count))
            if sorted_anew is None
            else sorted_anew.get(ident, [])
        )
        if sorted_anew is None and any(s["article_id"] != ident for s in mine):
            sorted_anew = {}
            for s in _rows(said):
                sorted_anew.setdefault(s["article_id"], []).append(s)
            mine = sorted_anew.get(ident, [])
        if len(mine) != count:
            raise InputError(
                f"article {ident} has {len(mine)} of its {count} statements; give both tables whole"
            )
        mine.sort(key=lambda s: int(s["statement"]))
        yield article_from_row(row, mine), row.get("fetched")


def article_from_row(
    row: Mapping[str, Any], statements: Iterable[Mapping[str, Any]] | None
) -> Article:
    """The article of a row, with the ``statements`` of theirs; None: it is as if it had not been read.

    Raises InputError where the row is damaged.
    """
    plain = {
        **row,
        "id": row.get("name") or row["article_id"],
        "date": row["published"],
        "reader": "" if statements is None else row["reader"],
        "statements": list(statements or ()),
    }
    return article_from_dict(plain)


def _of_others(table: Any, path: Path, on_error: OnError | None) -> Iterator[Article]:
    if "text" not in table.schema_arrow.names:
        raise InputError('it has no column "text"; give the articles\' text under that name')
    for number, row in enumerate(_rows(table), 1):
        row = {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in row.items()}
        try:
            article = jsonl.article_of(row, default_id=f"{path.name}:{number}")
        except InputError as error:
            if on_error is None:
                raise type(error)(f"row {number}: {error}") from error
            on_error(str(path), number, str(error))
            continue
        yield article


def _rows(table: Any) -> Iterator[Any]:
    for batch in table.iter_batches(batch_size=_BATCH):
        yield from batch.to_pylist()


def _opened(path: Path) -> Any:
    try:
        from pyarrow import ArrowInvalid, parquet
    except ImportError as error:
        raise MissingExtraError("Parquet", "parquet") from error
    try:
        return parquet.ParquetFile(path)
    except (ArrowInvalid, OSError) as error:
        raise InputError(f"it is no whole Parquet file ({error}); write it again") from error
