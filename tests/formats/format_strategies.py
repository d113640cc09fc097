"""Hypothesis strategies: articles of any text whose statements' spans are cut out of it.

And ``place``, which cuts a span by its words.
"""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from qawl.model import ACTS, FORMS, NAME_KINDS, Article, Decision, Name, Span, Statement


def place(text: str, words: str, after: int = 0) -> Span:
    """The span of ``words`` in ``text``, searched from ``after``."""
    start = text.index(words, after)
    return Span.of(text, start, start + len(words))


#: Arabic, marks, quotation marks, digits, Latin, astral characters, every kind of line break.
TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from("قال أكدنفى«»\"'“”:؛،.()\u064b\u0651\u0640\u200c\u200f\u00a0٣5aé😀𐎀"),
        st.sampled_from("\n\r\t\v\f\x1c\x85\u2028 ;=+-@|\\"),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=60,
)

#: A day, a day and time with a zone or without, or none.
DATES = st.none() | st.dates() | st.datetimes(timezones=st.sampled_from([dt.UTC])) | st.datetimes()


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    start = draw(st.integers(0, len(text) - 1))
    return Span.of(text, start, draw(st.integers(start + 1, len(text))))


@st.composite
def contents(draw: st.DrawFn, text: str) -> tuple[Span, ...]:
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return tuple(Span.of(text, start, end) for start, end in pairs)


@st.composite
def statements(draw: st.DrawFn, text: str) -> Statement:
    optional = st.none() | spans(text)
    return Statement(
        content=draw(contents(text)),
        cue=draw(optional),
        speaker=draw(optional),
        who=draw(st.none() | TEXT),
        form=draw(st.sampled_from(FORMS)),
        act=draw(st.sampled_from(ACTS)),
        nested=draw(st.booleans()),
        confidence=draw(st.floats(0, 1)),
        who_span=draw(optional),
        about=draw(optional),
        addressee=draw(optional),
        setting=draw(optional),
        said=draw(DATES),
        said_span=draw(optional),
        via=tuple(draw(st.lists(TEXT, max_size=2))),
        names=tuple(
            draw(st.lists(st.builds(Name, spans(text), st.sampled_from(NAME_KINDS)), max_size=2))
        ),
        checkable=draw(st.booleans()),
        decisions=tuple(
            draw(
                st.lists(
                    st.builds(Decision, TEXT, TEXT, st.none() | st.floats(0, 1), TEXT), max_size=2
                )
            )
        ),
    )


@st.composite
def articles(draw: st.DrawFn) -> Article:
    title = draw(st.sampled_from(["", "عنوان: خبر"]))
    bare = Article.of(
        draw(TEXT),
        title=title,
        id=draw(TEXT),
        outlet=draw(st.none() | TEXT),
        date=draw(DATES),
        address=draw(st.none() | TEXT),
    )
    return bare.with_statements(draw(st.lists(statements(bare.text), max_size=3)), "v")
