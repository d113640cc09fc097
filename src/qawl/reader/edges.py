"""Edges: which tokens a stretch of words may begin and end with."""

from __future__ import annotations

from qawl.reader.columns import Columns


def may_begin(c: Columns, a: int, b: int) -> bool:
    """Whether token ``a`` is a word, or a mark that is closed up to ``b``."""
    if c.quotes.opens[a]:
        return a < c.quotes.mate[a] <= b
    if c.tokens[a].text in ("(", "["):
        return any(t.text in (")", "]") for t in c.tokens[a + 1 : b + 1])
    return c.folded[a][:1].isalnum()


def may_end(c: Columns, a: int, b: int) -> bool:
    """Whether token ``b`` is a word, the sign of its percentage, or a mark that closes one from ``a`` on."""
    text = c.tokens[b].text
    if c.quotes.closes[b]:
        return a <= c.quotes.mate[b] < b
    if text in (")", "]"):
        return any(t.text in ("(", "[") for t in c.tokens[a:b])
    return c.folded[b][:1].isalnum() or text in ("%", "٪")
