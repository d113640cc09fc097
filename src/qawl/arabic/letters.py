"""Arabic letters: folding to one spelling, with a map back to the places in the text.

Folding (for comparison, never for output): hamza carriers أإآٱ → ا, ؤ → و, ئ → ي, ى and Persian ی → ي,
ة → ه, Persian ک → ك, tatweel, harakat, zero-width and direction marks removed, Arabic-Indic and Persian
digits → ASCII. It follows the normalisation in common use for Arabic retrieval (Larkey, Ballesteros
and Connell, SIGIR 2002) and adds what news pages mix in.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MAP: dict[int, str | None] = {ord(a): b for a, b in zip("أإآٱؤئىیةکگ", "ااااويييهكك", strict=True)}
_MAP.update({ord(d): str(i) for i, d in enumerate("٠١٢٣٤٥٦٧٨٩")})
_MAP.update({ord(d): str(i) for i, d in enumerate("۰۱۲۳۴۵۶۷۸۹")})
#: Characters that carry no letter: tatweel, harakat, Quranic marks, zero-width and direction marks.
MARKS = (
    "\u0640"
    + "".join(map(chr, range(0x0610, 0x061B)))
    + "".join(map(chr, range(0x064B, 0x0660)))
    + "\u0670"
    + "".join(map(chr, range(0x06D6, 0x06DD)))
    + "".join(map(chr, range(0x06DF, 0x06E9)))
    + "\u06ea\u06eb\u06ec\u06ed"
    + "\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad"
)
_MAP.update(dict.fromkeys(map(ord, MARKS)))
#: Letters of the Arabic script (any language that uses it).
ARABIC = "\u0620-\u063f\u0641-\u064a\u066e-\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u0750-\u077f\u08a0-\u08c9\ufb50-\ufbb1\ufbd3-\ufdff\ufe70-\ufefc"
_FIRST_LETTER = re.compile(f"[{MARKS}]*[^{MARKS}][{MARKS}]*(?=.)")
_ARABIC_LETTERS = re.compile(f"[{ARABIC}]+")


def fold(text: str) -> str:
    """``text`` in one spelling; for comparing words, not for showing."""
    return text.translate(_MAP)


def fold_map(text: str) -> tuple[str, list[int]]:
    """``fold(text)`` and, for each character of it, its place in ``text`` (code points)."""
    out: list[str] = []
    places: list[int] = []
    for i, c in enumerate(text):
        folded = _MAP.get(ord(c), c)
        if folded:
            out.append(folded)
            places.append(i)
    return "".join(out), places


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """``fold``, remembered: news repeats its words. Presentation forms count as their letters."""
    if any("\ufb50" <= c <= "\ufefc" for c in word):
        import unicodedata

        word = unicodedata.normalize("NFKC", word)
    return word.translate(_MAP)


def holds_arabic(text: str) -> bool:
    """Whether ``text`` has a letter of the Arabic script."""
    return _ARABIC_LETTERS.search(text) is not None


def arabic_letters(text: str) -> int:
    """How many letters of the Arabic script ``text`` has."""
    return sum(map(len, _ARABIC_LETTERS.findall(text)))


def first_letter(word: str) -> int:
    """Code points of a word's first letter with the marks round it (U+200F, harakat, tatweel); 0 where
    nothing follows it."""
    found = _FIRST_LETTER.match(word)
    return found.end() if found else 0
