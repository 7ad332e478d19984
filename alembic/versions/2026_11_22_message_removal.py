"""Messages that nobody holds any more are removed for good: the jobs, and what their removal reads by."""

import sqlalchemy as sa
from alembic import op

revision = "message_removal"
down_revision = "health_mail"
branch_labels = None
depends_on = None

_PARTIAL = {
    "ix_message_draft_conversation_id": "conversation_id",
    "ix_message_draft_reply_to_id": "reply_to_id",
}


def upgrade() -> None:
    """Apply the step. What nobody holds already is looked for once."""
    op.create_table(
        "message_removal",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_message_removal_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_message_removal")),
    )
    op.create_index(op.f("ix_message_removal_due_at"), "message_removal", ["due_at"])
    op.create_index("ix_message_author_id", "message", ["author_id"])
    for name, column in _PARTIAL.items():
        condition = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            name, "message_draft", [column], sqlite_where=condition, postgresql_where=condition
        )
    op.execute(
        "INSERT INTO message_removal (conversation_id, due_at) "
        "SELECT message.conversation_id, MAX(message.sent_at) FROM message "
        "JOIN conversation ON conversation.id = message.conversation_id "
        "WHERE conversation.kind <> 'welcome' AND NOT EXISTS ("
        "SELECT 1 FROM message_copy "
        "JOIN participant ON participant.id = message_copy.participant_id "
        "WHERE message_copy.message_id = message.id AND participant.correspondent_id IS NULL) "
        "GROUP BY message.conversation_id"
    )


def downgrade() -> None:
    """Undo the step: what was removed stays so."""
    for name in _PARTIAL:
        op.drop_index(name, "message_draft")
    op.drop_index("ix_message_author_id", "message")
    op.drop_table("message_removal")
