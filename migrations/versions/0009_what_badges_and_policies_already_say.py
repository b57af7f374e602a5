"""Badges already awarded count as qualifications; policies of before cover their volunteers."""

import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

award = sa.table(
    "award",
    sa.column("person_id", sa.Uuid()),
    sa.column("achievement_id", sa.Uuid()),
    sa.column("skills", JSON),
)
achievement = sa.table("achievement", sa.column("id", sa.Uuid()), sa.column("code", sa.String()))
qualification = sa.table(
    "qualification",
    sa.column("person_id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("value", sa.String()),
)
policy = sa.table("insurance_policy", sa.column("id", sa.Uuid()))
policy_basis = sa.table(
    "policy_basis", sa.column("policy_id", sa.Uuid()), sa.column("legal_basis", sa.String())
)


def upgrade() -> None:
    connection = op.get_bind()
    held: set[tuple[UUID, str, str]] = set()
    rows = connection.execute(
        sa.select(award.c.person_id, achievement.c.code, award.c.skills).join(
            achievement, achievement.c.id == award.c.achievement_id
        )
    )
    for person_id, code, skills in rows:
        held.add((person_id, "badge", code))
        held.update((person_id, "skill", skill) for skill in _list(skills))
    if held:
        op.bulk_insert(
            qualification,
            [
                {"person_id": person_id, "kind": kind, "value": value}
                for person_id, kind, value in sorted(held, key=str)
            ],
        )
    policies = connection.scalars(sa.select(policy.c.id)).all()
    if policies:
        op.bulk_insert(
            policy_basis,
            [
                {"policy_id": policy_id, "legal_basis": basis}
                for policy_id in policies
                for basis in ("volunteer", "occasional")
            ],
        )


def _list(value: Any) -> list[str]:
    found: list[str] = json.loads(value) if isinstance(value, str) else value
    return found


def downgrade() -> None:
    op.execute(sa.delete(qualification))
    op.execute(sa.delete(policy_basis))
