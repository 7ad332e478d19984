"""What every table shares: names of constraints, random keys, enumerations stored by value."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, Index, String, Table, text
from sqlmodel import Session, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def stored_enum(enum: type[StrEnum], name: str) -> Any:
    """A text column that holds the value of an enumeration, checked by the database."""
    return Enum(
        enum,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        name=name,
    )


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows that `where` keeps, said once for both databases."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def unique_active(name: str, *columns: str, where: str = "ended_at IS NULL") -> Index:
    """At most one row in force for these columns, while those that ended stay beside it."""
    return partial_index(name, *columns, where=where, unique=True)


def folded_text(length: int) -> Any:
    """A text column of folded words, ordered by code point on every database so that prefixes are ranges."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model, for statements prepared once that skip the object layer.

    Such statements do not write pending objects first: flush before them what they must see.
    """
    return SQLModel.metadata.tables[str(model.__tablename__)]


def forget_loaded(session: Session, model: type[SQLModel]) -> None:
    """Drop what a session holds of a table that such a statement changed, to be read again when asked."""
    for loaded in list(session.identity_map.values()):
        if isinstance(loaded, model):
            session.expire(loaded)
