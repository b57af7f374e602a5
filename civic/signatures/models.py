from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db.base import Base, Id, Instant, Json, TenantOwned, enum_column
from civic.signatures.rules import Kind, Means, Side


class FrozenPaper(TenantOwned, Base):
    """A paper as it was when it was frozen. The database refuses to change or to remove it."""

    __tablename__ = "frozen_paper"
    __table_args__ = (UniqueConstraint("series", "number"),)

    id: Mapped[Id]
    series: Mapped[str] = mapped_column(String(100))
    number: Mapped[int]
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    association_id: Mapped[UUID | None] = mapped_column(ForeignKey("association.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    about_id: Mapped[UUID] = mapped_column(index=True)
    """The plan or the path whose paper it is; those stand on higher floors."""
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[Instant]
    frozen_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Signature(TenantOwned, Base):
    """Never changed nor removed either."""

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("paper_id", "side"),)

    id: Mapped[Id]
    paper_id: Mapped[UUID] = mapped_column(ForeignKey("frozen_paper.id"))
    paper_hash: Mapped[str] = mapped_column(String(64))
    side: Mapped[Side] = mapped_column(enum_column(Side))
    signer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    means: Mapped[Means] = mapped_column(enum_column(Means))
    witness_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    drawing: Mapped[list[Any]] = mapped_column(Json)
    signed_at: Mapped[Instant]


class PaperSeries(TenantOwned, Base):
    """Where a series stands; whoever takes the next number holds this row until they commit."""

    __tablename__ = "paper_series"

    series: Mapped[str] = mapped_column(String(100), primary_key=True)
    last_number: Mapped[int]


class WaitingPaper(TenantOwned, Base):
    """The one paper of a plan or path that waits to be signed; gone once it is complete or set
    aside. Whoever signs holds this row."""

    __tablename__ = "waiting_paper"

    about_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind), primary_key=True)
    paper_id: Mapped[UUID] = mapped_column(ForeignKey("frozen_paper.id"), unique=True)


class PaperSetAside(TenantOwned, Base):
    __tablename__ = "paper_set_aside"

    paper_id: Mapped[UUID] = mapped_column(ForeignKey("frozen_paper.id"), primary_key=True)
    set_aside_at: Mapped[Instant]
    set_aside_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300))


class KeptCopy(TenantOwned, Base):
    """The PDF of a complete paper as it was first typeset, and its hash."""

    __tablename__ = "kept_copy"

    paper_id: Mapped[UUID] = mapped_column(ForeignKey("frozen_paper.id"), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(32))
    """In the file store."""
    sha256: Mapped[str] = mapped_column(String(64))
    kept_at: Mapped[Instant]
