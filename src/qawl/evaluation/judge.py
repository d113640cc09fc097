"""Judges one article: which statements were found and what of each is right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from qawl.evaluation.names import bears_name, names_in_article, names_source
from qawl.evaluation.pairs import letters, match, overlap, same_place
from qawl.model import Article, Statement

#: How the gold names the source beside the cue: by a word of its name, by a role or description
#: without one, or not at all (a verb or a pronoun hides it).
Mention = Literal["named", "role", "hidden"]
MENTIONS: tuple[Mention, ...] = ("named", "role", "hidden")


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold statement, the prediction that found it, and what of the prediction is right.

    ``overlap`` is letters shared over letters in either content (0 to 1), ``shared`` their count.
    """

    gold: Statement
    predicted: Statement
    overlap: float
    exact: bool
    shared: int
    who_right: bool
    cue_overlaps: bool
    speaker_overlaps: bool

    @property
    def whole(self) -> bool:
        """Exact content, a cue that overlaps the gold one (where there is one), the right source."""
        return self.exact and self.who_right and (self.gold.cue is None or self.cue_overlaps)

    @property
    def strict(self) -> bool:
        """Nothing differs: content, cue and speaker to the character, source, form and act."""
        return (
            [(s.start, s.end) for s in self.gold.content]
            == [(s.start, s.end) for s in self.predicted.content]
            and same_place(self.gold.cue, self.predicted.cue)
            and same_place(self.gold.speaker, self.predicted.speaker)
            and self.who_right
            and self.gold.form == self.predicted.form
            and self.gold.act == self.predicted.act
        )


@dataclass(frozen=True, slots=True)
class JudgedArticle:
    """One article's statements, paired. ``read`` is False where it has no predictions at all.

    ``gold_letters`` and ``predicted_letters`` add up the letters and digits of all contents.
    """

    id: str
    outlet: str | None
    gold: tuple[Statement, ...]
    predicted: tuple[Statement, ...]
    pairs: tuple[Pair, ...]
    missed: tuple[Statement, ...]
    extra: tuple[Statement, ...]
    gold_letters: int
    predicted_letters: int
    read: bool = True


def mention_of(statement: Statement) -> Mention:
    """How a gold statement names its source beside the cue."""
    if statement.speaker is None:
        return "hidden"
    return "named" if bears_name(statement.speaker.text, statement.who or "") else "role"


def judge(article: Article, predicted: Sequence[Statement] | None) -> JudgedArticle:
    """Judges ``predicted`` against ``article.statements``, the gold; None: no prediction was given.

    Both count offsets in ``article.text``. A prediction's source is its ``who``, or its speaker's
    words where it has none.
    """
    gold, given = article.statements, tuple(predicted or ())
    gold_letters = [letters(s, article.text) for s in gold]
    given_letters = [letters(s, article.text) for s in given]
    names = names_in_article(gold)
    matches = match(gold_letters, given_letters)
    pairs = []
    for m in matches:
        g, p = gold[m.gold], given[m.predicted]
        named = p.who or (p.speaker.text if p.speaker else None)
        pairs.append(
            Pair(
                gold=g,
                predicted=p,
                overlap=m.overlap,
                exact=m.exact,
                shared=m.shared,
                who_right=names_source(named, g.who or "", names),
                cue_overlaps=overlap(g.cue, p.cue),
                speaker_overlaps=overlap(g.speaker, p.speaker),
            )
        )
    found, answering = {m.gold for m in matches}, {m.predicted for m in matches}
    return JudgedArticle(
        id=article.id,
        outlet=article.outlet,
        gold=gold,
        predicted=given,
        pairs=tuple(pairs),
        missed=tuple(s for i, s in enumerate(gold) if i not in found),
        extra=tuple(s for i, s in enumerate(given) if i not in answering),
        gold_letters=sum(map(len, gold_letters)),
        predicted_letters=sum(map(len, given_letters)),
        read=predicted is not None,
    )


def judge_all(
    gold: Iterable[Article], predicted: Mapping[str, Sequence[Statement]]
) -> list[JudgedArticle]:
    """Judges every gold article by the predictions for its ``id``; an id without any counts as
    read with no statement found."""
    return [judge(article, predicted.get(article.id)) for article in gold]
