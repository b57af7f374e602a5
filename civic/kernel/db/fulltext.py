"""An index of tokens: FTS5 on SQLite, a `tsvector` under a GIN index on PostgreSQL.

Neither database splits or changes words: a document is a set of tokens made elsewhere, of letters,
digits, marks, ':' and '-'. A query is groups of terms; a document must hold one term of each.

On SQLite the document stands in its table as ' a b c ' and triggers keep the virtual table
`<table>_index` in step; on PostgreSQL the column itself is indexed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Dialect,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine

from civic.kernel.db.dialects import one_by_one


@dataclass(frozen=True)
class Term:
    token: str
    is_beginning: bool = False
    """Whether longer tokens that begin so are meant too."""


Group = tuple[Term, ...]
"""One of these."""
Query = tuple[Group, ...]
"""Each of these."""
Shape = tuple[int, ...]
"""How many terms each group has: queries of one shape are one statement."""


class as_document(GenericFunction[Any]):  # noqa: N801 - named as SQL functions are
    inherit_cache = True


@compiles(as_document)
def _as_it_is(element: as_document, compiler: Any, **options: Any) -> str:
    text: str = compiler.process(element.clauses, **options)
    return text


@compiles(as_document, "postgresql")
def _as_tsvector(element: as_document, compiler: Any, **options: Any) -> str:
    text: str = compiler.process(element.clauses, **options)
    return f"array_to_tsvector(CAST({text} AS TEXT[]))"


class Document(TypeDecorator[Any]):
    """A set of tokens."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        tokens = sorted(set(value))
        return tokens if dialect.name == "postgresql" else f" {' '.join(tokens)} "

    def bind_expression(self, bindvalue: BindParameter[Any]) -> ColumnElement[Any]:
        return as_document(bindvalue, type_=self)


def is_on_postgresql(db: Session) -> bool:
    return db.get_bind().dialect.name == "postgresql"


def shape_of(query: Query) -> Shape:
    return tuple(len(group) for group in query)


def parameters(query: Query, *, on_postgresql: bool) -> dict[str, str]:
    """What the conditions below ask for by name."""
    if on_postgresql:
        return {"terms": " & ".join(f"({' | '.join(map(_ts, group))})" for group in query)}
    spelled = {"terms": " AND ".join(f"({' OR '.join(map(_fts, group))})" for group in query)}
    for number, group in enumerate(query):
        for place, term in enumerate(group):
            end = "" if term.is_beginning else " "
            spelled[f"term_{number}_{place}"] = f" {term.token}{end}"
    return spelled


def _ts(term: Term) -> str:
    return f"'{term.token}':*" if term.is_beginning else f"'{term.token}'"


def _fts(term: Term) -> str:
    return f'"{term.token}" *' if term.is_beginning else f'"{term.token}"'


def numbers(
    name: str, key: ColumnElement[int], document: ColumnElement[Any], *, on_postgresql: bool,
    terms: str = "terms",
) -> Select[int]:  # fmt: skip
    """Keys of the rows that match; on SQLite the table itself is not even opened."""
    if on_postgresql:
        return select(key).where(_at_at(document, terms))
    return _found(name, terms)


def _found(name: str, terms: str) -> Select[int]:
    index = f"{name}_index"
    rowid: ColumnElement[int] = column("rowid")
    return (
        select(rowid)
        .select_from(table(index))
        .where(literal_column(index).op("MATCH")(bindparam(terms, type_=Text)))
    )


def holds(document: Any, shape: Shape, *, on_postgresql: bool) -> ColumnElement[bool]:
    """Whether a row at hand matches, without its index: for a walk that stops after a few."""
    if on_postgresql:
        return one_by_one(_at_at(document, "terms"), on_postgresql=True)
    text = cast_to_text(document)
    groups = [
        or_(
            *(
                func.instr(text, bindparam(f"term_{number}_{place}", type_=Text)) > 0
                for place in range(size)
            )
        )
        for number, size in enumerate(shape)
    ]
    return reduce(and_, groups)


def cast_to_text(document: ColumnElement[Any]) -> ColumnElement[str]:
    """The column with SQLite's own type, so that what it is compared with is bound as it is."""
    return type_coerce(document, Text)


def _at_at(document: ColumnElement[Any], terms: str) -> ColumnElement[bool]:
    return document.op("@@", is_comparison=True)(cast(bindparam(terms, type_=Text), TSQUERY))
