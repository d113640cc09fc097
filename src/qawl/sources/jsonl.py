"""JSONL (one JSON object a line) → Articles, as a stream in constant memory.

Keys: "text" (needed), "title", "id", "outlet" or "source", "author", "date", "address" or "url";
others are passed over. Offsets are into title + newline + text exactly as the JSON gives them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from qawl.arabic.dates import parse_date
from qawl.errors import InputError
from qawl.model import Article
from qawl.sources.decode import decode
from qawl.sources.text import noted

#: Where a source reports what it cannot read and goes on: (file or other name, line from 1 or None,
#: what is wrong and what to do). Used by every source.
OnError = Callable[[str, int | None, str], None]


def articles(
    lines: Iterable[str | bytes], *, name: str = "", on_error: OnError | None = None
) -> Iterator[Article]:
    """The articles of ``lines``, in order; blank lines are passed over.

    A line that is no article is reported to ``on_error`` with its number and the rest goes on;
    without ``on_error`` it raises InputError. An article without "id" gets ``name``:line.
    """
    for number, line in enumerate(lines, 1):
        try:
            record = _record(line)
            if record is None:
                continue
            article = article_of(record, default_id=f"{name}:{number}" if name else str(number))
        except InputError as error:
            if on_error is None:
                where = f"{name}, line {number}" if name else f"line {number}"
                raise type(error)(f"{where}: {error}") from error
            on_error(name, number, str(error))
            continue
        yield article


def article_of(record: object, *, default_id: str = "") -> Article:
    """The article that one JSON value holds. Raises InputError where it holds none."""
    if not isinstance(record, Mapping):
        raise InputError(f'it is {_kind(record)}, not an object; write {{"text": …}} on each line')
    text, title = record.get("text"), record.get("title")
    if text is None:
        raise InputError('it has no "text"; give the article\'s text under that key')
    if not isinstance(text, str):
        raise InputError(f'its "text" is {_kind(text)}, not a string')
    if title is not None and not isinstance(title, str):
        raise InputError(f'its "title" is {_kind(title)}, not a string')
    if not text.strip() and not (title or "").strip():
        raise InputError('its "text" is empty')
    date = record.get("date")
    ident = _string(record.get("id"))
    return noted(
        Article.of(
            _encodable(text),
            title=_encodable(title or ""),
            id=default_id if ident is None else ident,
            outlet=_string(record.get("outlet")) or _string(record.get("source")),
            author=_string(record.get("author")),
            date=_date(date),
            date_text=_string(date),
            address=_string(record.get("address")) or _string(record.get("url")),
        )
    )


def _record(line: str | bytes) -> object:
    """The JSON value of a line; None for a blank one."""
    said = _decoded(line) if isinstance(line, bytes) else line
    said = said.strip("\ufeff \t\r\n")
    if not said:
        return None
    try:
        value: object = json.loads(said)
    except json.JSONDecodeError as error:
        raise InputError(
            f"it is not JSON ({error.msg} at character {error.pos + 1:,}); mend or remove the line"
        ) from error
    except (RecursionError, ValueError) as error:
        raise InputError(f"its JSON cannot be read ({error}); mend or remove the line") from error
    return [] if value is None else value


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return decode(line)[0]


def _kind(value: object) -> str:
    if value is None or value == []:
        return "null or an empty list"
    names = {bool: "true or false", int: "a number", float: "a number", str: "a string"}
    return names.get(type(value), "a list" if isinstance(value, list) else "an object")


def _string(value: Any) -> str | None:
    """A field as text: lists joined, numbers written out, what is empty None."""
    if isinstance(value, list):
        value = "، ".join(filter(None, map(_string, value)))
    elif isinstance(value, Mapping):
        value = value.get("name")
        value = value if isinstance(value, str) else None
    if value is None or isinstance(value, bool):
        return None
    return _encodable(str(value)) or None


def _date(value: Any) -> dt.date | dt.datetime | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return parse_date(value)


def _encodable(text: str) -> str:
    """``text`` with U+FFFD for half surrogate pairs (JSON allows them, UTF-8 does not); the same
    length, so that offsets stay."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text
