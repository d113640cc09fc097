"""Sources that no name tells: as a plain search would find them, and chosen by the reader."""

from __future__ import annotations

import numpy as np
import pytest
from reader_sample import network
from test_contents import TEXTS, scene_of, score
from test_speakers import begins, whole

import qawl
from qawl.reader import pointed
from qawl.reader.contents import Scene
from qawl.reader.pointed import LIKELY


def plain(s: Scene, cue: int, taken: np.ndarray) -> tuple[int, int] | None:
    places = begins(s, cue)
    if not places:
        return None
    scores = np.array([score(s, "source", cue, j) for j in places])
    start = places[int(scores.argmax())]
    if taken[start] or 1 / np.exp(scores - scores.max()).sum() < LIKELY:
        return None
    return whole(s, cue, start)


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


def test_what_names_and_speakers_hold_is_taken() -> None:
    names = [(1, 2, 1), (6, 6, 3)]
    taken, which = pointed.unnamed(10, names, [(0, 2), None, (4, 5), (6, 8)])
    assert np.flatnonzero(taken).tolist() == [0, 1, 2, 4, 5, 6, 7, 8]
    assert which == [1, 2], "a hidden source, and a role with no name in it"


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
