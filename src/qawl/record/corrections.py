"""Corrections: what a person puts right in the record, kept with who and when, undoable.

Those of a statement name the article and the place of its content, so that they hold after the article is
read again: they are then applied, oldest first, to the statement that stands there. One that says that a
statement is right changes how sure it is, no more, and holds as long as the reader finds the same. Those of sources
(merge, split, rename, wikidata) change the sources' profiles and what they were linked to; undoing one restores
both, and what was linked since goes where its name goes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

from sqlalchemy import Connection, RowMapping, insert, select, update

from qawl.errors import InputError, NotFoundError, RecordError
from qawl.formats.csv_table import JOIN
from qawl.model import ACTS, FORMS
from qawl.record import merging, sayings, who, wikidata, words
from qawl.record.schema import ArticleRow, CorrectionRow, StatementRow, table_of

ARTICLES = table_of(ArticleRow)
STATEMENTS = table_of(StatementRow)
CORRECTIONS = table_of(CorrectionRow)

Kind = Literal[
    "wrong", "right", "speaker", "bounds", "act", "form", "merge", "split", "rename", "wikidata"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: Kinds that are about a statement; the others are about sources.
OF_STATEMENTS = ("wrong", "right", "speaker", "bounds", "act", "form")
#: Code points of a statement that a list of corrections shows.
SHOWN = 200
#: Letters that two contents share of those that either has, from which on they are the same statement.
SAME = 0.5


def statement_at(connection: Connection, article: int, place: int) -> RowMapping:
    """The row of the ``place``-th statement (from 1) of an article; raises InputError where none is."""
    s = STATEMENTS.c
    query = select(STATEMENTS).where(s.article_id == article, s.place == place - 1)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError(f"the record has no statement {article}#s{place}")
    return row


def correct(
    connection: Connection, row: RowMapping, kind: Kind, value: Mapping[str, Any], person: str
) -> int:
    """Corrects a statement: ``wrong`` {}, ``right`` {} (what it says as it is now), ``speaker`` {"source":
    number} or {"source": None}, with the "name" as the article has it where that is to be shown, ``bounds``
    {"content": [[start, end], …]}, ``act`` {"act": …}, ``form`` {"form": …}. Returns the correction's
    number; raises InputError for a value that does not fit."""
    text = (
        connection.scalar(select(ARTICLES.c.text).where(ARTICLES.c.id == row["article_id"])) or ""
    )
    _check(connection, kind, value, text)
    key = connection.scalar(select(ARTICLES.c.key).where(ARTICLES.c.id == row["article_id"]))
    about = {"article": key, "text": _hash_of(connection, row), "content": row["spans"]["content"]}
    about |= {"words": row["text"][:SHOWN], "was": _was(dict(row), kind)}
    if kind == "right":
        value = confirmed(dict(row))
    number = _keep(connection, kind, about, value, person)
    _change(connection, dict(row), kind, value, text)
    return number


def merge(connection: Connection, number: int, into: int, person: str) -> int:
    """Makes two sources one; returns the correction's number."""
    value = merging.merge(connection, number, into)
    value["wikidata"] = wikidata.inherit(connection, number, into)
    return _keep(connection, "merge", {"source": number}, value, person)


def split(
    connection: Connection, number: int, names: Sequence[str], person: str
) -> tuple[int, int]:
    """Parts the statements under some of a source's names from it; returns the correction's and the new
    source's number."""
    value = merging.split(connection, number, names)
    return _keep(connection, "split", {"source": number}, value, person), int(value["to"])


def rename(connection: Connection, number: int, name: str, person: str) -> int:
    """Gives a source the name to show; returns the correction's number."""
    value = merging.rename(connection, number, name)
    return _keep(connection, "rename", {"source": number}, value, person)


def identify(connection: Connection, number: int, ident: str, person: str) -> int:
    """Gives a source its Wikidata id (Q…); returns the correction's number."""
    merging.source(connection, number)
    value = wikidata.give(connection, number, wikidata.checked(ident))
    return _keep(connection, "wikidata", {"source": number}, value, person)


def undo(connection: Connection, number: int, reread: Any, person: str | None = None) -> None:
    """Takes a correction back for ``person``. ``reread`` (connection, article's number) puts an article's
    statements as the reader and the other corrections have them. Raises NotFoundError where there is none, InputError where it is undone."""
    query = select(CORRECTIONS).where(CORRECTIONS.c.id == number)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError(f"there is no correction {number}")
    if row["undone"] is not None:
        raise InputError(f"correction {number} was taken back before")
    if row["kind"] == "wikidata":
        wikidata.take_back(connection, row["about"]["source"], row["value"])
    elif row["kind"] not in OF_STATEMENTS:
        if row["value"].get("wikidata"):
            wikidata.take_back(
                connection, row["value"]["into"], {"id": row["value"]["wikidata"], "old": None}
            )
        merging.undo(connection, row["kind"], row["about"], row["value"])
    taken = {"undone": dt.datetime.now(dt.UTC), "undone_by": person}
    connection.execute(update(CORRECTIONS).where(CORRECTIONS.c.id == number).values(taken))
    if row["kind"] in OF_STATEMENTS:
        for article in _articles(connection, row["about"]):
            reread(connection, article)


def all_of(connection: Connection) -> list[RowMapping]:
    """Every correction, the oldest first."""
    return list(connection.execute(select(CORRECTIONS).order_by(CORRECTIONS.c.id)).mappings())


def newest(connection: Connection, size: int, before: int | None = None) -> list[RowMapping]:
    """The newest ``size`` corrections of a number under ``before``, the newest first."""
    c = CORRECTIONS.c
    query = select(CORRECTIONS).order_by(c.id.desc()).limit(size)
    if before is not None:
        query = query.where(c.id < before)
    return list(connection.execute(query).mappings())


def of_article(connection: Connection, article: int) -> list[RowMapping]:
    """The corrections of an article's statements that were not taken back, the oldest first."""
    c = CORRECTIONS.c
    key, hash_ = connection.execute(
        select(ARTICLES.c.key, ARTICLES.c.hash).where(ARTICLES.c.id == article)
    ).one()
    query = select(CORRECTIONS).where(c.article == key, c.undone.is_(None)).order_by(c.id)
    return [r for r in connection.execute(query).mappings() if r["about"]["text"] == hash_]


def of_statement(connection: Connection, row: Mapping[str, Any]) -> list[RowMapping]:
    """The corrections that hold for a statement, the oldest first."""
    mine = []
    for correction in of_article(connection, row["article_id"]):
        found = _standing_at(connection, row["article_id"], correction["about"]["content"])
        if found is not None and found["id"] == row["id"]:
            mine.append(correction)
    return mine


def stands(connection: Connection, number: int) -> tuple[int, int | None] | None:
    """Where the statement of a correction stands now: the number of the newest version with its text, and its
    place (from 1) there, if it has one; None where it is about sources, or the article is gone."""
    a = ARTICLES.c
    about = connection.scalar(select(CORRECTIONS.c.about).where(CORRECTIONS.c.id == number))
    if not about or "article" not in about:
        return None
    mine = (a.key == about["article"], a.hash == about["text"])
    article = connection.scalar(select(a.id).where(*mine).order_by(a.id.desc()).limit(1))
    if article is None:
        return None
    row = _standing_at(connection, article, about["content"])
    return article, None if row is None else row["place"] + 1


def apply(connection: Connection, article: int) -> int:
    """Applies what people corrected in an article to its statements as they are now; how many were."""
    text = connection.scalar(select(ARTICLES.c.text).where(ARTICLES.c.id == article)) or ""
    done = 0
    for correction in of_article(connection, article):
        row = _standing_at(connection, article, correction["about"]["content"])
        if row is not None:
            _change(connection, dict(row), correction["kind"], correction["value"], text)
            done += 1
    return done


def marked_wrong(connection: Connection, article: int) -> set[int]:
    """The numbers of the statements of an article that people marked wrong, of an old version, too."""
    made = of_article(connection, article)
    mine = [row["about"] for row in made if row["kind"] == "wrong"]
    rows = [_standing_at(connection, article, about["content"]) for about in mine]
    return {row["id"] for row in rows if row is not None}


def _check(connection: Connection, kind: Kind, value: Mapping[str, Any], text: str) -> None:
    if kind == "act" and value["act"] not in ACTS:
        raise InputError(f"{value['act']} is no act: one of {', '.join(ACTS)}")
    if kind == "form" and value["form"] not in FORMS:
        raise InputError(f"{value['form']} is no form: one of {', '.join(FORMS)}")
    if kind == "bounds":
        content = value["content"]
        ends = [place for part in content for place in part]
        if not content or ends != sorted(ends) or ends[0] < 0 or ends[-1] > len(text):
            raise InputError(f"the bounds must rise, within the article's {len(text)} code points")
        if any(not text[a:b].strip() for a, b in content):
            raise InputError("a part of the content would be empty")
    if kind == "speaker" and value["source"] is not None:
        merging.source(connection, value["source"])


def _change(
    connection: Connection, row: dict[str, Any], kind: str, value: Mapping[str, Any], text: str
) -> None:
    changed: dict[str, Any] = {}
    if kind == "right":
        if confirmed(row) == value:
            sure = {"confidence": 1.0}
            connection.execute(update(STATEMENTS).where(STATEMENTS.c.id == row["id"]).values(sure))
        return
    if kind == "wrong":
        sayings.forget(connection, [row])
        changed |= {"current": False, "saying_id": row["id"]}
    elif kind == "speaker":
        meant = None if value["source"] is None else who.numbered(connection, value["source"])
        changed["source_id"] = meant and meant.source.id
        changed["link"] = {"why": "corrected", "sure": 1.0}
        changed["who"] = value.get("name") or (meant and meant.name)
        # what was read is kept: it is what its source's profile counts
        read = {"who": row["who"], "source": row["source_id"], "span": row["spans"].get("who")}
        changed["spans"] = {"read": read, **row["spans"]}
        changed["spans"].pop("who", None)
    elif kind == "bounds":
        sayings.forget(connection, [row])  # it is settled anew, by its new words
        changed["saying_id"] = None
        changed["spans"] = {**row["spans"], "content": value["content"]}
        changed["text"] = JOIN.join(text[a:b] for a, b in value["content"])
    else:
        changed[kind] = value[kind]
    connection.execute(update(STATEMENTS).where(STATEMENTS.c.id == row["id"]).values(changed))
    words.remove(connection, [row["id"]])
    after = row | changed
    if after["current"]:
        words.add(connection, [words.entry_of(after, after["spans"].get("names"), text)])


def confirmed(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a person says is right who says that a statement is."""
    return {"content": row["spans"]["content"], **{k: row[k] for k in ("who", "act", "form")}}


def _was(row: Mapping[str, Any], kind: Kind) -> str | None:
    """What a correction of that kind changes, as it was, for people."""
    held = {"act": "act", "form": "form", "speaker": "who"}.get(kind)
    return row[held] if held else None


def _standing_at(
    connection: Connection, article: int, content: Sequence[Sequence[int]]
) -> RowMapping | None:
    """The statement of an article that shares most with a content, if it shares half."""
    mine = _letters(content)
    best: tuple[float, RowMapping] | None = None
    for row in connection.execute(
        select(STATEMENTS).where(STATEMENTS.c.article_id == article)
    ).mappings():
        theirs = _letters(row["spans"]["content"])
        share = len(mine & theirs) / len(mine | theirs)
        if share >= SAME and (best is None or share > best[0]):
            best = share, row
    return best and best[1]


def _letters(content: Iterable[Sequence[int]]) -> set[int]:
    return {k for a, b in content for k in range(a, b)}


def _articles(connection: Connection, about: Mapping[str, Any]) -> Iterator[int]:
    a = ARTICLES.c
    yield from connection.scalars(
        select(a.id).where(a.key == about["article"], a.hash == about["text"], a.current)
    )


def _hash_of(connection: Connection, row: RowMapping) -> str:
    found = connection.scalar(select(ARTICLES.c.hash).where(ARTICLES.c.id == row["article_id"]))
    if found is None:
        raise RecordError("the article of the statement is gone")
    return str(found)


def _keep(
    connection: Connection,
    kind: Kind,
    about: Mapping[str, Any],
    value: Mapping[str, Any],
    person: str,
) -> int:
    row = {
        "kind": kind,
        "about": dict(about),
        "value": dict(value),
        "person": person,
        "made": dt.datetime.now(dt.UTC),
        "article": about.get("article"),
    }
    made = connection.execute(insert(CORRECTIONS), row).inserted_primary_key
    return int(made[0]) if made is not None else 0
