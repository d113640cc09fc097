"""A run of words parts without a gap, an overlap or a word lost, whatever stands in it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from reader_sample import columns_of, press

from qawl.model import Article
from qawl.reader.detail_words import detail_words, lemmas
from qawl.reader.stretches import Run, Saying, Where

WHERE: list[Where] = ["between", "before", "head", "tail", "after"]
VERBS = ["قال", "دعا", "طلب", "كشف", "قايلا", "بحسب"]
#: Words of details.tsv among those of a page.
_OPENERS = [" ".join(o.words) for some in detail_words().openers.values() for o in some]
crowded = st.lists(st.sampled_from(_OPENERS) | press, max_size=12).map(" ".join)


@given(crowded | press, st.sampled_from(WHERE), st.sampled_from(VERBS), st.booleans())
def test_stretches_follow_each_other_within_the_run(
    text: str, where: Where, verb: str, told: bool
) -> None:
    c = columns_of(text)
    if not c.tokens:
        return
    saying = Saying(lemmas(verb), topical=True, bound=False, participle=False, told=told)
    high = len(c.tokens) - 1
    found = list(Run(Article.of(text), c, detail_words(), saying, 0, high, where))
    for s in found:
        assert 0 <= s.first <= s.told <= high + 1
        assert s.first <= s.last <= high, s
        assert s.cut in (0, 1)
    for a, b in pairwise(found):
        assert a.last < b.first
        between = c.folded[a.last + 1 : b.first]
        # what no stretch holds is marks, and brackets with what they hold
        bracket = any(word in "()" for word in between)
        assert bracket or not any(word[:1].isalnum() for word in between)


@given(press)
def test_a_run_is_parted_the_same_way_every_time(text: str) -> None:
    c = columns_of(text)
    if not c.tokens:
        return
    saying = Saying(lemmas("قال"), topical=True, bound=False, participle=False, told=True)
    run = Run(Article.of(text), c, detail_words(), saying, 0, len(c.tokens) - 1, "between")
    assert list(run) == list(run)


def test_a_long_run_of_nothing_but_openers_does_not_pile_up() -> None:
    text = "حول خلال في وفقا لوكالة عن أمس في دجنبر ردا على سؤال " * 150
    c = columns_of(text)
    saying = Saying(lemmas("قال"), topical=True, bound=False, participle=False, told=True)
    where: Where
    for where in WHERE:
        found = list(Run(Article.of(text), c, detail_words(), saying, 0, len(c.tokens) - 1, where))
        assert found[-1].last == len(c.tokens) - 1
