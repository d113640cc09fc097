"""The stretches of words beside a statement: what its regions hold, each by the word that opens it.

Regions are the words between cue, speaker and content, the sentence's head before them and its tail
behind them. They are parted at commas and at the openers of ``data/details.tsv``; a stretch that
nothing opens is "rest". At a sentence's head a long rest is narration, and what stood before it belongs
to that; in its tail the first rest ends what is told of the statement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from qawl.arabic.date_grammar import grammar
from qawl.arabic.dates import find_dates
from qawl.arabic.lexicon import classes_of, phrases
from qawl.model import Article
from qawl.reader.columns import COMPLEMENTIZERS, PREPOSITIONS, Columns
from qawl.reader.detail_words import DetailWords, Opener, is_participle, lemmas, topical
from qawl.reader.draft import Draft

#: Words at a sentence's head, opened by nothing, that make it narration from here on.
NARRATION = 4
#: Tokens of a head or tail that are looked at: a longer one tells of something else.
REACH = 60
COMMAS = frozenset("،,؛;:")
DASHES = frozenset("-–—")
#: Marks that a stretch is parted at.
_PARTS = COMMAS | DASHES
#: Words before a date that go with it.
_PRECEDE_DATE = frozenset(["في", "يوم", "بتاريخ", "منذ"])
_THIS = frozenset(["وذلك", "ذلك", "وهذا"])
_GOVERNED = PREPOSITIONS | COMPLEMENTIZERS | {"مع", "بقول", "و"}


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


class Beside:
    """The words round one statement. ``taken`` flags the tokens of every cue and speaker."""

    def __init__(
        self, article: Article, c: Columns, table: DetailWords, taken: bytearray, draft: Draft
    ) -> None:
        self.article, self.c, self.table, self.taken, self.draft = article, c, table, taken, draft
        folded = c.folded[draft.cue]
        self.lemmas = frozenset() if draft.bare else lemmas(folded)
        self.dates: dict[int, tuple[int, dt.date | dt.datetime, int]] = {}

    def stretches(self) -> Iterator[Stretch]:
        """Those that tell something, the likelier place first: between, head, tail."""
        d = self.draft
        if d.bare:
            return
        marks = [(d.cue, d.cue_last)]
        if d.speaker is not None:
            marks.append(d.speaker)
        begin = min(a for a, _ in marks)
        finish = max(b for _, b in marks)
        if d.gap is not None:
            yield from self._between(*d.gap)
        elif d.cue < d.start:
            yield from self._between(begin, d.start - 1)
        else:
            low = begin if begin > d.end else d.cue
            yield from self._between(low, finish)
            yield from self._tail(max(finish, d.end) + 1, after=True)
        yield from self._head(min(begin, d.start))
        if d.gap is not None or d.cue < d.start:
            yield from self._tail(max(d.end, finish) + 1, after=False)

    # regions

    def _runs(self, a: int, b: int) -> Iterator[tuple[int, int]]:
        """The runs of tokens in ``a`` to ``b`` that are no part of content, cue, speaker or another's."""
        d, first = self.draft, -1
        for k in range(a, b + 2):
            own = d.start <= k <= d.end and not (d.gap and d.gap[0] <= k <= d.gap[1])
            free = k <= b and not self.taken[k] and not own and self.c.sentence[k] >= 0
            if free and first < 0:
                first = k
            elif not free and first >= 0:
                yield first, k - 1
                first = -1

    def _between(self, a: int, b: int) -> Iterator[Stretch]:
        d, c = self.draft, self.c
        for low, high in self._runs(a, b):
            last = high
            while last >= low and (c.folded[last] in _GOVERNED or not self._solid(last, low)):
                last -= 1
            if last < low:
                continue
            told = [s for s in self._parted(low, last, "between") if s.kind != "end"]
            # whom it was said to is the first thing behind the cue, or behind the speaker after it
            open_object = low > d.cue and (d.speaker is None or d.speaker[1] < low)
            for s in told:
                if s.kind == "rest":
                    if open_object and self._object(s, low):
                        s.kind = "addressee"
                        yield s
                    open_object = False
                elif s.kind == "relative":
                    open_object = False
                else:
                    yield s

    def _solid(self, k: int, low: int) -> bool:
        """Whether token ``k`` is a word or closes what opens from ``low`` on."""
        c = self.c
        if c.quotes.closes[k] or c.tokens[k].text == ")":
            return c.tokens[k].text == ")" or low <= c.quotes.mate[k] < k
        return c.folded[k][:1].isalnum()

    def _head(self, before: int) -> Iterator[Stretch]:
        c = self.c
        sentence = c.sentence[before]
        if sentence < 0:
            return
        first = c.spans[sentence][0]
        if not 0 < before - first <= REACH or any(self.taken[first:before]):
            return
        cue = c.folded[self.draft.cue]
        if is_participle(cue):
            return
        last = before - 1
        if before == self.draft.cue and cue[:1] == "و" and lemmas(cue[1:]):
            return  # a second verb of the narration (عقد مؤتمرا وقال)
        while last >= first and not self._solid(last, first):
            last -= 1
        found: list[Stretch] = []
        narrated = False
        for s in self._parted(first, last, "head"):
            if s.kind == "so":
                if s.last < last:
                    return
            elif s.kind in ("rest", "relative"):
                if s.last - s.first >= NARRATION or s.kind == "relative":
                    found.clear()
                    narrated = True
            elif s.kind in ("about", "setting", "date", "relay") and not (
                narrated and s.cut == 0 and c.folded[s.first][:1] != "و"
            ):
                found.append(s)
        yield from found

    def _tail(self, first: int, *, after: bool) -> Iterator[Stretch]:
        c, n = self.c, len(self.c.tokens)
        if first >= n or c.sentence[first - 1] < 0:
            return
        end = min(c.spans[c.sentence[first - 1]][1], first + REACH)
        stop = first
        while stop < end and not self.taken[stop]:
            stop += 1
        k = first
        marked = after
        while k < stop and not c.folded[k][:1].isalnum():
            marked |= c.quotes.closes[k] or c.folded[k] in "،,"
            k += 1
        if k < stop and c.folded[k] in _THIS:
            k, marked = k + 1, True
        last = stop - 1
        while last >= k and not self._solid(last, k):
            last -= 1
        told = False
        for s in self._parted(k, last, "after" if after else "tail"):
            if s.kind in ("rest", "relative", "end", "about"):
                break
            if s.kind == "relay" or (s.kind in ("setting", "addressee") and marked):
                told = True
                yield s
            elif s.kind == "date" and (after or told):
                yield s

    # stretches

    def _parted(self, low: int, high: int, where: str) -> Iterator[Stretch]:
        """The stretches of a run of tokens, in order."""
        c = self.c
        self._find_dates(low, high)
        k = low
        fresh = True
        while k <= high:
            word = c.folded[k]
            if not word[:1].isalnum():
                if word == "(" and (mate := self._bracket(k, high)) > k:
                    k = mate
                fresh = True
                k += 1
                continue
            if word in COMPLEMENTIZERS and where == "between":
                yield Stretch("end", k, high, k)
                return
            s = self._opened(k, high, fresh, where) or self._rest(k, high, where)
            if s.kind == "again":
                yield Stretch("end", k, high, k)
                return
            date = self._closing_date(s) if s.kind in ("setting", "time", "addressee") else None
            if date is not None:
                s.last = date.first - 1
                if s.last >= s.told:
                    yield s
                s = date
            yield s
            k = s.last + 1
            fresh = False

    def _opened(self, k: int, high: int, fresh: bool, where: str) -> Stretch | None:
        """The stretch that token ``k`` opens, if it opens one."""
        c, table = self.c, self.table
        if date := self._date_at(k, high):
            return date
        word = c.folded[k]
        if table.has_exact("pronoun", word):
            return Stretch("pronoun", k, k, k)
        if any(name == "stop:relative" for name in classes_of(word)) or word in ("وهو", "وهي"):
            return Stretch("relative", k, self._comma(k, high), k)
        for cut in (0, 1):
            if cut and not (word[:1] in "وف" and (fresh or k == 0) and len(word) > 2):
                break
            for opener in table.openers.get(word[cut:], ()):
                if s := self._open(opener, k, cut, high, where):
                    return s
        if word[:1] == "ل" and where != "head":
            return self._to(k, high, where)
        if word[:1] == "ب" and len(word) > 4 and table.has_exact("occasion", word[1:]):
            return Stretch("setting", k, self._until(k + 1, high, where, "setting"), k)
        return None

    def _open(self, opener: Opener, k: int, cut: int, high: int, where: str) -> Stretch | None:
        c, table, cls = self.c, self.table, opener.cls
        n = len(opener.words)
        told = k + n
        if n > 1 and tuple(c.folded[k + 1 : told]) != opener.words[1:]:
            return None
        if told > high + (cls in ("adverb", "again", "lead", "so", "time")):
            return None
        if cls in ("lead", "so"):
            return Stretch(cls, k, told - 1, k) if where == "head" else None
        if cls == "again":
            return Stretch(cls, k, told - 1, k)
        if cls == "adverb":
            return Stretch(cls, k, min(told - 1 + (opener.governs == "1"), high), k)
        if cls == "time":
            return Stretch(cls, k, self._until(told, high, where, cls) if told <= high else high, k)
        after = self._word(told, high)
        if after > high:
            return None
        if cls == "apart":
            return Stretch("relative", k, self._comma(k, high), k)
        if cls == "address":
            return Stretch("addressee", k, self._until(after, high, where, "addressee"), after)
        if cls in ("setting", "place"):
            if cls == "place" and not table.has("occasion", c.folded[after]):
                return None
            if n == 1 and self._time_only(after, high):
                return Stretch("time", k, self._until(after, high, where, "time"), k)
            return Stretch("setting", k, self._until(told, high, where, "setting"), k, cut)
        if cls in ("relay", "relay-that"):
            return self._relay(cls, k, after, high, where)
        if cls == "question":
            return self._question(k, told, high, where)
        return self._about(opener, k, told, high, where)

    def _about(self, opener: Opener, k: int, told: int, high: int, where: str) -> Stretch | None:
        c = self.c
        if where in ("tail", "after"):
            return None
        if where == "between" and opener.words == ("عن",) and not topical(self.lemmas):
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
        told = self._word(told, high)
        if told > high:
            return None
        return Stretch("about", k, self._until(told, high, where, "about"), told, cut)

    def _question(self, k: int, told: int, high: int, where: str) -> Stretch | None:
        """A question's topic stands behind another word of about; else only the question is passed."""
        c = self.c
        for j in range(told, high + 1):
            for opener in self.table.openers.get(c.folded[j], ()):
                if opener.cls == "about" and (s := self._open(opener, j, 0, high, where)):
                    s.first = k
                    return s
        kind = "setting" if c.folded[k] == "في" and told <= high and where != "head" else "question"
        return Stretch(kind, k, self._comma(told, high), k)

    def _relay(self, cls: str, k: int, after: int, high: int, where: str) -> Stretch | None:
        c, table = self.c, self.table
        told, cut = after, 0
        if cls == "relay-that":
            if not table.has_exact("relay-verb", c.folded[after]):
                return None
            told = self._word(after + 1, high)
            if told > high or table.has_exact("pronoun", c.folded[told]):
                return None
            if c.folded[told] in ("عن", "به"):
                return None
        else:
            word = c.folded[told]
            if word == "ل":
                told = self._word(told + 1, high)
            elif word[:1] == "ل" and len(word) > 3:
                cut = 0 if word.startswith("لل") else 1
            if told > high or not self._outlet(told, cut):
                return None
        last = self._until(told, high, where, "relay")
        return Stretch("relay", k, last, told, cut)

    def _to(self, k: int, high: int, where: str) -> Stretch | None:
        """ل before an outlet (a setting) or before whom it is said to."""
        c = self.c
        word = c.folded[k]
        alone = word == "ل"
        name = self._word(k + 1, high) if alone else k
        if name > high:
            return None
        if self._outlet(name, 0 if alone else 1) or (alone and c.quotes.opens[k + 1]):
            return Stretch("setting", k, self._until(name + 1, high, where, "setting"), k)
        if where == "tail" or (not alone and not self._preposition(word)):
            return None
        last = self._until(name + 1, high, where, "addressee")
        cut = 0 if alone or word.startswith("لل") else 1
        return Stretch("addressee", k, last, name, cut)

    def _preposition(self, word: str) -> bool:
        """Whether a word's ل is likely a preposition: before ال, or before a word that lists know."""
        if word.startswith("لل") and len(word) > 4:
            return True
        return len(word) > 3 and not classes_of(word) and bool(classes_of(word[1:]))

    def _outlet(self, k: int, cut: int) -> bool:
        """Whether token ``k``, less its ل, is an outlet or a kind of one."""
        word = self.c.folded[k]
        rest = word[cut:]
        if cut and word.startswith("لل"):
            rest = "ال" + word[2:]
        if rest[:1].isascii() and rest[:1].isalpha():
            return True
        if self.table.has_exact("outlet", rest.removeprefix("ال")):
            return True
        if any(name.startswith("media:") for name in classes_of(rest)):
            return True
        following = self.c.folded[k + 1 : k + 5]
        return any(
            phrase.cls.startswith("media:")
            and tuple(following[: len(phrase.words) - 1]) == phrase.words[1:]
            for phrase in phrases().get(rest, ())
        )

    def _object(self, s: Stretch, low: int) -> bool:
        """Whether a stretch that nothing opens is the object of a verb of telling (أبلغ الوزراء أن)."""
        c, words = self.c, self.table.words
        before = c.tokens[s.first - 1].text
        if before in COMMAS or before in ("(", ")") or before in DASHES:
            return False
        if c.folded[s.first][:1].isdigit():
            return False
        for preposition in ("من", "علي", "الي"):
            if c.folded[s.first] == preposition:
                cls = {"من": "hearer-من", "علي": "hearer-على", "الي": "hearer-إلى"}[preposition]
                s.told = s.first + 1
                return s.told <= s.last and bool(self.lemmas & words[cls])
        return bool(self.lemmas & words["hearer"])

    def _rest(self, k: int, high: int, where: str) -> Stretch:
        return Stretch("rest", k, self._until(k + 1, high, where, "rest"), k)

    # ends

    def _until(self, k: int, high: int, where: str, kind: str) -> int:
        """The last token of a stretch whose words go on at ``k``: before a comma, a complementizer or
        what opens another stretch."""
        c, quotes = self.c, self.c.quotes
        first = k
        while k <= high:
            word = c.folded[k]
            if quotes.opens[k] and k < quotes.mate[k] <= high:
                k = quotes.mate[k] + 1
                continue
            if word == "(" and (mate := self._bracket(k, high)) > k:
                k = mate + 1
                continue
            if c.tokens[k].text in _PARTS or quotes.opens[k] or c.tokens[k].text == "(":
                break
            if word in COMPLEMENTIZERS and where != "head":
                break
            if kind in ("rest", "addressee", "time", "relay") and k > first - (kind == "rest"):
                if kind == "relay" and word == "عن":
                    break
                if self._date_at(k, high) or self._breaks(k, high, where):
                    break
            elif kind in ("setting", "about") and self._ends(k, high, where, kind):
                break
            k += 1
        return max(k - 1, first - 1)

    def _breaks(self, k: int, high: int, where: str) -> bool:
        word = self.c.folded[k]
        if self.table.has_exact("pronoun", word):
            return True
        for opener in self.table.openers.get(word, ()):
            if opener.words == ("عن",) or opener.words == ("بعد",) or opener.words == ("قبل",):
                continue
            if self._open(opener, k, 0, high, where):
                return True
        return (
            where in ("between", "after")
            and word[:1] == "ل"
            and self._to(k, high, where) is not None
        )

    def _ends(self, k: int, high: int, where: str, kind: str) -> bool:
        """Whether a setting or a topic ends before ``k``."""
        for opener in self.table.openers.get(self.c.folded[k], ()):
            if opener.cls in ("again", "so", "relay-that"):
                closed = True
            elif kind == "about":
                closed = where == "between" and opener.cls in ("setting", "place", "adverb")
            else:
                closed = opener.cls in ("about", "adverb") and len(opener.words[0]) > 2
            if closed and self._open(opener, k, 0, high, where):
                return True
        return False

    def _comma(self, k: int, high: int) -> int:
        while k < high and self.c.tokens[k + 1].text not in COMMAS:
            k += 1
        return k

    def _word(self, k: int, high: int) -> int:
        """The next token that is a word, from ``k``."""
        while k <= high and not self.c.folded[k][:1].isalnum():
            k += 1
        return k

    def _bracket(self, k: int, high: int) -> int:
        """The bracket that closes the one at ``k``, within 12 tokens; ``k`` if none."""
        for j in range(k + 1, min(k + 13, high + 1)):
            if self.c.tokens[j].text == ")":
                return j
        return k

    # dates

    def _time_only(self, k: int, high: int) -> bool:
        """Whether what follows خلال and the like is a time and no occasion."""
        word = self.c.folded[k]
        return word[:1].isdigit() or self.table.has("span", word) or bool(self._date_at(k, high))

    def _date_at(self, k: int, high: int) -> Stretch | None:
        j = k
        while j < min(k + 2, high) and j not in self.dates and self.c.folded[j] in _PRECEDE_DATE:
            j += 1
        found = self.dates.get(j)
        if found is None or found[0] > high:
            return None
        glued = j == k and self.c.folded[j][:1] in "وف" and found[2] > self.c.tokens[j].start
        return Stretch("date", k, found[0], k, int(glued), found[1])

    def _closing_date(self, s: Stretch) -> Stretch | None:
        for k in range(s.told + 1, s.last + 1):
            date = self._date_at(k, s.last)
            if date is not None and date.last == s.last:
                return date
        return None

    def _find_dates(self, low: int, high: int) -> None:
        """The dates of a region that give a day not after the article's, by their first tokens."""
        c, article = self.c, self.article
        openers = grammar().opened_by
        for k in range(low, high + 1):
            word = c.folded[k]
            if word[:1].isdigit() or word in openers or word[1:] in openers:
                break
        else:
            return
        text, toks = article.text, c.tokens
        at = toks[low].start
        published = article.date
        latest = None
        if published is not None:
            day = published.date() if isinstance(published, dt.datetime) else published
            latest = day + dt.timedelta(days=1) if day < dt.date.max else day
        k = low
        for found in find_dates(text[at : toks[high].end], published=published):
            value = found.value
            if found.precision not in ("day", "hour", "minute") or not isinstance(value, dt.date):
                continue
            day = value.date() if isinstance(value, dt.datetime) else value
            if latest is not None and day > latest:
                continue
            while k <= high and toks[k].end <= at + found.start:
                k += 1
            last = k
            while last < high and toks[last].end < at + found.end:
                last += 1
            self.dates[k] = (last, value, at + found.start)
