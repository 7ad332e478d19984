"""Spellings records are found by, and the number of the carte Vitale."""

import sqlalchemy as sa
from alembic import op

revision = "patient_search"
down_revision = "own_consent"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step. Spellings are written at the next start."""
    with op.batch_alter_table("patient") as batch:
        batch.add_column(sa.Column("vitale_card", sa.String(20), nullable=False, server_default=""))
    with op.batch_alter_table("patient") as batch:
        batch.alter_column("vitale_card", existing_type=sa.String(20), server_default=None)
    op.create_index(op.f("ix_patient_vitale_card"), "patient", ["vitale_card"])
    op.create_table(
        "patient_name_key",
        sa.Column(
            "key",
            sa.String(length=16).with_variant(sa.String(length=16, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("given_names", sa.String(length=260), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_patient_name_key_patient_id")
        ),
        sa.PrimaryKeyConstraint("key", "patient_id", name=op.f("pk_patient_name_key")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_patient_name_key_patient_id", "patient_name_key", ["patient_id"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("patient_name_key")
    op.drop_index(op.f("ix_patient_vitale_card"), table_name="patient")
    with op.batch_alter_table("patient") as batch:
        batch.drop_column("vitale_card")
