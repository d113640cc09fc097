"""Charts as numbers."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from qawl.model import ACTS
from qawl.web.charts import BARS, HEIGHT, WIDTH, bars, columns, points, stretches

MONTHS = st.builds(lambda y, m: f"{y:04d}-{m:02d}", st.integers(1970, 2090), st.integers(1, 12))


@given(st.lists(st.tuples(MONTHS, st.sampled_from(ACTS)), max_size=60))
def test_columns_hold_every_statement_and_stay_inside(moments: list[tuple[str, str]]) -> None:
    made = columns(moments, ACTS)
    assert sum(c.count for c in made) == len(moments)
    assert len(made) <= BARS + 1  # a span may begin and end inside a step
    for c in made:
        assert sum(s.count for s in c.segments) == c.count
        assert c.x >= 0
        assert c.x + c.width <= WIDTH + 0.1
        assert all(s.y >= -0.1 and s.y + s.height <= HEIGHT + 0.1 for s in c.segments)
    assert [c.since for c in made] == sorted(c.since for c in made)
    if moments:
        assert made[0].since == min(m for m, _ in moments)
        assert made[-1].until == max(m for m, _ in moments)


def test_columns_stack_in_the_order_of_the_acts_and_keep_empty_months() -> None:
    made = columns([("2024-01", "warn"), ("2024-01", "inform"), ("2024-03", "inform")], ACTS)
    assert [(c.label, c.count) for c in made] == [("2024-01", 2), ("2024-02", 0), ("2024-03", 1)]
    below, above = made[0].segments
    assert (below.kind, above.kind) == ("inform", "warn")
    assert below.y == HEIGHT / 2
    assert above.y == 0
    assert made[0].of("warn") == 1
    assert made[0].of("deny") == 0


def test_columns_of_one_scale() -> None:
    (only,) = columns([("2024-02", "deny")], ACTS, most=4)
    assert only.segments[0].height == HEIGHT / 4
    wide = columns([("2024-02", "deny")], ACTS, between=("2024-01", "2024-05"))
    assert len(wide) == 5
    assert columns([], ACTS) == []


def test_bars_join_months_of_a_long_time() -> None:
    months = [(f"{y}-{m:02d}", 1) for y in range(2000, 2010) for m in range(1, 13)]
    made = bars(months)
    assert len(made) <= BARS
    assert made[0].label == "2000-01 … 2000-03"
    assert sum(b.count for b in made) == 120


def test_stretches_lie_within_the_whole_time() -> None:
    rows = [
        ("وزير المياه", 4, "2020-01-01", "2022-01-01"),
        ("رئيس الوزراء", 9, "2022-01-02", "2024-01-01"),
        ("ضيف", 1, "2024-01-01", "2024-01-01"),
        ("بلا تاريخ", 3, None, None),
    ]
    made, years = stretches(rows)
    assert [s.label for s in made] == ["وزير المياه", "رئيس الوزراء", "ضيف"]
    assert made[0].start == 0
    assert all(s.start >= 0 and s.start + s.width <= 1.0001 and s.width > 0 for s in made)
    assert [y.label for y in years] == ["2021", "2022", "2023", "2024"]
    assert made[0].first == dt.date(2020, 1, 1)
    assert stretches([]) == ([], [])


def test_only_the_commonest_stretches_are_drawn() -> None:
    rows = [(f"صفة {n}", n, "2020-01-01", "2021-01-01") for n in range(1, 30)]
    made, _ = stretches(rows, 5)
    assert {s.count for s in made} == {25, 26, 27, 28, 29}


def test_points_stand_at_their_times_and_sides() -> None:
    days = [dt.datetime(2024, 1, d, tzinfo=dt.UTC) for d in (1, 11, 21)]
    first, middle, last = points([(days[0], 1, False), (days[1], 0, False), (days[2], -1, True)])
    assert first.x < middle.x < last.x
    assert middle.x - first.x == last.x - middle.x
    assert first.y < middle.y < last.y
    assert last.turned
    (alone,) = points([(days[0], 0, False)])
    assert alone.x == WIDTH / 2
    (early,) = points([(days[0], 0, False)], (days[0], days[2]))
    assert early.x == first.x
    assert points([]) == []
