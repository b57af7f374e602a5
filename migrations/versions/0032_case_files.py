"""Case files: who they are about stays sealed; states, parts, access, facts to find them by."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLES = (
    "case_file",
    "case_move",
    "case_access",
    "case_section",
    "case_conflict",
    "case_fact",
    "case_merge",
    "household",
    "household_member",
)


def upgrade() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_counted_on", sa.Date(), nullable=True),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["case_file.id"], name="fk_case_file_merged_into_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_file_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name="fk_case_file_opened_by_person"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_case_file_person_id_person", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_file"),
    )
    op.create_index("ix_case_file_merged_into_id", "case_file", ["merged_into_id"])
    op.create_index("ix_case_file_municipality_id", "case_file", ["municipality_id"])
    op.create_index("ix_case_file_person_id", "case_file", ["person_id"])
    op.create_index("ix_case_file_states", "case_file", ["municipality_id", "state"])
    op.create_table(
        "case_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.String(32), nullable=False),
        sa.Column("to_state", sa.String(32), nullable=False),
        sa.Column("ending", sa.String(32), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_move_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(["moved_by"], ["person.id"], name="fk_case_move_moved_by_person"),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_move_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_move"),
    )
    op.create_index("ix_case_move_case_id", "case_move", ["case_id"])
    op.create_index("ix_case_move_municipality_id", "case_move", ["municipality_id"])
    op.create_table(
        "case_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("was_right", sa.Boolean(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_access_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name="fk_case_access_given_by_person"),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_access_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_case_access_person_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["person.id"], name="fk_case_access_reviewed_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_access"),
    )
    op.create_index("ix_case_access_case_id_person_id", "case_access", ["case_id", "person_id"])
    op.create_index("ix_case_access_municipality_id", "case_access", ["municipality_id"])
    op.create_index("ix_case_access_person_id", "case_access", ["person_id"])
    op.create_table(
        "case_section",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_section_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_section_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name="fk_case_section_written_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_section"),
        sa.UniqueConstraint(
            "case_id", "data", "version", name="uq_case_section_case_id_data_version"
        ),
    )
    op.create_index("ix_case_section_municipality_id", "case_section", ["municipality_id"])
    op.create_table(
        "case_conflict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.String(32), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_conflict_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_conflict_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name="fk_case_conflict_settled_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name="fk_case_conflict_written_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_conflict"),
    )
    op.create_index("ix_case_conflict_case_id", "case_conflict", ["case_id"])
    op.create_index("ix_case_conflict_municipality_id", "case_conflict", ["municipality_id"])
    op.create_table(
        "case_fact",
        sa.Column("hash", sa.LargeBinary(16), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key_version", sa.String(12), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_fact_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_fact_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("hash", "case_id", name="pk_case_fact"),
    )
    op.create_index("ix_case_fact_case_id", "case_fact", ["case_id"])
    op.create_table(
        "case_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("is_same", sa.Boolean(), nullable=False),
        sa.Column("carried_person", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name="fk_case_merge_decided_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["case_file.id"], name="fk_case_merge_kept_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_merge_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["case_file.id"], name="fk_case_merge_other_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["person.id"], name="fk_case_merge_undone_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_merge"),
    )
    op.create_index("ix_case_merge_kept_id", "case_merge", ["kept_id"])
    op.create_index("ix_case_merge_municipality_id", "case_merge", ["municipality_id"])
    op.create_index("ix_case_merge_other_id", "case_merge", ["other_id"])
    op.create_table(
        "household",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_household_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_household"),
    )
    op.create_index("ix_household_municipality_id", "household", ["municipality_id"])
    op.create_table(
        "household_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_household_member_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name="fk_household_member_household_id_household"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_household_member_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_household_member"),
    )
    op.create_index("ix_household_member_case_id", "household_member", ["case_id"])
    op.create_index("ix_household_member_household_id", "household_member", ["household_id"])
    op.create_index("ix_household_member_municipality_id", "household_member", ["municipality_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
