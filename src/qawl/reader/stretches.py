"""A run of words beside a content, parted into stretches, each by the word that opens it.

A run is parted at commas and at the openers of ``data/details.tsv``. A stretch that nothing opens is
"rest". Words of place and time after a rest belong to that (the speaker's office, a clause of the
reporter's) until a comma, unless the rest is whom it is said to or they name the saying itself (في بيان).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from qawl.model import Article
from qawl.reader.columns import COMPLEMENTIZERS, Columns
from qawl.reader.days import Days
from qawl.reader.detail_words import DetailWords, Opener, no_noun, preposition, relative

#: Where a run stands: between cue, speaker and content; before the cue and behind the speaker; at the
#: sentence's head; behind the content; behind a cue that stands behind its content.
Where = Literal["between", "before", "head", "tail", "after"]

COMMAS = frozenset("،,؛;:")
DASHES = frozenset("-–—")
#: Words in quotation marks at most, for a name among the words of an outlet.
QUOTED_NAME = 5
#: Tokens of a bracket at most.
_BRACKET = 12
_AND = "وف"
#: Openers of a topic that are also words within a name (أطراف النزاع حول الصحراء).
_NOUNS_OWN = frozenset([("حول",), ("عن",)])
_HEARERS = {"من": "hearer-من", "علي": "hearer-على", "الي": "hearer-إلى"}


@dataclass(slots=True)
class Stretch:
    """Tokens ``first`` to ``last`` (inclusive) and what they are; ``told`` is the first token of what
    is told, behind the opener; ``cut``: letters of it that are not told (1 for a glued و or ب)."""

    kind: str
    first: int
    last: int
    told: int
    cut: int = 0
    day: dt.date | dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Saying:
    """What the words beside a content depend on: the folded lemmas of the cue, whether عن after it
    brings a topic, whether the cue has its object (دعاه), whether a verb goes before it (تحدث عن …
    قائلا), and whether ل and عن at the head of the run may be the saying's."""

    lemmas: frozenset[str]
    topical: bool
    bound: bool
    participle: bool
    told: bool


class Run:
    """Tokens ``low`` to ``high`` of an article, whose stretches are its iteration, in order."""

    def __init__(
        self,
        article: Article,
        c: Columns,
        table: DetailWords,
        saying: Saying,
        low: int,
        high: int,
        where: Where,
    ) -> None:
        self._c, self._table, self._saying = c, table, saying
        self._low, self._high, self._where = low, high, where
        self._days = Days(article, c, low, high)
        self._open = True
        self._probing = False  # asked only whether something opens, not where it ends

    @cached_property
    def _paired(self) -> bool:
        """Whether the run has a dash that may go with another."""
        toks = self._c.tokens[self._low : self._high + 2]
        return sum(token.text in DASHES for token in toks) > 1

    def __iter__(self) -> Iterator[Stretch]:
        c, k, fresh = self._c, self._low, True
        self._open = True
        while k <= self._high:
            word = c.folded[k]
            if not word[:1].isalnum():
                if c.tokens[k].text in DASHES and not self._parts(k):
                    k += 1
                    continue
                if word == "(" and (mate := self._bracket(k)) > k:
                    k = mate
                fresh = self._open = True
                k += 1
                continue
            if word in COMPLEMENTIZERS and self._where in ("between", "before"):
                yield Stretch("end", k, self._high, k)
                return
            s = self._opened(k, fresh) or self._rest(k)
            if s.kind == "again":
                yield Stretch("end", k, self._high, k)
                return
            day = (
                self._days.closing(s.told + 1, s.last)
                if s.kind in ("setting", "time", "addressee")
                else None
            )
            if day is not None:
                s.last = day.first - 1
                if s.last >= s.told:
                    yield s
                s = Stretch("date", day.first, day.last, day.first, day.cut, day.value)
            yield s
            k = s.last + 1
            fresh = False
            if s.kind == "pronoun":
                self._open &= word[:1] != "ل"  # دعت له الهيئة: the subject follows
            else:
                self._open = s.kind not in ("rest", "relative")

    # what opens a stretch

    def _opened(self, k: int, fresh: bool) -> Stretch | None:
        """The stretch that token ``k`` opens, if it opens one."""
        c, table = self._c, self._table
        if day := self._days.at(k, self._high):
            return Stretch("date", k, day.last, k, day.cut, day.value)
        word = c.folded[k]
        if table.has_exact("pronoun", word):
            return Stretch("pronoun", k, k, k)
        if relative(word) or word in ("وهو", "وهي"):
            return Stretch("relative", k, self._comma(k), k)
        for cut in (0, 1):
            if cut and not (word[:1] in _AND and fresh and len(word) > 2):
                break
            for opener in table.opening(c.folded, k, cut):
                if s := self._open_by(opener, k, cut):
                    return s
        if word[:1] == "ل" and self._where != "head":
            return self._to(k)
        if word[:1] == "ب" and len(word) > 4 and table.has_exact("occasion", word[1:]):
            return self._setting(k, k, k + 1) if self._open else None
        return None

    def _setting_by(
        self, opener: Opener, k: int, after: int, told: int, cut: int
    ) -> Stretch | None:
        whole = len(opener.words) > 1 and self._occasion(told - 1)
        loose = self._saying.participle and self._where == "before"
        if not (self._open or loose or self._says(after) or self._says(told - 1)):
            return None
        if opener.cls == "place" and not self._occasion(after):
            return None
        if opener.cls == "through" and not (self._occasion(after) or self._outlet(after, 0)):
            return None
        if len(opener.words) == 1 and self._time_only(after):
            return Stretch("time", k, self._until(after + 1, "time"), k)
        made = self._setting(k, told - 1 if whole else after, told, cut)
        return made if whole or made.last >= after else None

    def _occasion(self, k: int) -> bool:
        word = self._c.folded[k]
        return self._table.has("occasion", word) or self._table.has("talk", word)

    def _open_by(self, opener: Opener, k: int, cut: int) -> Stretch | None:
        cls, high = opener.cls, self._high
        told = k + len(opener.words)
        if told > high + (cls in ("adverb", "when", "again", "lead", "so", "time")):
            return None
        if cls in ("lead", "so"):
            return Stretch(cls, k, told - 1, k) if self._where == "head" else None
        if cls == "again":
            return Stretch(cls, k, told - 1, k)
        if cls in ("adverb", "when"):
            return Stretch(cls, k, min(told - 1 + (opener.governs == "1"), high), k)
        if cls == "time":
            return Stretch(cls, k, self._until(told, cls), k)
        after = self._word(told)
        if after > high:
            return None
        if cls == "apart":
            return Stretch("relative", k, self._comma(k), k)
        if cls == "address":
            return Stretch("addressee", k, self._until(after + 1, "addressee"), after)
        if cls in ("setting", "place", "through"):
            return self._setting_by(opener, k, after, told, cut)
        if cls in ("relay", "relay-that"):
            return self._relay(cls, k, after)
        if cls == "question":
            return self._question(k, told)
        return self._about(opener, k, told)

    def _setting(self, k: int, occasion: int, told: int, cut: int = 0) -> Stretch:
        """A setting from ``k`` on; a topic ends it where its occasion is the saying itself (في تصريح
        حول), and belongs to it where not (في ندوة حول)."""
        kind = "talk" if self._says(occasion) else "setting"
        return Stretch("setting", k, self._until(told, kind), k, cut)

    def _says(self, k: int) -> bool:
        word = self._c.folded[k]
        word = word[1:] if word[:1] == "ب" and not self._table.has("talk", word) else word
        return self._table.has("talk", word)

    def _about(self, opener: Opener, k: int, told: int) -> Stretch | None:
        c = self._c
        if self._where in ("tail", "after") or (self._where == "before" and not self._saying.told):
            return None
        if self._where != "head" and opener.words == ("عن",):
            governor = c.folded[k - 1] if k else ""
            if not self._saying.topical or self._table.has("takes-عن", governor):
                return None
        cut = 0
        letter = opener.governs
        if letter in "بل":
            word = c.folded[told]
            if word[:1] != letter and word != "الي":
                return None
            if len(word) == 1 or word == "الي":
                told += 1
            elif not word.startswith("لل"):
                cut = 1
        told = self._word(told)
        if told > self._high:
            return None
        return Stretch("about", k, self._until(told + 1, "about"), told, cut)

    def _question(self, k: int, told: int) -> Stretch | None:
        """A question's topic stands behind another word of about; else only the question is passed."""
        c = self._c
        for j in range(told, self._high + 1):
            for opener in self._table.opening(c.folded, j):
                if opener.cls == "about" and (s := self._open_by(opener, j, 0)):
                    s.first = k
                    return s
        setting = c.folded[k] == "في" and told <= self._high and self._where != "head"
        return Stretch("setting" if setting else "question", k, self._comma(told), k)

    def _relay(self, cls: str, k: int, after: int) -> Stretch | None:
        c, table = self._c, self._table
        told, cut = after, 0
        if cls == "relay-that":
            if not table.has_exact("relay-verb", c.folded[after]):
                return None
            told = self._word(after + 1)
            if told > self._high or table.has_exact("pronoun", c.folded[told]):
                return None
            if c.folded[told] in ("عن", "به"):
                return None
        else:
            word = c.folded[told]
            if word == "ل":
                told = self._word(told + 1)
            elif word[:1] == "ل" and len(word) > 3:
                cut = 0 if word.startswith("لل") else 1
            if told > self._high or not self._outlet(told, cut):
                return None
        return Stretch("relay", k, self._until(told + 1, "relay"), told, cut)

    def _to(self, k: int) -> Stretch | None:
        """ل before an outlet (a setting) or before whom it is said to; behind other words it is theirs
        (الأمين العام للأمم المتحدة)."""
        c = self._c
        word = c.folded[k]
        alone = word == "ل"
        name = self._word(k + 1) if alone else k
        if name > self._high or not self._saying.told:
            return None
        if self._outlet(name, 0 if alone else 1) or (alone and c.quotes.opens[k + 1]):
            if not self._open and word.startswith("لل"):
                return None  # استخدام روسيا للمنصة
            return Stretch("setting", k, self._until(name + 1, "setting"), k)
        if not self._open or self._where in ("tail", "after") or not (alone or preposition(word)):
            return None
        if self._table.has_exact("occasion", word if alone else word[1:]):
            return None  # قال لمؤتمر صحفي
        last = self._until(name + 1, "addressee")
        cut = 0 if alone or word.startswith("لل") else 1
        return Stretch("addressee", k, last, name, cut)

    def _outlet(self, k: int, cut: int) -> bool:
        return self._table.outlet(self._c.folded[k : k + 5], cut)

    def _rest(self, k: int) -> Stretch:
        """What nothing opens, at ``k``: whom it is said to (أبلغ الوزراء أن), or just words."""
        s = Stretch("rest", k, k, k)
        if self._where == "between" and self._open and self._object(s):
            s.kind = "addressee"
        elif self._table.has("talk", self._c.folded[k]):
            s.kind = "talk"
        ends = "time" if s.kind == "talk" else s.kind
        s.last = self._until(max(k, s.told) + 1, ends)
        return s

    def _object(self, s: Stretch) -> bool:
        """Whether a stretch is the object of a verb of telling."""
        c, words, lemmas = self._c, self._table.words, self._saying.lemmas
        before = c.tokens[s.first - 1].text if s.first else ""
        if before in COMMAS or before in DASHES or before in ("(", ")"):
            return False
        word = c.folded[s.first]
        if word[:1].isdigit():
            return False
        if cls := _HEARERS.get(word):
            told = s.first + 1
            if told > self._high or self._table.has_exact("pronoun", c.folded[told]):
                return False
            s.told = told if lemmas & words[cls] else s.told
            return s.told == told
        if self._saying.bound or not lemmas & words["hearer"]:
            return False
        return not (self._table.has("talk", word) or no_noun(word))

    # where a stretch ends

    def _until(self, k: int, kind: str) -> int:
        """The last token of a stretch of a kind; the words from ``k`` on may end it."""
        c, quotes, high = self._c, self._c.quotes, self._high
        if self._probing:
            return high
        while k <= high:
            word = c.folded[k]
            if quotes.opens[k] and k < quotes.mate[k] <= high:
                if kind == "relay" and quotes.mate[k] - k > QUOTED_NAME:
                    break  # the source's words, no outlet's name
                k = quotes.mate[k] + 1
                continue
            if word == "(" and (mate := self._bracket(k)) > k:
                k = mate + 1
                continue
            if self._parts(k) or quotes.opens[k] or word == "(":
                break
            if word in COMPLEMENTIZERS and self._where != "head":
                break
            if self._ends(k, kind):
                break
            k += 1
        return min(k, high + 1) - 1

    def _ends(self, k: int, kind: str) -> bool:
        word = self._c.folded[k]
        if kind in ("setting", "talk", "about"):
            return self._closes(k, kind)
        if self._days.at(k, self._high) or self._table.has_exact("pronoun", word):
            return True
        if kind == "relay" and word == "عن":
            return True
        if kind in ("addressee", "rest") and relative(word):
            return True
        return self._breaks(k, kind)

    def _breaks(self, k: int, kind: str) -> bool:
        """Whether an opener at ``k`` ends a rest, an addressee, a relay or a time."""
        word = self._c.folded[k]
        was, self._open = self._open, kind != "rest"
        try:
            for opener in self._table.opening(self._c.folded, k):
                theirs = opener.words in _NOUNS_OWN and kind in ("rest", "addressee")
                if theirs and not (self._saying.participle and kind == "rest"):
                    continue
                if self._opens(opener, k):
                    return True
            if kind == "addressee" or word[:1] != "ل":
                return False
            if self._where not in ("between", "before", "after"):
                return False
            self._probing = True
            return self._to(k) is not None
        finally:
            self._open, self._probing = was, False

    def _opens(self, opener: Opener, k: int) -> bool:
        self._probing = True
        try:
            return self._open_by(opener, k, 0) is not None
        finally:
            self._probing = False

    def _closes(self, k: int, kind: str) -> bool:
        """Whether a setting or a topic ends before ``k``."""
        for opener in self._table.opening(self._c.folded, k):
            cls = opener.cls
            if cls in ("again", "so", "relay", "relay-that"):
                closed = True
            elif kind == "about":
                closed = self._where == "between" and cls in ("setting", "place", "adverb")
            else:
                closed = len(opener.words[0]) > 2 and (
                    (cls == "adverb" and opener.governs == "-")
                    or (cls == "about" and kind == "talk")
                )
            if closed and self._opens(opener, k):
                return True
        return False

    def _parts(self, k: int) -> bool:
        """Whether the mark at ``k`` parts: a comma, or a dash that is no hyphen (السعودي - الكويتي)."""
        text, toks = self._c.tokens[k].text, self._c.tokens
        if text in COMMAS:
            return True
        if text not in DASHES:
            return False
        before = k > 0 and toks[k - 1].end < toks[k].start
        behind = k + 1 < len(toks) and toks[k].end < toks[k + 1].start
        return before != behind or (before and self._paired)

    def _comma(self, k: int) -> int:
        """The last token before the next comma."""
        while k < self._high and self._c.tokens[k + 1].text not in COMMAS:
            k += 1
        return k

    def _word(self, k: int) -> int:
        """The next token that is a word, from ``k``."""
        while k <= self._high and not self._c.folded[k][:1].isalnum():
            k += 1
        return k

    def _bracket(self, k: int) -> int:
        """The bracket that closes the one at ``k``; ``k`` if none is near."""
        for j in range(k + 1, min(k + _BRACKET + 1, self._high + 1)):
            if self._c.tokens[j].text == ")":
                return j
        return k

    def _time_only(self, k: int) -> bool:
        """Whether what follows خلال and the like is a time and no occasion."""
        word = self._c.folded[k]
        return (
            word[:1].isdigit()
            or self._table.has("span", word)
            or self._days.at(k, self._high) is not None
        )
