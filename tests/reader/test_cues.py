"""Which words report: the labels of the network made into drafts."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from reader_sample import alphabet, arrays, articles, columns_of, header, network

from qawl.model import Article
from qawl.reader import cues
from qawl.reader.columns import Columns, columns
from qawl.reader.cues import BARE, CUE, INSIDE, OUTSIDE, THRESHOLD
from qawl.reader.draft import Draft
from qawl.reader.network import Network


def find(c: Columns, labels: dict[int, dict[int, float]]) -> list[Draft]:
    """The drafts where token k's chances are ``labels[k]``, the rest going to OUTSIDE.

    The network is a real one whose layers hand the logits through.
    """

    same = {f"cue.{k}.weight": np.eye(4, dtype=np.float32) for k in (0, 3)}
    same |= {f"cue.{k}.bias": np.zeros(4, dtype=np.float32) for k in (0, 3)}
    through = Network(header(), arrays(0) | same, alphabet(), {})
    chances = np.full((len(c.tokens), 4), 1e-6)
    for k in range(len(c.tokens)):
        for label, chance in labels.get(k, {}).items():
            chances[k, label] = chance
        chances[k, OUTSIDE] = max(1e-6, 1 - chances[k, 1:].sum())
    logits = (np.log(chances) + 20).astype(np.float32)  # above zero: the rectifier lets them pass
    drafts, _ = cues.find(c, logits, through)
    return drafts


C = columns_of("وفقا لما قاله الوزير «عاد الماء»\nقال سعيد")


def test_a_cue_is_a_token_above_the_threshold() -> None:
    (draft,) = find(C, {2: {CUE: 0.9}, 1: {CUE: THRESHOLD - 0.05}})
    assert (draft.cue, draft.cue_last, draft.bare) == (2, 2, False)
    assert abs(draft.cue_probability - 0.9) < 1e-3
    assert find(C, {}) == []


def test_a_cue_goes_on_over_its_phrase() -> None:
    (draft,) = find(C, {0: {CUE: 0.9}, 1: {INSIDE: 0.9}, 2: {INSIDE: 0.8}, 4: {INSIDE: 0.9}})
    assert (draft.cue, draft.cue_last) == (0, 2)


def test_a_phrase_is_at_most_five_tokens_and_never_beyond_the_text() -> None:
    c = columns_of("قال " * 8)
    inside = {k: {INSIDE: 0.9} for k in range(1, 8)}
    assert find(c, {0: {CUE: 0.9}, **inside})[0].cue_last == 4
    assert find(c, {6: {CUE: 0.9}, 7: {INSIDE: 0.9}})[0].cue_last == 7


def test_an_opening_mark_stands_for_a_cue_that_is_not_there() -> None:
    (draft,) = find(C, {4: {BARE: 0.7, CUE: 0.1}})
    assert draft.bare
    assert abs(draft.cue_probability - 0.8) < 1e-3


def test_newlines_report_nothing() -> None:
    newline = [t.text for t in C.tokens].index("\n")
    assert find(C, {newline: {CUE: 0.9}}) == []


def test_page_chrome_reports_nothing() -> None:
    text = "قال الوزير إن الماء عاد.\nاقرأ أيضا: قال الوزير\nوأضاف سعيد أن الماء باق."
    c = columns_of(text)
    everywhere = {k: {CUE: 0.9} for k in range(len(c.tokens))}
    said = {c.paragraph[d.cue] for d in find(c, everywhere)}
    assert said == {0, 2}


def test_drafts_are_in_reading_order() -> None:
    drafts = find(C, {9: {CUE: 0.5}, 2: {CUE: 0.9}, 4: {BARE: 0.6}})
    assert [d.cue for d in drafts] == [2, 4, 9]


@settings(deadline=None)
@given(articles)
def test_cues_of_any_text(article: Article) -> None:
    net = network(3, cue=1.0)
    c = columns(article, net.alphabet)
    if not c.spans:
        return
    drafts, labels = cues.find(c, net.encode(c), net)
    assert len(labels) == len(c.tokens)
    assert [d.cue for d in drafts] == sorted({d.cue for d in drafts})
    for d in drafts:
        assert d.cue <= d.cue_last < len(c.tokens)
        assert c.paragraph[d.cue] == c.paragraph[d.cue_last]
        assert THRESHOLD < d.cue_probability <= 1.0001
        assert c.sentence[d.cue] >= 0
