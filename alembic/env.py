"""How Alembic reaches the database, and how it writes a new step.

The application is imported here and nowhere else: a step must keep meaning what it meant on the day it
was written, so what is generated below holds plain SQLAlchemy types and constraints spelt out.
"""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import app.models  # noqa: F401 - registers the tables
from app.db import get_database


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write our types as the plain ones they are stored as."""
    if kind == "type":
        if isinstance(item, UTCDateTime):
            return "sa.DateTime(timezone=True)"
        if isinstance(item, AutoString):
            return f"sa.String({item.impl.length or ''})"
        if isinstance(item, sa.Enum):
            return f"sa.String({item.length})"
    return False


def spell_out_enums(_: Any, __: Any, directives: list[ops.MigrationScript]) -> None:
    """Give each column of an enumeration the check its type would make, which is not written otherwise."""
    for script in directives:
        for container in script.upgrade_ops_list:
            for table_op in _create_table_ops(container):
                metadata = sa.MetaData(naming_convention=SQLModel.metadata.naming_convention)
                table = sa.Table(table_op.table_name, metadata)
                checks = [
                    _check(table, column)
                    for column in table_op.columns
                    if isinstance(column, sa.Column) and isinstance(column.type, sa.Enum)
                ]
                table_op.columns = [*table_op.columns, *checks]


def _create_table_ops(container: ops.OpContainer) -> list[ops.CreateTableOp]:
    return [op for op in container.ops if isinstance(op, ops.CreateTableOp)]


def _check(table: sa.Table, column: sa.Column[Any]) -> sa.CheckConstraint:
    enum = column.type
    assert isinstance(enum, sa.Enum)
    values = ", ".join(f"'{value}'" for value in enum.enums)
    check = sa.CheckConstraint(f"{column.name} IN ({values})", name=enum.name)
    table.append_constraint(check)
    return check


def run(connection: sa.Connection) -> None:
    """Run the steps asked for on this connection, in its transaction when it has one."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        process_revision_directives=spell_out_enums,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with get_database().engine.connect() as own:
        run(own)
