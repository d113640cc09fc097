"""How alembic runs the migrations: on the connection that the record gives it."""

from alembic import context

from qawl.record.schema import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata)
context.run_migrations()
