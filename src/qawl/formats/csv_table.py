"""CSV: one statement a row, made to open in Excel and LibreOffice with its Arabic intact.

UTF-8 with a byte order mark (without it Excel takes the file for windows-1252), lines end in CRLF,
cells are quoted as RFC 4180 says. A content of several parts is joined by ``JOIN`` in one cell;
``content_starts`` and ``content_ends`` list the parts' offsets, separated by ``;``. Relays and names are
joined by ``SEVERAL``.

A cell of text that begins like a formula is guarded by an apostrophe before it, since a spreadsheet
would run it (OWASP, "CSV Injection"): ``unguard`` takes it off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import BinaryIO

from qawl.model import PLOVER, Article, Span, Statement

#: What stands between the parts of a content that the reporter's words cut in two.
JOIN = " […] "
#: What stands between several relays or names in one cell.
SEVERAL = " | "

COLUMNS = (
    "article_id",
    "outlet",
    "date",
    "title",
    "address",
    "statement",
    "who",
    "speaker",
    "cue",
    "content",
    "form",
    "act",
    "nested",
    "confidence",
    "content_starts",
    "content_ends",
    "cue_start",
    "cue_end",
    "speaker_start",
    "speaker_end",
    "plover",
    "about",
    "addressee",
    "setting",
    "said",
    "via",
    "names",
    "checkable",
)

# What a spreadsheet may take for a formula, by its first character (OWASP's list, the full-width
# forms that East Asian editions fold included), behind any apostrophes, so that guarding can be
# undone exactly.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def guard(cell: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet might run it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell as it was before ``guard``."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def write(articles: Iterable[Article], out: BinaryIO) -> None:
    """Writes a heading row and a row a statement, numbered from 1 within its article."""
    line = io.StringIO()
    rows = csv.writer(line, dialect="excel")

    def flush() -> None:
        # A lone surrogate has no UTF-8; "?" stands for it, so that no cell is lost.
        out.write(line.getvalue().encode("utf-8", "replace"))
        line.seek(0)
        line.truncate()

    line.write("\ufeff")
    rows.writerow(COLUMNS)
    flush()
    for article in articles:
        for number, statement in enumerate(article.statements, 1):
            rows.writerow(_row(article, number, statement))
        flush()


def _row(article: Article, number: int, statement: Statement) -> list[str | int | float | None]:
    return [
        guard(article.id),
        guard(article.outlet or ""),
        article.date.isoformat() if article.date else "",
        guard(article.title),
        guard(article.canonical or article.address or ""),
        number,
        guard(statement.who or ""),
        _text(statement.speaker),
        _text(statement.cue),
        guard(JOIN.join(part.text for part in statement.content)),
        statement.form,
        statement.act,
        "true" if statement.nested else "false",
        statement.confidence,
        ";".join(str(part.start) for part in statement.content),
        ";".join(str(part.end) for part in statement.content),
        *_bounds(statement.cue),
        *_bounds(statement.speaker),
        PLOVER[statement.act] or "",
        _text(statement.about),
        _text(statement.addressee),
        _text(statement.setting),
        statement.said.isoformat() if statement.said else "",
        guard(SEVERAL.join(statement.via)),
        guard(SEVERAL.join(name.span.text for name in statement.names)),
        "true" if statement.checkable else "false",
    ]


def _text(span: Span | None) -> str:
    return guard(span.text) if span else ""


def _bounds(span: Span | None) -> tuple[int | str, int | str]:
    return (span.start, span.end) if span else ("", "")
