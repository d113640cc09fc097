"""Plain text → Article. The text is kept as it came; only \\r\\n and \\r become \\n."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from qawl.arabic.letters import ARABIC
from qawl.errors import InputError
from qawl.model import Article, Paragraph, lines_of

#: A first line up to this long, with no final stop and more lines after it, is a title. Titles of
#: 59,000 articles of the Arab press are below 106 characters in 999 of 1,000.
TITLE_LENGTH = 150
_NO_TITLE_END = (".", "،", "؛", ":", ",", "。", "–", "-")

_ARABIC = re.compile(f"[{ARABIC}]")
#: Letters of Persian, Urdu and Kurdish that Arabic lacks, and their own kaf and ya. Both above these
#: shares make a text one of theirs: in Arabic news the first, in names, are below 1 in 2,000, and
#: the second come alone, from a Persian keyboard; in Persian they are about 1 in 30 and 1 in 8.
_FOREIGN, _FOREIGN_SHARE = re.compile("[پچژگٹڈڑںےہھڤۆێە]"), 1 / 80
_KAF_YA, _KAF_YA_SHARE = re.compile("[کی]"), 1 / 40


def article(text: str, *, title: str | None = None, **fields: Any) -> Article:
    """The article that a plain text holds.

    The first line is the title if it is short, ends without a stop and more lines follow; a given
    ``title`` (empty for none) overrides, and is put before the text. ``fields`` are Article's.
    Raises InputError where there is nothing but white space.
    """
    text = newlines(text.removeprefix("\ufeff"))
    if not text.strip() and not (title or "").strip():
        raise InputError("the input is empty; give an article's text")
    if title is not None:
        return noted(Article.of(text, title=newlines(title), **fields))
    paragraphs = tuple(lines_of(text))
    first = paragraphs[0]
    line = text[first.start : first.end]
    said = line.strip()
    if len(said) > TITLE_LENGTH or said.endswith(_NO_TITLE_END) or len(paragraphs) == 1:
        return noted(Article(text=text, paragraphs=paragraphs, **fields))
    # Blank lines above it are kept, so that offsets are those of the file; then the line is marked
    # as the title but article.title stays empty, as text is not title + newline + body.
    paragraphs = (Paragraph(first.start, first.end, "title"), *paragraphs[1:])
    titled = line if first.start == 0 else ""
    return noted(Article(text=text, title=titled, paragraphs=paragraphs, **fields))


def newlines(text: str) -> str:
    """``text`` with \\n for every \\r\\n and \\r."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def noted(article: Article) -> Article:
    """``article`` with notes on what a person should know of its text: no Arabic in it, another
    language in Arabic script, NULs, characters lost in decoding."""
    text = article.text
    notes = list(article.notes)
    if not _ARABIC.search(text):
        notes.append("there is no Arabic in it")
    elif _is_foreign(text):
        notes.append("it looks like another language in Arabic script (Persian, Urdu, Kurdish)")
    if nuls := text.count("\x00"):
        notes.append(f"it holds {nuls:,} NUL characters, kept as they are")
    if lost := text.count("\ufffd"):
        notes.append(f"{lost:,} characters could not be decoded and stand as U+FFFD")
    return replace(article, notes=tuple(notes)) if notes else article


def _is_foreign(text: str) -> bool:
    if not _FOREIGN.search(text):
        return False
    letters = len(_ARABIC.findall(text))
    return (
        len(_FOREIGN.findall(text)) > _FOREIGN_SHARE * letters
        and len(_KAF_YA.findall(text)) > _KAF_YA_SHARE * letters
    )
