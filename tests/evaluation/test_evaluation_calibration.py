"""Confidence against being right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qawl.evaluation.calibration import calibrate


def test_sure_and_right_is_no_error() -> None:
    assert calibrate([(1.0, True)] * 3).error == 0.0


def test_four_of_five_at_eight_tenths() -> None:
    result = calibrate([(0.8, True)] * 4 + [(0.8, False)])
    assert result.error == pytest.approx(0.0)
    (only,) = result.bins
    assert (only.low, only.high, only.count) == (0.8, 0.9, 5)


def test_the_error_is_weighed_by_how_many() -> None:
    result = calibrate([(0.95, True), (0.95, False), (0.05, False), (0.05, False)])
    assert result.error == pytest.approx((2 * 0.45 + 2 * 0.05) / 4)
    assert [(b.confidence, b.right) for b in result.bins] == [(0.05, 0.0), (0.95, 0.5)]


def test_outside_of_the_scale_is_clipped_and_nothing_is_no_error() -> None:
    assert [b.low for b in calibrate([(-1.0, False), (7.0, True)]).bins] == [0.0, 0.9]
    assert calibrate([]).error == 0.0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans())))
def test_every_prediction_is_in_one_bin(rows: list[tuple[float, bool]]) -> None:
    result = calibrate(rows)
    assert sum(b.count for b in result.bins) == len(rows)
    assert 0.0 <= result.error <= 1.0
    assert all(b.low <= b.confidence + 1e-9 and b.confidence <= b.high + 1e-9 for b in result.bins)
