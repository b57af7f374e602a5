"""Requests for a home, proposals, stays and what belongs to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

TABLES = (
    "housing_request",
    "housing_request_member",
    "priority_change",
    "placement",
    "housing_proposal",
    "housing_proposal_bed",
    "placement_extension",
    "placement_inventory",
    "housing_incident",
    "placement_follow_up",
)


def upgrade() -> None:
    op.create_table(
        "housing_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.String(32), nullable=False),
        sa.Column("needs", JSON, nullable=False),
        sa.Column("criteria", JSON, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("wanted_from", sa.Date(), nullable=False),
        sa.Column("wanted_until", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_housing_request_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_request_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["person.id"], name="fk_housing_request_opened_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="fk_housing_request_resident_id_resident"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_housing_request"),
    )
    op.create_index("ix_housing_request_case_id", "housing_request", ["case_id"])
    op.create_index(
        "ix_housing_request_list", "housing_request", ["municipality_id", "state", "points"]
    )
    op.create_index("ix_housing_request_municipality_id", "housing_request", ["municipality_id"])
    op.create_index("ix_housing_request_opened_by", "housing_request", ["opened_by"])
    op.create_index("ix_housing_request_resident_id", "housing_request", ["resident_id"])
    op.create_table(
        "housing_request_member",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_request_member_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["housing_request.id"],
            name="fk_housing_request_member_request_id_housing_request",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="fk_housing_request_member_resident_id_resident"
        ),
        sa.PrimaryKeyConstraint("request_id", "resident_id", name="pk_housing_request_member"),
    )
    op.create_index(
        "ix_housing_request_member_municipality_id", "housing_request_member", ["municipality_id"]
    )
    op.create_index(
        "ix_housing_request_member_resident_id", "housing_request_member", ["resident_id"]
    )
    op.create_table(
        "priority_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("points_before", sa.Integer(), nullable=False),
        sa.Column("points_after", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name="fk_priority_change_changed_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_priority_change_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["housing_request.id"],
            name="fk_priority_change_request_id_housing_request",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_priority_change"),
    )
    op.create_index("ix_priority_change_municipality_id", "priority_change", ["municipality_id"])
    op.create_index("ix_priority_change_request_id", "priority_change", ["request_id"])
    op.create_table(
        "placement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("first_night", sa.Date(), nullable=False),
        sa.Column("until_night", sa.Date(), nullable=False),
        sa.Column("is_open_ended", sa.Boolean(), nullable=False),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("pays_cents", sa.Integer(), nullable=False),
        sa.Column("deposit_cents", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("moved_in_on", sa.Date(), nullable=True),
        sa.Column("moved_out_on", sa.Date(), nullable=True),
        sa.Column("overstay_until", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_clean", sa.Boolean(), nullable=True),
        sa.Column("deposit_back_cents", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_placement_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(["placed_by"], ["person.id"], name="fk_placement_placed_by_person"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["housing_request.id"], name="fk_placement_request_id_housing_request"
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="fk_placement_resident_id_resident"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_placement_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_placement"),
    )
    op.create_index("ix_placement_municipality_id", "placement", ["municipality_id"])
    op.create_index("ix_placement_request_id", "placement", ["request_id"])
    op.create_index("ix_placement_resident_id", "placement", ["resident_id"])
    op.create_index("ix_placement_state", "placement", ["municipality_id", "state"])
    op.create_index("ix_placement_unit_id", "placement", ["unit_id"])
    op.create_table(
        "housing_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("first_night", sa.Date(), nullable=False),
        sa.Column("until_night", sa.Date(), nullable=False),
        sa.Column("is_open_ended", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_for", sa.String(32), nullable=True),
        sa.Column("placement_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name="fk_housing_proposal_made_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_proposal_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name="fk_housing_proposal_placement_id_placement"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["housing_request.id"],
            name="fk_housing_proposal_request_id_housing_request",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_housing_proposal_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_housing_proposal"),
    )
    op.create_index("ix_housing_proposal_municipality_id", "housing_proposal", ["municipality_id"])
    op.create_index("ix_housing_proposal_request_id", "housing_proposal", ["request_id"])
    op.create_index("ix_housing_proposal_unit_id", "housing_proposal", ["unit_id"])
    op.create_table(
        "housing_proposal_bed",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("bed_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name="fk_housing_proposal_bed_bed_id_bed"),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_proposal_bed_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["housing_proposal.id"],
            name="fk_housing_proposal_bed_proposal_id_housing_proposal",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name="fk_housing_proposal_bed_resident_id_resident"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "resident_id", name="pk_housing_proposal_bed"),
    )
    op.create_index("ix_housing_proposal_bed_bed_id", "housing_proposal_bed", ["bed_id"])
    op.create_index(
        "ix_housing_proposal_bed_municipality_id", "housing_proposal_bed", ["municipality_id"]
    )
    op.create_table(
        "placement_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("from_night", sa.Date(), nullable=False),
        sa.Column("to_night", sa.Date(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name="fk_placement_extension_made_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_placement_extension_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name="fk_placement_extension_placement_id_placement"
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name="fk_placement_extension_review_id_review"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_placement_extension"),
    )
    op.create_index(
        "ix_placement_extension_municipality_id", "placement_extension", ["municipality_id"]
    )
    op.create_index("ix_placement_extension_placement_id", "placement_extension", ["placement_id"])
    op.create_table(
        "placement_inventory",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("things", JSON, nullable=False),
        sa.Column("meters", JSON, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("is_agreed", sa.Boolean(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name="fk_placement_inventory_made_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_placement_inventory_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name="fk_placement_inventory_placement_id_placement"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_placement_inventory"),
        sa.UniqueConstraint(
            "placement_id", "kind", name="uq_placement_inventory_placement_id_kind"
        ),
    )
    op.create_index(
        "ix_placement_inventory_municipality_id", "placement_inventory", ["municipality_id"]
    )
    op.create_table(
        "housing_incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_housing_incident_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name="fk_housing_incident_placement_id_placement"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_housing_incident_unit_id_unit"),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name="fk_housing_incident_written_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_housing_incident"),
    )
    op.create_index("ix_housing_incident_municipality_id", "housing_incident", ["municipality_id"])
    op.create_index("ix_housing_incident_placement_id", "housing_incident", ["placement_id"])
    op.create_index("ix_housing_incident_unit_id", "housing_incident", ["unit_id"])
    op.create_table(
        "placement_follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("found", sa.String(32), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name="fk_placement_follow_up_asked_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_placement_follow_up_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name="fk_placement_follow_up_placement_id_placement"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_placement_follow_up"),
        sa.UniqueConstraint(
            "placement_id", "months", name="uq_placement_follow_up_placement_id_months"
        ),
    )
    op.create_index("ix_placement_follow_up_due_on", "placement_follow_up", ["due_on"])
    op.create_index(
        "ix_placement_follow_up_municipality_id", "placement_follow_up", ["municipality_id"]
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
