"""Sayings: the same utterance in several articles, grouped as it comes in.

Each statement keeps a few keys of its words; a new one is compared with those that share a key, and the
surest of those that are the same utterance gives it its saying: the number of the first statement of
the group. Nothing is ever grouped within one article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
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

from qawl.record.repeats import Said, compare, keys_of
from qawl.record.schema import SayingKeyRow, StatementRow, table_of
from qawl.record.words import insert_many

KEYS = table_of(SayingKeyRow)
STATEMENTS = table_of(StatementRow)
#: Statements of one key that are looked at, the newest: what is repeated is mostly repeated within days.
NEWEST = 20
#: Statements that one is compared with, those that share most keys first.
COMPARED = 8
#: From this score on one shared key is enough; below it two are asked for (benchmarks/repeats.py: of the
#: marked pairs that keys find, 134 of 143 are kept, and most chance likenesses are not).
SURE = 0.85
_MANY = 500

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
_STATEMENTS = select(
    *(
        STATEMENTS.c[name]
        for name in (
            "id", "article_id", "text", "who", "source_id", "form", "act", "outlet", "published",
            "saying_id",
        )
    )
).where(STATEMENTS.c.id.in_(_SOME))  # fmt: skip


def group(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Sets ``saying_id`` of an article's new rows (not yet written), and keeps their keys."""
    keys = {row["id"]: keys_of(row["text"]) for row in rows}
    holders = _holders(connection, list(dict.fromkeys(k for some in keys.values() for k in some)))
    shared = {
        number: Counter(h for key in some for h in holders.get(key, ()))
        for number, some in keys.items()
    }
    best = {
        n: [h for h, _ in sorted(c.items(), key=lambda x: (-x[1], -x[0]))[:COMPARED]]
        for n, c in shared.items()
    }
    found = _found(connection, {h for some in best.values() for h in some})
    for row in rows:
        row["saying_id"] = row["id"]
        said = said_of(row)
        surest = 0.0
        for number in best[row["id"]]:
            other = found.get(number)
            if other is None or other["article_id"] == row["article_id"]:
                continue
            likeness = compare(said, said_of(other))
            enough = shared[row["id"]][number] > 1 or likeness.score >= SURE
            if likeness.same and enough and likeness.score > surest:
                surest, row["saying_id"] = likeness.score, other["saying_id"] or number
    kept = {(key, number) for number, some in keys.items() for key in some}
    insert_many(connection, "saying_keys", sorted(kept))


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
        found = connection.execute(_STATEMENTS, {"some": wanted[k : k + _MANY]})
        out |= {row["id"]: dict(row) for row in found.mappings()}
    return out


def forget(connection: Connection, rows: Sequence[RowMapping]) -> None:
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
