"""Sayings: the same utterance in several articles, grouped soon after it comes in.

Each statement keeps a few keys of its words; a new one is compared with those that share a key, and the
surest of those that are the same utterance gives it its saying: the number of the first statement of
the group. Nothing is ever grouped within one article.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    RowMapping,
    bindparam,
    delete,
    func,
    select,
    update,
)

from qawl.record import words
from qawl.record.repeats import Said, compare, keys_of
from qawl.record.schema import ArticleRow, SayingKeyRow, StatementRow, table_of
from qawl.record.words import execute_many, insert_many, is_postgresql

ARTICLES = table_of(ArticleRow)
KEYS = table_of(SayingKeyRow)
STATEMENTS = table_of(StatementRow)
#: Statements of one key that are looked at, the newest: what is repeated is mostly repeated within days.
NEWEST = 20
#: Statements that one is compared with, those that share most keys first.
COMPARED = 8
#: From this score on one shared key is enough; below it two are asked for (benchmarks/repeats.py: of the
#: marked pairs that keys find, 134 of 143 are kept, and most chance likenesses are not).
SURE = 0.85
#: Of those that share one key only.
ALONE = 3
_MANY = 500
#: Statements settled in one transaction.
_PENDING = 1000

_SOME: BindParameter[Any] = bindparam("some", expanding=True)
_PLACES = (
    select(
        KEYS.c.key,
        KEYS.c.statement_id,
        func.row_number()
        .over(partition_by=KEYS.c.key, order_by=KEYS.c.statement_id.desc())
        .label("place"),
    )
    .where(KEYS.c.key.in_(_SOME))
    .subquery()
)
_HOLDERS = select(_PLACES.c.key, _PLACES.c.statement_id).where(_PLACES.c.place <= NEWEST)
_COLUMNS = select(
    *(
        STATEMENTS.c[name]
        for name in (
            "id", "article_id", "text", "who", "source_id", "form", "act", "outlet", "published",
            "saying_id",
        )
    )
)  # fmt: skip
_WAITING = (
    _COLUMNS.add_columns(
        STATEMENTS.c.current, STATEMENTS.c.checkable, STATEMENTS.c.spans["names"].label("names")
    )
    .where(STATEMENTS.c.saying_id.is_(None))
    .order_by(STATEMENTS.c.article_id, STATEMENTS.c.place)
)
_TEXTS = select(ARTICLES.c.id, ARTICLES.c.text).where(ARTICLES.c.id.in_(_SOME))
_SETTLE = "UPDATE statements SET saying_id = ? WHERE id = ?"


def settle(connection: Connection, most: int = _PENDING) -> int:
    """Gives statements that have none their saying, those that were added first (at most ``most``); how many.

    So they become findable by their words, too. They are settled some dozens of articles at once, since every
    statement touches a handful of far-apart places of both indexes. What a killed process leaves is
    settled by the next.
    """
    waiting = _WAITING.limit(most)
    if is_postgresql(connection):  # another process may be at it
        waiting = waiting.with_for_update(skip_locked=True)
    rows = [dict(row) for row in connection.execute(waiting).mappings()]
    if not rows:
        return 0
    keys = {row["id"]: keys_of(row["text"]) for row in rows}
    together: dict[int, list[int]] = {}
    for number in sorted(keys, reverse=True):
        for key in dict.fromkeys(keys[number]):
            together.setdefault(key, []).append(number)
    holders = _holders(connection, list(together))
    insert_many(
        connection,
        "saying_keys",
        sorted((key, number) for key, some in together.items() for number in some),
        again=True,
    )
    for key, some in together.items():
        if len(some) > 1 or key in holders:
            holders[key] = heapq.nlargest(NEWEST, {*some, *holders.get(key, ())})
    shared: dict[int, Counter[int]] = {}
    for number, some in keys.items():
        counts = Counter(h for k in some for h in holders.get(k, ()))
        del counts[number]
        if counts:
            shared[number] = counts
    mine = {row["id"]: row for row in rows}
    best = {n: _likeliest(counts) for n, counts in shared.items()}
    others = {h for some in best.values() for h in some} - mine.keys()
    found = _found(connection, others) | mine
    for row in rows:
        surest, saying = 0.0, row["id"]
        for number in best.get(row["id"], ()):
            other = found.get(number)
            # of those that are settled now, only those before it have a saying yet
            if (
                other is None
                or other["saying_id"] is None
                or other["article_id"] == row["article_id"]
            ):
                continue
            likeness = compare(said_of(row), said_of(other))
            enough = shared[row["id"]][number] > 1 or likeness.score >= SURE
            if likeness.same and enough and likeness.score > surest:
                surest, saying = likeness.score, other["saying_id"]
        row["saying_id"] = saying
    execute_many(connection, _SETTLE, [(r["saying_id"], r["id"]) for r in rows])
    articles = list(dict.fromkeys(row["article_id"] for row in rows))
    texts = {row.id: row.text for row in connection.execute(_TEXTS, {"some": articles})}
    words.add(
        connection,
        [words.entry_of(r, r["names"], texts[r["article_id"]]) for r in rows if r["current"]],
    )
    return len(rows)


def _likeliest(shared: Counter[int]) -> list[int]:
    """The statements to compare one with: those that share most keys, and of those that share one key
    only the newest few."""
    ranked = sorted(shared, key=lambda h: (-shared[h], -h))
    several = [h for h in ranked if shared[h] > 1][:COMPARED]
    return several + [h for h in ranked if shared[h] == 1][: min(ALONE, COMPARED - len(several))]


def said_of(row: Any) -> Said:
    """What ``repeats`` needs of a row."""
    return Said(
        row["text"], row["who"], row["source_id"], row["form"], row["act"], row["outlet"],
        row["published"],
    )  # fmt: skip


def _holders(connection: Connection, keys: Sequence[int]) -> dict[int, list[int]]:
    """The newest statements that hold each of the keys."""
    out: dict[int, list[int]] = {}
    for k in range(0, len(keys), _MANY):
        for key, number in connection.execute(_HOLDERS, {"some": keys[k : k + _MANY]}):
            out.setdefault(key, []).append(number)
    return out


def _found(connection: Connection, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
    wanted = sorted(numbers)
    out: dict[int, dict[str, Any]] = {}
    for k in range(0, len(wanted), _MANY):
        found = connection.execute(
            _COLUMNS.where(STATEMENTS.c.id.in_(_SOME)), {"some": wanted[k : k + _MANY]}
        )
        out |= {row["id"]: dict(row) for row in found.mappings()}
    return out


def forget(connection: Connection, rows: Sequence[Mapping[str, Any] | RowMapping]) -> None:
    """Takes statements (their ``id`` and ``text``) out of their sayings: a group whose first goes is named
    by its next."""
    numbers = [row["id"] for row in rows]
    gone = [{"k": k, "n": row["id"]} for row in rows for k in keys_of(row["text"])]
    if gone:
        mine = (KEYS.c.key == bindparam("k"), KEYS.c.statement_id == bindparam("n"))
        connection.execute(delete(KEYS).where(*mine), gone)
    for number in numbers:
        rest = select(func.min(STATEMENTS.c.id)).where(
            STATEMENTS.c.saying_id == number, STATEMENTS.c.id.not_in(numbers)
        )
        following = connection.scalar(rest)
        if following is not None:
            query = update(STATEMENTS).where(STATEMENTS.c.saying_id == bindparam("old"))
            connection.execute(query.values(saying_id=following), {"old": number})
