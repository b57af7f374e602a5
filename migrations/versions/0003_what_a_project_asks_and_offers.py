"""What a project asks of people and offers them, and what an officer was given to read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "project_requirement",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name="fk_project_requirement_project_id_project",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", "kind", "value", name="pk_project_requirement"),
    )
    op.create_table(
        "project_submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_project_submission_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name="fk_project_submission_project_id_project",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["person.id"], name="fk_project_submission_submitted_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_project_submission"),
        sa.UniqueConstraint("project_id", "number", name="uq_project_submission_project_id_number"),
    )
    op.create_index(
        "ix_project_submission_municipality_id",
        "project_submission",
        ["municipality_id"],
        unique=False,
    )
    op.add_column(
        "project", sa.Column("district", sa.String(length=80), server_default="", nullable=False)
    )
    op.add_column("project", sa.Column("latitude", sa.Double(), nullable=True))
    op.add_column("project", sa.Column("longitude", sa.Double(), nullable=True))
    op.add_column("project", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "project",
        sa.Column(
            "is_wheelchair_accessible", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
    )
    op.add_column(
        "project",
        sa.Column("needs_no_italian", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "project",
        sa.Column("is_occasional", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "project",
        sa.Column("needs_approval", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "project_session", sa.Column("slot", sa.Integer(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("project_session", "slot")
    op.drop_column("project", "needs_approval")
    op.drop_column("project", "is_occasional")
    op.drop_column("project", "needs_no_italian")
    op.drop_column("project", "is_wheelchair_accessible")
    op.drop_column("project", "changed_at")
    op.drop_column("project", "longitude")
    op.drop_column("project", "latitude")
    op.drop_column("project", "district")
    op.drop_table("project_submission")
    op.drop_table("project_requirement")
