"""JSONL: the interchange form, one article a line, in order.

    {"id", "statements": [{"content": [{"start", "end", "text"}], "cue": span or null,
     "speaker": span or null, "who", "form", "act", "nested", "confidence"}]}

It is the form of the gold files, so that what Qawl writes can be scored as it is. The line's schema
is ``data/qawl-line.schema.json`` (``qawl schema jsonl``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, BinaryIO, get_args

from qawl.errors import InputError
from qawl.model import Act, Article, Form, Span, Statement


def encode(value: object) -> bytes:
    """JSON in UTF-8 with Arabic as it is.

    A lone surrogate (half a character, from a damaged source) has no UTF-8: it becomes its JSON
    escape, so that a reader gets back the same string.
    """
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")


def span_to_dict(span: Span) -> dict[str, Any]:
    """A span as {"start", "end", "text"} (code points)."""
    return {"start": span.start, "end": span.end, "text": span.text}


def optional_span(span: Span | None) -> dict[str, Any] | None:
    """A span as a dict, or None for none."""
    return None if span is None else span_to_dict(span)


def statement_to_dict(statement: Statement) -> dict[str, Any]:
    """A statement as the interchange form has it."""
    return {
        "content": [span_to_dict(part) for part in statement.content],
        "cue": optional_span(statement.cue),
        "speaker": optional_span(statement.speaker),
        "who": statement.who,
        "form": statement.form,
        "act": statement.act,
        "nested": statement.nested,
        "confidence": statement.confidence,
    }


def article_to_dict(article: Article) -> dict[str, Any]:
    """An article's line: its id and its statements."""
    return {
        "id": article.id,
        "statements": [statement_to_dict(statement) for statement in article.statements],
    }


def write(articles: Iterable[Article], out: BinaryIO) -> None:
    """Writes one line an article, also for an article without statements."""
    for article in articles:
        out.write(encode(article_to_dict(article)) + b"\n")


def span_from_dict(data: dict[str, Any]) -> Span:
    """The span that ``span_to_dict`` wrote."""
    return Span(int(data["start"]), int(data["end"]), str(data["text"]))


def statement_from_dict(data: dict[str, Any]) -> Statement:
    """The statement that ``statement_to_dict`` wrote; also one of a gold file (no confidence).

    Raises ``InputError`` where a part is missing or is none of the known forms or acts.
    """
    try:
        content = tuple(span_from_dict(part) for part in data["content"])
        form, act = data["form"], data["act"]
        if not content or form not in get_args(Form) or act not in get_args(Act):
            raise ValueError(f"content is empty, or form {form!r} or act {act!r} is unknown")
        return Statement(
            content=content,
            cue=span_from_dict(data["cue"]) if data["cue"] else None,
            speaker=span_from_dict(data["speaker"]) if data["speaker"] else None,
            who=data["who"],
            form=form,
            act=act,
            nested=bool(data.get("nested", False)),
            confidence=float(data.get("confidence", 1.0)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"not a statement of the interchange form ({error!r}): "
            "compare it with the schema that `qawl schema jsonl` prints"
        ) from error


def parse(line: str | bytes) -> tuple[str, tuple[Statement, ...]]:
    """The id and the statements of one line; raises ``InputError`` where it is damaged."""
    try:
        data = json.loads(line)
        identity, statements = str(data["id"]), list(data["statements"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"not a line of the interchange form ({error!r}): it needs one JSON object with "
            '"id" and "statements"'
        ) from error
    return identity, tuple(statement_from_dict(statement) for statement in statements)
