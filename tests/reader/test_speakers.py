"""The words that name the source beside the cue, or none: as a plain search would find."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_sample import articles, network
from test_contents import TEXTS, scene_of, score

from qawl.model import Article
from qawl.reader import contents, cues, pairs, speakers
from qawl.reader.columns import columns
from qawl.reader.contents import EDGE, Scene
from qawl.reader.speakers import LONGEST


def begins(s: Scene, cue: int) -> list[int]:
    """The tokens by a cue that may begin a speaker's words."""
    near = range(max(0, cue - pairs.BEFORE), min(len(s.c.tokens), cue + pairs.AFTER + 1))
    return [j for j in near if s.edges[j, 2] > EDGE]


def whole(s: Scene, cue: int, start: int) -> tuple[int, int]:
    """The speaker's words that begin at ``start``."""
    ends = [
        e
        for e in range(start, min(len(s.c.tokens), start + LONGEST + 1))
        if s.edges[e, 3] > EDGE and s.c.paragraph[e] == s.c.paragraph[start]
    ]
    if not ends:
        return start, start
    return start, ends[int(np.argmax([score(s, "speaker_end", cue, e, start) for e in ends]))]


def plain(s: Scene, cue: int) -> tuple[int, int] | None:
    a = s.network.arrays
    places = begins(s, cue)
    scores = [score(s, "speaker", cue, j) for j in places]
    none = float(a["speaker.null.weight"][0] @ s.h[cue] + a["speaker.null.bias"][0])
    if not scores or none > max(scores):
        return None
    return whole(s, cue, places[int(np.argmax(scores))])


@pytest.mark.parametrize("text", TEXTS)
def test_the_likeliest_speaker_is_found(text: str) -> None:
    seen = set()
    for seed in range(6):
        s, drafts = scene_of(network(seed, cue=2.0), text)
        speakers.find(s, drafts)
        for draft in drafts:
            assert draft.speaker == plain(s, draft.cue)
            assert 0 < draft.speaker_probability <= 1.0001
            seen.add(draft.speaker is None)
    assert seen == {True, False}, "some cues have a speaker and some have none"


def test_where_nothing_can_be_a_speaker_there_is_none() -> None:
    s, drafts = scene_of(network(0, cue=2.0), TEXTS[0])
    s.edges[:, 2] = 0
    speakers.find(s, drafts)
    assert drafts
    assert {d.speaker for d in drafts} == {None}
    assert {d.speaker_probability for d in drafts} == {1.0}


def test_where_no_end_is_likely_the_speaker_is_one_word() -> None:
    s, drafts = scene_of(network(0, cue=2.0), TEXTS[0])
    s.edges[:, 3] = 0
    speakers.find(s, drafts)
    found = [d.speaker for d in drafts if d.speaker]
    assert found
    assert all(a == b for a, b in found)


@settings(deadline=None)
@given(articles, st.integers(0, 20))
def test_speakers_of_any_text_lie_in_one_line(article: Article, seed: int) -> None:
    net = network(seed, cue=2.0)
    c = columns(article, net.alphabet)
    if not c.spans:
        return
    h = net.encode(c)
    drafts, labels = cues.find(c, h, net)
    speakers.find(contents.scene(c, h, net, drafts, labels), drafts)
    for d in drafts:
        if d.speaker is not None:
            a, b = d.speaker
            assert 0 <= a <= b < len(c.tokens)
            assert b - a <= LONGEST
            assert c.sentence[a] >= 0
            assert c.sentence[b] >= 0
            assert c.paragraph[a] == c.paragraph[b]
