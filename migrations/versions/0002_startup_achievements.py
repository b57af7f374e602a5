"""Achievements that every installation starts with: hours and sessions for each area."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HALF = {"minutes": 720, "sessions": 4}
FULL = {"minutes": 2400, "sessions": 12}

ROWS = (
    {
        "id": "01968c3e-0000-7000-8000-000000000001",
        "code": "first-day",
        "area": None,
        "level": 1,
        "names": {
            "it": "Il primo giorno",
            "en": "First day",
            "fr": "Premier jour",
            "ar": "اليوم الأول",
        },
        "rule": {"minutes": 0, "sessions": 1},
        "skills": ["7d9bace0-63d0-4848-ac87-350a98082c12"],
    },
    {
        "id": "01968c3e-0000-7000-8000-000000000011",
        "code": "green-12",
        "area": "green",
        "level": 1,
        "names": {
            "it": "Cura del verde, 12 ore",
            "en": "Green-space care, 12 hours",
            "fr": "Soin des espaces verts, 12 heures",
            "ar": "العناية بالمساحات الخضراء، 12 ساعة",
        },
        "rule": HALF,
        "skills": [
            "41be6ab9-1cf9-43af-8c63-b6664b921dd5",
            "8ce4a4af-969b-4d1c-8bfe-891cff82f913",
            "0e355580-bd4a-465a-8058-92984623070e",
            "60c78287-22eb-4103-9c8c-28deaa460da0",
        ],
    },
    {
        "id": "01968c3e-0000-7000-8000-000000000012",
        "code": "green-40",
        "area": "green",
        "level": 2,
        "names": {
            "it": "Cura del verde, 40 ore",
            "en": "Green-space care, 40 hours",
            "fr": "Soin des espaces verts, 40 heures",
            "ar": "العناية بالمساحات الخضراء، 40 ساعة",
        },
        "rule": FULL,
        "skills": [
            "41be6ab9-1cf9-43af-8c63-b6664b921dd5",
            "8ce4a4af-969b-4d1c-8bfe-891cff82f913",
            "51097602-8e4e-4830-8f35-d77afc713fc0",
            "0e355580-bd4a-465a-8058-92984623070e",
            "60c78287-22eb-4103-9c8c-28deaa460da0",
            "113b4428-0a31-4199-8496-070af7854b91",
            "fc511e12-fe90-40a0-bec8-227abb5e4255",
        ],
    },
    {
        "id": "01968c3e-0000-7000-8000-000000000021",
        "code": "care-12",
        "area": "care",
        "level": 1,
        "names": {
            "it": "Cura della persona, 12 ore",
            "en": "Personal care, 12 hours",
            "fr": "Aide aux personnes, 12 heures",
            "ar": "رعاية الأشخاص، 12 ساعة",
        },
        "rule": HALF,
        "skills": [
            "ab89ad86-1098-44bb-9465-05af5624557c",
            "9aa2a1cb-37a6-4f3b-9610-0dadee1ec8ed",
            "77b636e8-fab3-41a8-8022-1e0a354059dc",
            "b45f87e9-66ce-4212-82eb-3a55765bc512",
        ],
    },
    {
        "id": "01968c3e-0000-7000-8000-000000000022",
        "code": "care-40",
        "area": "care",
        "level": 2,
        "names": {
            "it": "Cura della persona, 40 ore",
            "en": "Personal care, 40 hours",
            "fr": "Aide aux personnes, 40 heures",
            "ar": "رعاية الأشخاص، 40 ساعة",
        },
        "rule": FULL,
        "skills": [
            "ab89ad86-1098-44bb-9465-05af5624557c",
            "9aa2a1cb-37a6-4f3b-9610-0dadee1ec8ed",
            "77b636e8-fab3-41a8-8022-1e0a354059dc",
            "e37d64dc-0f05-4ee8-b065-bf76f70d8f5c",
            "b45f87e9-66ce-4212-82eb-3a55765bc512",
            "113b4428-0a31-4199-8496-070af7854b91",
        ],
    },
    {
        "id": "01968c3e-0000-7000-8000-000000000031",
        "code": "territory-12",
        "area": "territory",
        "level": 1,
        "names": {
            "it": "Messa in sicurezza del territorio, 12 ore",
            "en": "Territory safety, 12 hours",
            "fr": "Lieux publics plus sûrs, 12 heures",
            "ar": "سلامة الأماكن العامة، 12 ساعة",
        },
        "rule": HALF,
        "skills": [
            "d1052480-60f7-404b-83f1-254666daf790",
            "b826a56a-811d-477c-b165-271729f644a4",
            "51754b8a-3e2c-4cc1-86e6-cf510d9c6fe4",
            "60c78287-22eb-4103-9c8c-28deaa460da0",
        ],
    },
    {
        "id": "01968c3e-0000-7000-8000-000000000032",
        "code": "territory-40",
        "area": "territory",
        "level": 2,
        "names": {
            "it": "Messa in sicurezza del territorio, 40 ore",
            "en": "Territory safety, 40 hours",
            "fr": "Lieux publics plus sûrs, 40 heures",
            "ar": "سلامة الأماكن العامة، 40 ساعة",
        },
        "rule": FULL,
        "skills": [
            "d1052480-60f7-404b-83f1-254666daf790",
            "b826a56a-811d-477c-b165-271729f644a4",
            "f21c872c-68ae-49bb-a84f-bf3097c65443",
            "51754b8a-3e2c-4cc1-86e6-cf510d9c6fe4",
            "60c78287-22eb-4103-9c8c-28deaa460da0",
            "113b4428-0a31-4199-8496-070af7854b91",
            "fc511e12-fe90-40a0-bec8-227abb5e4255",
        ],
    },
)

JSON = sa.JSON().with_variant(JSONB(), "postgresql")

achievement = sa.table(
    "achievement",
    sa.column("id", sa.Uuid()),
    sa.column("code", sa.String()),
    sa.column("area", sa.String()),
    sa.column("level", sa.Integer()),
    sa.column("names", JSON),
    sa.column("rule", JSON),
    sa.column("skills", JSON),
)
IN_USE = sa.union(
    *(
        sa.select(sa.table(table, sa.column("achievement_id", sa.Uuid())).c.achievement_id)
        for table in ("proposal", "award")
    )
)


def upgrade() -> None:
    there = set(op.get_bind().scalars(sa.select(achievement.c.id)))
    rows = [{**row, "id": UUID(str(row["id"]))} for row in ROWS]
    op.bulk_insert(achievement, [row for row in rows if row["id"] not in there])


def downgrade() -> None:
    """Those that somebody was proposed for or holds stay: their history hangs on them."""
    op.execute(
        sa.delete(achievement).where(
            achievement.c.id.in_([UUID(str(row["id"])) for row in ROWS]),
            achievement.c.id.not_in(IN_USE),
        )
    )
