"""Quotation marks: which opens, which closes, and which pairs with which.

The press mixes its marks: «…», “…”, ”…“, "…", ''…'', a pair that opens in one style and closes in
another, marks never closed, marks closed twice. So a mark's shape is a hint only; its place decides:
a mark after a space (or at the line's start) and before a letter opens, one after a letter or a
stop closes. One pass, linear in the number of tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qawl.arabic.tokens import Token

#: Marks by shape. A low or angle mark that points outward in its own script opens.
OPENING = frozenset("«“„‟‹〝❝")
CLOSING = frozenset("»”›〞❞")
NEUTRAL = frozenset({'"', "''", "``", "＂", "″", "‘", "’", ",,", "'"})
MARKS = OPENING | CLOSING | NEUTRAL
#: A quotation left open at its paragraph's end is carried over at most this many paragraphs while
#: each is opened again or the last one closes it (the habit of long quotations).
CARRY = 8


@dataclass(frozen=True, slots=True)
class Quotes:
    """For each token: ``mate`` is the token index of the mark that pairs with a mark (-1: none),
    ``depth`` how many quotations a token stands in (0, 1, 2; a mark counts as inside its own),
    ``opens`` and ``closes`` whether it is an opening or a closing mark."""

    mate: list[int]
    depth: list[int]
    opens: list[bool]
    closes: list[bool]


def quotes(text: str, toks: Sequence[Token]) -> Quotes:
    """Pairs the quotation marks of ``toks``, the tokens of ``text`` with its newlines."""
    n = len(toks)
    mate = [-1] * n
    depth = [0] * n
    opens = [False] * n
    closes = [False] * n
    stack: list[int] = []
    carried = 0
    for k, tok in enumerate(toks):
        mark = tok.text
        if mark == "\n":
            # an open quotation ends with its paragraph unless a later line closes it before it
            # opens another
            if stack and not _closed_later(text, toks, k + 1):
                stack.clear()
            carried = carried + 1 if stack else 0
            if carried > CARRY:
                stack.clear()
                carried = 0
        elif mark in MARKS:
            kind = _role(text, tok, bool(stack), toks[stack[-1]].text if stack else "")
            if kind == "open":
                opens[k] = True
                if len(stack) < 2:
                    stack.append(k)
            elif kind == "close":
                closes[k] = True
                if stack:
                    opener = stack.pop()
                    mate[k], mate[opener] = opener, k
                    depth[k] = len(stack) + 1
                    continue
        depth[k] = len(stack)
    return Quotes(mate, depth, opens, closes)


def _role(text: str, tok: Token, inside: bool, opener: str) -> str:
    """open, close or none (an apostrophe, an inch mark) for a mark at its place."""
    before = text[tok.start - 1] if tok.start else "\n"
    after = text[tok.end] if tok.end < len(text) else "\n"
    free_before = before.isspace() or before in "([{-–—ـ:،؛" or before in MARKS
    free_after = after.isspace() or after in ")]}.,،؛:!؟?…-–—" or after in MARKS
    mark = tok.text
    if mark in ("'", "’", "‘") and not free_before and not free_after:
        return "none"
    if free_before and not free_after:
        return "open" if not (inside and mark in CLOSING and opener in OPENING) else "close"
    if free_after and not free_before:
        return "close" if inside or mark in CLOSING else "open" if mark in OPENING else "close"
    if mark in OPENING:
        return "open"
    if mark in CLOSING:
        return "close"
    if mark in ("'", "’", "‘"):
        return "close" if inside and opener in ("'", "’", "‘") else "none"
    return "close" if inside else "open"


def _closed_later(text: str, toks: Sequence[Token], start: int) -> bool:
    """Whether the first mark of the next line is a closing one, or the line opens a quotation
    again with its very first token (both habits of a quotation that runs over paragraphs)."""
    for k in range(start, min(start + 400, len(toks))):
        mark = toks[k].text
        if mark == "\n":
            return False
        if mark in MARKS:
            return _role(text, toks[k], True, "") == "close" and k > start
    return False
