"""Columns: what the reader's network sees of each token, as integers.

A word's own columns (its vector's row, its stem's row, endings, shape, lexicon classes) depend on its
spelling alone and are remembered between articles; the columns of its place (quotation depth,
title, sentence) are made anew. The same code serves training and reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from qawl.arabic.letters import MARKS as LETTER_MARKS
from qawl.arabic.letters import fold_word
from qawl.arabic.quotes import CLOSING, NEUTRAL, OPENING, Quotes, quotes
from qawl.arabic.sentences import sentences
from qawl.arabic.tokens import Token, tokens
from qawl.model import Article
from qawl.reader import lexicon_columns
from qawl.reader.memory import Memory

Ints = npt.NDArray[np.int32]

#: One proclitic pattern a class, longest first; on folded words.
_PROCLITICS = re.compile(r"^(وسي|فسي|وال|فال|بال|كال|ولل|فلل|لل|ال|وس|فس|و|ف|ب|ل|ك|س)(?=.{3})")
_ENCLITICS = re.compile(r"(?<=.{3})(هما|كما|هم|هن|كم|نا|ها|ني|ه|ي|ك)$")
_PROCLITIC_CLASS = {
    p: i + 1
    for i, p in enumerate(
        [
            "وسي",
            "فسي",
            "وال",
            "فال",
            "بال",
            "كال",
            "ولل",
            "فلل",
            "لل",
            "ال",
            "وس",
            "فس",
            "و",
            "ف",
            "ب",
            "ل",
            "ك",
            "س",
        ]
    )
}
_FIRST = {"أ": 1, "إ": 2, "آ": 3, "ا": 4}
_TANWIN = re.compile("[\u064b\u064c\u064d]")
#: Shape of a token: words first, then one class a kind of mark.
_SHAPES = {
    c: k
    for k, chars in enumerate(
        [",،", ".", ":", ";؛", "!", "؟?", "(", ")", "[{", "]}", "-–—", "/\\", "\n", "…", "@#", "%"],
        start=8,
    )
    for c in chars
}
SHAPES = 32
#: Sizes of the small columns, in the order of ``Columns.small``.
SMALL = {
    "proclitic": 32,
    "shape": SHAPES,
    "spelling": 16,
    "quote": 16,
    "place": 16,
    "gap": 4,
}

#: Words whose class between a cue and a boundary matters, on folded spellings.
COMPLEMENTIZERS = frozenset(
    w
    for stem in ("ان", "بان", "انه", "انها", "انهم", "انهما", "اننا", "انني", "اني", "انا", "انك")
    for w in (stem, "ب" + stem)
) | {"انهن", "بانهن", "الا", "وان", "وانه", "وانها", "وانهم", "لان", "كان"} - {"كان"}
PREPOSITIONS = frozenset({"الي", "علي", "عن", "من", "ب", "ل", "في"})


#: Lines that are no plain text, in the column of the place.
_PLACES = {"heading": 2, "caption": 3, "chrome": 4}
#: Tokens at a heading's beginning among which a colon names its source.
HEAD = 9


#: Columns that a spelling alone decides.
_WIDTH = 7 + len(lexicon_columns.SIZES)


@dataclass(slots=True)
class Columns:
    """The tokens of an article and their columns; arrays have one row a token."""

    tokens: list[Token]
    quotes: Quotes
    spans: list[tuple[int, int]]  # sentences, as token indices
    words: Ints  # n × 4: word row, stem row, ending id, beginning id
    small: Ints  # n × len(SMALL)
    lexicon: Ints  # n × lexicon columns
    sentence: Ints
    paragraph: Ints
    mark: Ints  # 1 a quotation mark that opens, 2 one that closes
    counts: Ints  # (n + 1) × 4, before a token: commas, quotation marks, complementizers, colons
    before: Ints  # n × 3, of the token next before: mark, whether a complementizer, whether a colon
    closing: Ints  # which token closes the quotation that the one before opens; -1 none, -2 none is
    mate: Ints  # the mark that pairs with a mark; -1 none
    next: Ints  # the token behind; the last one's is itself
    folded: list[str]
    articles: tuple[int, ...] = (0,)  # the first token of each article, where several were joined

    def of_article(self, places: npt.NDArray[np.int64]) -> tuple[Ints, Ints]:
        """The first and the last token of the article that each of the tokens ``places`` stands in."""
        firsts = np.array((*self.articles, len(self.sentence)))
        which = np.searchsorted(firsts, places, side="right") - 1
        return firsts[which], firsts[which + 1] - 1


class Alphabet:
    """Spellings → rows, as the network was trained with: words (in order of frequency), endings and
    beginnings, all folded."""

    def __init__(
        self,
        words: Sequence[str],
        endings: Sequence[str],
        beginnings: Sequence[str],
    ) -> None:
        self.words = {w: i + 1 for i, w in enumerate(words)}
        self.endings = {w: i + 1 for i, w in enumerate(endings)}
        self.beginnings = {w: i + 1 for i, w in enumerate(beginnings)}
        self._seen = Memory(self._remember)

    def of(self, texts: Iterable[str]) -> tuple[Ints, list[str]]:
        """The columns of tokens (word, stem, ending, beginning, proclitic, shape, spelling, lexicon…), a row
        each, and the tokens folded."""
        seen = [self._seen[text] for text in texts]
        rows = np.frombuffer(bytearray().join([row for row, _ in seen]), np.int32)
        return rows.reshape(-1, _WIDTH), [folded for _, folded in seen]

    def _remember(self, text: str) -> tuple[bytes, str]:
        folded = fold_word(text)
        return np.array(self._make(text, folded), dtype=np.int32).tobytes(), folded

    def _make(self, text: str, folded: str) -> tuple[int, ...]:
        row = self.words.get(folded, 0)
        shape = shape_of(text)
        if shape > 2 or not folded:
            return (row, row, 0, 0, 0, shape, 0, *lexicon_columns.NONE)
        stem, proclitic = strip_proclitic(folded)
        bare = _ENCLITICS.sub("", stem)
        stem_row = self.words.get(stem, 0) if proclitic else 0
        if not stem_row and bare != stem:
            stem_row = self.words.get(bare, 0) or self.words.get(bare + "ه", 0)
        spelling = _FIRST.get(text.lstrip(LETTER_MARKS)[:1], 0) * 2 + bool(_TANWIN.search(text))
        return (
            row,
            stem_row or row,
            self.endings.get(folded[-3:], 0) or self.endings.get(folded[-2:], 0),
            self.beginnings.get(folded[:3], 0) or self.beginnings.get(folded[:2], 0),
            proclitic,
            shape,
            spelling,
            *lexicon_columns.of([folded, *bare_forms(folded)]),
        )


def strip_proclitic(folded: str) -> tuple[str, int]:
    """The word without its proclitics, and their class (0: none)."""
    m = _PROCLITICS.match(folded)
    if not m:
        return folded, 0
    p = m.group()
    rest = folded[m.end() :]
    if p in ("وسي", "فسي"):
        rest = "ي" + rest
    return rest, _PROCLITIC_CLASS[p]


@lru_cache(maxsize=8192)
def bare_forms(folded: str) -> tuple[str, ...]:
    """Spellings under which a lexicon may hold the word: without و/ف, prepositions, article, enclitics."""
    out = []
    heads = [folded]
    if folded[:1] in "وف" and len(folded) > 3:
        heads.append(folded[1:])
    for head in list(heads):
        if head[:2] == "لل" and len(head) > 4:
            heads += [head[2:], "ال" + head[2:]]
        elif head[:1] in "بلكس" and len(head) > 3:
            heads.append(head[1:])
    for head in list(heads):
        if head.startswith("ال") and len(head) > 4:
            heads.append(head[2:])
    for head in heads:
        out.append(head)
        cut = _ENCLITICS.sub("", head)
        if cut != head:
            out.append(cut)
            out.append(cut + "ه")
    return tuple(out[1:])


def shape_of(text: str) -> int:
    """0 Arabic word, 1 Latin word, 2 number, 3… marks."""
    c = text[0]
    if c in OPENING or text == ",,":
        return 3
    if c in CLOSING:
        return 4
    if text in NEUTRAL:
        return 5
    if c.isdigit():
        return 2
    if c.isalpha() or c in LETTER_MARKS or c == "_":
        return 1 if c < "\u0250" and c != "_" else 0
    if text[:2] == "..":
        return _SHAPES["…"]
    return _SHAPES.get(c, 6)


def columns(article: Article, alphabet: Alphabet) -> Columns:
    """The columns of an article; lines marked as chrome keep their tokens but say so."""
    text = article.text
    toks = tokens(text)
    quo = quotes(text, toks)
    spans = sentences(toks, quo.depth, quo.closes)
    n = len(toks)
    rows, folded = alphabet.of(t.text for t in toks)
    small = np.zeros((n, len(SMALL)), dtype=np.int32)
    small[:, 0:3] = rows[:, 4:7]
    mate = np.array(quo.mate, dtype=np.int32)
    mark = np.array(quo.opens, dtype=np.int32)
    mark[quo.closes] = 2
    quote = np.minimum(quo.depth, 2)
    small[:, 3] = np.where(mark, 2 * mark + 2 + (mate >= 0), quote)
    sentence = np.full(n, -1, dtype=np.int32)
    place = np.zeros(n, dtype=np.int32)
    newline = rows[:, 5] == _SHAPES["\n"]
    paragraph = np.cumsum(newline).astype(np.int32) - newline
    for k, (a, b) in enumerate(spans):
        sentence[a:b] = k
        small[a, 5] = 1
    if article.title:
        place[paragraph == 0] = 1
    lines = {p.start: _PLACES[p.kind] for p in article.paragraphs if p.kind in _PLACES}
    for a, _b in spans if lines else ():
        code = lines.get(_line_start(text, toks[a].start))
        if code is not None:
            if code == _PLACES["heading"] and (rows[a : a + HEAD, 5] == _SHAPES[":"]).any():
                code = 1  # «فلان: …» reads as in a title; few such headings were marked
            place[paragraph == paragraph[a]] = code
    first = np.zeros(n, dtype=bool)
    if n:
        first[0] = True
        first[1:] = newline[:-1]
    place = np.where((place == 0) & (paragraph == (1 if article.title else 0)), 5, place)
    small[:, 4] = place * 2 + first
    shape = rows[:, 5]
    passed = np.empty((n, 4), dtype=np.int32)
    passed[:, 0] = (shape == _SHAPES[","]) | (shape == _SHAPES[";"])
    passed[:, 1] = mark
    passed[:, 2] = list(map(COMPLEMENTIZERS.__contains__, folded))
    passed[:, 3] = shape == _SHAPES[":"]
    previous = np.maximum(np.arange(n) - 1, 0)  # the first token stands for what is before it
    before = passed[previous, 1:]
    before[:1, 1:] = 0
    closing = np.where(mark == 1, mate, -2)[previous]
    counts = np.zeros((n + 1, 4), dtype=np.int32)
    np.cumsum(passed > 0, axis=0, out=counts[1:])
    return Columns(
        tokens=toks,
        quotes=quo,
        spans=spans,
        words=rows[:, 0:4],
        small=small,
        lexicon=rows[:, 7:],
        sentence=sentence,
        paragraph=paragraph,
        mark=mark,
        counts=counts,
        before=before,
        closing=closing,
        mate=mate,
        next=np.minimum(np.arange(1, n + 1, dtype=np.int32), n - 1),
        folded=folded,
    )


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1
