"""Notifications: the rhythms somebody chose, and the next digest of each priority."""

import sqlalchemy as sa
from alembic import op

revision = "notification"
down_revision = "message"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step. Nobody chose a rhythm yet, and no digest waits."""
    op.create_table(
        "notification_preference",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("information", sa.String(40), nullable=False),
        sa.Column("contact_per_day", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "information IN ('daily', 'every_three_days', 'weekly')",
            name=op.f("ck_notification_preference_notification_information"),
        ),
        sa.CheckConstraint(
            "contact_per_day BETWEEN 1 AND 3",
            name=op.f("ck_notification_preference_contact_per_day_range"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notification_preference_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_notification_preference")),
    )
    op.create_table(
        "digest_schedule",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("priority", sa.String(40), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "priority IN ('contact', 'information')",
            name=op.f("ck_digest_schedule_digest_priority"),
        ),
        sa.CheckConstraint(
            "(next_at IS NULL) = (new_since IS NULL)",
            name=op.f("ck_digest_schedule_waits_for_something"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_digest_schedule_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "priority", name=op.f("pk_digest_schedule")),
    )
    op.create_index(op.f("ix_digest_schedule_next_at"), "digest_schedule", ["next_at"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("digest_schedule")
    op.drop_table("notification_preference")
