"""Patients by the day they came, for the statistics of deposits."""

from alembic import op

revision = "patient_since"
down_revision = "regulator"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.create_index("ix_patient_created_at", "patient", ["created_at"], unique=False)


def downgrade() -> None:
    """Undo the step."""
    op.drop_index("ix_patient_created_at", table_name="patient")
