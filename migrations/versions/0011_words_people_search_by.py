"""What projects are found by: their words and facts as one document each, and the order of dates.

The rows are written by the application, which indexes whatever has none: at `civic migrate`, when
the worker starts, and after large loads.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN_ON_SQLITE = "is_public IS 1 AND state = 'scheduled'"
OPEN_ON_POSTGRESQL = "is_public IS true AND state = 'scheduled'"

STATE = ["is_public", "state"]
WHOLE = ["id", "project_id", *STATE]
"""SQLite reads the table too unless the index holds all that is asked, its own condition even."""

# The ascii tokenizer takes every letter beyond ASCII as it is; the application folds them.
INDEX = """
CREATE VIRTUAL TABLE project_search_index USING fts5(
    document,
    content='project_search',
    content_rowid='number',
    tokenize="ascii tokenchars ':-'",
    detail='none',
    columnsize=0
)
"""
ADD = "INSERT INTO project_search_index(rowid, document) VALUES (new.number, new.document);"
REMOVE = (
    "INSERT INTO project_search_index(project_search_index, rowid, document)"
    " VALUES ('delete', old.number, old.document);"
)
TRIGGERS = {
    "project_search_added": f"AFTER INSERT ON project_search BEGIN {ADD} END",
    "project_search_removed": f"AFTER DELETE ON project_search BEGIN {REMOVE} END",
    "project_search_changed": (
        f"AFTER UPDATE OF document ON project_search BEGIN {REMOVE} {ADD} END"
    ),
}


def _is_on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _index_of_open(name: str, columns: list[str], more: str = "", more_on_sqlite: str = "") -> None:
    op.create_index(
        name,
        "project_session",
        columns,
        unique=False,
        sqlite_where=sa.text(OPEN_ON_SQLITE + more_on_sqlite),
        postgresql_where=sa.text(OPEN_ON_POSTGRESQL + more),
    )


def upgrade() -> None:
    op.create_table(
        "project_search",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("city", sa.String(length=60), nullable=False),
        sa.Column("minimum_age", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("next_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_session_id", sa.Uuid(), nullable=True),
        sa.Column(
            "document",
            sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name="fk_project_search_project_id_project",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name="pk_project_search"),
        sa.UniqueConstraint("project_id", name="uq_project_search_project_id"),
    )
    op.create_index(
        "ix_project_search_place", "project_search", ["latitude", "longitude"], unique=False
    )
    for name, columns in (("next", []), ("city", ["city"])):
        op.create_index(
            f"ix_project_search_{name}",
            "project_search",
            [*columns, "next_starts_at", "next_session_id"],
            unique=False,
        )
    op.create_table(
        "search_word",
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("language", "word", name="pk_search_word"),
    )
    if _is_on_postgresql():
        op.create_index(
            "ix_project_search_document",
            "project_search",
            ["document"],
            unique=False,
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )
    else:
        op.execute(INDEX)
        for name, what in TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {what}")
    op.add_column(
        "project_session",
        sa.Column("follows_closely", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.drop_index("ix_project_session_open", table_name="project_session")
    _index_of_open("ix_project_session_open", ["starts_at", *WHOLE])
    _index_of_open(
        "ix_project_session_city",
        ["municipality_id", "starts_at", "id", "project_id", "slot", *STATE],
    )
    _index_of_open("ix_project_session_next", ["project_id", "starts_at", "slot", "id", *STATE])
    _index_of_open("ix_project_session_slot", ["slot", "starts_at", *WHOLE])
    _index_of_open(
        "ix_project_session_apart",
        ["starts_at", *WHOLE],
        " AND follows_closely IS false",
        " AND follows_closely IS 0",
    )


def downgrade() -> None:
    for name in ("apart", "slot", "next", "city", "open"):
        op.drop_index(f"ix_project_session_{name}", table_name="project_session")
    _index_of_open("ix_project_session_open", ["starts_at", "id"])
    op.drop_column("project_session", "follows_closely")
    if not _is_on_postgresql():
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE project_search_index")
    op.drop_table("search_word")
    op.drop_table("project_search")
