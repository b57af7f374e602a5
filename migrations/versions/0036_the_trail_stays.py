"""A line of the audit trail is never changed or removed, whoever holds the application's password."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

REFUSALS = {
    "sqlite": (
        """
        CREATE TRIGGER audit_entry_stays_as_written BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'a line of the trail is never changed'); END
        """,
        """
        CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'a line of the trail is never removed'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_change_of_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'a line of the trail is never changed or removed'; END $$
        """,
        """
        CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_entry()
        """,
    ),
}
WITHDRAWALS = {
    "sqlite": (
        "DROP TRIGGER audit_entry_stays_as_written",
        "DROP TRIGGER audit_entry_stays",
    ),
    "postgresql": (
        "DROP TRIGGER audit_entry_stays ON audit_entry",
        "DROP FUNCTION refuse_change_of_audit_entry()",
    ),
}


def upgrade() -> None:
    for statement in REFUSALS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in WITHDRAWALS[op.get_bind().dialect.name]:
        op.execute(statement)
