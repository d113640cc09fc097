"""The figures of a set of judged articles.

found   content letters overlap by half or more     exact   the same letters
joint   found, and the source is right              whole   exact, cue overlaps, source is right
strict  nothing differs: content, cue and speaker to the character, source, form and act
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from qawl.evaluation.bootstrap import SEED, ArticleCounts, Interval, f1_intervals
from qawl.evaluation.calibration import Calibration, calibrate
from qawl.evaluation.judge import MENTIONS, JudgedArticle, Mention, Pair, mention_of
from qawl.evaluation.pairs import same_place
from qawl.model import ACTS, FORMS, Act, Form, Statement

#: Acts that affirm. A denial taken for one of them, or the reverse, turns the meaning round.
ASSERTIONS: tuple[Act, ...] = ("inform", "support")

#: What a pair must be to count for each of the F1 figures.
LEVELS: dict[str, Callable[[Pair], bool]] = {
    "found": lambda pair: True,
    "exact": lambda pair: pair.exact,
    "joint": lambda pair: pair.who_right,
    "whole": lambda pair: pair.whole,
    "strict": lambda pair: pair.strict,
}
#: The figures that carry an interval.
WITH_INTERVAL = ("found", "exact", "joint", "whole")


@dataclass(frozen=True, slots=True)
class Rate:
    """Hits among the predicted and among the gold; 0.0 where there is nothing to count."""

    predicted_hits: int
    predicted: int
    gold_hits: int
    gold: int

    @property
    def precision(self) -> float:
        """Hits over predicted."""
        return self.predicted_hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Hits over gold."""
        return self.gold_hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many are right."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """Right over all, 0.0 where there are none."""
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Group:
    """The F1 figures of one form, act or outlet, and the right sources of its pairs."""

    found: Rate
    exact: Rate
    joint: Rate
    whole: Rate
    strict: Rate
    who: Share


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts over pairs. ``confusion[gold][predicted]`` counts; ``by_act`` holds acts in the gold."""

    right: Share
    by_act: Mapping[Act, Rate]
    confusion: Mapping[Act, Mapping[Act, int]]

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the acts that stand in the gold of the pairs."""
        return sum(r.f1 for r in self.by_act.values()) / len(self.by_act) if self.by_act else 0.0


@dataclass(frozen=True, slots=True)
class Flips:
    """Polarity over pairs: gold denials read as assertions (inform, support), and the reverse."""

    denials: Share
    assertions: Share


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures. ``articles_missing`` had no line of predictions; shares are over pairs.

    ``cue`` (of pairs whose gold has a cue) and ``speaker`` (spans) come as exact and overlapping;
    ``letters`` compares the contents' letters and digits; ``overlap`` is the mean over pairs.
    """

    articles: int
    articles_missing: int
    total: Group
    by_form: Mapping[Form, Group]
    by_act: Mapping[Act, Group]
    by_outlet: Mapping[str, Group]
    overlap: float
    letters: Rate
    form: Share
    cue: Share
    cue_exact: Share
    cue_spans: Rate
    cue_spans_exact: Rate
    speaker_spans: Rate
    speaker_spans_exact: Rate
    who_by_mention: Mapping[Mention, Share]
    acts: Acts
    flips: Flips
    intervals: Mapping[str, Interval]
    calibration: Calibration


def measure(articles: Sequence[JudgedArticle], seed: int = SEED) -> Figures:
    """The figures of the articles, one at least; ``seed`` draws the intervals.

    Raises ``ValueError`` without articles.
    """
    pairs = [pair for article in articles for pair in article.pairs]
    outlets = sorted({a.outlet for a in articles if a.outlet})
    cued = [pair for pair in pairs if pair.gold.cue]
    return Figures(
        articles=len(articles),
        articles_missing=sum(not a.read for a in articles),
        total=_group(articles),
        by_form={f: _group(articles, lambda s, f=f: s.form == f) for f in FORMS},  # type: ignore[misc]
        by_act={a: _group(articles, lambda s, a=a: s.act == a) for a in ACTS},  # type: ignore[misc]
        by_outlet={o: _group([a for a in articles if a.outlet == o]) for o in outlets},
        overlap=sum(pair.overlap for pair in pairs) / len(pairs) if pairs else 0.0,
        letters=_letters(articles),
        form=_share(pairs, lambda p: p.gold.form == p.predicted.form),
        cue=_share(cued, lambda p: p.cue_overlaps),
        cue_exact=_share(cued, lambda p: same_place(p.gold.cue, p.predicted.cue)),
        cue_spans=_spans(pairs, lambda s: s.cue is not None, lambda p: p.cue_overlaps),
        cue_spans_exact=_spans(
            pairs,
            lambda s: s.cue is not None,
            lambda p: p.cue_overlaps and same_place(p.gold.cue, p.predicted.cue),
        ),
        speaker_spans=_spans(pairs, lambda s: s.speaker is not None, lambda p: p.speaker_overlaps),
        speaker_spans_exact=_spans(
            pairs,
            lambda s: s.speaker is not None,
            lambda p: p.speaker_overlaps and same_place(p.gold.speaker, p.predicted.speaker),
        ),
        who_by_mention={
            m: _share([p for p in pairs if mention_of(p.gold) == m], lambda p: p.who_right)
            for m in MENTIONS
        },
        acts=_acts(pairs),
        flips=_flips(pairs),
        intervals=f1_intervals([_counts(a) for a in articles], seed),
        calibration=_calibration(articles),
    )


def _share(pairs: Sequence[Pair], right: Callable[[Pair], bool]) -> Share:
    return Share(sum(map(right, pairs)), len(pairs))


def _group(
    articles: Iterable[JudgedArticle], belongs: Callable[[Statement], bool] = lambda s: True
) -> Group:
    """The figures over the gold that belongs (recall) and the predicted that belongs (precision)."""
    gold = predicted = 0
    ours: list[Pair] = []
    theirs: list[Pair] = []
    for article in articles:
        gold += sum(map(belongs, article.gold))
        predicted += sum(map(belongs, article.predicted))
        ours += [pair for pair in article.pairs if belongs(pair.gold)]
        theirs += [pair for pair in article.pairs if belongs(pair.predicted)]
    rates = {
        name: Rate(sum(map(hit, theirs)), predicted, sum(map(hit, ours)), gold)
        for name, hit in LEVELS.items()
    }
    return Group(**rates, who=_share(ours, lambda p: p.who_right))


def _letters(articles: Sequence[JudgedArticle]) -> Rate:
    shared = sum(pair.shared for a in articles for pair in a.pairs)
    return Rate(
        shared,
        sum(a.predicted_letters for a in articles),
        shared,
        sum(a.gold_letters for a in articles),
    )


def _spans(
    pairs: Sequence[Pair], has: Callable[[Statement], bool], hit: Callable[[Pair], bool]
) -> Rate:
    hits = sum(map(hit, pairs))
    return Rate(hits, sum(has(p.predicted) for p in pairs), hits, sum(has(p.gold) for p in pairs))


def _acts(pairs: Sequence[Pair]) -> Acts:
    counts = Counter((p.gold.act, p.predicted.act) for p in pairs)
    in_gold = [a for a in ACTS if any(g == a for g, _ in counts)]
    gold, predicted = Counter(p.gold.act for p in pairs), Counter(p.predicted.act for p in pairs)
    return Acts(
        right=_share(pairs, lambda p: p.gold.act == p.predicted.act),
        by_act={a: Rate(counts[a, a], predicted[a], counts[a, a], gold[a]) for a in in_gold},
        confusion={g: {p: counts[g, p] for p in ACTS} for g in in_gold},
    )


def _flips(pairs: Sequence[Pair]) -> Flips:
    denials = [p for p in pairs if p.gold.act == "deny"]
    assertions = [p for p in pairs if p.gold.act in ASSERTIONS]
    return Flips(
        denials=_share(denials, lambda p: p.predicted.act in ASSERTIONS),
        assertions=_share(assertions, lambda p: p.predicted.act == "deny"),
    )


def _counts(article: JudgedArticle) -> ArticleCounts:
    hits = {name: sum(map(LEVELS[name], article.pairs)) for name in WITH_INTERVAL}
    return ArticleCounts(hits, len(article.gold), len(article.predicted))


def _calibration(articles: Iterable[JudgedArticle]) -> Calibration:
    rows = []
    for article in articles:
        rows += [(p.predicted.confidence, p.who_right) for p in article.pairs]
        rows += [(s.confidence, False) for s in article.extra]
    return calibrate(rows)
