"""Whether a confidence means what it says: of statements at 0.8, are four of five right?

Right means joint-right: the statement was found and its source is the gold one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: Ten equal bins, the usual choice for expected calibration error (Guo et al. 2017).
BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions with a confidence from ``low`` up to ``high`` (1.0 belongs to the last bin)."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The expected calibration error (0 to 1) and the bins that hold a prediction."""

    error: float
    bins: tuple[Bin, ...]


def calibrate(predictions: Iterable[tuple[float, bool]]) -> Calibration:
    """From each prediction's confidence (0 to 1, clipped to it) and whether it is right."""
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in predictions:
        bounded = min(max(confidence, 0.0), 1.0)
        rows[min(int(bounded * BINS), BINS - 1)].append((bounded, right))
    total = sum(map(len, rows))
    bins = tuple(
        Bin(
            low=n / BINS,
            high=(n + 1) / BINS,
            count=len(row),
            confidence=sum(c for c, _ in row) / len(row),
            right=sum(r for _, r in row) / len(row),
        )
        for n, row in enumerate(rows)
        if row
    )
    error = sum(b.count * abs(b.confidence - b.right) for b in bins) / total if total else 0.0
    return Calibration(error, bins)
