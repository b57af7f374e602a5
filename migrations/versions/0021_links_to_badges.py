"""Addresses that people make to show a badge."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "badge_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("for_whom", sa.String(80), nullable=False),
        sa.Column("shown_name", sa.String(80), nullable=False),
        sa.Column("shows_skills", sa.Boolean(), nullable=False),
        sa.Column("shows_hours", sa.Boolean(), nullable=False),
        sa.Column("shows_place", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["award_id"], ["award.id"], name="fk_badge_link_award_id_award", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_badge_link_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_badge_link"),
        sa.UniqueConstraint("token_hash", name="uq_badge_link_token_hash"),
    )
    op.create_index("ix_badge_link_award_id", "badge_link", ["award_id"])
    op.create_index("ix_badge_link_municipality_id", "badge_link", ["municipality_id"])


def downgrade() -> None:
    op.drop_table("badge_link")
