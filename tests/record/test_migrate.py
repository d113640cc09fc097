"""Records of older versions are brought up to date, and the migrations make what the models say."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

import qawl
from qawl.model import Article
from qawl.record import migrations
from qawl.record.engine import connect, place
from qawl.record.schema import Base
from qawl.record.store import Record

TEXT = "قال المهندس رياض الخوري إن النفق آمن."


def test_an_older_record_is_brought_up_to_date(where: str) -> None:
    with Record(where) as record:
        added = record.add(qawl.read(Article.of(TEXT, id="n1"))).article
    engine = connect(place(where))
    config = Config()
    config.set_main_option("script_location", next(iter(migrations.__path__)).replace("%", "%%"))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    with engine.connect() as connection:
        assert "country" not in {c["name"] for c in inspect(connection).get_columns("articles")}
    engine.dispose()
    with Record(where) as record:
        old = record.article(added)
        assert (old.text, old.country) == (TEXT, None)
        new = record.add(qawl.read(Article.of(TEXT + " غدا", country="لبنان"))).article
        assert record.article(new).country == "لبنان"


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
