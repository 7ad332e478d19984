"""Administration: grants of a role by two people, identity of the instance, words of accounts, journal search."""

import sqlalchemy as sa
from alembic import op

revision = "administration"
down_revision = "registration"
branch_labels = None
depends_on = None

_ROLES = "role IN ('professional', 'secretary', 'patient', 'administrator')"
_DECISIONS = "decision IN ('waiting', 'approved', 'refused', 'withdrawn')"
_WAITING = sa.text("decision = 'waiting'")
_NOT_OK = sa.text("result <> 'ok'")


def _folded(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Apply the step. Words of accounts that are there already are written at the next start."""
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(40), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decision <> 'approved' OR decided_by_id <> proposed_by_id",
            name=op.f("ck_role_grant_two_people"),
        ),
        sa.CheckConstraint(_ROLES, name=op.f("ck_role_grant_role_grant_role")),
        sa.CheckConstraint(_DECISIONS, name=op.f("ck_role_grant_role_grant_decision")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_role_grant_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_role_grant_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(
        "uq_role_grant_waiting",
        "role_grant",
        ["account_id"],
        unique=True,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_table(
        "instance_identity",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("contact_email", sa.String(254), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_type", sa.String(20), nullable=False),
        sa.Column("logo_digest", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_instance_identity_one_row")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["account.id"], name=op.f("fk_instance_identity_updated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_identity")),
    )
    op.create_table(
        "account_token",
        sa.Column("token", _folded(60), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_token_account_id")
        ),
        sa.PrimaryKeyConstraint("token", "account_id", name=op.f("pk_account_token")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_account_token_account_id", "account_token", ["account_id"])
    op.add_column(
        "account", sa.Column("sort_name", _folded(255), nullable=False, server_default="")
    )
    with op.batch_alter_table("account") as batch:
        batch.alter_column("sort_name", existing_type=_folded(255), server_default=None)
        batch.create_index("ix_account_sort_name", ["sort_name", "id"])
        batch.create_index("ix_account_role", ["role", "state", "sort_name", "id"])
    op.create_index("ix_journal_entry_action_seq", "journal_entry", ["action", "seq"])
    op.create_index(
        "ix_journal_entry_not_ok",
        "journal_entry",
        ["seq"],
        sqlite_where=_NOT_OK,
        postgresql_where=_NOT_OK,
    )


def downgrade() -> None:
    """Take the step back: first « oui » and the identity of the instance are lost."""
    op.drop_index("ix_journal_entry_not_ok", table_name="journal_entry")
    op.drop_index("ix_journal_entry_action_seq", table_name="journal_entry")
    with op.batch_alter_table("account") as batch:
        batch.drop_index("ix_account_role")
        batch.drop_index("ix_account_sort_name")
        batch.drop_column("sort_name")
    op.drop_table("account_token")
    op.drop_table("instance_identity")
    op.drop_table("role_grant")
