"""Answers of an interview: each is one direct statement, which no reporting word introduces.

An interview is told by its shape: lines that ask, each with lines after it that do not. Its answers are
seldom in the articles that the network learned from, so that rules find them: an answer runs from a
question to the next one; it is given by whom its label names (الوزير: …), else by the person whom the
article names most often before the first answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qawl.arabic.lexicon import classes_of
from qawl.model import Article
from qawl.reader.columns import Columns
from qawl.reader.draft import Draft
from qawl.reader.mentions import Group, small_words
from qawl.reader.own_words import first_person
from qawl.reader.who import Context

#: What ``--explain`` shows.
BY = "rule: an answer in an interview"
#: Questions at least; fewer are a reporter's rhetoric.
QUESTIONS = 3
#: Words of a question at most, tokens of a label before its colon at most, lines of the last answer.
ASKED, LABEL, LAST = 90, 7, 2
#: The chance of each part of an answer: all fifteen found in training articles are right, on which the
#: rule was made.
CHANCE = 0.98
#: A line with a reporting word among its first tokens is the reporter's and no answer; where half of
#: the lines are, the questions are subheads and this is no interview. Behind the last answer's first line it may
#: stand further on (وكان وكيل وزارة الموارد قد قال).
REPORTED, TOLD = 4, 12
_DASHES = frozenset(["-", "–", "—", "*", "•", "ـ"])
_QUESTION_MARKS = "؟?"
_DOTS = frozenset(["..", "...", "…"])
#: Tokens of a question at most that ends in dots and no mark (البعض عاب عليك الغياب..).
DOTTED = 25
#: Classes of words of which a label that names somebody holds one.
_NAMING = ("name:", "title:", "office:")


@dataclass(frozen=True, slots=True)
class Line:
    """First and last token of a line, the marks that it begins with, and whether it asks."""

    first: int
    last: int
    lead: str
    asks: bool


def answers(article: Article, c: Columns, drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts of the answers that ``drafts`` do not hold already; none where the article is no interview. Those that
    they hold are told to be answers."""
    if sum(map(article.text.count, _QUESTION_MARKS)) < QUESTIONS:
        return []
    cues = {d.cue for d in drafts if not d.bare and c.tokens[d.cue].text != ":"}
    if len(_answered(_lines(article, c, cues))) < QUESTIONS:
        return []
    lines = _all_asked(c, _lines(article, c, set()))
    answered = _answered(lines)
    labels = Counter(label for line in lines if (label := _label(c, line.first)))
    told_apart = _told_apart(lines, answered)
    found: list[Draft] = []
    owned: list[tuple[Draft, int]] = []
    reported = 0
    for k, following in zip(answered, [*answered[1:], None], strict=True):
        end = following if following is not None else min(k + 1 + LAST, len(lines))
        while lines[end - 1].asks:  # two questions in a row
            end -= 1
        while following is None and end > k + 2 and _told(c, lines[end - 1], cues):
            end -= 1
        first = lines[k + 1].first
        if not told_apart and _reports(c, first, first + REPORTED, cues):
            reported += 1
            continue
        draft = _answer(c, first, lines[end - 1].last, labels)
        if draft is None:
            continue
        own = _own(draft, drafts)
        if own is not None:
            owned.append((own, min(own.end, draft.end)))
        elif told_apart or not _held(draft, drafts):
            found.append(draft)
    if 2 * reported >= len(answered):
        return []
    for own, last in owned:
        own.rule, own.end = BY, last
    return found


def _answered(lines: Sequence[Line]) -> list[int]:
    """The questions that no other one follows."""
    pairs = enumerate(pairwise(lines))
    return [k for k, (line, following) in pairs if line.asks and not following.asks]


def _all_asked(c: Columns, lines: Sequence[Line]) -> list[Line]:
    """The lines of an interview with what else asks in it: those that begin as its questions do and its answers do
    not (* in the one, - in the other), and short ones that end in dots."""
    lead = Counter(line.lead for line in lines if line.asks).most_common(1)[0][0]
    out: list[Line] = []
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        asks = line.asks
        if not asks and out and not out[-1].asks and following is not None and not following.asks:
            size = line.last - line.first
            asks = c.tokens[line.last].text in _DOTS and size < DOTTED
            apart = lead not in (out[-1].lead, following.lead)
            asks |= bool(lead) and line.lead == lead and apart and size < ASKED
        out.append(replace(line, asks=asks))
    return out


def _told(c: Columns, line: Line, cues: set[int]) -> bool:
    """Whether a line behind the last answer is the reporter's: it reports, and not in the first person, or begins as
    remarks do (يذكر أن)."""
    if c.folded[line.first] in small_words("aside"):
        return True
    return _reports(c, line.first, min(line.first + TOLD, line.last + 1), cues)


def _reports(c: Columns, first: int, end: int, cues: set[int]) -> bool:
    """Whether a reporting word, and none of the first person, stands among the tokens from ``first`` to ``end``."""
    return any(k in cues and not first_person(c.folded[k]) for k in range(first, end))


def _told_apart(lines: Sequence[Line], answered: Sequence[int]) -> bool:
    """Whether marks tell questions from answers (• in the one, - in the other)."""
    asking = Counter(lines[k].lead for k in answered)
    answering = Counter(lines[k + 1].lead for k in answered)
    (one, count), (other, many) = asking.most_common(1)[0], answering.most_common(1)[0]
    return one != other and bool(one and other) and 3 * min(count, many) >= 2 * len(answered)


def interviewee(c: Columns, context: Context, drafts: Sequence[Draft]) -> int:
    """The group of the person whom the article names most often before the first answer, whoever asks aside
    (حاورها: سعيد); where the tagger knows none, of the first speaker; -1: none."""
    before = min(d.start for d in drafts if d.rule == BY)
    counts: dict[int, int] = {}
    for group, root in zip(context.groups, context.root, strict=True):
        if group.person is not None and not any(_asks(c, p) for p in group.places):
            here = bisect_left(group.places, before)
            counts[root] = counts.get(root, 0) + here
    best = max(counts, key=lambda root: counts[root], default=-1)
    if best >= 0 and counts[best]:
        return best
    spoken = (d.group for d in drafts if d.speaker is not None and d.start < before)
    return next((k for k in spoken if k >= 0 and _may_answer(c, context.groups[k])), -1)


def _may_answer(c: Columns, group: Group) -> bool:
    return not group.body and not _asks(c, group.first)


def _asks(c: Columns, place: int) -> bool:
    """Whether the name at a token is that of whoever asks: a word for that stands before it, with nothing but
    marks between."""
    k = place - 1
    while k >= 0 and (
        c.folded[k] in small_words("envoy")
        or (c.tokens[k].text != "\n" and not c.folded[k][:1].isalnum())
    ):
        k -= 1
    return k >= 0 and c.folded[k] in small_words("asker")


def _lines(article: Article, c: Columns, cues: set[int]) -> list[Line]:
    starts = [t.start for t in c.tokens]
    out = []
    for p in article.paragraphs:
        first, last = bisect_left(starts, p.start), bisect_left(starts, p.end) - 1
        while last >= first and c.tokens[last].text == "\n":
            last -= 1
        if p.kind not in ("text", "heading") or last < first:
            continue
        asks = (
            c.tokens[last].text[-1] in _QUESTION_MARKS
            and last - first < ASKED
            and not c.quotes.opens[first]
            and (
                c.tokens[first].text in _DASHES
                or not any(k in cues for k in range(first, last + 1))
            )
        )
        begin = _begin(c, first)
        lead = "".join(t.text for t in c.tokens[first:begin])
        out.append(Line(first, last, lead, asks))
    return out


def _begin(c: Columns, first: int) -> int:
    """The first token of a line behind its dash."""
    while first + 1 < len(c.tokens) and c.tokens[first].text in _DASHES:
        first += 1
    return first


def _label(c: Columns, first: int) -> tuple[str, ...]:
    """The words before a colon at a line's beginning; none where there is no such label."""
    begin = _begin(c, first)
    for k in range(begin + 1, min(begin + LABEL, len(c.tokens))):
        if c.tokens[k].text == ":":
            return tuple(c.folded[begin:k])
        if not c.folded[k - 1][:1].isalpha():
            break
    return ()


def _answer(c: Columns, first: int, last: int, labels: Counter[tuple[str, ...]]) -> Draft | None:
    """The answer of some lines. A label counts where it stands before other lines too, or holds a name, a
    title or an office; else it is the speaker's own word (باختصار: …)."""
    label = _label(c, first)
    first = min(_begin(c, first), last)
    nameless = label[:1] and label[0] in small_words("answer")
    names = any(cls.startswith(_NAMING) for word in label for cls in classes_of(word))
    draft = Draft(first, first, True, CHANCE, content_probability=CHANCE, rule=BY)
    draft.speaker_probability = CHANCE
    if label and (nameless or names or labels[label] > 1):
        colon = first + len(label)
        draft.cue, draft.cue_last, draft.bare = colon, colon, False
        if not nameless:
            draft.speaker = (first, colon - 1)
        first = colon + 1
    draft.start, draft.end = first, last
    return draft if last - first >= 1 else None


def _own(answer: Draft, drafts: Sequence[Draft]) -> Draft | None:
    """The network's own draft of an answer without a label, if it begins where that does."""
    for d in drafts:
        if d.bare and answer.bare and d.speaker is None and abs(d.start - answer.start) <= 2:
            return d
    return None


def _held(answer: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether the network's own content is half of the answer or more, or goes beyond it."""
    size = answer.end + 1 - answer.start
    return any(
        min(d.end, answer.end) + 1 - max(d.start, answer.start) >= size / 2
        for d in drafts
        if d.start >= 0
    )
