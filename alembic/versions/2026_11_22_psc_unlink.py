"""An account keeps when its holder detached Pro Santé Connect: it is not linked again by itself."""

import sqlalchemy as sa
from alembic import op

revision = "psc_unlink"
down_revision = "delegation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.add_column(
        "account", sa.Column("psc_unlinked_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Undo the step."""
    op.drop_column("account", "psc_unlinked_at")
