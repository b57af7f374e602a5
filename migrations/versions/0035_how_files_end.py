"""How files end: erasures by two, notices of retention, archives for the person, scraps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLES = ("case_erasure", "retention_notice", "case_archive", "case_scrap")


def upgrade() -> None:
    op.create_table(
        "case_erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("is_confirmed", sa.Boolean(), nullable=True),
        *_of_city("case_erasure"),
        *_of_case("case_erasure"),
        *(_by_person("case_erasure", each) for each in ("asked_by", "decided_by")),
        sa.PrimaryKeyConstraint("id", name="pk_case_erasure"),
    )
    op.create_index("ix_case_erasure_case_id", "case_erasure", ["case_id"])
    op.create_table(
        "retention_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kept", sa.String(32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        *_of_city("retention_notice"),
        *_of_case("retention_notice"),
        sa.PrimaryKeyConstraint("id", name="pk_retention_notice"),
        sa.UniqueConstraint(
            "case_id", "kept", "due_on", name="uq_retention_notice_case_id_kept_due_on"
        ),
    )
    op.create_table(
        "case_archive",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        *_of_city("case_archive"),
        *_of_case("case_archive"),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name="fk_case_archive_person_id_person",
            ondelete="CASCADE",
        ),
        _by_person("case_archive", "released_by"),
        sa.PrimaryKeyConstraint("id", name="pk_case_archive"),
    )
    op.create_index("ix_case_archive_case_id", "case_archive", ["case_id"])
    op.create_index("ix_case_archive_person_id", "case_archive", ["person_id"])
    op.create_table(
        "case_scrap",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file", sa.String(32), nullable=False),
        sa.Column("thrown_at", sa.DateTime(timezone=True), nullable=False),
        *_of_city("case_scrap"),
        sa.PrimaryKeyConstraint("id", name="pk_case_scrap"),
    )
    for table in TABLES:
        op.create_index(f"ix_{table}_municipality_id", table, ["municipality_id"])
    op.create_index("ix_audit_entry_thing", "audit_entry", ["thing_id", "at"])


def _of_city(table: str) -> tuple[SchemaItem, ...]:
    return (
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=f"fk_{table}_municipality_id_municipality",
        ),
    )


def _of_case(table: str) -> tuple[sa.ForeignKeyConstraint]:
    name = f"fk_{table}_case_id_case_file"
    return (sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=name),)


def _by_person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=f"fk_{table}_{column}_person")


def downgrade() -> None:
    op.drop_index("ix_audit_entry_thing", "audit_entry")
    for table in reversed(TABLES):
        op.drop_table(table)
