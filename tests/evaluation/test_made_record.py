"""The record that is made for benchmarks/ has the shape of one that was read."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from qawl.record import who
from qawl.record.schema import StatementRow, table_of
from qawl.record.search import Filters, search
from qawl.record.store import Record
from qawl.record.topics import activity

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
if not BENCHMARKS.is_dir():
    pytest.skip("benchmarks/ is not here", allow_module_level=True)
sys.path.append(str(BENCHMARKS))

import made_record  # noqa: E402

STATEMENTS = table_of(StatementRow)


def test_it_has_what_a_read_record_has(record: Record) -> None:
    made_record.fill(1_800, record, sources=60)
    assert record.counts()["statements"] >= 1_800
    article = record.article(7)
    assert len(article.statements) == made_record.AN_ARTICLE
    for statement in article.statements:
        assert statement.cue is not None
        assert statement.speaker is not None
        assert statement.who in statement.speaker.text
        spans = (*statement.content, statement.cue, statement.speaker)
        assert all(article.text[s.start : s.end] == s.text for s in spans)
        content = statement.content[0]
        assert all(
            content.start <= n.span.start and n.span.end <= content.end for n in statement.names
        )
    with record.reading() as connection:
        said = Counter(connection.scalars(select(STATEMENTS.c.source_id)))
        (_, _), (number, count) = said.most_common(2)
        person = who.person(connection, number)
        assert person.statements == count
        assert sum(times for _, times, _, _ in person.names) == count
        assert person.roles
        assert person.outlets
        active = activity(connection, number)
        assert active.counted == count
        assert active.whom
        assert active.named
        sayings = connection.execute(select(STATEMENTS.c.id, STATEMENTS.c.saying_id)).all()
        assert 0 < sum(a != b for a, b in sayings) < len(sayings) / 5
        named = search(connection, "", Filters(place=active.named[0].name))
        assert named.hits


def test_two_records_that_are_made_at_once_are_the_same(tmp_path: Path) -> None:
    with Record(str(tmp_path / "a.db")) as one, Record(str(tmp_path / "b.db")) as other:
        made_record.fill(90, one, other, sources=20)
        made = [[r.article(k).text for k in (1, 5, 10)] for r in (one, other)]
    assert made[0] == made[1]
