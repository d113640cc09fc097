"""Records of older versions are brought up to date, and the migrations make what the models say."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, select

import qawl
from qawl.model import Article
from qawl.record import corrections, editors, migrations
from qawl.record.engine import connect, place
from qawl.record.rereading import reread
from qawl.record.schema import Base
from qawl.record.store import Record

TEXT = "قال المهندس رياض الخوري إن النفق آمن."


def back_to(revision: str, where: str) -> Engine:
    """The record as an older version of Qawl left it."""
    engine = connect(place(where))
    config = Config()
    config.set_main_option("script_location", next(iter(migrations.__path__)).replace("%", "%%"))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    return engine


def test_an_older_record_is_brought_up_to_date(where: str) -> None:
    with Record(where) as record:
        added = record.add(qawl.read(Article.of(TEXT, id="n1"))).article
    engine = back_to("0001", where)
    with engine.connect() as connection:
        assert "country" not in {c["name"] for c in inspect(connection).get_columns("articles")}
    engine.dispose()
    with Record(where) as record:
        old = record.article(added)
        assert (old.text, old.country) == (TEXT, None)
        new = record.add(qawl.read(Article.of(TEXT + " غدا", country="لبنان"))).article
        assert record.article(new).country == "لبنان"


def test_corrections_of_an_older_record_hold_and_editors_can_be_added(where: str) -> None:
    with Record(where) as record:
        added = record.add(qawl.read(Article.of(TEXT, id="n1"))).article
        record.settle()
        with record.writing() as connection:
            row = corrections.statement_at(connection, added, 1)
            corrections.correct(connection, row, "act", {"act": "warn"}, "ليلى")
            corrections.rename(connection, 1, "رياض سامي الخوري", "ليلى")
    engine = back_to("0002", where)
    with engine.connect() as connection:
        assert "editors" not in inspect(connection).get_table_names()
        assert "article" not in {c["name"] for c in inspect(connection).get_columns("corrections")}
    engine.dispose()
    with Record(where) as record:
        with record.writing() as connection:
            of_statement, of_source = corrections.all_of(connection)
            assert of_statement["article"] == of_statement["about"]["article"]
            assert of_source["article"] is None
            editors.add(connection, "ليلى", "سبع نخلات خلف البيت")
        assert list(reread(record, qawl.read, "another", everything=True)) == [added]
        with record.reading() as connection:
            assert corrections.statement_at(connection, added, 1)["act"] == "warn"
            assert connection.scalar(select(editors.EDITORS.c.name)) == "ليلى"


def test_the_tables_are_those_of_the_models(record: Record) -> None:
    engine = connect(record.url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: not str(name).startswith("statement_words")
            },
        )
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
