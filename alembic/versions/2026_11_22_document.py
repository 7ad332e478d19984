"""Documents of the shared record, and who may see them."""

import sqlalchemy as sa
from alembic import op

revision = "document"
down_revision = "notice_text"
branch_labels = None
depends_on = None

_ACTIVE = sa.text("ended_at IS NULL")
_CURRENT = sa.text("superseded_at IS NULL")


def _folded(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Apply the step. Nobody has a document or a setting yet; every record is open."""
    op.create_table(
        "record_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_record_event_patient_id")
        ),
        sa.CheckConstraint(
            "kind IN ('opposed', 'closed', 'reopened', 'deletion_asked', 'deleted')",
            name=op.f("ck_record_event_record_event_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_event")),
    )
    op.create_index(
        op.f("ix_record_event_patient_id"), "record_event", ["patient_id"], unique=False
    )
    op.create_table(
        "record_settings",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deletion_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("allows_regulation", sa.Boolean(), nullable=False),
        sa.Column("allows_emergency", sa.Boolean(), nullable=False),
        sa.Column("allows_masked_in_emergency", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_record_settings_patient_id")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'opposed', 'closed')",
            name=op.f("ck_record_settings_record_settings_state"),
        ),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_record_settings")),
    )
    op.create_index(
        op.f("ix_record_settings_state_at"), "record_settings", ["state_at"], unique=False
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("store_key", sa.String(80), nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("byte_size", sa.Integer(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("content_mac", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("scan", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_stored_file_patient_id")
        ),
        sa.CheckConstraint(
            "format IN ('jpg', 'pdf', 'txt', 'rtf', 'tif')",
            name=op.f("ck_stored_file_stored_file_format"),
        ),
        sa.CheckConstraint(
            "scan IN ('clean', 'pending', 'refused')", name=op.f("ck_stored_file_stored_file_scan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("store_key", name=op.f("uq_stored_file_store_key")),
    )
    op.create_index(
        "ix_stored_file_content", "stored_file", ["patient_id", "content_mac"], unique=False
    )
    op.create_index(op.f("ix_stored_file_key_id"), "stored_file", ["key_id"], unique=False)
    op.create_index(
        op.f("ix_stored_file_released_at"), "stored_file", ["released_at"], unique=False
    )
    op.create_table(
        "document_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("removed", sa.String(200), nullable=False),
        sa.Column("was_converted", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_document_upload_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_document_upload_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_document_upload_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_upload")),
        sa.UniqueConstraint("file_id", name=op.f("uq_document_upload_file_id")),
    )
    op.create_index(
        op.f("ix_document_upload_account_id"), "document_upload", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_document_upload_sent_at"), "document_upload", ["sent_at"], unique=False
    )
    op.create_table(
        "stored_page",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("store_key", sa.String(80), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_stored_page_file_id")
        ),
        sa.PrimaryKeyConstraint("file_id", "page", name=op.f("pk_stored_page")),
        sa.UniqueConstraint("store_key", name=op.f("uq_stored_page_store_key")),
    )
    op.create_table(
        "stored_text",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_stored_text_file_id")
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_stored_text")),
    )
    op.create_table(
        "access_block",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=False),
        sa.Column("was_member", sa.Boolean(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["blocked_by_id"], ["account.id"], name=op.f("fk_access_block_blocked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_access_block_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_access_block_professional_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_block")),
    )
    op.create_index(
        op.f("ix_access_block_professional_id"), "access_block", ["professional_id"], unique=False
    )
    op.create_index(
        "uq_access_block_active",
        "access_block",
        ["patient_id", "professional_id"],
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )
    op.create_table(
        "administrator_status",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_administrator_status_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_administrator_status_professional_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administrator_status")),
    )
    op.create_index(
        op.f("ix_administrator_status_professional_id"),
        "administrator_status",
        ["professional_id"],
        unique=False,
    )
    op.create_index(
        "uq_administrator_status_active",
        "administrator_status",
        ["patient_id", "professional_id"],
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type_code", sa.String(20), nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("title_sort", _folded(255), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=True),
        sa.Column("deposited_by_id", sa.Uuid(), nullable=False),
        sa.Column("depositor_name", sa.String(230), nullable=False),
        sa.Column("depositor_place", sa.String(255), nullable=False),
        sa.Column("depositor_sort", _folded(255), nullable=False),
        sa.Column("deposited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_masked", sa.Boolean(), nullable=False),
        sa.Column("is_hidden_from_patient", sa.Boolean(), nullable=False),
        sa.Column("announce_on", sa.Date(), nullable=True),
        sa.Column("is_hidden_from_representatives", sa.Boolean(), nullable=False),
        sa.Column("seen_by_patient_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT (is_masked AND is_hidden_from_patient)", name=op.f("ck_document_one_hiding")
        ),
        sa.ForeignKeyConstraint(
            ["deposited_by_id"], ["account.id"], name=op.f("fk_document_deposited_by_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_document_file_id")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_document_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_document_professional_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("file_id", name=op.f("uq_document_file_id")),
        sa.UniqueConstraint("series_id", "version", name="uq_document_series_version"),
    )
    op.create_index(
        "ix_document_patient", "document", ["patient_id", "document_date", "id"], unique=False
    )
    op.create_index(
        op.f("ix_document_professional_id"), "document", ["professional_id"], unique=False
    )
    op.create_index(
        "uq_document_current",
        "document",
        ["series_id"],
        unique=True,
        sqlite_where=_CURRENT,
        postgresql_where=_CURRENT,
    )
    op.create_table(
        "record_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("mode", sa.String(40), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_record_access_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["information_notice.id"], name=op.f("fk_record_access_notice_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_record_access_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_record_access_professional_id")
        ),
        sa.CheckConstraint(
            "kind IN ('declared', 'emergency', 'regulation')",
            name=op.f("ck_record_access_record_access_kind"),
        ),
        sa.CheckConstraint(
            "mode IN ('oral', 'written', 'electronic')",
            name=op.f("ck_record_access_record_access_mode"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_access")),
    )
    op.create_index(
        "ix_record_access_patient", "record_access", ["patient_id", "began_at"], unique=False
    )
    op.create_index(
        "ix_record_access_professional",
        "record_access",
        ["professional_id", "patient_id", "ends_at"],
        unique=False,
    )
    op.create_table(
        "document_word",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("token", _folded(60), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_word_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_document_word_patient_id")
        ),
        sa.PrimaryKeyConstraint(
            "patient_id", "token", "document_id", name=op.f("pk_document_word")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_document_word_document_id", "document_word", ["document_id"], unique=False)
    op.drop_index(op.f("ix_journal_entry_patient_id"), table_name="journal_entry")
    op.create_index(
        "ix_journal_entry_patient_seq", "journal_entry", ["patient_id", "seq"], unique=False
    )


def downgrade() -> None:
    """Undo the step: documents, settings, blocks and accesses are lost; files stay in their store."""
    op.drop_index("ix_journal_entry_patient_seq", table_name="journal_entry")
    op.create_index(op.f("ix_journal_entry_patient_id"), "journal_entry", ["patient_id"])
    op.drop_table("document_word")
    op.drop_table("record_access")
    op.drop_table("document")
    op.drop_table("administrator_status")
    op.drop_table("access_block")
    op.drop_table("stored_text")
    op.drop_table("stored_page")
    op.drop_table("document_upload")
    op.drop_table("stored_file")
    op.drop_table("record_settings")
    op.drop_table("record_event")
