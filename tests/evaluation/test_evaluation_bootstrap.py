"""Intervals are seeded, hold the figure and shrink with the number of articles."""

import pytest

from qawl.evaluation.bootstrap import ArticleCounts, f1_intervals

#: Half of the articles all right, half all wrong: an F1 of 0.5.
MIXED = [ArticleCounts({"found": 4 * (n % 2), "none": 0}, 4, 4) for n in range(20)]


def test_an_interval_holds_the_figure() -> None:
    intervals = f1_intervals(MIXED)
    assert intervals["found"].low < 0.5 < intervals["found"].high
    assert (intervals["none"].low, intervals["none"].high) == (0.0, 0.0)


def test_the_seed_decides() -> None:
    assert f1_intervals(MIXED) == f1_intervals(MIXED)
    uneven = [ArticleCounts({"found": n % 7}, 7 + n % 5, 8 + n % 3) for n in range(40)]
    assert f1_intervals(uneven, seed=1) != f1_intervals(uneven, seed=2)


def test_more_articles_narrow_it() -> None:
    few, many = f1_intervals(MIXED)["found"], f1_intervals(MIXED * 20)["found"]
    assert many.high - many.low < few.high - few.low


def test_an_article_without_statements_counts_as_nothing() -> None:
    interval = f1_intervals([ArticleCounts({"found": 0}, 0, 0)])["found"]
    assert (interval.low, interval.high) == (0.0, 0.0)


def test_no_articles() -> None:
    with pytest.raises(ValueError, match="no articles"):
        f1_intervals([])
