"""The ground all tables stand on: naming, column types, and the mark of a city's rows."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import JSON, DateTime, Dialect, Enum, ForeignKey, MetaData, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

E = TypeVar("E", bound=StrEnum)


class UtcInstant(TypeDecorator[datetime]):
    """Aware instants only, in UTC, on both databases (SQLite keeps no time zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = Annotated[UUID, mapped_column(Uuid, primary_key=True)]
Instant = Annotated[datetime, mapped_column(UtcInstant)]
Json = JSON().with_variant(JSONB(), "postgresql")


def enum_column(enum: type[E]) -> Enum:
    """An enum stored by value as text: adding a member needs no migration of types."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dict[str, Any]: Json,
        dict[str, str]: Json,
        list[str]: Json,
    }


class TenantOwned:
    """Rows of one city. Whoever reads them is held to their own cities by `kernel.db.scope`."""

    @declared_attr
    @classmethod
    def municipality_id(cls) -> Mapped[UUID]:
        return mapped_column(ForeignKey("municipality.id"), index=True)


class CityCatalogue:
    """Rows of one city with a public face: everybody may read them once `is_public`."""

    is_public: Mapped[bool] = mapped_column(default=False)

    @declared_attr
    @classmethod
    def municipality_id(cls) -> Mapped[UUID]:
        return mapped_column(ForeignKey("municipality.id"), index=True)
