"""Whom a policy covers, and the register of volunteers line by line."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

REFUSALS = {
    "sqlite": (
        """
        CREATE TRIGGER register_line_stays_as_written BEFORE UPDATE ON register_line
        BEGIN SELECT RAISE(ABORT, 'a line of the register is never changed'); END
        """,
        """
        CREATE TRIGGER register_line_stays BEFORE DELETE ON register_line
        BEGIN SELECT RAISE(ABORT, 'a line of the register is never removed'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_change_of_register_line() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'a line of the register is never changed or removed'; END $$
        """,
        """
        CREATE TRIGGER register_line_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON register_line
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_register_line()
        """,
    ),
}
"""What is written stays, whoever holds the application's own password."""


def upgrade() -> None:
    # Nothing refers to this table yet, so that making it anew on SQLite takes no rows along.
    with op.batch_alter_table("insurance_policy") as batch:
        batch.alter_column("association_id", existing_type=sa.Uuid(), nullable=True)
    op.create_table(
        "policy_basis",
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("legal_basis", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["insurance_policy.id"],
            name="fk_policy_basis_policy_id_insurance_policy",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("policy_id", "legal_basis", name="pk_policy_basis"),
    )
    op.create_table(
        "volunteer_details",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("fiscal_code", sa.String(length=16), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_place", sa.String(length=120), nullable=False),
        sa.Column("residence", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name="fk_volunteer_details_person_id_person",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_volunteer_details"),
    )
    op.create_table(
        "register_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["association.id"],
            name="fk_register_line_association_id_association",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_register_line_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_register_line_person_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name="fk_register_line_recorded_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_register_line"),
        sa.UniqueConstraint(
            "association_id", "municipality_id", "number", name="uq_register_line_number"
        ),
    )
    op.add_column(
        "insurance_policy",
        sa.Column("covers_accident", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column(
        "insurance_policy",
        sa.Column("covers_illness", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column(
        "insurance_policy",
        sa.Column("covers_liability", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.create_index(
        "ix_register_line_municipality_id", "register_line", ["municipality_id"], unique=False
    )
    op.create_index("ix_register_line_person_id", "register_line", ["person_id"], unique=False)
    op.add_column("insurance_policy", sa.Column("was_to_end_on", sa.Date(), nullable=True))
    op.add_column(
        "insurance_policy",
        sa.Column("end_reason", sa.String(length=300), server_default="", nullable=False),
    )
    op.add_column(
        "register_entry", sa.Column("last_line", sa.Integer(), server_default="0", nullable=False)
    )
    op.create_index(
        "ix_register_entry_association_id",
        "register_entry",
        ["association_id", "municipality_id"],
        unique=False,
    )
    for refusal in REFUSALS[op.get_bind().dialect.name]:
        op.execute(refusal)


def downgrade() -> None:
    op.drop_index("ix_register_entry_association_id", table_name="register_entry")
    op.drop_column("register_entry", "last_line")
    op.drop_column("insurance_policy", "end_reason")
    op.drop_column("insurance_policy", "was_to_end_on")
    op.drop_column("insurance_policy", "covers_liability")
    op.drop_column("insurance_policy", "covers_illness")
    op.drop_column("insurance_policy", "covers_accident")
    op.drop_table("register_line")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_register_line()")
    op.drop_table("volunteer_details")
    op.drop_table("policy_basis")
    op.execute("DELETE FROM insurance_policy WHERE association_id IS NULL")
    with op.batch_alter_table("insurance_policy") as batch:
        batch.alter_column("association_id", existing_type=sa.Uuid(), nullable=False)
