"""Sentences: runs of tokens up to a stop, never across a line.

A stop inside a quotation does not end the sentence around it; a full stop after an initial (د.، أ.) or
between digits is none. Sentences longer than ``LONGEST`` tokens are cut at a comma or where they
reach it: the press writes paragraphs of one sentence, and a reader's time must stay linear.
"""

from __future__ import annotations

from collections.abc import Sequence

from qawl.arabic.tokens import Token

STOPS = frozenset({".", "!", "؟", "?", "...", "..", "…", "۔"})
#: Tokens in one sentence at most.
LONGEST = 160


#: Marks that go on with the sentence after a quotation.
FOLLOWS = STOPS | frozenset('،,؛;:)»”"')


def sentences(
    toks: Sequence[Token], depth: Sequence[int], closes: Sequence[bool]
) -> list[tuple[int, int]]:
    """(first, last + 1) token index of each sentence; newlines belong to none."""
    out: list[tuple[int, int]] = []
    start = 0
    comma = -1
    n = len(toks)
    for k in range(n):
        word = toks[k].text
        if word == "\n":
            if k > start:
                out.append((start, k))
            start, comma = k + 1, -1
        elif word in STOPS and depth[k] == 0 and not _initial(toks, k, start):
            end = k + 1
            out.append((start, end))
            start, comma = end, -1
        elif word in "،,؛;":
            comma = k
        elif (
            closes[k]
            and depth[k] == 1
            and k > start
            and toks[k - 1].text in STOPS
            and k + 1 < n
            and toks[k + 1].text not in FOLLOWS
        ):
            # the quotation ended with its own stop: so does the sentence, unless a mark follows
            out.append((start, k + 1))
            start, comma = k + 1, -1
        if k + 1 - start >= LONGEST:
            end = comma + 1 if comma > start + LONGEST // 2 else k + 1
            out.append((start, end))
            start, comma = end, -1
    if n > start:
        out.append((start, n))
    return out


def _initial(toks: Sequence[Token], k: int, start: int) -> bool:
    """A full stop that belongs to an initial or abbreviation (د.، أ.، م.) with the name behind."""
    if toks[k].text != "." or k == start:
        return False
    word = toks[k - 1]
    return len(word.text) == 1 and word.text.isalpha() and word.end == toks[k].start
