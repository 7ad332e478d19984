"""The authorisation matrix, by version."""

import sqlalchemy as sa
from alembic import op

revision = "matrix"
down_revision = "document"
branch_labels = None
depends_on = None

_PROFESSIONS = "10 21 26 28 31 32 35 36 37 38 39 40 50 60 69 70 71 72 80 81 82 83 84 85 86 91 92 93 94 95 96 98"


def upgrade() -> None:
    """Apply the step. The first version comes with the reference data."""
    op.create_table(
        "matrix_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["account.id"], name=op.f("fk_matrix_version_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_version")),
        sa.UniqueConstraint("number", name=op.f("uq_matrix_version_number")),
    )
    professions = ", ".join(f"'{code}'" for code in _PROFESSIONS.split())
    op.create_table(
        "matrix_cell",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("profession", sa.String(40), nullable=False),
        sa.Column("right", sa.String(40), nullable=False),
        sa.Column("type_code", sa.String(30), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            f"profession IN ({professions})", name=op.f("ck_matrix_cell_matrix_cell_profession")
        ),
        sa.CheckConstraint(
            "\"right\" IN ('read', 'deposit')", name=op.f("ck_matrix_cell_matrix_cell_right")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["matrix_version.id"], name=op.f("fk_matrix_cell_version_id")
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "profession", "right", "type_code", name=op.f("pk_matrix_cell")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Undo the step."""
    op.drop_table("matrix_cell")
    op.drop_table("matrix_version")
