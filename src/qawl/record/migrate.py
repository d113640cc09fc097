"""The tables brought to the state that this version of Qawl knows."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from qawl.errors import RecordError
from qawl.record.words import is_postgresql

#: The lock that processes take that would all make the tables of a new record in PostgreSQL.
_LOCK = 0x7161776C  # "qawl"


def migrate(engine: Engine) -> None:
    """Makes the tables, or brings them up to date; nothing where they are.

    Two processes may do it at once: the second waits. Raises RecordError where the record was made by a
    newer Qawl.
    """
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with as_file(files("qawl.record") / "migrations") as folder:
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        scripts = ScriptDirectory.from_config(config)
        newest = scripts.get_current_head()
        with engine.connect() as connection:
            if MigrationContext.configure(connection).get_current_revision() == newest:
                return
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            if is_postgresql(connection):
                connection.execute(sql("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
            at = MigrationContext.configure(connection).get_current_revision()
            if at == newest:
                return
            if at is not None and at not in {s.revision for s in scripts.walk_revisions()}:
                raise RecordError(
                    "the record was made by a newer Qawl: install that, or give another with --db"
                )
            _upgrade(config, connection)


def _upgrade(config: Any, connection: Connection) -> None:
    from alembic import command

    config.attributes["connection"] = connection
    command.upgrade(config, "head")
