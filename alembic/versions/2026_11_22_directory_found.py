"""People the national API told of, kept for a day."""

import sqlalchemy as sa
from alembic import op

revision = "directory_found"
down_revision = "sign_in"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "directory_found",
        sa.Column("number", sa.String(15), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_directory_found")),
    )
    op.create_index(op.f("ix_directory_found_found_at"), "directory_found", ["found_at"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_index(op.f("ix_directory_found_found_at"), table_name="directory_found")
    op.drop_table("directory_found")
