"""Health mail: receipts of what came in, deliveries of what goes out, where the mailbox was left."""

import sqlalchemy as sa
from alembic import op

revision = "health_mail"
down_revision = "notification"
branch_labels = None
depends_on = None

_REASONS = (
    "malformed",
    "too_large",
    "sender_ambiguous",
    "sender_unproven",
    "too_many_parts",
    "too_many_recipients",
    "unknown_sender",
    "unknown_recipient",
    "harmful",
    "fault",
    "report",
)


def upgrade() -> None:
    """Apply the step. Nothing came in yet."""
    quoted = ", ".join(f"'{reason}'" for reason in _REASONS)
    op.create_table(
        "health_mail_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("sender", sa.String(254), nullable=False),
        sa.Column("mail_id", sa.String(255), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("byte_size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("reply_to", sa.String(254), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", _moment(), nullable=False),
        sa.Column("asked_at", _moment(), nullable=True),
        sa.Column("settled_at", _moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('filed', 'quarantined', 'discarded')",
            name=op.f("ck_health_mail_receipt_receipt_state"),
        ),
        sa.CheckConstraint(
            f"reason IN ({quoted})", name=op.f("ck_health_mail_receipt_receipt_reason")
        ),
        sa.CheckConstraint(
            "(state = 'filed') = (reason IS NULL)",
            name=op.f("ck_health_mail_receipt_reason_unless_filed"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_health_mail_receipt_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_mail_receipt")),
        sa.UniqueConstraint(
            "recipient", "sender", "mail_id", "digest", name=op.f("uq_health_mail_receipt_once")
        ),
        sa.UniqueConstraint("file_id", name=op.f("uq_health_mail_receipt_file_id")),
    )
    op.create_index("ix_health_mail_receipt_mail_id", "health_mail_receipt", ["mail_id"])
    op.create_index("ix_health_mail_receipt_message_id", "health_mail_receipt", ["message_id"])
    _partial(
        "ix_health_mail_receipt_quarantined",
        "health_mail_receipt",
        "state = 'quarantined'",
        "received_at",
        "id",
    )
    _partial(
        "ix_health_mail_receipt_asked", "health_mail_receipt", "asked_at IS NOT NULL", "asked_at"
    )
    op.create_table(
        "health_mail_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("correspondent_id", sa.Uuid(), nullable=False),
        sa.Column("mail_id", sa.String(255), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("error", sa.String(60), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", _moment(), nullable=False),
        sa.Column("next_try_at", _moment(), nullable=False),
        sa.Column("give_up_at", _moment(), nullable=False),
        sa.Column("claimed_until", _moment(), nullable=True),
        sa.Column("settled_at", _moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed')",
            name=op.f("ck_health_mail_delivery_delivery_state"),
        ),
        sa.ForeignKeyConstraint(
            ["correspondent_id"],
            ["correspondent.id"],
            name=op.f("fk_health_mail_delivery_correspondent_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_mail_delivery")),
        sa.UniqueConstraint(
            "message_id", "correspondent_id", name=op.f("uq_health_mail_delivery_message_id")
        ),
        sa.UniqueConstraint("mail_id", name=op.f("uq_health_mail_delivery_mail_id")),
    )
    op.create_index(
        "ix_health_mail_delivery_correspondent_id", "health_mail_delivery", ["correspondent_id"]
    )
    _partial(
        "ix_health_mail_delivery_waiting",
        "health_mail_delivery",
        "state = 'waiting'",
        "next_try_at",
    )
    _partial(
        "ix_health_mail_delivery_failed", "health_mail_delivery", "state = 'failed'", "settled_at"
    )
    op.create_table(
        "health_mail_inbox",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("claimed_until", _moment(), nullable=True),
        sa.Column("looked_at", _moment(), nullable=True),
        sa.Column("failed_at", _moment(), nullable=True),
        sa.Column("error", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_mail_inbox")),
    )


def downgrade() -> None:
    """Undo the step. Mails in quarantine are forgotten; the mail server still has them."""
    op.drop_table("health_mail_inbox")
    op.drop_table("health_mail_delivery")
    op.drop_table("health_mail_receipt")


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _partial(name: str, table: str, where: str, *columns: str) -> None:
    op.create_index(
        name,
        table,
        list(columns),
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
