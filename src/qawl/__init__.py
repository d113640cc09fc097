"""Qawl (قول): who said what, in Arabic news.

>>> import qawl
>>> article = qawl.read("قال وزير الطاقة سامر الحلو إن المحطة ستعمل في آذار المقبل.")
>>> [(s.who, s.content[0].text) for s in article.statements]
[('سامر الحلو', 'المحطة ستعمل في آذار المقبل')]
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from qawl.errors import EncodingError, InputError, MissingExtraError, ModelError, QawlError
from qawl.model import ACTS, FORMS, PLOVER, Act, Article, Decision, Form, Paragraph, Span, Statement

if TYPE_CHECKING:
    from qawl.reader import Reader

__version__ = "0.1.0"
__all__ = [
    "ACTS",
    "FORMS",
    "PLOVER",
    "Act",
    "Article",
    "Decision",
    "EncodingError",
    "Form",
    "InputError",
    "MissingExtraError",
    "ModelError",
    "Paragraph",
    "QawlError",
    "Reader",
    "Span",
    "Statement",
    "read",
]


def read(source: str | bytes | Article, **fields: Any) -> Article:
    """Reads one article: plain text or an HTML page, as text or bytes, or an ``Article``.

    ``fields`` set what the source does not tell: ``title``, ``outlet``, ``author``, ``date`` (a date, or
    its text as a page or ISO 8601 writes it), ``address``, ``id``. Returns the article with its statements;
    offsets are code points into its ``text``. Raises InputError (empty, binary, a text that is no date),
    EncodingError, ModelError.
    """
    if isinstance(written := fields.get("date"), str):
        from qawl.arabic.dates import parse_date

        if (day := parse_date(written)) is None:
            raise InputError(f"no day can be read from date={written!r}; write it as 2024-03-31")
        fields = {"date_text": written} | fields | {"date": day}
    if not isinstance(source, Article):
        from qawl.sources import article_from

        source = article_from(source, **fields)
    elif fields:
        from dataclasses import replace

        source = replace(source, **fields)
    return _reader().read(source)


@cache
def _reader() -> Reader:
    from qawl.reader import Reader

    return Reader()


def __getattr__(name: str) -> Any:
    if name == "Reader":  # numpy is imported only when something is read
        from qawl.reader import Reader

        return Reader
    raise AttributeError(f"module 'qawl' has no attribute {name!r}")
