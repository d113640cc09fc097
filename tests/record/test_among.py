"""A value among many: the same rows as with ``in_``, and one query text for lists of every length."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from qawl.record.among import among
from qawl.record.schema import SourceRow, table_of
from qawl.record.store import Record

SOURCES = table_of(SourceRow)
NAMES = ["سلمى الهاشمي", 'it\'s "so"', "a\\b", "اسم", "Ω"]


@pytest.fixture
def named(record: Record) -> Record:
    with record.writing() as connection:
        rows = [{"name": n, "kind": "person", "profile": {}} for n in NAMES]
        connection.execute(insert(SOURCES), rows)
    return record


@pytest.mark.parametrize(
    "names", [[], NAMES[:1], NAMES[1:3], NAMES, [*NAMES, *map(str, range(3000))], {NAMES[4]}]
)
def test_texts(named: Record, names: list[str]) -> None:
    with named.reading() as connection:
        found = connection.scalars(
            select(SOURCES.c.name).where(among(connection, SOURCES.c.name, names))
        )
        assert set(found) == set(names) & set(NAMES)


@pytest.mark.parametrize(
    "numbers", [[], [2], (1, 3), range(2, 5000), {4, (1 << 63) - 1, (1 << 53) + 1}]
)
def test_numbers(named: Record, numbers: list[int]) -> None:
    with named.reading() as connection:
        found = connection.scalars(
            select(SOURCES.c.id).where(among(connection, SOURCES.c.id, numbers))
        )
        assert set(found) == set(numbers) & {1, 2, 3, 4, 5}


def test_lists_of_every_length_are_one_query(named: Record) -> None:
    with named.reading() as connection:
        texts = {
            str(
                select(SOURCES.c.id)
                .where(among(connection, SOURCES.c.id, range(length)))
                .compile(connection)
            )
            for length in (0, 1, 7, 1000)
        }
    assert len(texts) == 1
