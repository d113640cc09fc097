"""Statements by hand for the tests of what stands beside a content: a sentence with its marks in it.

{cue}, <speaker> and ⟦content⟧, as ``qawl read --context`` shows them; a second ⟦ ⟧ is a second part.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from itertools import pairwise

from reader_sample import alphabet

from qawl.model import Act, Article, Form, Name, Span, Statement
from qawl.reader import details
from qawl.reader.columns import Columns, columns
from qawl.reader.draft import Draft
from qawl.reader.paragraphs import mark

_MARKS = re.compile("[{}<>⟦⟧]")
_PAIRS = {"cue": "{}", "speaker": "<>", "content": "⟦⟧"}
#: Kinds of names as the tagger numbers them.
KINDS = {"person": 1, "body": 2, "place": 3, "other": 4}


def bare(marked: str) -> str:
    """The sentence without its marks."""
    return _MARKS.sub("", marked)


def places(marked: str, kind: str) -> list[tuple[int, int]]:
    """Where the parts of a kind stand in the bare sentence (code points)."""
    opens, closes = _PAIRS[kind]
    found = re.finditer(f"{re.escape(opens)}(.*?){re.escape(closes)}", marked, re.DOTALL)
    return [(len(bare(marked[: m.start()])), len(bare(marked[: m.end()]))) for m in found]


def tokens_of(c: Columns, place: tuple[int, int]) -> tuple[int, int]:
    """The first and the last token of a place."""
    inside = [k for k, t in enumerate(c.tokens) if t.end > place[0] and t.start < place[1]]
    return inside[0], inside[-1]


def draft_of(c: Columns, marked: str, *, form: Form = "indirect", act: Act = "inform") -> Draft:
    """The settled draft of a marked sentence."""
    parts = [tokens_of(c, place) for place in places(marked, "content")]
    cues = [tokens_of(c, place) for place in places(marked, "cue")]
    speakers = [tokens_of(c, place) for place in places(marked, "speaker")]
    cue = cues[0] if cues else (parts[0][0] - 1,) * 2
    made = Draft(*cue, bare=not cues, cue_probability=0.9, start=parts[0][0], end=parts[-1][1])
    if len(parts) == 2:
        made.gap = (parts[0][1] + 1, parts[1][0] - 1)
    made.speaker = speakers[0] if speakers else None
    made.form, made.act = form, act
    return made


def statement_of(text: str, marked: str, who: str | None, form: Form, act: Act) -> Statement:
    """The statement of a marked sentence, without what stands beside it."""
    spans = {kind: [Span.of(text, *place) for place in places(marked, kind)] for kind in _PAIRS}
    speaker = spans["speaker"][0] if spans["speaker"] else None
    return Statement(
        content=tuple(spans["content"]),
        cue=spans["cue"][0] if spans["cue"] else None,
        speaker=speaker,
        who=who or (speaker.text if speaker else None),
        form=form,
        act=act,
    )


def all_told(
    readings: Iterable[tuple[str, str | None]],
    *,
    published: dt.date | dt.datetime | None = None,
    names: Iterable[tuple[str, str]] = (),
    form: Form = "indirect",
    act: Act = "inform",
) -> list[Statement]:
    """The statements of one sentence, each marked in it for itself, with what stands beside them.

    ``readings`` are (marked sentence, who); ``names`` are the tagger's, as (words, kind).
    """
    readings = list(readings)
    text = bare(readings[0][0])
    assert {bare(marked) for marked, _ in readings} == {text}
    article = mark(Article.of(text, date=published))
    c = columns(article, alphabet())
    drafts = [draft_of(c, marked, form=form, act=act) for marked, _ in readings]
    made = [statement_of(text, marked, who, form, act) for marked, who in readings]
    tagged = []
    for words, kind in names:
        start = text.index(words)
        first, last = tokens_of(c, (start, start + len(words)))
        tagged.append((first, last, KINDS[kind], start - c.tokens[first].start))
    filled = details.fill(article, c, drafts, made, sorted(tagged))
    for s in filled:
        exact_and_apart(text, s)
    return filled


def told(marked: str, **more: object) -> Statement:
    """The statement of one marked sentence with what stands beside it."""
    who = more.pop("who", None)
    [made] = all_told([(marked, who)], **more)  # type: ignore[list-item, arg-type]
    return made


def exact_and_apart(text: str, s: Statement) -> None:
    """What holds of every detail: its words are the article's own; what the reporter tells beside a
    content is no part of it, nor of its cue or speaker; names stand within it, in order."""
    beside = [s.about, s.addressee, s.setting, s.said_span]
    own = [*s.content, *(span for span in (s.cue, s.speaker) if span)]
    for span in beside:
        if span is None:
            continue
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text == span.text.strip()
        assert "\n" not in span.text
        assert all(span.end <= o.start or o.end <= span.start for o in own), (span, own)
    shown = sorted((span for span in beside if span), key=lambda span: span.start)
    assert all(a.end <= b.start for a, b in pairwise(shown))
    assert (s.said is None) == (s.said_span is None)
    previous = -1
    for name in s.names:
        assert isinstance(name, Name)
        assert text[name.span.start : name.span.end] == name.span.text != ""
        assert any(p.start <= name.span.start and name.span.end <= p.end for p in s.content)
        assert name.span.start >= previous
        previous = name.span.start
    assert all(via and via in text and via != s.who for via in s.via)
    assert len(set(s.via)) == len(s.via)
