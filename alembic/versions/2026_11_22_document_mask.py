"""Who masked a document is known: what the patient masked, only the patient shows again."""

import sqlalchemy as sa
from alembic import op

revision = "document_mask"
down_revision = "patient_since"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step. Of what is masked already, the patient is taken to have asked for it."""
    op.add_column(
        "document",
        sa.Column("is_masked_by_patient", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute("UPDATE document SET is_masked_by_patient = is_masked")
    with op.batch_alter_table("document") as batch:
        batch.alter_column("is_masked_by_patient", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    """Undo the step."""
    op.drop_column("document", "is_masked_by_patient")
