"""The regions beside a statement: the words between cue, speaker and content, the sentence's head
before them and its tail behind them, and which of their stretches tell something of the statement.

At a sentence's head words that nothing opens are narration, and what stands behind them, or before a
long piece of it, belongs to that; only a topic with which the sentence begins goes on. In its tail the first such words end what is told of the statement.
"""

from __future__ import annotations

from collections.abc import Iterator

from qawl.model import Article
from qawl.reader.columns import COMPLEMENTIZERS, PREPOSITIONS, Columns
from qawl.reader.detail_words import DetailWords, bound, kinds, lemmas, relative, topical
from qawl.reader.draft import Draft
from qawl.reader.stretches import COMMAS, DASHES, Run, Saying, Stretch, Where

#: Words at a sentence's head, opened by nothing, that end what was told before them.
NARRATION = 4
#: Tokens of a head or tail that are looked at: a longer one tells of something else.
REACH = 60
_THIS = frozenset(["وذلك", "ذلك", "وهذا"])
_GOVERNED = PREPOSITIONS | COMPLEMENTIZERS | {"مع", "بقول", "و"}
_PARTING = COMMAS | DASHES
_TOLD = frozenset(["about", "setting", "date", "relay"])
#: Kinds of cues that are nouns: what opens their sentence tells of its verb.
_NOUNS = frozenset(["masdar", "noun"])


class Beside:
    """The words round one statement. ``taken`` flags the tokens of every cue and speaker."""

    def __init__(
        self, article: Article, c: Columns, table: DetailWords, taken: bytearray, draft: Draft
    ) -> None:
        self.article, self.c, self.table, self.taken, self.draft = article, c, table, taken, draft
        word = "" if draft.bare else c.folded[draft.cue]
        self.kinds = kinds(word)
        self.lemmas = lemmas(word)
        self.topical = topical(self.lemmas)
        self.bound = bound(word)
        self.participle = bool(self.kinds) and self.kinds <= {"participle"}
        self.noun = bool(self.kinds) and self.kinds <= _NOUNS

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

    def _run(self, low: int, high: int, where: Where, *, told: bool = True) -> Run:
        saying = Saying(self.lemmas, self.topical, self.bound, self.participle, told)
        return Run(self.article, self.c, self.table, saying, low, high, where)

    def _free(self, a: int, b: int) -> Iterator[tuple[int, int]]:
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
        c = self.c
        for low, high in self._free(a, b):
            last = high
            while last >= low and (c.folded[last] in _GOVERNED or not self._solid(last, low)):
                last -= 1
            if last < low:
                continue
            before = high < self.draft.cue
            run = self._run(low, last, "before" if before else "between", told=self._told(low))
            for s in run:
                if s.kind in ("rest", "talk", "end"):
                    continue
                late = s.first > low and c.tokens[s.first - 1].text in COMMAS
                if s.kind == "date" and late and "phrase" in self.kinds:
                    continue  # وفقا للتقرير، في 2009 …: when it happened
                yield s

    def _told(self, low: int) -> bool:
        """Whether ل and عن may tell of the saying where they stand first in a run at ``low``.

        Behind the speaker and before a finite verb, or behind a document that speaks (تقرير لوكالة),
        they are the speaker's own; so is ل behind a noun's (دعوة المبعوث للأمين العام).
        """
        c, d = self.c, self.draft
        if self.noun:
            return False
        if d.speaker is None or d.speaker[1] >= low:
            return True
        if low < d.cue and not self.participle and c.tokens[d.cue].text != ":":
            return False
        direct = not any(c.tokens[k].text in COMMAS for k in range(d.speaker[1] + 1, low + 1))
        return not (direct and self.table.has_exact("talk", c.folded[d.speaker[1]]))

    def _solid(self, k: int, low: int) -> bool:
        """Whether token ``k`` is a word or closes what opens from ``low`` on."""
        c = self.c
        if c.quotes.closes[k] or c.tokens[k].text == ")":
            return c.tokens[k].text == ")" or low <= c.quotes.mate[k] < k
        return c.folded[k][:1].isalnum()

    def _head(self, before: int) -> Iterator[Stretch]:
        c, cue = self.c, self.draft.cue
        sentence = c.sentence[before]
        if sentence < 0:
            return
        first = c.spans[sentence][0]
        if not 0 < before - first <= REACH or any(self.taken[first:before]):
            return
        word = c.folded[cue]
        if self.participle:
            return
        if self.noun and c.tokens[before - 1].text not in _PARTING:
            return
        if cue and relative(c.folded[cue - 1]):
            return
        if before == cue and word[:1] == "و" and lemmas(word[1:]):
            return  # a second verb of the narration (عقد مؤتمرا وقال)
        last = before - 1
        while last >= first and not self._solid(last, first):
            last -= 1
        found: list[Stretch] = []
        narrated = dateline = False
        for s in self._run(first, last, "head"):
            if s.kind == "so":
                if s.last < last:
                    return
            elif s.kind in ("rest", "talk", "relative"):
                if s.last - s.first >= NARRATION or s.kind == "relative":
                    found = [x for x in found if x.kind == "about" and x.first == first]
                narrated = True
                dateline = s.first == s.last == first  # قلقيلية 17-7-2012 -
            elif s.kind in _TOLD and (
                not narrated
                or (s.kind == "date" and dateline)
                or s.cut
                or c.folded[s.first][:1] == "و"
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
        for s in self._run(k, last, "after" if after else "tail"):
            if s.kind in ("rest", "talk", "relative", "end", "about"):
                break
            if s.kind == "relay" or (s.kind in ("setting", "addressee") and marked):
                told = True
                yield s
            elif s.kind == "date" and (after or told):
                yield s
