"""The tables of the loop: publish, join, check in, earn, plan."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "achievement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("names", JSON, nullable=False),
        sa.Column("rule", JSON, nullable=False),
        sa.Column("skills", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_achievement"),
        sa.UniqueConstraint("code", name="uq_achievement_code"),
    )
    op.create_table(
        "association",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_association"),
        sa.UniqueConstraint("slug", name="uq_association_slug"),
    )
    op.create_table(
        "counter",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_counter"),
    )
    op.create_table(
        "municipality",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_municipality"),
        sa.UniqueConstraint("slug", name="uq_municipality_slug"),
    )
    op.create_table(
        "one_time_code",
        sa.Column("contact_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("contact_hash", name="pk_one_time_code"),
    )
    op.create_table(
        "outbox_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_event"),
    )
    op.create_index(
        "ix_outbox_event_pending", "outbox_event", ["settled_at", "next_try_at"], unique=False
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("nationality", sa.String(length=2), nullable=True),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("page_language", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_table(
        "association_in_city",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("verification", sa.String(length=32), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["association.id"],
            name="fk_association_in_city_association_id_association",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_association_in_city_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_association_in_city"),
        sa.UniqueConstraint(
            "association_id",
            "municipality_id",
            name="uq_association_in_city_association_id_municipality_id",
        ),
    )
    op.create_index(
        "ix_association_in_city_municipality_id",
        "association_in_city",
        ["municipality_id"],
        unique=False,
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("thing_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_audit_entry_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
        sa.UniqueConstraint(
            "municipality_id", "number", name="uq_audit_entry_municipality_id_number"
        ),
    )
    op.create_index(
        "ix_audit_entry_municipality_id", "audit_entry", ["municipality_id"], unique=False
    )
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject_id", "at"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_audit_head_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.UniqueConstraint("municipality_id", name="uq_audit_head_municipality_id"),
    )
    op.create_index(
        "ix_audit_head_municipality_id", "audit_head", ["municipality_id"], unique=False
    )
    op.create_table(
        "award",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("skills", JSON, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievement.id"], name="fk_award_achievement_id_achievement"
        ),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name="fk_award_assessor_id_person"),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.id"], name="fk_award_association_id_association"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_award_municipality_id_municipality"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_award_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_award"),
        sa.UniqueConstraint(
            "person_id", "achievement_id", name="uq_award_person_id_achievement_id"
        ),
    )
    op.create_index("ix_award_municipality_id", "award", ["municipality_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_contact_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("kind", "value", name="uq_contact_kind_value"),
    )
    op.create_index("ix_contact_person_id", "contact", ["person_id"], unique=False)
    op.create_table(
        "guardian_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_name", sa.String(length=160), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_guardian_consent_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name="fk_guardian_consent_person_id_person",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name="fk_guardian_consent_recorded_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_guardian_consent"),
        sa.UniqueConstraint(
            "person_id", "municipality_id", name="uq_guardian_consent_person_id_municipality_id"
        ),
    )
    op.create_index(
        "ix_guardian_consent_municipality_id", "guardian_consent", ["municipality_id"], unique=False
    )
    op.create_table(
        "insurance_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("insurer", sa.String(length=160), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["association.id"],
            name="fk_insurance_policy_association_id_association",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_insurance_policy_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_insurance_policy"),
    )
    op.create_index(
        "ix_insurance_policy_association",
        "insurance_policy",
        ["association_id", "starts_on"],
        unique=False,
    )
    op.create_index(
        "ix_insurance_policy_municipality_id", "insurance_policy", ["municipality_id"], unique=False
    )
    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name="fk_login_session_person_id_person",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_login_session"),
    )
    op.create_index("ix_login_session_person_id", "login_session", ["person_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("once_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_message_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("once_key", name="uq_message_once_key"),
    )
    op.create_index("ix_message_person_id", "message", ["person_id"], unique=False)
    op.create_index("ix_message_waiting", "message", ["sent_at", "next_try_at"], unique=False)
    op.create_table(
        "outbox_delivery",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("handler", sa.String(length=120), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["outbox_event.id"],
            name="fk_outbox_delivery_event_id_outbox_event",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "handler", name="pk_outbox_delivery"),
    )
    op.create_table(
        "pass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("short_code", sa.String(length=8), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_pass_municipality_id_municipality"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_pass_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pass"),
        sa.UniqueConstraint(
            "municipality_id", "short_code", name="uq_pass_municipality_id_short_code"
        ),
        sa.UniqueConstraint("token_hash", name="uq_pass_token_hash"),
    )
    op.create_index(
        "ix_pass_living",
        "pass",
        ["person_id", "municipality_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index("ix_pass_municipality_id", "pass", ["municipality_id"], unique=False)
    op.create_index("ix_pass_person_id", "pass", ["person_id"], unique=False)
    op.create_table(
        "person_in_city",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_person_in_city_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name="fk_person_in_city_person_id_person",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_person_in_city"),
        sa.UniqueConstraint(
            "person_id", "municipality_id", name="uq_person_in_city_person_id_municipality_id"
        ),
    )
    op.create_index(
        "ix_person_in_city_municipality_id", "person_in_city", ["municipality_id"], unique=False
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_worker_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_worker_id"], ["person.id"], name="fk_plan_case_worker_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_plan_municipality_id_municipality"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_plan_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
        sa.UniqueConstraint(
            "person_id", "municipality_id", name="uq_plan_person_id_municipality_id"
        ),
    )
    op.create_index("ix_plan_case_worker_id", "plan", ["case_worker_id"], unique=False)
    op.create_index("ix_plan_municipality_id", "plan", ["municipality_id"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("minimum_age", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_reason", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.id"], name="fk_project_association_id_association"
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name="fk_project_created_by_person"),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_project_municipality_id_municipality"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_project"),
        sa.UniqueConstraint("slug", name="uq_project_slug"),
    )
    op.create_index("ix_project_association_id", "project", ["association_id"], unique=False)
    op.create_index("ix_project_municipality_id", "project", ["municipality_id"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievement.id"], name="fk_proposal_achievement_id_achievement"
        ),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.id"], name="fk_proposal_association_id_association"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name="fk_proposal_decided_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_proposal_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_proposal_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sa.UniqueConstraint(
            "person_id",
            "achievement_id",
            "municipality_id",
            name="uq_proposal_person_id_achievement_id_municipality_id",
        ),
    )
    op.create_index("ix_proposal_association_id", "proposal", ["association_id"], unique=False)
    op.create_index("ix_proposal_municipality_id", "proposal", ["municipality_id"], unique=False)
    op.create_table(
        "register_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["association.id"],
            name="fk_register_entry_association_id_association",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_register_entry_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_register_entry_person_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_register_entry"),
        sa.UniqueConstraint(
            "person_id",
            "association_id",
            "municipality_id",
            "first_day",
            name="uq_register_entry_line",
        ),
    )
    op.create_index(
        "ix_register_entry_municipality_id", "register_entry", ["municipality_id"], unique=False
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=True),
        sa.Column("association_id", sa.Uuid(), nullable=True),
        sa.Column("discipline", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.id"], name="fk_role_grant_association_id_association"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_role_grant_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_role_grant_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_role_grant"),
    )
    op.create_index("ix_role_grant_person_id", "role_grant", ["person_id"], unique=False)
    op.create_table(
        "staff_credential",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_name", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name="fk_staff_credential_person_id_person",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_staff_credential"),
        sa.UniqueConstraint("sign_in_name", name="uq_staff_credential_sign_in_name"),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_enrolment_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_enrolment_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_enrolment_project_id_project"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
        sa.UniqueConstraint("person_id", "project_id", name="uq_enrolment_person_id_project_id"),
    )
    op.create_index("ix_enrolment_municipality_id", "enrolment", ["municipality_id"], unique=False)
    op.create_index("ix_enrolment_project_id", "enrolment", ["project_id"], unique=False)
    op.create_table(
        "goal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("skills", JSON, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_goal_municipality_id_municipality"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name="fk_goal_plan_id_plan", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_goal"),
    )
    op.create_index("ix_goal_municipality_id", "goal", ["municipality_id"], unique=False)
    op.create_index("ix_goal_plan_id", "goal", ["plan_id"], unique=False)
    op.create_table(
        "project_language",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name="fk_project_language_project_id_project",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", "language", name="pk_project_language"),
    )
    op.create_index("ix_project_language_language", "project_language", ["language"], unique=False)
    op.create_table(
        "project_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("meeting_point", sa.String(length=200), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("places_taken", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_project_session_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name="fk_project_session_project_id_project",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_project_session"),
        sa.UniqueConstraint(
            "project_id", "starts_at", name="uq_project_session_project_id_starts_at"
        ),
    )
    op.create_index(
        "ix_project_session_municipality_id", "project_session", ["municipality_id"], unique=False
    )
    op.create_index(
        "ix_project_session_open",
        "project_session",
        ["starts_at", "id"],
        unique=False,
        sqlite_where=sa.text("is_public IS 1 AND state = 'scheduled'"),
        postgresql_where=sa.text("is_public IS true AND state = 'scheduled'"),
    )
    op.create_table(
        "project_skill",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("skill", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name="fk_project_skill_project_id_project",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", "skill", name="pk_project_skill"),
    )
    op.create_table(
        "project_text",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("what_you_do", sa.Text(), nullable=False),
        sa.Column("what_to_bring", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name="fk_project_text_project_id_project",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", "language", name="pk_project_text"),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_booking_municipality_id_municipality"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_booking_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["project_session.id"], name="fk_booking_session_id_project_session"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_booking"),
        sa.UniqueConstraint("session_id", "person_id", name="uq_booking_session_id_person_id"),
    )
    op.create_index("ix_booking_municipality_id", "booking", ["municipality_id"], unique=False)
    op.create_index("ix_booking_person_id", "booking", ["person_id"], unique=False)
    op.create_index(
        "ix_booking_queue", "booking", ["session_id", "state", "queued_at"], unique=False
    )
    op.create_table(
        "check_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("direction", sa.String(length=32), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_check_event_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_check_event_person_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["project_session.id"], name="fk_check_event_session_id_project_session"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_check_event"),
    )
    op.create_index(
        "ix_check_event_municipality_id", "check_event", ["municipality_id"], unique=False
    )
    op.create_index(
        "ix_check_event_presence",
        "check_event",
        ["session_id", "person_id", "scanned_at"],
        unique=False,
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_correction_made_by_person"),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_correction_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_correction_person_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["project_session.id"], name="fk_correction_session_id_project_session"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index(
        "ix_correction_municipality_id", "correction", ["municipality_id"], unique=False
    )
    op.create_index(
        "ix_correction_presence", "correction", ["session_id", "person_id", "made_at"], unique=False
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name="fk_evidence_award_id_award"),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name="fk_evidence_goal_id_goal", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_evidence_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.UniqueConstraint("goal_id", "award_id", name="uq_evidence_goal_id_award_id"),
    )
    op.create_index("ix_evidence_municipality_id", "evidence", ["municipality_id"], unique=False)
    op.create_table(
        "hours_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.id"], name="fk_hours_line_association_id_association"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_hours_line_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_hours_line_person_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_hours_line_project_id_project"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["project_session.id"], name="fk_hours_line_session_id_project_session"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hours_line"),
        sa.UniqueConstraint("session_id", "person_id", name="uq_hours_line_session_id_person_id"),
    )
    op.create_index("ix_hours_line_figures", "hours_line", ["municipality_id", "day"], unique=False)
    op.create_index(
        "ix_hours_line_municipality_id", "hours_line", ["municipality_id"], unique=False
    )
    op.create_index("ix_hours_line_person_id", "hours_line", ["person_id", "day"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_hours_line_person_id", table_name="hours_line")
    op.drop_index("ix_hours_line_municipality_id", table_name="hours_line")
    op.drop_index("ix_hours_line_figures", table_name="hours_line")
    op.drop_table("hours_line")
    op.drop_index("ix_evidence_municipality_id", table_name="evidence")
    op.drop_table("evidence")
    op.drop_index("ix_correction_presence", table_name="correction")
    op.drop_index("ix_correction_municipality_id", table_name="correction")
    op.drop_table("correction")
    op.drop_index("ix_check_event_presence", table_name="check_event")
    op.drop_index("ix_check_event_municipality_id", table_name="check_event")
    op.drop_table("check_event")
    op.drop_index("ix_booking_queue", table_name="booking")
    op.drop_index("ix_booking_person_id", table_name="booking")
    op.drop_index("ix_booking_municipality_id", table_name="booking")
    op.drop_table("booking")
    op.drop_table("project_text")
    op.drop_table("project_skill")
    op.drop_index(
        "ix_project_session_open",
        table_name="project_session",
        sqlite_where=sa.text("is_public IS 1 AND state = 'scheduled'"),
        postgresql_where=sa.text("is_public IS true AND state = 'scheduled'"),
    )
    op.drop_index("ix_project_session_municipality_id", table_name="project_session")
    op.drop_table("project_session")
    op.drop_index("ix_project_language_language", table_name="project_language")
    op.drop_table("project_language")
    op.drop_index("ix_goal_plan_id", table_name="goal")
    op.drop_index("ix_goal_municipality_id", table_name="goal")
    op.drop_table("goal")
    op.drop_index("ix_enrolment_project_id", table_name="enrolment")
    op.drop_index("ix_enrolment_municipality_id", table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_table("staff_credential")
    op.drop_index("ix_role_grant_person_id", table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index("ix_register_entry_municipality_id", table_name="register_entry")
    op.drop_table("register_entry")
    op.drop_index("ix_proposal_municipality_id", table_name="proposal")
    op.drop_index("ix_proposal_association_id", table_name="proposal")
    op.drop_table("proposal")
    op.drop_index("ix_project_municipality_id", table_name="project")
    op.drop_index("ix_project_association_id", table_name="project")
    op.drop_table("project")
    op.drop_index("ix_plan_municipality_id", table_name="plan")
    op.drop_index("ix_plan_case_worker_id", table_name="plan")
    op.drop_table("plan")
    op.drop_index("ix_person_in_city_municipality_id", table_name="person_in_city")
    op.drop_table("person_in_city")
    op.drop_index("ix_pass_person_id", table_name="pass")
    op.drop_index("ix_pass_municipality_id", table_name="pass")
    op.drop_index(
        "ix_pass_living",
        table_name="pass",
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.drop_table("pass")
    op.drop_table("outbox_delivery")
    op.drop_index("ix_message_waiting", table_name="message")
    op.drop_index("ix_message_person_id", table_name="message")
    op.drop_table("message")
    op.drop_index("ix_login_session_person_id", table_name="login_session")
    op.drop_table("login_session")
    op.drop_index("ix_insurance_policy_municipality_id", table_name="insurance_policy")
    op.drop_index("ix_insurance_policy_association", table_name="insurance_policy")
    op.drop_table("insurance_policy")
    op.drop_index("ix_guardian_consent_municipality_id", table_name="guardian_consent")
    op.drop_table("guardian_consent")
    op.drop_index("ix_contact_person_id", table_name="contact")
    op.drop_table("contact")
    op.drop_index("ix_award_municipality_id", table_name="award")
    op.drop_table("award")
    op.drop_index("ix_audit_head_municipality_id", table_name="audit_head")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_entry_subject", table_name="audit_entry")
    op.drop_index("ix_audit_entry_municipality_id", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index("ix_association_in_city_municipality_id", table_name="association_in_city")
    op.drop_table("association_in_city")
    op.drop_table("person")
    op.drop_index("ix_outbox_event_pending", table_name="outbox_event")
    op.drop_table("outbox_event")
    op.drop_table("one_time_code")
    op.drop_table("municipality")
    op.drop_table("counter")
    op.drop_table("association")
    op.drop_table("achievement")
