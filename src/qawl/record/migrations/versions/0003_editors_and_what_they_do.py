"""Editors with their sessions, tokens and saved searches; the least certain statements by index; whose
article a correction is about, and who took it back.

Revision 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQLITE, _POSTGRESQL = sa.text("current = 1"), sa.text("current")


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "editors",
        sa.Column("id", _number(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key", name="editors_once"),
    )
    for name, more in (
        ("sessions", [sa.Column("used", sa.DateTime(), nullable=False)]),
        ("tokens", []),
    ):
        op.create_table(
            name,
            sa.Column("hash", sa.String(), nullable=False),
            sa.Column("editor_id", _number(), nullable=False),
            sa.Column("made", sa.DateTime(), nullable=False),
            *more,
            sa.ForeignKeyConstraint(["editor_id"], ["editors.id"]),
            sa.PrimaryKeyConstraint("hash"),
        )
        op.create_index(f"{name}_by_editor", name, ["editor_id"], unique=False)
    op.create_table(
        "searches",
        sa.Column("id", _number(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("searches_by_person", "searches", ["person", "id"], unique=False)
    op.create_index(
        "statements_to_review",
        "statements",
        ["confidence", "id"],
        unique=False,
        sqlite_where=_SQLITE,
        postgresql_where=_POSTGRESQL,
    )
    op.add_column("corrections", sa.Column("undone_by", sa.String(), nullable=True))
    op.add_column("corrections", sa.Column("article", sa.String(), nullable=True))
    op.create_index("corrections_by_article", "corrections", ["article"], unique=False)
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """Writes whose article each correction is about beside it."""
    made = sa.table(
        "corrections", sa.column("id"), sa.column("about", sa.JSON()), sa.column("article")
    )
    for number, about in connection.execute(sa.select(made.c.id, made.c.about)).all():
        if isinstance(about, dict) and about.get("article"):
            mine = made.c.id == number
            connection.execute(sa.update(made).where(mine).values(article=about["article"]))


def downgrade() -> None:
    op.drop_index("corrections_by_article", table_name="corrections")
    op.drop_column("corrections", "article")
    op.drop_column("corrections", "undone_by")
    op.drop_index(
        "statements_to_review",
        table_name="statements",
        sqlite_where=_SQLITE,
        postgresql_where=_POSTGRESQL,
    )
    op.drop_table("searches")
    op.drop_table("tokens")
    op.drop_table("sessions")
    op.drop_table("editors")
