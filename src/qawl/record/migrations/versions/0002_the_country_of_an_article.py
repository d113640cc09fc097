"""The state whose readers the outlet of an article writes for.

Revision 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("country", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("articles", "country")
