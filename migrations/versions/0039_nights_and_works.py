"""Works on dwellings, and a row for each bed and night that is not free."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

TABLES = (
    "housing_work",
    "housing_quote",
    "housing_check",
    "bed_span",
    "bed_night",
)


def upgrade() -> None:
    op.create_table(
        "housing_work",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("beds", JSON, nullable=False),
        sa.Column("first_night", sa.Date(), nullable=True),
        sa.Column("until_night", sa.Date(), nullable=True),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("budget_line_id", sa.Uuid(), nullable=True),
        sa.Column("approved_cents", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("inspected_by", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name="fk_housing_work_approved_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["budget_line_id"],
            ["housing_budget_line.id"],
            name="fk_housing_work_budget_line_id_housing_budget_line",
        ),
        sa.ForeignKeyConstraint(
            ["inspected_by"], ["person.id"], name="fk_housing_work_inspected_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_work_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["person.id"], name="fk_housing_work_requested_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="fk_housing_work_resident_id_resident"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_housing_work_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_housing_work"),
    )
    op.create_index("ix_housing_work_budget_line_id", "housing_work", ["budget_line_id"])
    op.create_index("ix_housing_work_municipality_id", "housing_work", ["municipality_id"])
    op.create_index("ix_housing_work_state", "housing_work", ["state"])
    op.create_index("ix_housing_work_unit_id", "housing_work", ["unit_id"])
    op.create_table(
        "housing_quote",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("firm", sa.String(120), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_quote_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["housing_work.id"], name="fk_housing_quote_work_id_housing_work"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_housing_quote"),
    )
    op.create_index("ix_housing_quote_municipality_id", "housing_quote", ["municipality_id"])
    op.create_index("ix_housing_quote_work_id", "housing_quote", ["work_id"])
    op.create_table(
        "housing_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("every_months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("last_done_on", sa.Date(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_check_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_housing_check_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_housing_check"),
        sa.UniqueConstraint("unit_id", "kind", name="uq_housing_check_unit_id_kind"),
    )
    op.create_index("ix_housing_check_due_on", "housing_check", ["due_on"])
    op.create_index("ix_housing_check_municipality_id", "housing_check", ["municipality_id"])
    op.create_table(
        "bed_span",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bed_id", sa.Uuid(), nullable=False),
        sa.Column("first_night", sa.Date(), nullable=False),
        sa.Column("until_night", sa.Date(), nullable=False),
        sa.Column("use", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("placement_id", sa.Uuid(), nullable=True),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("work_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until_night >= first_night", name="ck_bed_span_nights"),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name="fk_bed_span_bed_id_bed"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_bed_span_made_by_person"),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_bed_span_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name="fk_bed_span_placement_id_placement"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="fk_bed_span_resident_id_resident"
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["housing_work.id"], name="fk_bed_span_work_id_housing_work"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bed_span"),
    )
    op.create_index("ix_bed_span_bed_id_until_night", "bed_span", ["bed_id", "until_night"])
    op.create_index("ix_bed_span_municipality_id", "bed_span", ["municipality_id"])
    op.create_index("ix_bed_span_placement_id", "bed_span", ["placement_id"])
    op.create_index("ix_bed_span_resident_id", "bed_span", ["resident_id"])
    op.create_index("ix_bed_span_work_id", "bed_span", ["work_id"])
    op.create_table(
        "bed_night",
        sa.Column("bed_id", sa.Uuid(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("span_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name="fk_bed_night_bed_id_bed"),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_bed_night_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="fk_bed_night_resident_id_resident"
        ),
        sa.ForeignKeyConstraint(["span_id"], ["bed_span.id"], name="fk_bed_night_span_id_bed_span"),
        sa.PrimaryKeyConstraint("bed_id", "night", name="pk_bed_night"),
        sa.UniqueConstraint("resident_id", "night", name="uq_bed_night_resident_id_night"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
