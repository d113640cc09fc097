"""A question in a search box, «ماذا قال كاغينز عن الانسحاب», as whom it asks after and about what.

The patterns are data (data/questions.tsv).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from qawl.arabic.letters import fold_word
from qawl.arabic.lexicon import rows

_PATTERNS = Path(__file__).parent / "data" / "questions.tsv"
_ENDS = ' \t\n؟?!.…"«»“”'
#: Words of a question at most: what is longer is a text.
MOST = 30
_MARKS = re.compile(r"[؟?!]+$")


class Question(NamedTuple):
    """What a question asks: ``who`` is a name as typed, ``about`` words to find; one may be empty."""

    who: str
    about: str


def asked(typed: str) -> Question | None:
    """The question that ``typed`` is; None where it is none."""
    words = _MARKS.sub("", typed.strip(_ENDS)).split()
    if not 2 <= len(words) <= MOST:
        return None
    folded = " ".join(fold_word(w.strip("،,")).lower() for w in words)
    for pattern in _patterns():
        found = pattern.fullmatch(folded)
        if found is None:
            continue
        parts = {name: _typed(words, folded, *found.span(name)) for name in found.groupdict()}
        return Question(parts.get("who", "").strip("،,"), parts.get("about", ""))
    return None


def _typed(words: list[str], folded: str, start: int, end: int) -> str:
    """The words as typed of a stretch of the folded ones."""
    first = folded.count(" ", 0, start)
    return " ".join(words[first : first + folded.count(" ", start, end) + 1])


@cache
def _patterns() -> list[re.Pattern[str]]:
    texts = [row["pattern"].split() for row in rows(_PATTERNS)]
    return [_pattern(parts) for parts in sorted(texts, key=len, reverse=True)]


def _pattern(parts: list[str]) -> re.Pattern[str]:
    out = ""
    for part in parts:
        if part in ("WHO", "ABOUT"):
            out += rf"(?P<{part.lower()}>\S+(?: \S+)*?) "
            continue
        maybe = part.startswith("(")
        words = "|".join(re.escape(fold_word(w).lower()) for w in part.strip("()").split("|"))
        out += rf"(?:(?:{words}) )?" if maybe else rf"(?:{words}) "
    return re.compile(out.removesuffix(" ") if not out.endswith(")? ") else out)
