"""Tokens: words, numbers and single marks of punctuation, each with its exact place.

A word keeps its clitics (وقال، للرقة، شراكتهم), its harakat and its tatweel; a glued quotation mark or full
stop is always a token of its own, which spaCy's blank Arabic tokenizer does not do.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from qawl.arabic.letters import ARABIC, MARKS

_WORD = f"[{ARABIC}A-Za-z\u00c0-\u024f{MARKS}]"
#: In order: numbers with inner separators, words (with inner apostrophes in Latin ones, digits
#: glued), handles and hashtags' words, newlines, any other mark alone.
_TOKEN = re.compile(
    rf"[0-9٠-٩۰-۹]+(?:[.,٫٬:/][0-9٠-٩۰-۹]+)*"
    rf"|{_WORD}+(?:[0-9٠-٩۰-۹_]+{_WORD}*)*"
    rf"|\n|\.{{2,}}|''|``|,,|[^\s]"
)


class Token(NamedTuple):
    """``text == article_text[start:end]`` (code points)."""

    text: str
    start: int
    end: int


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of ``text[start:end]``; a newline is a token, other white space is none."""
    out: list[Token] = []
    at = start
    # white space alone lies between two tokens, so each is the next of its letters: found faster than by a match
    for word in _TOKEN.findall(text, start, len(text) if end is None else end):
        place = text.index(word, at)
        at = place + len(word)
        out.append(Token(word, place, at))
    return out


def texts_of(text: str) -> list[str]:
    """The texts of ``tokens(text)``, where their places do not matter."""
    found: list[str] = _TOKEN.findall(text)
    return found
