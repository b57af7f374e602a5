"""Rent support: decisions, instalments, payments, the bank's lines, arrears; the way to a lease."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

TABLES = (
    "support_decision",
    "support_instalment",
    "support_ceiling",
    "bank_import",
    "bank_entry",
    "support_payment",
    "arrears_notice",
    "market_file",
    "flat_viewed",
    "housing_course",
    "housing_step",
)
REFUSALS = {
    "sqlite": (
        """
        CREATE TRIGGER support_payment_stays_as_written BEFORE UPDATE ON support_payment
        BEGIN SELECT RAISE(ABORT, 'a payment is never changed'); END
        """,
        """
        CREATE TRIGGER support_payment_stays BEFORE DELETE ON support_payment
        BEGIN SELECT RAISE(ABORT, 'a payment is never removed'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_change_of_support_payment() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'a payment is never changed or removed'; END $$
        """,
        """
        CREATE TRIGGER support_payment_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON support_payment
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_support_payment()
        """,
    ),
}
"""A mistake is undone by a payment against it, and both stay to be seen."""


def upgrade() -> None:
    op.create_table(
        "support_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("support_cents", sa.Integer(), nullable=False),
        sa.Column("bound_cents", sa.Integer(), nullable=False),
        sa.Column("curve", JSON, nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cancelled_by"], ["person.id"], name="fk_support_decision_cancelled_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name="fk_support_decision_decided_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["housing_grant.id"], name="fk_support_decision_grant_id_housing_grant"
        ),
        sa.ForeignKeyConstraint(
            ["lease_id"], ["lease.id"], name="fk_support_decision_lease_id_lease"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_support_decision_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name="fk_support_decision_placement_id_placement"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="fk_support_decision_resident_id_resident"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_support_decision_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_support_decision"),
        sa.UniqueConstraint(
            "municipality_id", "code", name="uq_support_decision_municipality_id_code"
        ),
    )
    op.create_index("ix_support_decision_grant_id", "support_decision", ["grant_id"])
    op.create_index("ix_support_decision_lease_id", "support_decision", ["lease_id"])
    op.create_index("ix_support_decision_municipality_id", "support_decision", ["municipality_id"])
    op.create_index("ix_support_decision_placement_id", "support_decision", ["placement_id"])
    op.create_index("ix_support_decision_resident_id", "support_decision", ["resident_id"])
    op.create_index("ix_support_decision_unit_id", "support_decision", ["unit_id"])
    op.create_table(
        "support_instalment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("support_cents", sa.Integer(), nullable=False),
        sa.Column("tenant_cents", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["support_decision.id"],
            name="fk_support_instalment_decision_id_support_decision",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_support_instalment_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_support_instalment"),
        sa.UniqueConstraint(
            "decision_id", "number", name="uq_support_instalment_decision_id_number"
        ),
    )
    op.create_index(
        "ix_support_instalment_municipality_id", "support_instalment", ["municipality_id"]
    )
    op.create_table(
        "support_ceiling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_support_ceiling_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_support_ceiling"),
        sa.UniqueConstraint(
            "municipality_id", "scope", name="uq_support_ceiling_municipality_id_scope"
        ),
    )
    op.create_index("ix_support_ceiling_municipality_id", "support_ceiling", ["municipality_id"])
    op.create_table(
        "bank_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("brought_by", sa.Uuid(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("refused", JSON, nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brought_by"], ["person.id"], name="fk_bank_import_brought_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_bank_import_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bank_import"),
    )
    op.create_index("ix_bank_import_municipality_id", "bank_import", ["municipality_id"])
    op.create_table(
        "bank_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(64), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.Column("is_reversal", sa.Boolean(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["support_decision.id"],
            name="fk_bank_entry_decision_id_support_decision",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["bank_import.id"], name="fk_bank_entry_import_id_bank_import"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_bank_entry_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bank_entry"),
        sa.UniqueConstraint(
            "municipality_id", "identity", name="uq_bank_entry_municipality_id_identity"
        ),
    )
    op.create_index("ix_bank_entry_decision_id", "bank_entry", ["decision_id"])
    op.create_index("ix_bank_entry_import_id_state", "bank_entry", ["import_id", "state"])
    op.create_index("ix_bank_entry_municipality_id", "bank_entry", ["municipality_id"])
    op.create_table(
        "support_payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(32), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("bank_entry_id", sa.Uuid(), nullable=True),
        sa.Column("undoes_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(undoes_id IS NULL AND amount_cents > 0) OR (undoes_id IS NOT NULL AND amount_cents < 0)",
            name="ck_support_payment_amount",
        ),
        sa.ForeignKeyConstraint(
            ["bank_entry_id"], ["bank_entry.id"], name="fk_support_payment_bank_entry_id_bank_entry"
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["support_decision.id"],
            name="fk_support_payment_decision_id_support_decision",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_support_payment_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"],
            ["support_payment.id"],
            name="fk_support_payment_undoes_id_support_payment",
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name="fk_support_payment_written_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_support_payment"),
        sa.UniqueConstraint("bank_entry_id", name="uq_support_payment_bank_entry_id"),
        sa.UniqueConstraint("undoes_id", name="uq_support_payment_undoes_id"),
    )
    op.create_index("ix_support_payment_decision_id", "support_payment", ["decision_id"])
    op.create_index("ix_support_payment_municipality_id", "support_payment", ["municipality_id"])
    op.create_table(
        "arrears_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instalment_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["support_decision.id"],
            name="fk_arrears_notice_decision_id_support_decision",
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["person.id"], name="fk_arrears_notice_done_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["instalment_id"],
            ["support_instalment.id"],
            name="fk_arrears_notice_instalment_id_support_instalment",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_arrears_notice_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_arrears_notice"),
        sa.UniqueConstraint("instalment_id", "step", name="uq_arrears_notice_instalment_id_step"),
    )
    op.create_index("ix_arrears_notice_decision_id", "arrears_notice", ["decision_id"])
    op.create_index("ix_arrears_notice_municipality_id", "arrears_notice", ["municipality_id"])
    op.create_table(
        "market_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("rooms_wanted", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_market_file_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="fk_market_file_resident_id_resident"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["person.id"], name="fk_market_file_updated_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_market_file"),
        sa.UniqueConstraint("resident_id", name="uq_market_file_resident_id"),
    )
    op.create_index("ix_market_file_municipality_id", "market_file", ["municipality_id"])
    op.create_table(
        "flat_viewed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("quarter", sa.String(80), nullable=False),
        sa.Column("rent_cents", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_flat_viewed_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["housing_owner.id"], name="fk_flat_viewed_owner_id_housing_owner"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="fk_flat_viewed_resident_id_resident"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_flat_viewed"),
    )
    op.create_index("ix_flat_viewed_municipality_id", "flat_viewed", ["municipality_id"])
    op.create_index("ix_flat_viewed_owner_id", "flat_viewed", ["owner_id"])
    op.create_index("ix_flat_viewed_resident_id", "flat_viewed", ["resident_id"])
    op.create_table(
        "housing_course",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_by", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chosen_by"], ["person.id"], name="fk_housing_course_chosen_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_course_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_housing_course_project_id_project"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_housing_course"),
        sa.UniqueConstraint("municipality_id", name="uq_housing_course_municipality_id"),
    )
    op.create_index("ix_housing_course_municipality_id", "housing_course", ["municipality_id"])
    op.create_table(
        "housing_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_step_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="fk_housing_step_resident_id_resident"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_housing_step"),
        sa.UniqueConstraint(
            "resident_id", "step", "about_id", name="uq_housing_step_resident_id_step_about_id"
        ),
    )
    op.create_index("ix_housing_step_municipality_id", "housing_step", ["municipality_id"])
    for statement in REFUSALS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_support_payment()")
