"""Messaging: conversations, messages, drafts, attachments, ended exchanges; files that are of no record."""

import sqlalchemy as sa
from alembic import op

revision = "message"
down_revision = "document_mask"
branch_labels = None
depends_on = None

_OLD_FORMATS = "format IN ('jpg', 'pdf', 'txt', 'rtf', 'tif')"
_FORMATS = "format IN ('jpg', 'pdf', 'txt', 'rtf', 'tif', 'other')"
_CHECK = "ck_stored_file_stored_file_format"


def upgrade() -> None:
    """Apply the step. A record's files are bound to their patient, as before."""
    op.add_column(
        "facility",
        sa.Column(
            "accepts_first_messages", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )
    with op.batch_alter_table("facility") as batch:
        batch.alter_column(
            "accepts_first_messages", existing_type=sa.Boolean(), server_default=None
        )
    op.add_column("stored_file", sa.Column("owner_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE stored_file SET owner_id = patient_id")
    with op.batch_alter_table("stored_file") as batch:
        batch.alter_column("owner_id", existing_type=sa.Uuid(), nullable=False)
        batch.alter_column("patient_id", existing_type=sa.Uuid(), nullable=True)
        batch.drop_constraint(op.f(_CHECK), type_="check")
        batch.create_check_constraint(op.f(_CHECK), _FORMATS)
    _create_tables()


def _create_tables() -> None:
    op.create_table(
        "correspondent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correspondent")),
        sa.UniqueConstraint("address", name=op.f("uq_correspondent_address")),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("treatment_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_conversation_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["treatment_id"], ["treatment.id"], name=op.f("fk_conversation_treatment_id")
        ),
        sa.CheckConstraint(
            "kind IN ('team', 'patient', 'welcome')", name=op.f("ck_conversation_conversation_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    op.create_index("ix_conversation_patient_id", "conversation", ["patient_id"], unique=False)
    op.create_table(
        "participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("correspondent_id", sa.Uuid(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_message_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("priority", sa.String(40), nullable=False),
        sa.Column("unread_count", sa.Integer(), nullable=False),
        sa.Column("attachment_count", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN professional_id IS NULL THEN 0 ELSE 1 END + CASE WHEN patient_id IS NULL THEN 0 ELSE 1 END + CASE WHEN correspondent_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_participant_one_mailbox"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_participant_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["correspondent_id"], ["correspondent.id"], name=op.f("fk_participant_correspondent_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_participant_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_participant_professional_id")
        ),
        sa.CheckConstraint(
            "priority IN ('contact', 'information')",
            name=op.f("ck_participant_participant_priority"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
    )
    op.create_index(
        "ix_participant_archived",
        "participant",
        ["professional_id", "archived_at", "id"],
        unique=False,
        sqlite_where=sa.text("archived_at IS NOT NULL AND deleted_at IS NULL AND NOT is_hidden"),
        postgresql_where=sa.text(
            "archived_at IS NOT NULL AND deleted_at IS NULL AND NOT is_hidden"
        ),
    )
    op.create_index(
        op.f("ix_participant_correspondent_id"), "participant", ["correspondent_id"], unique=False
    )
    op.create_index(
        "ix_participant_of_patient",
        "participant",
        ["patient_id", "last_at", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND NOT is_hidden"),
        postgresql_where=sa.text("deleted_at IS NULL AND NOT is_hidden"),
    )
    op.create_index(
        "ix_participant_received",
        "participant",
        ["professional_id", "priority", "received_at", "id"],
        unique=False,
        sqlite_where=sa.text(
            "received_at IS NOT NULL AND archived_at IS NULL AND deleted_at IS NULL AND NOT is_hidden"
        ),
        postgresql_where=sa.text(
            "received_at IS NOT NULL AND archived_at IS NULL AND deleted_at IS NULL AND NOT is_hidden"
        ),
    )
    op.create_index(
        "ix_participant_sent",
        "participant",
        ["professional_id", "sent_at", "id"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NOT NULL AND deleted_at IS NULL AND NOT is_hidden"),
        postgresql_where=sa.text("sent_at IS NOT NULL AND deleted_at IS NULL AND NOT is_hidden"),
    )
    op.create_index(
        "ix_participant_unread",
        "participant",
        ["professional_id", "patient_id", "priority"],
        unique=False,
        sqlite_where=sa.text("unread_count > 0 AND deleted_at IS NULL AND NOT is_hidden"),
        postgresql_where=sa.text("unread_count > 0 AND deleted_at IS NULL AND NOT is_hidden"),
    )
    op.create_index(
        "uq_participant_correspondent",
        "participant",
        ["conversation_id", "correspondent_id"],
        unique=True,
    )
    op.create_index(
        "uq_participant_patient", "participant", ["conversation_id", "patient_id"], unique=True
    )
    op.create_index(
        "uq_participant_professional",
        "participant",
        ["conversation_id", "professional_id"],
        unique=True,
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("typed_by_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("priority", sa.String(40), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("attachment_count", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["participant.id"], name=op.f("fk_message_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_message_conversation_id")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_message_entry_id")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["account_member.id"], name=op.f("fk_message_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["typed_by_id"], ["account.id"], name=op.f("fk_message_typed_by_id")
        ),
        sa.CheckConstraint(
            "priority IN ('contact', 'information')", name=op.f("ck_message_message_priority")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_message_draft_id")),
    )
    op.create_index(
        "ix_message_conversation", "message", ["conversation_id", "sent_at"], unique=False
    )
    op.create_table(
        "message_copy",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_copy_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_message_copy_participant_id")
        ),
        sa.PrimaryKeyConstraint("participant_id", "message_id", name=op.f("pk_message_copy")),
    )
    op.create_index(
        "ix_message_copy_in_order",
        "message_copy",
        ["participant_id", "sent_at", "message_id"],
        unique=False,
    )
    op.create_index("ix_message_copy_message_id", "message_copy", ["message_id"], unique=False)
    op.create_table(
        "message_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=True),
        sa.Column("professional_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("reply_to_id", sa.Uuid(), nullable=True),
        sa.Column("is_reply_all", sa.Boolean(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("priority", sa.String(40), nullable=False),
        sa.Column("about_patient_id", sa.Uuid(), nullable=True),
        sa.Column("treatment_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_patient_id"], ["patient.id"], name=op.f("fk_message_draft_about_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_message_draft_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_message_draft_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_message_draft_delegation_id")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_message_draft_entry_id")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_message_draft_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_message_draft_professional_id")
        ),
        sa.ForeignKeyConstraint(
            ["reply_to_id"], ["message.id"], name=op.f("fk_message_draft_reply_to_id")
        ),
        sa.ForeignKeyConstraint(
            ["treatment_id"], ["treatment.id"], name=op.f("fk_message_draft_treatment_id")
        ),
        sa.CheckConstraint(
            "priority IN ('contact', 'information')",
            name=op.f("ck_message_draft_message_draft_priority"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_draft")),
    )
    op.create_index(
        "ix_message_draft_account", "message_draft", ["account_id", "updated_at"], unique=False
    )
    op.create_index(
        "uq_message_draft_delegated_reply",
        "message_draft",
        ["account_id", "delegation_id", "conversation_id"],
        unique=True,
        sqlite_where=sa.text("conversation_id IS NOT NULL AND delegation_id IS NOT NULL"),
        postgresql_where=sa.text("conversation_id IS NOT NULL AND delegation_id IS NOT NULL"),
    )
    op.create_index(
        "uq_message_draft_reply",
        "message_draft",
        ["account_id", "conversation_id"],
        unique=True,
        sqlite_where=sa.text("conversation_id IS NOT NULL AND delegation_id IS NULL"),
        postgresql_where=sa.text("conversation_id IS NOT NULL AND delegation_id IS NULL"),
    )
    op.create_table(
        "message_attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(message_id IS NULL) <> (draft_id IS NULL)",
            name=op.f("ck_message_attachment_one_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["message_draft.id"], name=op.f("fk_message_attachment_draft_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_message_attachment_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_attachment_message_id")
        ),
        sa.CheckConstraint(
            "source IN ('device', 'administrative', 'document', 'profile', 'mail')",
            name=op.f("ck_message_attachment_attachment_source"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attachment")),
    )
    op.create_index(
        "ix_message_attachment_draft", "message_attachment", ["draft_id", "position"], unique=False
    )
    op.create_index(
        op.f("ix_message_attachment_file_id"), "message_attachment", ["file_id"], unique=False
    )
    op.create_index(
        "ix_message_attachment_message",
        "message_attachment",
        ["message_id", "position"],
        unique=False,
    )
    op.create_table(
        "exchange_end",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=True),
        sa.Column("correspondent_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(professional_id IS NULL) <> (correspondent_id IS NULL)",
            name=op.f("ck_exchange_end_one_side"),
        ),
        sa.ForeignKeyConstraint(
            ["correspondent_id"],
            ["correspondent.id"],
            name=op.f("fk_exchange_end_correspondent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_exchange_end_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_exchange_end_professional_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_end")),
    )
    op.create_index(
        "uq_exchange_end_correspondent",
        "exchange_end",
        ["patient_id", "correspondent_id"],
        unique=True,
        sqlite_where=sa.text("reopened_at IS NULL"),
        postgresql_where=sa.text("reopened_at IS NULL"),
    )
    op.create_index(
        "uq_exchange_end_professional",
        "exchange_end",
        ["patient_id", "professional_id"],
        unique=True,
        sqlite_where=sa.text("reopened_at IS NULL"),
        postgresql_where=sa.text("reopened_at IS NULL"),
    )


def downgrade() -> None:
    """Take the step back: messages go with it, and the files that were of no record."""
    op.drop_table("exchange_end")
    op.drop_table("message_attachment")
    op.drop_table("message_draft")
    op.drop_table("message_copy")
    op.drop_table("message")
    op.drop_table("participant")
    op.drop_table("conversation")
    op.drop_table("correspondent")
    op.execute(
        "DELETE FROM stored_page WHERE file_id IN "
        "(SELECT id FROM stored_file WHERE patient_id IS NULL)"
    )
    op.execute(
        "DELETE FROM stored_text WHERE file_id IN "
        "(SELECT id FROM stored_file WHERE patient_id IS NULL)"
    )
    op.execute("DELETE FROM stored_file WHERE patient_id IS NULL")
    with op.batch_alter_table("stored_file") as batch:
        batch.drop_constraint(op.f(_CHECK), type_="check")
        batch.create_check_constraint(op.f(_CHECK), _OLD_FORMATS)
        batch.alter_column("patient_id", existing_type=sa.Uuid(), nullable=False)
        batch.drop_column("owner_id")
    op.drop_column("facility", "accepts_first_messages")
