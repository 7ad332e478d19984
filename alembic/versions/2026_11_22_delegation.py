"""Delegations: who typed an entry for its author, when one was last used, drafts apart while acting."""

import sqlalchemy as sa
from alembic import op

revision = "delegation"
down_revision = "directory_found"
branch_labels = None
depends_on = None

_RECORDER = {"recorded_by_id": "account", "recorded_member_id": "account_member"}


def upgrade() -> None:
    """Add the columns; entries written until now were typed by their authors."""
    op.add_column(
        "delegation", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "delegation",
        sa.Column("delegate_name", sa.String(230), nullable=False, server_default=""),
    )
    with op.batch_alter_table("delegation") as batch:
        batch.alter_column("delegate_name", existing_type=sa.String(230), server_default=None)
    with op.batch_alter_table("entry") as batch:
        for column, table in _RECORDER.items():
            batch.add_column(sa.Column(column, sa.Uuid(), nullable=True))
            batch.create_foreign_key(op.f(f"fk_entry_{column}"), table, [column], ["id"])
    with op.batch_alter_table("draft") as batch:
        batch.alter_column("scope", existing_type=sa.String(36), type_=sa.String(80))


def downgrade() -> None:
    """Take the step back: who typed an entry for its author is then in the journal only."""
    op.execute("DELETE FROM draft WHERE length(scope) > 36")
    with op.batch_alter_table("draft") as batch:
        batch.alter_column("scope", existing_type=sa.String(80), type_=sa.String(36))
    with op.batch_alter_table("entry") as batch:
        for column in _RECORDER:
            batch.drop_constraint(op.f(f"fk_entry_{column}"), type_="foreignkey")
            batch.drop_column(column)
    op.drop_column("delegation", "delegate_name")
    op.drop_column("delegation", "last_used_at")
