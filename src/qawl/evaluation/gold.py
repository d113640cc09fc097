"""Reads gold and predicted statements: JSONL, one article a line.

A gold line holds ``id``, ``text``, ``statements`` and mostly ``title``, ``source`` (the outlet) and
``date`` (in any form that ``arabic.dates`` reads, else kept as its text alone); a predicted line ``id``
and ``statements``. Offsets count Unicode code points in title + newline + text. What does not fit is
an ``InputError`` that names the file, the line and the statement.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from qawl.arabic.dates import parse_date
from qawl.errors import InputError
from qawl.formats.jsonl import statement_to_dict
from qawl.model import ACTS, FORMS, Article, Span, Statement

Row = dict[str, Any]
_Word = TypeVar("_Word", bound=str)


class _Misfit(Exception):
    """What is wrong with a line, before it is known which line that is."""


def read_gold(path: Path) -> list[Article]:
    """The gold articles of a JSONL file, or of all ``*.jsonl`` files in a folder, by name.

    Their statements are the gold ones. Raises ``InputError`` for a file that cannot be read, that
    holds no article, or a line that does not fit.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise InputError(f"{path}: no .jsonl file in this folder; give a gold file")
    articles: list[Article] = []
    seen: dict[str, str] = {}
    for file in files:
        for where, row in _rows(file):
            try:
                article = _gold_article(row)
            except _Misfit as wrong:
                raise InputError(f"{where}: {wrong}") from None
            _unseen(article.id, where, seen)
            articles.append(article)
    if not articles:
        raise InputError(f"{path}: holds no article; gold is JSONL, one article a line")
    return articles


def read_predicted(path: Path, gold: Iterable[Article]) -> dict[str, tuple[Statement, ...]]:
    """The predicted statements of a JSONL file by article id; articles not in ``gold`` are skipped.

    Raises ``InputError`` as ``read_gold`` does, also where a span's text is not what the gold
    article holds at its offsets.
    """
    texts = {article.id: article.text for article in gold}
    predicted: dict[str, tuple[Statement, ...]] = {}
    seen: dict[str, str] = {}
    for where, row in _rows(path):
        try:
            name = _id(row)
            text = texts.get(name)
            statements = () if text is None else _statements(row, text, gold=False)
        except _Misfit as wrong:
            raise InputError(f"{where}: {wrong}") from None
        _unseen(name, where, seen)
        if text is not None:
            predicted[name] = statements
    return predicted


def gold_line(article: Article, /, **more: object) -> Row:
    """An article and its statements as a line of gold, which ``read_gold`` reads back; ``more`` is put
    beside its id. Raises ``ValueError`` for a statement without a source, which gold cannot hold."""
    title = article.title if article.text.startswith(article.title + "\n") else ""
    body = article.text[len(title) + 1 :] if title else article.text
    statements = []
    for statement in article.statements:
        if not statement.who:
            raise ValueError(f"the statement at {statement.start} has no source")
        row = statement_to_dict(statement)
        del row["confidence"]  # a reader's; a person is sure
        statements.append(row)
    return {
        "id": article.id,
        **more,
        "title": title or None,
        "text": body,
        "source": article.outlet,
        "date": article.date.isoformat() if article.date else None,
        "statements": statements,
    }


def _rows(path: Path) -> Iterator[tuple[str, Row]]:
    """The JSON objects of a file's lines, each with "FILE, line N"."""
    try:
        with path.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                where = f"{path}, line {number}"
                try:
                    line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
                    row = json.loads(line) if line.strip() else None
                except UnicodeDecodeError:
                    raise InputError(f"{where}: not UTF-8; save the file as UTF-8") from None
                except json.JSONDecodeError as error:
                    raise InputError(f"{where}: not JSON ({error.msg})") from None
                except RecursionError:
                    raise InputError(f"{where}: JSON nested too deep") from None
                if row is None and not line.strip():
                    continue
                if not isinstance(row, dict):
                    raise InputError(f"{where}: not a JSON object; one article a line is needed")
                yield where, row
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None


def _unseen(name: str, where: str, seen: dict[str, str]) -> None:
    if name in seen:
        raise InputError(f"{where}: the id {name!r} stands at {seen[name]} too; ids must differ")
    seen[name] = where


def _gold_article(row: Row) -> Article:
    text = row.get("text")
    if not isinstance(text, str):
        raise _Misfit('no "text" (a string: the article\'s body)')
    title = _text_or_none(row, "title") or ""
    outlet = _text_or_none(row, "outlet") or _text_or_none(row, "source")
    written = row.get("date")
    if written is not None and not isinstance(written, str | int | float):
        raise _Misfit(f'"date" is {written!r}, not a date (2019-11-25) or null')
    article = Article.of(
        text,
        title=title,
        id=_id(row),
        outlet=outlet,
        date=None if written is None else parse_date(written),
        date_text=None if written is None else str(written),
    )
    return article.with_statements(_statements(row, article.text, gold=True))


def _id(row: Row) -> str:
    name = row.get("id")
    if not isinstance(name, str) or not name:
        raise _Misfit('no "id" (a string that names the article)')
    return name


def _text_or_none(row: Row, key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise _Misfit(f'"{key}" is {value!r}, not a string or null')
    return value


def _statements(row: Row, text: str, *, gold: bool) -> tuple[Statement, ...]:
    listed = row.get("statements")
    if not isinstance(listed, list):
        raise _Misfit('no "statements" (a list, empty where nothing is said)')
    statements = []
    for number, item in enumerate(listed, 1):
        try:
            if not isinstance(item, dict):
                raise _Misfit("not a JSON object")
            statements.append(_statement(item, text, gold=gold))
        except _Misfit as wrong:
            raise _Misfit(f"statement {number}: {wrong}") from None
    return tuple(statements)


def _statement(item: Row, text: str, *, gold: bool) -> Statement:
    if gold:
        for key in ("content", "cue", "speaker", "who", "form", "act"):
            if key not in item:
                raise _Misfit(f'no "{key}"')
    parts = item.get("content")
    if not isinstance(parts, list) or not parts:
        raise _Misfit('"content" must be a list of one span or more')
    who = _text_or_none(item, "who")
    if gold and not who:
        raise _Misfit('"who" is empty; write the source\'s fullest name or its description')
    nested = item.get("nested", False)
    if not isinstance(nested, bool):
        raise _Misfit(f'"nested" is {nested!r}, not true or false')
    confidence = item.get("confidence", 1.0)
    if isinstance(confidence, bool) or not isinstance(confidence, int | float):
        raise _Misfit(f'"confidence" is {confidence!r}, not a number from 0 to 1')
    if not (math.isfinite(confidence) and 0 <= confidence <= 1):
        raise _Misfit(f'"confidence" is {confidence!r}, not a number from 0 to 1')
    return Statement(
        content=tuple(_span(part, text, "content") for part in parts),
        cue=_span_or_none(item, text, "cue"),
        speaker=_span_or_none(item, text, "speaker"),
        who=who,
        form=_one_of(item, "form", FORMS),
        act=_one_of(item, "act", ACTS),
        nested=nested,
        confidence=float(confidence),
    )


def _one_of(item: Mapping[str, object], key: str, known: tuple[_Word, ...]) -> _Word:
    value = item.get(key)
    for word in known:
        if value == word:
            return word
    raise _Misfit(f'"{key}" is {value!r}, not one of {", ".join(known)}')


def _span_or_none(item: Row, text: str, key: str) -> Span | None:
    value = item.get(key)
    return None if value is None else _span(value, text, key)


def _span(value: object, text: str, key: str) -> Span:
    if not isinstance(value, dict):
        raise _Misfit(f'"{key}" must be a span: {{"start": …, "end": …, "text": …}}')
    start, end, words = value.get("start"), value.get("end"), value.get("text")
    if type(start) is not int or type(end) is not int or not isinstance(words, str):
        raise _Misfit(f'"{key}" needs whole numbers "start" and "end" and a string "text"')
    if not 0 <= start < end <= len(text):
        raise _Misfit(f'"{key}" {start}:{end} is not a span of the text of {len(text)} code points')
    if text[start:end] != words:
        raise _Misfit(
            f'"{key}" {start}:{end} holds {_short(text[start:end])}, not {_short(words)}; '
            "offsets count code points in title + newline + text"
        )
    return Span(start, end, words)


def _short(words: str, limit: int = 60) -> str:
    return repr(words if len(words) <= limit else words[: limit - 1] + "…")
