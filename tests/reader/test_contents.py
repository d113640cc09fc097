"""Where what was said begins and ends: the same as a plain search over all pairs would find."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_sample import articles, columns_of, network

from qawl.model import Article
from qawl.reader import contents, cues, pairs
from qawl.reader.columns import columns
from qawl.reader.contents import BEAM, EDGE, EXACT, LIKELY, Scene, by_row, nearest, windows
from qawl.reader.draft import Draft
from qawl.reader.network import Floats, Network

TEXTS = [
    "قال الوزير: «لن نعود إلى الماء»، وأضاف أن رئيس الحكومة سعيد قاسم أكد عودة الماء.\nبحسب مصدر أمني",
    "«الماء عاد»، قالت ليلى من وزارة الصحة.\n\nوأكد كريم: لن يعود. قال إن «الماء» على\n«قال",
]


def scene_of(net: Network, text: str) -> tuple[Scene, list[Draft]]:
    c = columns_of(text)
    h = net.encode(c)
    drafts, labels = cues.find(c, h, net)
    return contents.scene(c, h, net, drafts, labels), drafts


def log_chances(scores: list[float]) -> Floats:
    z = np.array(scores, dtype=np.float64)
    z -= z.max()
    return (z - np.log(np.exp(z).sum())).astype(np.float32)


def score(s: Scene, head: str, cue: int, place: int, start: int | None = None) -> float:
    """One pair's score, written out as the pointer's formula says."""
    a, h = s.network.arrays, s.h
    z = a[f"{head}.A.0.weight"] @ h[cue] + a[f"{head}.A.0.bias"] + a[f"{head}.B.weight"] @ h[place]
    features = pairs.pair(s.c, s.cues_before, s.is_cue, np.array([cue]), np.array([place]))
    if start is not None:
        z = z + a[f"{head}.A.1.weight"] @ h[start]
        features += pairs.span(s.c, s.cues_before, np.array([start]), np.array([place]))
    for k, feature in enumerate(features):
        z = z + a[f"{head}.F.{k}.weight"][int(feature[0])]
    return float(a[f"{head}.v.weight"][0] @ np.maximum(z, 0) + a[f"{head}.v.bias"][0])


def plain(s: Scene, cue: int) -> tuple[tuple[int, int], float]:
    """The best content of a cue, by looking at every token in turn."""
    n = len(s.c.tokens)
    begins = [
        j
        for j in range(max(0, cue - pairs.BEFORE), min(n, cue + pairs.AFTER + 1))
        if s.edges[j, 0] > EDGE
    ]
    if not begins:
        return (-1, -1), 0.0
    logs = log_chances([score(s, "start", cue, j) for j in begins])
    spans: list[tuple[int, int, float]] = []
    for k in np.argsort(-logs)[:BEAM]:
        start = begins[k]
        ends = [e for e in range(start, min(n, start + pairs.REACH + 1)) if s.edges[e, 1] > EDGE]
        if not ends or logs[k] <= -6:
            continue
        chances = log_chances([score(s, "end", cue, e, start) for e in ends])
        least = min(LIKELY, float(chances.max()))
        spans += [
            (start, e, float(logs[k] + x))
            for e, x in zip(ends, chances.tolist(), strict=True)
            if x >= least
        ]
    if not spans:
        return (-1, -1), 0.0
    risks = [sum(np.exp(log) for a, b, log in spans if shares_half(span, (a, b))) for span in spans]
    weights = [x + EXACT * np.exp(log) for x, (_, _, log) in zip(risks, spans, strict=True)]
    best = int(np.argmax(weights))
    return spans[best][:2], float(np.exp(spans[best][2]))


def shares_half(one: tuple[int, ...], other: tuple[int, int]) -> bool:
    """Whether half of all tokens of both spans are tokens of each."""
    a, b = (set(range(span[0], span[1] + 1)) for span in (one, other))
    return 2 * len(a & b) >= len(a | b)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("text", TEXTS)
def test_the_best_pair_is_found(seed: int, text: str) -> None:
    s, drafts = scene_of(network(seed, cue=2.0), text)
    assert len(drafts) > 3
    contents.find(s, drafts)
    for draft in drafts:
        found, chance = plain(s, draft.cue)
        assert draft.content_probability == pytest.approx(max(chance, 0), abs=1e-4)
        assert (draft.start, draft.end) == found


def logs(*spans: tuple[int, int, float]) -> list[tuple[int, int, float]]:
    return [(a, b, float(np.log(p))) for a, b, p in spans]


def test_an_end_between_two_likelier_ones_is_the_safest() -> None:
    short, middle, long = (5, 9, 0.4), (5, 14, 0.25), (5, 23, 0.35)
    assert nearest(logs(short, middle, long)) == (5, 14, pytest.approx(0.25))
    assert nearest(logs(short, long))[:2] == (5, 9)


def test_of_ends_that_are_all_near_the_likeliest_is_taken() -> None:
    assert nearest(logs((5, 20, 0.2), (5, 21, 0.5), (5, 22, 0.3))) == (5, 21, pytest.approx(0.5))


def test_an_only_content_keeps_its_chance() -> None:
    assert nearest(logs((3, 8, 0.7))) == (3, 8, pytest.approx(0.7))


span = st.tuples(st.integers(0, 40), st.integers(0, 40), st.floats(0.01, 1)).map(
    lambda x: (x[0], x[0] + x[1], x[2])
)


@given(st.lists(span, min_size=1, max_size=8, unique_by=lambda x: x[:2]))
def test_no_other_content_is_likelier_to_be_nearly_right(
    spans: list[tuple[int, int, float]],
) -> None:
    total = sum(p for *_, p in spans)
    spans = [(a, b, p / total) for a, b, p in spans]
    start, end, chance = nearest(logs(*spans))
    near = {x[:2]: sum(p for a, b, p in spans if shares_half(x, (a, b))) for x in spans}
    assert (start, end, chance) in [(a, b, pytest.approx(p)) for a, b, p in spans]
    assert max(near.values()) <= near[start, end] + EXACT * chance


def test_other_cues_change_nothing_in_a_content() -> None:
    net = network(1, cue=2.0)
    s, drafts = scene_of(net, TEXTS[0])
    contents.find(s, drafts)
    for draft in drafts:
        alone = Draft(draft.cue, draft.cue_last, draft.bare, draft.cue_probability)
        only = Scene(s.c, s.h, net, np.array([draft.cue]), s.cues_before, s.is_cue, s.edges)
        contents.find(only, [alone])
        assert (alone.start, alone.end) == (draft.start, draft.end)


def test_a_quotation_longer_than_the_reach_ends_with_its_own_mark() -> None:
    words = "الماء على " * pairs.REACH
    text = f"قال: «{words}» سعيد قال"
    for seed in range(12):
        s, drafts = scene_of(network(seed, cue=3.0), text)
        s.edges[:, 0] = 0
        s.edges[3, 0] = 1.0  # the only beginning: behind the opening mark
        contents.find(s, drafts)
        near = [d for d in drafts if 3 - pairs.AFTER <= d.cue <= 3 + pairs.BEFORE]
        if near:
            assert {(d.start, d.end) for d in near} == {(3, 2 + 2 * pairs.REACH)}
            return
    pytest.fail("no cue near the quotation")


def test_a_text_without_a_possible_edge_gives_no_content() -> None:
    s, drafts = scene_of(network(0, cue=3.0), TEXTS[0])
    s.edges[:] = 0
    contents.find(s, drafts)
    assert {d.start for d in drafts} == {-1}
    s, drafts = scene_of(network(0, cue=3.0), TEXTS[0])
    s.edges[:, 1] = 0  # beginnings, but no ends
    contents.find(s, drafts)
    assert {d.start for d in drafts} == {-1}
    contents.find(s, [])


numbers = st.lists(st.integers(0, 60), unique=True, max_size=30).map(sorted)


@given(numbers, st.lists(st.tuples(st.integers(-10, 70), st.integers(-10, 70)), max_size=10))
def test_windows_are_the_members_within_the_bounds(
    possible: list[int], bounds: list[tuple[int, int]]
) -> None:
    low = np.array([a for a, _ in bounds], dtype=np.int64)
    high = np.array([b for _, b in bounds], dtype=np.int64)
    rows, at = windows(np.array(possible, dtype=np.int64), low, high)
    expected = [
        (row, place)
        for row, (a, b) in enumerate(bounds)
        for place, member in enumerate(possible)
        if a <= member <= b
    ]
    assert list(zip(rows.tolist(), at.tolist(), strict=True)) == expected


@given(st.lists(st.lists(st.floats(-50, 50, width=32), max_size=6), max_size=8))
def test_chances_of_each_row_add_to_one(table: list[list[float]]) -> None:
    rows = np.array([k for k, row in enumerate(table) for _ in row], dtype=np.int64)
    scores = np.array([x for row in table for x in row], dtype=np.float32)
    logs, bounds = by_row(rows, scores, len(table))
    assert len(bounds) == len(table) + 1
    for k, row in enumerate(table):
        part = logs[bounds[k] : bounds[k + 1]]
        assert len(part) == len(row)
        if row:
            assert np.exp(part).sum() == pytest.approx(1, abs=1e-3)
            assert part[np.argmax(row)] == pytest.approx(part.max(), abs=1e-4)


@settings(deadline=None)
@given(articles, st.integers(0, 20))
def test_contents_of_any_text_lie_in_it(article: Article, seed: int) -> None:
    net = network(seed, cue=2.0)
    c = columns(article, net.alphabet)
    if not c.spans:
        return
    h = net.encode(c)
    drafts, labels = cues.find(c, h, net)
    contents.find(contents.scene(c, h, net, drafts, labels), drafts)
    for d in drafts:
        if d.start < 0:
            assert (d.end, d.content_probability) == (-1, 0.0)
            continue
        assert 0 <= d.start <= d.end < len(c.tokens)
        assert c.sentence[d.start] >= 0
        assert c.sentence[d.end] >= 0
        assert -pairs.BEFORE <= d.start - d.cue <= pairs.AFTER
        assert 0 < d.content_probability <= 1.0001
