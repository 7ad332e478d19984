"""Files that wait for the scanner are found without looking at the others."""

import sqlalchemy as sa
from alembic import op

revision = "stored_file_unscanned"
down_revision = "patient_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.create_index(
        "ix_stored_file_unscanned",
        "stored_file",
        ["created_at"],
        sqlite_where=sa.text("scan = 'pending'"),
        postgresql_where=sa.text("scan = 'pending'"),
    )


def downgrade() -> None:
    """Undo the step."""
    op.drop_index("ix_stored_file_unscanned", "stored_file")
