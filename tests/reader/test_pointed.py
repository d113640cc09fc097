"""Sources that no name tells: as a plain search would find them, and chosen by the reader."""

from __future__ import annotations

import numpy as np
import pytest
from reader_sample import network
from test_contents import TEXTS, scene_of, score

import qawl
from qawl.reader import pairs, pointed
from qawl.reader.contents import EDGE, Scene
from qawl.reader.pointed import LIKELY
from qawl.reader.speakers import LONGEST


def plain(s: Scene, cue: int, taken: np.ndarray) -> tuple[int, int] | None:
    n = len(s.c.tokens)
    begins = [
        j
        for j in range(max(0, cue - pairs.BEFORE), min(n, cue + pairs.AFTER + 1))
        if s.edges[j, 2] > EDGE
    ]
    if not begins:
        return None
    scores = np.array([score(s, "source", cue, j) for j in begins])
    chance = np.exp(scores - scores.max())
    start = begins[int(scores.argmax())]
    if taken[start] or 1 / chance.sum() < LIKELY:
        return None
    ends = [
        e
        for e in range(start, min(n, start + LONGEST + 1))
        if s.edges[e, 3] > EDGE and s.c.paragraph[e] == s.c.paragraph[start]
    ]
    if not ends:
        return start, start
    return start, ends[int(np.argmax([score(s, "speaker_end", cue, e, start) for e in ends]))]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_pointed_at_is_a_mention_where_no_name_is(text: str) -> None:
    seen = 0
    for seed in range(6):
        s, drafts = scene_of(network(seed, cue=2.0), text)
        taken = np.random.default_rng(seed).random(len(s.c.tokens)) < 0.3
        cues = np.array([d.cue for d in drafts], dtype=np.int64)
        found: dict[int, int] = {}
        for cue in cues.tolist():
            if span := plain(s, cue, taken):
                found.setdefault(*span)
        assert pointed.find(s, cues, taken) == sorted(found.items())
        seen += len(found)
        assert pointed.find(s, cues, np.ones_like(taken)) == []
        assert pointed.find(s, cues[:0], taken) == []
    assert seen


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (
            "خرج آلاف المزارعين إلى ساحة البلدة صباح اليوم مطالبين بصرف تعويضات الموسم الماضي.",
            "آلاف المزارعين",
        ),
        (
            "تجمع عشرات العمال أمام مقر الشركة في سوسة، منددين بقرار الإدارة تسريح زملائهم.",
            "عشرات العمال",
        ),
    ],
)
def test_who_is_told_of_by_plain_words_may_be_meant(text: str, who: str) -> None:
    (statement,) = qawl.read(text).statements
    assert statement.speaker is None
    assert statement.who == who
