"""Trips to Pro Santé Connect, and the identities they bring back."""

import sqlalchemy as sa
from alembic import op

revision = "psc"
down_revision = "administration"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "psc_trip",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "sign_in",
                "register",
                "sign_out",
                name="psc_trip_purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("next_path", sa.String(500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_psc_trip")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_psc_trip_token_digest")),
    )
    op.create_index(op.f("ix_psc_trip_expires_at"), "psc_trip", ["expires_at"])
    op.create_table(
        "pending_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("fault", sa.String(60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_identity")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_pending_identity_token_digest")),
    )
    op.create_index(op.f("ix_pending_identity_expires_at"), "pending_identity", ["expires_at"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("pending_identity")
    op.drop_table("psc_trip")
