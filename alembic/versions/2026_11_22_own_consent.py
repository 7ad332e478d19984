"""A patient gives an agreement on screen, with nobody who collects it."""

import sqlalchemy as sa
from alembic import op

revision = "own_consent"
down_revision = "document_statistic"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    with op.batch_alter_table("consent") as batch:
        batch.alter_column("collected_by_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    """Undo the step: such an agreement is filed under the professional it was given for."""
    op.execute(
        "UPDATE consent SET collected_by_id = for_professional_id WHERE collected_by_id IS NULL"
    )
    with op.batch_alter_table("consent") as batch:
        batch.alter_column("collected_by_id", existing_type=sa.Uuid(), nullable=False)
