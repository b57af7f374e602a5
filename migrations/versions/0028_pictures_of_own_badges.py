"""A badge of a city or an association may have a picture of its own; one that was signed keeps it."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = ("achievement", "credential")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("picture", sa.String(32), server_default="", nullable=False))
        op.add_column(
            table, sa.Column("picture_alt", sa.String(200), server_default="", nullable=False)
        )
    op.create_index("ix_credential_picture", "credential", ["picture"])


def downgrade() -> None:
    op.drop_index("ix_credential_picture", "credential")
    for table in TABLES:
        for column in ("picture_alt", "picture"):
            op.drop_column(table, column)
