"""Devices at the gate, what is known of each scan, and a ledger that only grows."""

from datetime import UTC
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
ROME = ZoneInfo("Europe/Rome")

correction = sa.table(
    "correction",
    sa.column("id", sa.Uuid()),
    sa.column("session_id", sa.Uuid()),
    sa.column("day", sa.Date()),
    sa.column("state", sa.String()),
)
session = sa.table("project_session", sa.column("id", sa.Uuid()), sa.column("starts_at", INSTANT))


def _city(table: str) -> tuple[sa.Column[object], sa.ForeignKeyConstraint]:
    return (
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=f"fk_{table}_municipality_id_municipality",
        ),
    )


def _refers(
    table: str, column: str, other: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", ondelete=ondelete
    )


def upgrade() -> None:
    _make_devices()
    _widen_check_events()
    _widen_corrections()
    _make_the_ledger()


def _make_devices() -> None:
    table = "scanner_device"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("gate", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        *_city(table),
        _refers(table, "association_id", "association"),
        _refers(table, "session_id", "project_session"),
        _refers(table, "made_by", "person"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("token_hash", name=f"uq_{table}_token_hash"),
    )
    op.create_index(f"ix_{table}_association_id", table, ["association_id"])
    op.create_index(f"ix_{table}_municipality_id", table, ["municipality_id"])


def _widen_check_events() -> None:
    table = "check_event"
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column("method", sa.String(32), nullable=False, server_default="qr"))
        batch.add_column(sa.Column("told_at", INSTANT, nullable=True))
        batch.add_column(sa.Column("offset_ms", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("flags", JSON, nullable=False, server_default="[]"))
        for name in ("is_forced", "to_look_at"):
            batch.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )
        batch.add_column(sa.Column("unknown_code", sa.String(64), nullable=True))
        batch.add_column(sa.Column("gate", sa.String(60), nullable=False, server_default=""))
        batch.add_column(sa.Column("device_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            "fk_check_event_device_id_scanner_device", "scanner_device", ["device_id"], ["id"]
        )
    op.execute("UPDATE check_event SET told_at = scanned_at")
    with op.batch_alter_table(table) as batch:
        batch.alter_column("told_at", existing_type=INSTANT, nullable=False)
        for name, kind in (
            ("method", sa.String(32)),
            ("flags", JSON),
            ("is_forced", sa.Boolean()),
            ("to_look_at", sa.Boolean()),
            ("gate", sa.String(60)),
        ):
            batch.alter_column(name, existing_type=kind, server_default=None)
    op.create_index("ix_check_event_person", table, ["person_id", "scanned_at"])
    op.create_index(
        "ix_check_event_to_look_at",
        table,
        ["session_id"],
        sqlite_where=sa.text("to_look_at IS 1"),
        postgresql_where=sa.text("to_look_at IS true"),
    )
    table = "check_decision"
    op.create_table(
        table,
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        *_city(table),
        _refers(table, "event_id", "check_event", "CASCADE"),
        _refers(table, "made_by", "person"),
        sa.PrimaryKeyConstraint("event_id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_municipality_id", table, ["municipality_id"])


def _widen_corrections() -> None:
    with op.batch_alter_table("correction") as batch:
        batch.add_column(sa.Column("day", sa.Date(), nullable=True))
        batch.add_column(sa.Column("kind", sa.String(32), nullable=False, server_default="by_hand"))
        batch.add_column(
            sa.Column("state", sa.String(32), nullable=False, server_default="confirmed")
        )
        batch.add_column(sa.Column("decided_by", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("decided_at", INSTANT, nullable=True))
        batch.alter_column("made_by", existing_type=sa.Uuid(), nullable=True)
        batch.create_foreign_key(
            "fk_correction_decided_by_person", "person", ["decided_by"], ["id"]
        )
    # Of before: a correction stood beside the one line that its person had of the session.
    op.execute(
        "UPDATE correction SET decided_at = made_at, day = (SELECT hours_line.day FROM hours_line"
        " WHERE hours_line.session_id = correction.session_id"
        " AND hours_line.person_id = correction.person_id)"
    )
    _date_what_is_left()
    with op.batch_alter_table("correction") as batch:
        batch.alter_column("day", existing_type=sa.Date(), nullable=False)
        for name in ("kind", "state"):
            batch.alter_column(name, existing_type=sa.String(32), server_default=None)


def _date_what_is_left() -> None:
    """A correction beside no line counted nowhere, and counts nowhere now; it is still somebody's
    word, of the day in Italy on which its session starts."""
    undated = sa.select(correction.c.id, session.c.starts_at).join(
        session, session.c.id == correction.c.session_id
    )
    connection = op.get_bind()
    for id_, starts_at in connection.execute(undated.where(correction.c.day.is_(None))).all():
        aware = starts_at if starts_at.tzinfo else starts_at.replace(tzinfo=UTC)
        day = aware.astimezone(ROME).date()
        connection.execute(
            sa.update(correction).where(correction.c.id == id_).values(day=day, state="refused")
        )


def _make_the_ledger() -> None:
    with op.batch_alter_table("hours_line") as batch:
        batch.drop_constraint("uq_hours_line_session_id_person_id", type_="unique")
        batch.create_unique_constraint(
            "uq_hours_line_session_id_person_id_day", ["session_id", "person_id", "day"]
        )
    table = "hours_entry"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        *_city(table),
        _refers(table, "session_id", "project_session"),
        _refers(table, "association_id", "association"),
        _refers(table, "person_id", "person"),
        _refers(table, "made_by", "person"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index("ix_hours_entry_line", table, ["session_id", "person_id", "day"])
    op.create_index("ix_hours_entry_person_id", table, ["person_id", "made_at"])
    op.create_index("ix_hours_entry_month", table, ["municipality_id", "month"])
    op.create_index(f"ix_{table}_municipality_id", table, ["municipality_id"])
    table = "closed_month"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
        *_city(table),
        _refers(table, "closed_by", "person"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("municipality_id", "month", name=f"uq_{table}_municipality_id_month"),
    )
    op.create_index(f"ix_{table}_municipality_id", table, ["municipality_id"])
    table = "contest"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("answer", sa.String(500), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        *_city(table),
        _refers(table, "session_id", "project_session"),
        _refers(table, "association_id", "association"),
        _refers(table, "person_id", "person", "CASCADE"),
        _refers(table, "answered_by", "person"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    op.create_index("ix_contest_open", table, ["association_id", "answered_at"])
    op.create_index("ix_contest_person_id", table, ["person_id"])
    op.create_index(f"ix_{table}_municipality_id", table, ["municipality_id"])


def downgrade() -> None:
    for table in ("contest", "closed_month", "hours_entry"):
        op.drop_table(table)
    with op.batch_alter_table("hours_line") as batch:
        batch.drop_constraint("uq_hours_line_session_id_person_id_day", type_="unique")
        batch.create_unique_constraint(
            "uq_hours_line_session_id_person_id", ["session_id", "person_id"]
        )
    # What was refused by nobody stood beside no line before, and goes back as it came.
    op.execute(
        "DELETE FROM correction WHERE made_by IS NULL OR state = 'proposed'"
        " OR (state = 'refused' AND decided_by IS NOT NULL)"
    )
    with op.batch_alter_table("correction") as batch:
        batch.drop_constraint("fk_correction_decided_by_person", type_="foreignkey")
        for name in ("day", "kind", "state", "decided_by", "decided_at"):
            batch.drop_column(name)
        batch.alter_column("made_by", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("check_decision")
    op.drop_index("ix_check_event_to_look_at", "check_event")
    op.drop_index("ix_check_event_person", "check_event")
    with op.batch_alter_table("check_event") as batch:
        batch.drop_constraint("fk_check_event_device_id_scanner_device", type_="foreignkey")
        for name in (
            "method", "told_at", "offset_ms", "flags", "is_forced", "to_look_at",
            "unknown_code", "gate", "device_id",
        ):  # fmt: skip
            batch.drop_column(name)
    op.drop_table("scanner_device")
