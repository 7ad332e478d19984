"""One's own account: applications and consents, exports, card numbers to approve, journal read from its end."""

import sqlalchemy as sa
from alembic import op

revision = "own_account"
down_revision = "psc"
branch_labels = None
depends_on = None

_AUDIENCES = ("all", "patients", "teams")
_MODES = ("read", "both")
_STATES = ("waiting", "running", "ready", "failed", "fetched", "expired")
# Each index that reads the journal from its end, and the one it takes the place of.
_JOURNAL = {
    "ix_journal_entry_account_seq": ("account_id", "ix_journal_entry_account_id"),
    "ix_journal_entry_on_behalf_of_seq": ("on_behalf_of_id", "ix_journal_entry_on_behalf_of_id"),
    "ix_journal_entry_object_seq": ("object_id", ""),
}


def _values(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Apply the step."""
    _create_applications()
    _create_exports()
    op.add_column(
        "identity_change",
        sa.Column("card_number", sa.String(20), nullable=False, server_default=""),
    )
    with op.batch_alter_table("identity_change") as batch:
        batch.alter_column("card_number", server_default=None, existing_type=sa.String(20))
    for name, (column, before) in _JOURNAL.items():
        op.create_index(name, "journal_entry", [column, "seq"])
        if before:
            op.drop_index(before, table_name="journal_entry")


def _create_applications() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("publisher", sa.String(120), nullable=False),
        sa.Column("description", sa.String(400), nullable=False),
        sa.Column("url", sa.String(300), nullable=False),
        sa.Column("audience", _values("application_audience", *_AUDIENCES), nullable=False),
        sa.Column("is_labelled", sa.Boolean(), nullable=False),
        sa.Column("shared_data", sa.String(400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("name", name=op.f("uq_application_name")),
    )
    op.create_table(
        "application_identifier",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("email_id", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_application_identifier_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_identifier_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["email_id"], ["email_address.id"], name=op.f("fk_application_identifier_email_id")
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "application_id", name=op.f("pk_application_identifier")
        ),
    )
    op.create_index(
        op.f("ix_application_identifier_email_id"), "application_identifier", ["email_id"]
    )
    op.create_table(
        "application_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("mode", _values("application_link_mode", *_MODES), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_application_link_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_link_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_link")),
    )
    op.create_index(
        op.f("ix_application_link_application_id"), "application_link", ["application_id"]
    )
    op.create_index(
        "uq_application_link_open",
        "application_link",
        ["account_id", "application_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def _create_exports() -> None:
    op.create_table(
        "account_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("state", _values("account_export_state", *_STATES), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_export_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_export")),
    )
    op.create_index(op.f("ix_account_export_account_id"), "account_export", ["account_id"])
    op.create_index(op.f("ix_account_export_state"), "account_export", ["state"])
    op.create_table(
        "account_export_part",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["account_export.id"], name=op.f("fk_account_export_part_export_id")
        ),
        sa.PrimaryKeyConstraint("export_id", "number", name=op.f("pk_account_export_part")),
    )


def downgrade() -> None:
    """Undo the step."""
    for name, (column, before) in _JOURNAL.items():
        if before:
            op.create_index(before, "journal_entry", [column])
        op.drop_index(name, table_name="journal_entry")
    op.drop_column("identity_change", "card_number")
    for table in (
        "account_export_part",
        "account_export",
        "application_link",
        "application_identifier",
        "application",
    ):
        op.drop_table(table)
