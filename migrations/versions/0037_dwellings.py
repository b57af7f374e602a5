"""Housing: owners and what they offer, dwellings with rooms and beds, who pays, who lives there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

TABLES = (
    "housing_owner",
    "housing_grant",
    "housing_budget_line",
    "unit",
    "unit_team",
    "room",
    "bed",
    "resident",
    "lease",
    "housing_offer",
    "housing_visit",
    "housing_file",
)


def upgrade() -> None:
    op.create_table(
        "housing_owner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("guarantees", JSON, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_owner_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_housing_owner"),
    )
    op.create_index("ix_housing_owner_municipality_id", "housing_owner", ["municipality_id"])
    op.create_table(
        "housing_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_grant_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_housing_grant"),
        sa.UniqueConstraint(
            "municipality_id", "code", name="uq_housing_grant_municipality_id_code"
        ),
    )
    op.create_index("ix_housing_grant_municipality_id", "housing_grant", ["municipality_id"])
    op.create_table(
        "housing_budget_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["housing_grant.id"], name="fk_housing_budget_line_grant_id_housing_grant"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_budget_line_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_housing_budget_line"),
        sa.UniqueConstraint("grant_id", "code", name="uq_housing_budget_line_grant_id_code"),
    )
    op.create_index(
        "ix_housing_budget_line_municipality_id", "housing_budget_line", ["municipality_id"]
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("quarter", sa.String(80), nullable=False),
        sa.Column("takes", JSON, nullable=False),
        sa.Column("is_step_free", sa.Boolean(), nullable=False),
        sa.Column("is_safe_house", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.Column("turnaround_nights", sa.Integer(), nullable=False),
        sa.Column("night_cost_cents", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["housing_grant.id"], name="fk_unit_grant_id_housing_grant"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_unit_municipality_id_municipality"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["housing_owner.id"], name="fk_unit_owner_id_housing_owner"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
    )
    op.create_index(
        "uq_unit_municipality_id_name",
        "unit",
        ["municipality_id", "name"],
        unique=True,
        sqlite_where=sa.text("is_safe_house IS 0"),
        postgresql_where=sa.text("is_safe_house IS false"),
    )
    op.create_index("ix_unit_grant_id", "unit", ["grant_id"])
    op.create_index("ix_unit_municipality_id", "unit", ["municipality_id"])
    op.create_index("ix_unit_owner_id", "unit", ["owner_id"])
    op.create_table(
        "unit_team",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_unit_team_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_unit_team_person_id_person"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_unit_team_unit_id_unit"),
        sa.PrimaryKeyConstraint("unit_id", "person_id", name="pk_unit_team"),
    )
    op.create_index("ix_unit_team_municipality_id", "unit_team", ["municipality_id"])
    op.create_index("ix_unit_team_person_id", "unit_team", ["person_id"])
    op.create_table(
        "room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("is_step_free", sa.Boolean(), nullable=False),
        sa.Column("only_for", sa.String(32), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_room_municipality_id_municipality"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_room_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_room"),
        sa.UniqueConstraint("unit_id", "name", name="uq_room_unit_id_name"),
    )
    op.create_index("ix_room_municipality_id", "room", ["municipality_id"])
    op.create_table(
        "bed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("from_night", sa.Date(), nullable=False),
        sa.Column("until_night", sa.Date(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "until_night IS NULL OR until_night >= from_night", name="ck_bed_nights"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_bed_municipality_id_municipality"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_bed_room_id_room"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_bed_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_bed"),
        sa.UniqueConstraint("room_id", "name", name="uq_bed_room_id_name"),
    )
    op.create_index("ix_bed_municipality_id", "bed", ["municipality_id"])
    op.create_index("ix_bed_unit_id", "bed", ["unit_id"])
    op.create_table(
        "resident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("gender", sa.String(32), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("needs_no_steps", sa.Boolean(), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("departed_on", sa.Date(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_resident_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_resident_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_resident"),
        sa.UniqueConstraint(
            "municipality_id", "person_id", name="uq_resident_municipality_id_person_id"
        ),
    )
    op.create_index("ix_resident_municipality_id", "resident", ["municipality_id"])
    op.create_index("ix_resident_person_id", "resident", ["person_id"])
    op.create_table(
        "lease",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("direction", sa.String(32), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("rent_cents", sa.Integer(), nullable=False),
        sa.Column("deposit_cents", sa.Integer(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_lease_municipality_id_municipality"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="fk_lease_resident_id_resident"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_lease_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_lease"),
    )
    op.create_index("ix_lease_municipality_id", "lease", ["municipality_id"])
    op.create_index("ix_lease_resident_id", "lease", ["resident_id"])
    op.create_index("ix_lease_unit_id", "lease", ["unit_id"])
    op.create_table(
        "housing_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("quarter", sa.String(80), nullable=False),
        sa.Column("rooms", sa.Integer(), nullable=False),
        sa.Column("rent_cents", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("refused_for", sa.String(32), nullable=True),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_offer_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["housing_owner.id"], name="fk_housing_offer_owner_id_housing_owner"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_housing_offer_unit_id_unit"),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name="fk_housing_offer_written_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_housing_offer"),
    )
    op.create_index("ix_housing_offer_municipality_id", "housing_offer", ["municipality_id"])
    op.create_index("ix_housing_offer_owner_id", "housing_offer", ["owner_id"])
    op.create_table(
        "housing_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=True),
        sa.Column("is_fit", sa.Boolean(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_visit_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["housing_offer.id"], name="fk_housing_visit_offer_id_housing_offer"
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["person.id"], name="fk_housing_visit_visitor_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_housing_visit"),
    )
    op.create_index("ix_housing_visit_municipality_id", "housing_visit", ["municipality_id"])
    op.create_index("ix_housing_visit_offer_id", "housing_visit", ["offer_id"])
    op.create_table(
        "housing_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("stored_as", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["person.id"], name="fk_housing_file_added_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_file_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_housing_file"),
    )
    op.create_index("ix_housing_file_about_id", "housing_file", ["about_id"])
    op.create_index("ix_housing_file_municipality_id", "housing_file", ["municipality_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
