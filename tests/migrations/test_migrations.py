"""Steps from an empty database to the present schema, and back (S151)."""

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import app.models  # noqa: F401 - registers the tables
from app import migrations
from app.db import Database, unit_of_work
from app.errors import SetupError

pytestmark = pytest.mark.databases("sqlite", "postgresql")


def _tables(database: Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names())


def _described(database: Database) -> dict[str, Any]:
    """Everything the database says of its tables, in a form that compares."""
    inspector = sa.inspect(database.engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            },
            "key": sorted(inspector.get_pk_constraint(table)["constrained_columns"]),
            "references": sorted(
                (key["constrained_columns"], key["referred_table"], key["referred_columns"])
                for key in inspector.get_foreign_keys(table)
            ),
            "unique": sorted(
                (unique["name"], unique["column_names"])
                for unique in inspector.get_unique_constraints(table)
            ),
            "checks": sorted(
                (check["name"], check["sqltext"])
                for check in inspector.get_check_constraints(table)
            ),
            "indexes": sorted(
                (index["name"], index["column_names"], index["unique"], _condition(index))
                for index in inspector.get_indexes(table)
            ),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _condition(index: Any) -> str:
    options = index.get("dialect_options", {})
    return "".join(str(value) for name, value in options.items() if name.endswith("_where"))


class TestUpgrade:
    def test_S151_brings_an_empty_database_to_the_newest_step(self, empty_database):
        assert migrations.current(empty_database) is None
        assert migrations.needs_upgrade(empty_database)
        migrations.upgrade(empty_database)
        assert migrations.current(empty_database) == migrations.head()
        assert not migrations.needs_upgrade(empty_database)

    def test_a_second_run_changes_nothing(self, empty_database):
        migrations.upgrade(empty_database)
        before = _described(empty_database)
        migrations.upgrade(empty_database)
        assert _described(empty_database) == before

    def test_S151_refuses_a_database_newer_than_the_program(self, database):
        with database.engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = 'from_later'"))
        with pytest.raises(SetupError, match="plus récente"):
            migrations.upgrade(database)
        with pytest.raises(SetupError, match="plus récente"):
            migrations.needs_upgrade(database)

    def test_S151_a_step_that_fails_leaves_nothing_behind(self, empty_database):
        with empty_database.engine.begin() as connection:
            # The last table of the step is in its way: everything before it must be undone.
            connection.execute(sa.text("CREATE TABLE tolerance_entry (id INTEGER)"))
        with pytest.raises(sa.exc.DBAPIError):
            migrations.upgrade(empty_database)
        assert _tables(empty_database) == {"tolerance_entry"}

    def test_foreign_keys_are_checked_again_after_an_upgrade(self, empty_database):
        migrations.upgrade(empty_database)
        with (
            pytest.raises(sa.exc.IntegrityError),
            unit_of_work(empty_database) as session,
        ):
            session.execute(
                sa.text(
                    "INSERT INTO submission (account_id, key, result_id, made_at) VALUES "
                    "('00000000000000000000000000000001', '00000000000000000000000000000001', "
                    "'00000000000000000000000000000001', '2026-03-10 09:00:00')"
                )
            )


class TestDowngrade:
    def test_one_step_back_and_forth(self, database):
        script = ScriptDirectory(str(migrations.STEPS))
        newest = script.get_revision("head")
        assert newest is not None
        before = _described(database)
        migrations.downgrade(database, newest.down_revision or "base")
        assert migrations.current(database) == newest.down_revision
        assert _described(database) != before
        migrations.upgrade(database)
        assert _described(database) == before

    def test_all_the_way_back_leaves_an_empty_database(self, database):
        migrations.downgrade(database, "base")
        assert _tables(database) == {"alembic_version"}


class TestAccounts:
    """The step that gave accounts a state and addresses, over accounts that were there before it."""

    @pytest.mark.parametrize(("was_active", "state"), [(True, "active"), (False, "suspended")])
    def test_an_account_keeps_its_address_and_gains_a_state(
        self, empty_database, was_active, state
    ):
        migrations.upgrade(empty_database, "initial")
        with empty_database.engine.begin() as connection:
            connection.execute(
                sa.text(
                    "INSERT INTO account (id, email, password_hash, role, civility, family_name, "
                    "given_name, is_active, created_at) VALUES (:id, 'a@b.example', '', "
                    "'administrator', '', 'A', 'B', :active, '2026-03-10 09:00:00+00:00')"
                ),
                {"id": "0" * 31 + "1", "active": was_active},
            )
        migrations.upgrade(empty_database)
        with empty_database.engine.connect() as connection:
            found = connection.execute(
                sa.text(
                    "SELECT account.state, email_address.address, email_address.is_starred "
                    "FROM account JOIN email_address ON email_address.account_id = account.id"
                )
            ).one()
        assert (found[0], found[1], bool(found[2])) == (state, "a@b.example", True)


class TestModels:
    def test_the_newest_step_is_what_the_models_say(self, database):
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, SQLModel.metadata) == []

    def test_so_are_its_keys_checks_and_indexes(self, database, empty_database):
        SQLModel.metadata.create_all(empty_database.engine)
        assert _described(database) == _described(empty_database)
