"""Initial: accounts, patients, follow-up, medicines, outbox and the access journal."""

import sqlalchemy as sa
from alembic import op

revision = "initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "information_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_notice")),
        sa.UniqueConstraint("version", name=op.f("uq_information_notice_version")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("result", sa.String(60), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('read', 'change', 'refusal', 'access')",
            name=op.f("ck_journal_entry_journal_kind"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal_entry")),
    )
    op.create_index(
        op.f("ix_journal_entry_account_id"), "journal_entry", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_journal_entry_patient_id"), "journal_entry", ["patient_id"], unique=False
    )
    op.create_table(
        "medicine_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("data_on", sa.Date(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("medicines", sa.Integer(), nullable=False),
        sa.Column("substances", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("is_builtin", sa.Boolean(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medicine_release")),
    )
    op.create_index(
        "uq_medicine_release_current",
        "medicine_release",
        ["is_current"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "medicine",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("cis", sa.String(8), nullable=False),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("form", sa.String(120), nullable=False),
        sa.Column("substances", sa.String(1000), nullable=False),
        sa.Column("is_marketed", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column(
            "words",
            sa.String(length=1400).with_variant(
                sa.String(length=1400, collation="C"), "postgresql"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["medicine_release.id"], name=op.f("fk_medicine_release_id")
        ),
        sa.PrimaryKeyConstraint("release_id", "cis", name=op.f("pk_medicine")),
    )
    op.create_index("ix_medicine_rank", "medicine", ["release_id", "rank", "words"], unique=False)
    op.create_table(
        "medicine_token",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(1), nullable=False),
        sa.Column(
            "token",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["medicine_release.id"], name=op.f("fk_medicine_token_release_id")
        ),
        sa.PrimaryKeyConstraint(
            "release_id", "kind", "token", "rank", "target", name=op.f("pk_medicine_token")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("to", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel IN ('email', 'sms')", name=op.f("ck_outbox_message_outbox_channel")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed')", name=op.f("ck_outbox_message_outbox_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    op.create_index(
        op.f("ix_outbox_message_created_at"), "outbox_message", ["created_at"], unique=False
    )
    op.create_index(
        "ix_outbox_message_due", "outbox_message", ["state", "next_try_at"], unique=False
    )
    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("birth_name", sa.String(100), nullable=False),
        sa.Column("used_name", sa.String(100), nullable=False),
        sa.Column("birth_given_names", sa.String(150), nullable=False),
        sa.Column("used_given_name", sa.String(100), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(40), nullable=False),
        sa.Column("birth_place", sa.String(100), nullable=False),
        sa.Column("ins", sa.String(15), nullable=False),
        sa.Column("proof", sa.String(40), nullable=False),
        sa.Column("proof_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ins_retrieved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column(
            "match_name",
            sa.String(length=260).with_variant(sa.String(length=260, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "sort_name",
            sa.String(length=260).with_variant(sa.String(length=260, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email <> '' OR phone <> ''", name=op.f("ck_patient_reachable")),
        sa.CheckConstraint(
            "proof IN ('none', 'identity_card', 'passport', 'residence_permit', 'family_record')",
            name=op.f("ck_patient_patient_proof"),
        ),
        sa.CheckConstraint(
            "sex IN ('female', 'male', 'unknown')", name=op.f("ck_patient_patient_sex")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
    )
    op.create_index("ix_patient_identity", "patient", ["birth_date", "match_name"], unique=False)
    op.create_index(op.f("ix_patient_ins"), "patient", ["ins"], unique=False)
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_questionnaire_code_version")),
    )
    op.create_table(
        "substance",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["medicine_release.id"], name=op.f("fk_substance_release_id")
        ),
        sa.PrimaryKeyConstraint("release_id", "code", name=op.f("pk_substance")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("civility", sa.String(20), nullable=False),
        sa.Column("family_name", sa.String(100), nullable=False),
        sa.Column("given_name", sa.String(100), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('professional', 'patient', 'administrator')",
            name=op.f("ck_account_account_role"),
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_account_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("patient_id", name=op.f("uq_account_patient_id")),
    )
    op.create_table(
        "patient_match",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["other_id"], ["patient.id"], name=op.f("fk_patient_match_other_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_patient_match_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_match")),
    )
    op.create_index(op.f("ix_patient_match_other_id"), "patient_match", ["other_id"], unique=False)
    op.create_index(
        op.f("ix_patient_match_patient_id"), "patient_match", ["patient_id"], unique=False
    )
    op.create_table(
        "draft",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(36), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id")),
        sa.PrimaryKeyConstraint("account_id", "form", "scope", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_updated_at"), "draft", ["updated_at"], unique=False)
    op.create_table(
        "professional",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("rpps", sa.String(11), nullable=False),
        sa.Column("profession", sa.String(40), nullable=False),
        sa.Column("speciality", sa.String(100), nullable=False),
        sa.Column("place_name", sa.String(150), nullable=False),
        sa.Column("place_city", sa.String(100), nullable=False),
        sa.Column(
            "search_name",
            sa.String(length=255).with_variant(sa.String(length=255, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "profession IN ('10', '21', '39', '40', '50', '60', '70', '80', '91', '95')",
            name=op.f("ck_professional_professional_profession"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_professional_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_professional")),
        sa.UniqueConstraint("account_id", name=op.f("uq_professional_account_id")),
        sa.UniqueConstraint("rpps", name=op.f("uq_professional_rpps")),
    )
    op.create_index(
        op.f("ix_professional_search_name"), "professional", ["search_name"], unique=False
    )
    op.create_table(
        "professional_token",
        sa.Column(
            "token",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("professional_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_professional_token_professional_id"),
        ),
        sa.PrimaryKeyConstraint("token", "professional_id", name=op.f("pk_professional_token")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_professional_token_professional_id",
        "professional_token",
        ["professional_id"],
        unique=False,
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("identifier", sa.String(254), nullable=False),
        sa.Column("next_path", sa.String(500), nullable=False),
        sa.Column("password_ok", sa.Boolean(), nullable=False),
        sa.Column("masked_destination", sa.String(254), nullable=False),
        sa.Column("error", sa.String(60), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_attempt_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_attempt_token_digest")),
    )
    op.create_index(
        op.f("ix_sign_in_attempt_account_id"), "sign_in_attempt", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_sign_in_attempt_expires_at"), "sign_in_attempt", ["expires_at"], unique=False
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_act_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(40), nullable=False),
        sa.Column("device", sa.String(120), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_session_token_digest")),
    )
    op.create_index(
        op.f("ix_sign_in_session_account_id"), "sign_in_session", ["account_id"], unique=False
    )
    op.create_table(
        "submission",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_submission_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_submission")),
    )
    op.create_index(op.f("ix_submission_made_at"), "submission", ["made_at"], unique=False)
    op.create_table(
        "care_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "sort_name",
            sa.String(length=260).with_variant(sa.String(length=260, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("last_entry_on", sa.Date(), nullable=True),
        sa.Column("unread_count", sa.Integer(), nullable=False),
        sa.Column("severe_on", sa.Date(), nullable=True),
        sa.Column("falling_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["professional.id"], name=op.f("fk_care_link_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["professional.id"], name=op.f("fk_care_link_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_care_link_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_care_link_professional_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_link")),
    )
    op.create_index(
        "ix_care_link_by_entry",
        "care_link",
        ["professional_id", "ended_at", "last_entry_on", "patient_id"],
        unique=False,
    )
    op.create_index(
        "ix_care_link_by_name",
        "care_link",
        ["professional_id", "ended_at", "sort_name", "patient_id"],
        unique=False,
    )
    op.create_index(
        "ix_care_link_by_opening",
        "care_link",
        ["professional_id", "ended_at", "opened_at", "patient_id"],
        unique=False,
    )
    op.create_index(
        "ix_care_link_falling",
        "care_link",
        ["professional_id", "ended_at", "falling_on"],
        unique=False,
    )
    op.create_index(op.f("ix_care_link_patient_id"), "care_link", ["patient_id"], unique=False)
    op.create_index(
        "ix_care_link_severe",
        "care_link",
        ["professional_id", "ended_at", "severe_on"],
        unique=False,
    )
    op.create_index(
        "ix_care_link_unread",
        "care_link",
        ["professional_id", "ended_at", "unread_count", "patient_id"],
        unique=False,
    )
    op.create_index(
        "uq_care_link_active",
        "care_link",
        ["patient_id", "professional_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("collected_by_id", sa.Uuid(), nullable=False),
        sa.Column("for_professional_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("notice_handed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('enrolment', 'circle_addition')", name=op.f("ck_consent_consent_kind")
        ),
        sa.CheckConstraint(
            "mode IN ('oral', 'written', 'electronic')", name=op.f("ck_consent_consent_mode")
        ),
        sa.ForeignKeyConstraint(
            ["collected_by_id"], ["professional.id"], name=op.f("fk_consent_collected_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["for_professional_id"],
            ["professional.id"],
            name=op.f("fk_consent_for_professional_id"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["information_notice.id"], name=op.f("fk_consent_notice_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_consent_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_patient_id"), "consent", ["patient_id"], unique=False)
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.Column("sent_to", sa.String(254), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_one_time_code_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["sign_in_attempt.id"], name=op.f("fk_one_time_code_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
    )
    op.create_index(
        op.f("ix_one_time_code_account_id"), "one_time_code", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_one_time_code_attempt_id"), "one_time_code", ["attempt_id"], unique=False
    )
    op.create_table(
        "patient_token",
        sa.Column("professional_id", sa.Uuid(), nullable=False),
        sa.Column(
            "token",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_patient_token_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_patient_token_professional_id")
        ),
        sa.PrimaryKeyConstraint(
            "professional_id", "token", "patient_id", name=op.f("pk_patient_token")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_patient_token_patient_id", "patient_token", ["patient_id"], unique=False)
    op.create_table(
        "treatment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(250), nullable=False),
        sa.Column("substances", sa.String(250), nullable=False),
        sa.Column("medicine_cis", sa.String(8), nullable=True),
        sa.Column("posology", sa.String(200), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(200), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("is_followed", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("adherence_yes_count", sa.Integer(), nullable=True),
        sa.Column("adherence_on", sa.Date(), nullable=True),
        sa.Column("previous_yes_count", sa.Integer(), nullable=True),
        sa.Column("is_adherence_falling", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('professional', 'patient')", name=op.f("ck_treatment_treatment_origin")
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= started_on", name=op.f("ck_treatment_period")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["professional.id"], name=op.f("fk_treatment_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_treatment_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment")),
    )
    op.create_index(op.f("ix_treatment_patient_id"), "treatment", ["patient_id"], unique=False)
    op.create_table(
        "entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("treatment_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_mode", sa.String(40), nullable=False),
        sa.Column("contact_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "contact_mode IN ('on_site', 'phone', 'video', 'none')",
            name=op.f("ck_entry_entry_contact"),
        ),
        sa.CheckConstraint(
            "kind IN ('enrolment', 'treatment', 'tolerance', 'interaction', 'adherence')",
            name=op.f("ck_entry_entry_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["professional.id"], name=op.f("fk_entry_author_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_entry_patient_id")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["entry.id"], name=op.f("fk_entry_supersedes_id")
        ),
        sa.ForeignKeyConstraint(
            ["treatment_id"], ["treatment.id"], name=op.f("fk_entry_treatment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_entry_supersedes_id")),
    )
    op.create_index(
        "ix_entry_by_kind",
        "entry",
        ["patient_id", "kind", "superseded_at", "occurred_on", "first_recorded_at"],
        unique=False,
    )
    op.create_index(
        "ix_entry_by_treatment",
        "entry",
        ["treatment_id", "kind", "superseded_at", "occurred_on", "first_recorded_at"],
        unique=False,
    )
    op.create_index(
        "ix_entry_chronology",
        "entry",
        ["patient_id", "superseded_at", "occurred_on", "first_recorded_at"],
        unique=False,
    )
    op.create_index("ix_entry_recorded", "entry", ["patient_id", "recorded_at"], unique=False)
    op.create_table(
        "adherence_entry",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(40), nullable=False),
        sa.Column("yes_count", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.Uuid(), nullable=True),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "direction IN ('yes_count', 'no_count')",
            name=op.f("ck_adherence_entry_adherence_direction"),
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 6", name=op.f("ck_adherence_entry_score_range")),
        sa.CheckConstraint(
            "yes_count BETWEEN 0 AND 6", name=op.f("ck_adherence_entry_yes_count_range")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_adherence_entry_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_adherence_entry_questionnaire_id"),
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_adherence_entry")),
    )
    op.create_table(
        "interaction_entry",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("substance", sa.String(250), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.CheckConstraint(
            "level IN ('contraindicated', 'discouraged', 'precaution', 'to_consider')",
            name=op.f("ck_interaction_entry_interaction_level"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_interaction_entry_entry_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_interaction_entry")),
    )
    op.create_table(
        "tolerance_entry",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(40), nullable=False),
        sa.Column("patient_appreciation", sa.String(40), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "domain IN ('digestive', 'skin', 'general', 'pain', 'neurological', 'cardiovascular', 'respiratory', 'blood', 'liver_kidney', 'musculoskeletal', 'psychic', 'other')",
            name=op.f("ck_tolerance_entry_tolerance_domain"),
        ),
        sa.CheckConstraint(
            "patient_appreciation IN ('well_tolerated', 'slight', 'serious', 'unbearable')",
            name=op.f("ck_tolerance_entry_tolerance_appreciation"),
        ),
        sa.CheckConstraint("grade BETWEEN 0 AND 5", name=op.f("ck_tolerance_entry_grade_range")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_tolerance_entry_entry_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_tolerance_entry")),
    )
    op.create_table(
        "treatment_entry",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.CheckConstraint(
            "act IN ('added', 'changed', 'followed', 'unfollowed', 'ended', 'resumed', 'removed')",
            name=op.f("ck_treatment_entry_treatment_act"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_treatment_entry_entry_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_treatment_entry")),
    )

    _guard_journal()


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("treatment_entry")
    op.drop_table("tolerance_entry")
    op.drop_table("interaction_entry")
    op.drop_table("adherence_entry")
    op.drop_index("ix_entry_recorded", table_name="entry")
    op.drop_index("ix_entry_chronology", table_name="entry")
    op.drop_index("ix_entry_by_treatment", table_name="entry")
    op.drop_index("ix_entry_by_kind", table_name="entry")
    op.drop_table("entry")
    op.drop_index(op.f("ix_treatment_patient_id"), table_name="treatment")
    op.drop_table("treatment")
    op.drop_index("ix_patient_token_patient_id", table_name="patient_token")
    op.drop_table("patient_token")
    op.drop_index(op.f("ix_one_time_code_attempt_id"), table_name="one_time_code")
    op.drop_index(op.f("ix_one_time_code_account_id"), table_name="one_time_code")
    op.drop_table("one_time_code")
    op.drop_index(op.f("ix_consent_patient_id"), table_name="consent")
    op.drop_table("consent")
    op.drop_index(
        "uq_care_link_active",
        table_name="care_link",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_care_link_unread", table_name="care_link")
    op.drop_index("ix_care_link_severe", table_name="care_link")
    op.drop_index(op.f("ix_care_link_patient_id"), table_name="care_link")
    op.drop_index("ix_care_link_falling", table_name="care_link")
    op.drop_index("ix_care_link_by_opening", table_name="care_link")
    op.drop_index("ix_care_link_by_name", table_name="care_link")
    op.drop_index("ix_care_link_by_entry", table_name="care_link")
    op.drop_table("care_link")
    op.drop_index(op.f("ix_submission_made_at"), table_name="submission")
    op.drop_table("submission")
    op.drop_index(op.f("ix_sign_in_session_account_id"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index(op.f("ix_sign_in_attempt_expires_at"), table_name="sign_in_attempt")
    op.drop_index(op.f("ix_sign_in_attempt_account_id"), table_name="sign_in_attempt")
    op.drop_table("sign_in_attempt")
    op.drop_index("ix_professional_token_professional_id", table_name="professional_token")
    op.drop_table("professional_token")
    op.drop_index(op.f("ix_professional_search_name"), table_name="professional")
    op.drop_table("professional")
    op.drop_index(op.f("ix_draft_updated_at"), table_name="draft")
    op.drop_table("draft")
    op.drop_index(op.f("ix_patient_match_patient_id"), table_name="patient_match")
    op.drop_index(op.f("ix_patient_match_other_id"), table_name="patient_match")
    op.drop_table("patient_match")
    op.drop_table("account")
    op.drop_table("throttle")
    op.drop_table("substance")
    op.drop_table("questionnaire")
    op.drop_index(op.f("ix_patient_ins"), table_name="patient")
    op.drop_index("ix_patient_identity", table_name="patient")
    op.drop_table("patient")
    op.drop_index("ix_outbox_message_due", table_name="outbox_message")
    op.drop_index(op.f("ix_outbox_message_created_at"), table_name="outbox_message")
    op.drop_table("outbox_message")
    op.drop_table("medicine_token")
    op.drop_index("ix_medicine_rank", table_name="medicine")
    op.drop_table("medicine")
    op.drop_index(
        "uq_medicine_release_current",
        table_name="medicine_release",
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.drop_table("medicine_release")
    op.drop_index(op.f("ix_journal_entry_patient_id"), table_name="journal_entry")
    op.drop_index(op.f("ix_journal_entry_account_id"), table_name="journal_entry")
    op.drop_table("journal_entry")
    op.drop_table("information_notice")
    _forget_journal_guard()


_REFUSAL = "journal_entry is append-only"


def _guard_journal() -> None:
    """Make the database itself refuse to change or remove a line of the journal (S131)."""
    if op.get_bind().dialect.name == "sqlite":
        refusal = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        op.execute(
            f"CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry {refusal}"
        )
        op.execute(
            f"CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry {refusal}"
        )
        # INSERT OR REPLACE deletes without waking the trigger above.
        is_taken = "EXISTS (SELECT 1 FROM journal_entry WHERE seq = NEW.seq)"
        op.execute(
            "CREATE TRIGGER journal_entry_no_replace BEFORE INSERT ON journal_entry "
            f"WHEN {is_taken} {refusal}"
        )
        return
    op.execute(
        "CREATE FUNCTION journal_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = '23000'; END $$"
    )
    for act in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER journal_entry_no_{act.lower()} BEFORE {act} ON journal_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_refuse()"
        )


def _forget_journal_guard() -> None:
    # The triggers went with their table; PostgreSQL keeps the function they called.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION journal_entry_refuse()")
