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
from dataclasses import dataclass

from qawl.arabic.lexicon import classes_of
from qawl.model import Article
from qawl.reader.columns import Columns
from qawl.reader.draft import Draft
from qawl.reader.mentions import small_words
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
#: the lines are, the questions are subheads and this is no interview.
REPORTED = 4
_DASHES = frozenset(["-", "–", "—", "*", "•", "ـ"])
_QUESTION_MARKS = "؟?"
#: Classes of words of which a label that names somebody holds one.
_NAMING = ("name:", "title:", "office:")


@dataclass(frozen=True, slots=True)
class Line:
    """First and last token of a line, and whether it asks."""

    first: int
    last: int
    asks: bool


def answers(article: Article, c: Columns, drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts of the answers that ``drafts`` do not hold already; none where the article is no interview."""
    if sum(map(article.text.count, _QUESTION_MARKS)) < QUESTIONS:
        return []
    cues = {d.cue for d in drafts if not d.bare and c.tokens[d.cue].text != ":"}
    lines = _lines(article, c, cues)
    asked = [k for k, line in enumerate(lines) if line.asks]
    answered = [k for k in asked if k + 1 < len(lines) and not lines[k + 1].asks]
    if len(answered) < QUESTIONS:
        return []
    labels = Counter(label for line in lines if (label := _label(c, line.first)))
    found: list[Draft] = []
    reported = 0
    for k, following in zip(answered, [*answered[1:], None], strict=True):
        end = following if following is not None else min(k + 1 + LAST, len(lines))
        while lines[end - 1].asks:  # two questions in a row
            end -= 1
        first = lines[k + 1].first
        if any(cue in cues for cue in range(first, first + REPORTED)):
            reported += 1
            continue
        draft = _answer(c, first, lines[end - 1].last, labels)
        if draft is not None and not _held(draft, drafts):
            found.append(draft)
    return found if 2 * reported < len(answered) else []


def interviewee(context: Context, drafts: Sequence[Draft]) -> int:
    """The group of the person whom the article names most often before the first answer; -1: none."""
    before = min(d.start for d in drafts if d.rule == BY)
    counts: dict[int, int] = {}
    for group, root in zip(context.groups, context.root, strict=True):
        if group.person is not None:
            here = bisect_left(group.places, before)
            counts[root] = counts.get(root, 0) + here
    best = max(counts, key=lambda root: counts[root], default=-1)
    return best if best >= 0 and counts[best] else -1


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
        out.append(Line(first, last, asks))
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


def _held(answer: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether the network's own content is half of the answer or more, or goes beyond it."""
    size = answer.end + 1 - answer.start
    return any(
        min(d.end, answer.end) + 1 - max(d.start, answer.start) >= size / 2
        for d in drafts
        if d.start >= 0
    )
