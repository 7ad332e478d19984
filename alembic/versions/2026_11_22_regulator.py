"""Doctors attached to a regulation centre; accesses found by their sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "regulator"
down_revision = "stored_file_unscanned"
branch_labels = None
depends_on = None

_LIVE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Apply the step. Nobody regulates yet."""
    op.create_table(
        "regulator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=False),
        sa.Column("centre", sa.String(500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_by_id <> proposed_by_id", name=op.f("ck_regulator_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_regulator_professional_id")
        ),
        *(
            sa.ForeignKeyConstraint([name], ["account.id"], name=op.f(f"fk_regulator_{name}"))
            for name in ("proposed_by_id", "confirmed_by_id", "ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulator")),
    )
    op.create_index(
        "uq_regulator_live",
        "regulator",
        ["professional_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_index("ix_record_access_session", "record_access", ["session_id", "ends_at"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_record_access_session", table_name="record_access")
    op.drop_table("regulator")
