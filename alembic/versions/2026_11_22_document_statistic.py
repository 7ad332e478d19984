"""Deposits of documents, counted by month and type."""

import sqlalchemy as sa
from alembic import op

revision = "document_statistic"
down_revision = "matrix"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step. Nothing was deposited before documents existed."""
    op.create_table(
        "deposit_count",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("type_code", sa.String(30), nullable=False),
        sa.Column("deposited", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "type_code", name=op.f("pk_deposit_count")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Undo the step."""
    op.drop_table("deposit_count")
