"""Requests to join, offers of places that came free, groups, and what tells people of them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booking_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["leader_id"],
            ["person.id"],
            name="fk_booking_group_leader_id_person",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_booking_group_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["project_session.id"],
            name="fk_booking_group_session_id_project_session",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_booking_group"),
        sa.UniqueConstraint("code", name="uq_booking_group_code"),
    )
    op.create_table(
        "qualification",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name="fk_qualification_person_id_person",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", "value", name="pk_qualification"),
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("with_waiting", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name="fk_announcement_author_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_announcement_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["project_session.id"],
            name="fk_announcement_session_id_project_session",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_announcement"),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name="fk_calendar_feed_person_id_person",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feed"),
        sa.UniqueConstraint("token_hash", name="uq_calendar_feed_token_hash"),
    )
    op.create_table(
        "free_time",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_free_time_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "slot", name="pk_free_time"),
    )
    op.create_table(
        "no_show",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("followed_up_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["followed_up_by"], ["person.id"], name="fk_no_show_followed_up_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_no_show_municipality_id_municipality"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_no_show_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["project_session.id"], name="fk_no_show_session_id_project_session"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_no_show"),
        sa.UniqueConstraint("session_id", "person_id", name="uq_no_show_session_id_person_id"),
    )
    op.create_index(
        "ix_booking_group_municipality_id", "booking_group", ["municipality_id"], unique=False
    )
    op.create_index("ix_booking_group_session_id", "booking_group", ["session_id"], unique=False)
    op.add_column("booking", sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "booking",
        sa.Column(
            "group_id",
            sa.Uuid(),
            sa.ForeignKey("booking_group.id", name="fk_booking_group_id_booking_group"),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column(
        "booking",
        sa.Column(
            "booked_by",
            sa.Uuid(),
            sa.ForeignKey("person.id", name="fk_booking_booked_by_person"),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column(
        "booking", sa.Column("sequence", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("booking", sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_booking_group_id", "booking", ["group_id"], unique=False)
    op.create_index(
        "ix_booking_offered_until",
        "booking",
        ["offered_until"],
        unique=False,
        sqlite_where=sa.text("offered_until IS NOT NULL"),
        postgresql_where=sa.text("offered_until IS NOT NULL"),
    )
    op.add_column(
        "enrolment",
        sa.Column("legal_basis", sa.String(length=32), server_default="volunteer", nullable=False),
    )
    op.add_column(
        "enrolment",
        sa.Column(
            "enrolled_by",
            sa.Uuid(),
            sa.ForeignKey("person.id", name="fk_enrolment_enrolled_by_person"),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column("enrolment", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "enrolment",
        sa.Column(
            "decided_by",
            sa.Uuid(),
            sa.ForeignKey("person.id", name="fk_enrolment_decided_by_person"),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column(
        "enrolment", sa.Column("decision_reason", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("enrolment", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "enrolment", sa.Column("asked_words", sa.Text(), server_default="", nullable=False)
    )
    op.create_index(
        "ix_enrolment_requested",
        "enrolment",
        ["municipality_id", "joined_at"],
        unique=False,
        sqlite_where=sa.text("state = 'requested'"),
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_index(
        "ix_announcement_municipality_id", "announcement", ["municipality_id"], unique=False
    )
    op.create_index("ix_announcement_session_id", "announcement", ["session_id"], unique=False)
    op.create_index("ix_calendar_feed_person_id", "calendar_feed", ["person_id"], unique=False)
    op.create_index("ix_no_show_municipality_id", "no_show", ["municipality_id"], unique=False)
    op.create_index("ix_no_show_person_id", "no_show", ["person_id"], unique=False)
    op.add_column(
        "message",
        sa.Column(
            "session_id",
            sa.Uuid(),
            sa.ForeignKey("project_session.id", name="fk_message_session_id_project_session"),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column(
        "message", sa.Column("session_starts_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("message", "session_starts_at")
    op.drop_column("message", "session_id")
    op.drop_index("ix_booking_offered_until", table_name="booking")
    op.drop_index("ix_booking_group_id", table_name="booking")
    op.drop_index("ix_enrolment_requested", table_name="enrolment")
    op.drop_column("enrolment", "asked_words")
    op.drop_column("enrolment", "escalated_at")
    op.drop_column("enrolment", "decision_reason")
    op.drop_column("enrolment", "decided_by")
    op.drop_column("enrolment", "decided_at")
    op.drop_column("enrolment", "enrolled_by")
    op.drop_column("enrolment", "legal_basis")
    op.drop_column("booking", "asked_again_at")
    op.drop_column("booking", "sequence")
    op.drop_column("booking", "booked_by")
    op.drop_column("booking", "group_id")
    op.drop_column("booking", "offered_until")
    op.drop_table("no_show")
    op.drop_table("free_time")
    op.drop_table("calendar_feed")
    op.drop_table("announcement")
    op.drop_table("qualification")
    op.drop_table("booking_group")
