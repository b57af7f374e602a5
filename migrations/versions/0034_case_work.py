"""What is done on a case, and what is handed on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

TABLES = (
    "case_entry",
    "case_task",
    "case_alert",
    "case_document",
    "case_consent",
    "appointment",
    "case_referral",
    "case_arrival",
)


def upgrade() -> None:
    op.create_table(
        "case_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outing_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_entry_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_entry_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["outing_id"], ["outing.id"], name="fk_case_entry_outing_id_outing"
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name="fk_case_entry_written_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_entry"),
    )
    op.create_index("ix_case_entry_municipality_id", "case_entry", ["municipality_id"])
    op.create_index("ix_case_entry_outing_id", "case_entry", ["outing_id"])
    op.create_index("ix_case_entry_timeline", "case_entry", ["case_id", "happened_at", "id"])
    op.create_table(
        "case_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_task_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_task_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_case_task_owner_id_person"),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name="fk_case_task_set_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_case_task"),
    )
    op.create_index("ix_case_task_due", "case_task", ["case_id", "done_at", "due_on"])
    op.create_index("ix_case_task_municipality_id", "case_task", ["municipality_id"])
    op.create_index("ix_case_task_owner_id", "case_task", ["owner_id"])
    op.create_table(
        "case_alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("about_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_alert_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_alert_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name="fk_case_alert_set_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_case_alert"),
    )
    op.create_index("ix_case_alert_municipality_id", "case_alert", ["municipality_id"])
    op.create_index("ix_case_alert_standing", "case_alert", ["case_id", "expires_on"])
    op.create_table(
        "case_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.String(32), nullable=False),
        sa.Column("file", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_document_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(["kept_by"], ["person.id"], name="fk_case_document_kept_by_person"),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_document_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_document"),
    )
    op.create_index("ix_case_document_case_id", "case_document", ["case_id"])
    op.create_index("ix_case_document_municipality_id", "case_document", ["municipality_id"])
    op.create_table(
        "case_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("recipient", sa.String(32), nullable=False),
        sa.Column("recipient_city_id", sa.Uuid(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("with_mediator", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_consent_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_consent_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["recipient_city_id"],
            ["municipality.id"],
            name="fk_case_consent_recipient_city_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name="fk_case_consent_recorded_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["person.id"], name="fk_case_consent_withdrawn_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_consent"),
    )
    op.create_index("ix_case_consent_case_id", "case_consent", ["case_id"])
    op.create_index("ix_case_consent_municipality_id", "case_consent", ["municipality_id"])
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("with_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_appointment_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_appointment_made_by_person"),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_appointment_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name="fk_appointment_service_id_service",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["with_id"], ["person.id"], name="fk_appointment_with_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
    )
    op.create_index("ix_appointment_case_id", "appointment", ["case_id"])
    op.create_index("ix_appointment_municipality_id", "appointment", ["municipality_id"])
    op.create_index("ix_appointment_of_day", "appointment", ["municipality_id", "at"])
    op.create_index("ix_appointment_with_id", "appointment", ["with_id"])
    op.create_table(
        "case_referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("to_municipality_id", sa.Uuid(), nullable=True),
        sa.Column("to_service_id", sa.Uuid(), nullable=True),
        sa.Column("carried", JSON, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("refused_for", sa.String(32), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_referral_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["case_consent.id"], name="fk_case_referral_consent_id_case_consent"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_referral_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name="fk_case_referral_sent_by_person"),
        sa.ForeignKeyConstraint(
            ["to_municipality_id"],
            ["municipality.id"],
            name="fk_case_referral_to_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["to_service_id"],
            ["service.id"],
            name="fk_case_referral_to_service_id_service",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_referral"),
    )
    op.create_index("ix_case_referral_case_id", "case_referral", ["case_id"])
    op.create_index("ix_case_referral_municipality_id", "case_referral", ["municipality_id"])
    op.create_table(
        "case_arrival",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("from_municipality_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name="fk_case_arrival_case_id_case_file"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name="fk_case_arrival_decided_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["from_municipality_id"],
            ["municipality.id"],
            name="fk_case_arrival_from_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_case_arrival_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["case_referral.id"], name="fk_case_arrival_referral_id_case_referral"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_arrival"),
        sa.UniqueConstraint("referral_id", name="uq_case_arrival_referral_id"),
    )
    op.create_index("ix_case_arrival_case_id", "case_arrival", ["case_id"])
    op.create_index("ix_case_arrival_municipality_id", "case_arrival", ["municipality_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
