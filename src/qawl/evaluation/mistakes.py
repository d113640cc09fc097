"""What went wrong, one by one, with the place in the article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from qawl.evaluation.judge import JudgedArticle, Pair
from qawl.model import Statement

Kind = Literal["missed", "extra", "wrong speaker", "wrong bounds", "wrong act"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: where the statement stands (code points), its words, what was meant and given.

    ``gold`` and ``predicted`` hold what differs (a name, the words, an act); one is empty for a
    missed or an extra statement. ``cue`` is the reporting word of the statement meant.
    """

    kind: Kind
    article: str
    start: int
    end: int
    text: str
    form: str
    cue: str
    gold: str = ""
    predicted: str = ""


def mistakes(articles: Iterable[JudgedArticle]) -> Iterator[Mistake]:
    """The mistakes of the articles in their order; a pair may give several."""
    for article in articles:
        for statement in article.missed:
            yield _of("missed", article, statement, gold=_words(statement))
        for statement in article.extra:
            yield _of("extra", article, statement, predicted=_words(statement))
        for pair in article.pairs:
            yield from _of_pair(article, pair)


def _of_pair(article: JudgedArticle, pair: Pair) -> Iterator[Mistake]:
    gold, predicted = pair.gold, pair.predicted
    if not pair.who_right:
        named = predicted.who or (predicted.speaker.text if predicted.speaker else "")
        yield _of("wrong speaker", article, gold, gold=gold.who or "", predicted=named)
    if not pair.exact:
        yield _of("wrong bounds", article, gold, gold=_words(gold), predicted=_words(predicted))
    if gold.act != predicted.act:
        yield _of("wrong act", article, gold, gold=gold.act, predicted=predicted.act)


def _of(
    kind: Kind,
    article: JudgedArticle,
    statement: Statement,
    *,
    gold: str = "",
    predicted: str = "",
) -> Mistake:
    return Mistake(
        kind=kind,
        article=article.id,
        start=statement.start,
        end=statement.end,
        text=_words(statement),
        form=statement.form,
        cue=statement.cue.text if statement.cue else "",
        gold=gold,
        predicted=predicted,
    )


def _words(statement: Statement) -> str:
    """The content's words; "[…]" stands between its parts."""
    return " […] ".join(span.text for span in statement.content)
