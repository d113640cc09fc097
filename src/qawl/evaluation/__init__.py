"""Measuring: predicted statements against gold ones.

``gold`` reads the files, ``pairs`` and ``names`` judge one article, ``measures`` counts,
``report`` shows. The main path: ``read_gold`` → ``judge`` → ``measure`` → ``as_table``.
"""

from __future__ import annotations

from qawl.evaluation.gold import read_gold, read_predicted
from qawl.evaluation.judge import JudgedArticle, judge, judge_all
from qawl.evaluation.measures import Figures, measure

__all__ = [
    "Figures",
    "JudgedArticle",
    "judge",
    "judge_all",
    "measure",
    "read_gold",
    "read_predicted",
]
