"""Accounts: states, addresses, telephones, factors, teams, delegations, legal texts, codes for any purpose."""

import sqlalchemy as sa
from alembic import op

revision = "accounts"
down_revision = "initial"
branch_labels = None
depends_on = None

_OLD_ROLES = "role IN ('professional', 'patient', 'administrator')"
_ROLES = "role IN ('professional', 'secretary', 'patient', 'administrator')"
_STATES = "state IN ('pending', 'active', 'suspended', 'closed')"
_OLD_PROFESSIONS = "profession IN ('10', '21', '39', '40', '50', '60', '70', '80', '91', '95')"
_PROFESSIONS = (
    "profession IN ('10', '21', '26', '28', '31', '32', '35', '36', '37', '38', '39', '40', '50', '60', "
    "'69', '70', '71', '72', '80', '81', '82', '83', '84', '85', '86', '91', '92', '93', '94', '95', '96', "
    "'98')"
)
_METHODS = "method IN ('email_code', 'sms_code', 'totp', 'recovery_code', 'psc', 'operator')"
_PURPOSES = (
    "purpose IN ('sign_in', 'confirmation', 'registration_email', 'registration_phone', "
    "'contract', 'email_address', 'phone')"
)


def _replace_check(table: str, name: str, condition: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)


def upgrade() -> None:
    """Apply the step."""
    _create_tables()
    _change_accounts()
    _replace_check("professional", "professional_profession", _PROFESSIONS)
    _change_sessions()
    op.add_column("journal_entry", sa.Column("member_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_journal_entry_on_behalf_of_id"), "journal_entry", ["on_behalf_of_id"])
    # Codes live for minutes: whoever waits for one asks for another.
    op.drop_table("one_time_code")
    _create_codes()


def _create_tables() -> None:
    op.create_table(
        "legal_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('terms', 'contract')", name=op.f("ck_legal_text_legal_text_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_text")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_legal_text_kind_version")),
    )
    op.create_table(
        "account_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("civility", sa.String(20), nullable=False),
        sa.Column("family_name", sa.String(100), nullable=False),
        sa.Column("given_name", sa.String(100), nullable=False),
        sa.Column("code_hash", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_member_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_member")),
    )
    op.create_index(
        op.f("ix_account_member_account_id"), "account_member", ["account_id"], unique=False
    )
    op.create_table(
        "email_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("is_starred", sa.Boolean(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_email_address_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_address")),
        sa.UniqueConstraint("address", name=op.f("uq_email_address_address")),
    )
    op.create_index(
        op.f("ix_email_address_account_id"), "email_address", ["account_id"], unique=False
    )
    op.create_index(
        "uq_email_address_starred",
        "email_address",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("is_starred"),
        postgresql_where=sa.text("is_starred"),
    )
    op.create_table(
        "federated_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("national_id", sa.String(40), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_federated_identity_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_federated_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_federated_identity_issuer_subject")),
    )
    op.create_index(
        op.f("ix_federated_identity_account_id"), "federated_identity", ["account_id"], unique=False
    )
    op.create_table(
        "identity_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("civility", sa.String(20), nullable=False),
        sa.Column("family_name", sa.String(100), nullable=False),
        sa.Column("given_name", sa.String(100), nullable=False),
        sa.Column("rpps", sa.String(11), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.CheckConstraint(
            "decision IN ('waiting', 'approved', 'refused', 'withdrawn')",
            name=op.f("ck_identity_change_identity_change_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_identity_change_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_identity_change_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_change")),
    )
    op.create_index(
        "uq_identity_change_waiting",
        "identity_change",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("decision = 'waiting'"),
        postgresql_where=sa.text("decision = 'waiting'"),
    )
    op.create_table(
        "known_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_known_device_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
    )
    op.create_index(
        op.f("ix_known_device_account_id"), "known_device", ["account_id"], unique=False
    )
    op.create_table(
        "legal_acceptance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("legal_text_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("signed_name", sa.String(200), nullable=False),
        sa.Column("text_digest", sa.LargeBinary(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.CheckConstraint(
            "mode IN ('box', 'typed_name', 'scan')",
            name=op.f("ck_legal_acceptance_legal_acceptance_mode"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_legal_acceptance_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["legal_text_id"], ["legal_text.id"], name=op.f("fk_legal_acceptance_legal_text_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_acceptance")),
        sa.UniqueConstraint(
            "account_id", "legal_text_id", name=op.f("uq_legal_acceptance_account_id_legal_text_id")
        ),
    )
    op.create_index(
        op.f("ix_legal_acceptance_legal_text_id"),
        "legal_acceptance",
        ["legal_text_id"],
        unique=False,
    )
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_password_reset_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_password_reset_token_digest")),
    )
    op.create_index(
        op.f("ix_password_reset_account_id"), "password_reset", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_password_reset_expires_at"), "password_reset", ["expires_at"], unique=False
    )
    op.create_table(
        "phone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_phone_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone")),
    )
    op.create_index("uq_phone_account_id_number", "phone", ["account_id", "number"], unique=True)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_mac", name=op.f("uq_recovery_code_code_mac")),
    )
    op.create_index(
        op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"], unique=False
    )
    op.create_table(
        "totp_factor",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_seed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_totp_factor_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_totp_factor")),
    )
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("delegate_number", sa.String(20), nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "scope IN ('read', 'record', 'manage')", name=op.f("ck_delegation_delegation_scope")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["professional.id"], name=op.f("fk_delegation_holder_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index(
        op.f("ix_delegation_delegate_number"), "delegation", ["delegate_number"], unique=False
    )
    op.create_index(op.f("ix_delegation_holder_id"), "delegation", ["holder_id"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("responsible_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("operator_code", sa.String(20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_team_member_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["professional.id"], name=op.f("fk_team_member_responsible_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    op.create_index(op.f("ix_team_member_account_id"), "team_member", ["account_id"], unique=False)
    op.create_index(
        "uq_team_member_operator_code",
        "team_member",
        ["responsible_id", "operator_code"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "workstation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("responsible_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["professional.id"], name=op.f("fk_workstation_responsible_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workstation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_workstation_token_digest")),
    )
    op.create_index(
        op.f("ix_workstation_responsible_id"), "workstation", ["responsible_id"], unique=False
    )
    op.create_table(
        "form_reply",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sign_in_session.id"], name=op.f("fk_form_reply_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "form", name=op.f("pk_form_reply")),
    )
    op.create_index(op.f("ix_form_reply_made_at"), "form_reply", ["made_at"], unique=False)


def _change_accounts() -> None:
    op.add_column("account", sa.Column("state", sa.String(40), nullable=True))
    op.execute("UPDATE account SET state = CASE WHEN is_active THEN 'active' ELSE 'suspended' END")
    with op.batch_alter_table("account") as batch:
        batch.alter_column("state", existing_type=sa.String(40), nullable=False)
        batch.add_column(sa.Column("login_name", sa.String(60), nullable=True))
        batch.add_column(
            sa.Column("shared_title", sa.String(100), nullable=False, server_default="")
        )
        batch.add_column(sa.Column("card_number", sa.String(20), nullable=True))
        batch.add_column(
            sa.Column("identity_certified_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch.create_unique_constraint(op.f("uq_account_card_number"), ["card_number"])
        batch.create_unique_constraint(op.f("uq_account_login_name"), ["login_name"])
        batch.drop_column("is_active")
    with op.batch_alter_table("account") as batch:
        batch.alter_column("shared_title", existing_type=sa.String(100), server_default=None)
        batch.create_check_constraint(op.f("ck_account_account_state"), _STATES)
    _replace_check("account", "account_role", _ROLES)
    # A key may be any 128 bits: the account's own makes one for its first address without a random source.
    op.execute(
        "INSERT INTO email_address (id, account_id, address, is_starred, verified_at) "
        "SELECT id, id, email, true, created_at FROM account"
    )


def _change_sessions() -> None:
    with op.batch_alter_table("sign_in_session") as batch:
        batch.add_column(
            sa.Column("method", sa.String(40), nullable=False, server_default="email_code")
        )
        batch.add_column(sa.Column("factor_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("device_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("workstation_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("member_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("delegation_id", sa.Uuid(), nullable=True))
        batch.add_column(
            sa.Column("provider_sid", sa.String(255), nullable=False, server_default="")
        )
        batch.add_column(sa.Column("sealed_id_token", sa.LargeBinary(), nullable=True))
        batch.create_index(op.f("ix_sign_in_session_delegation_id"), ["delegation_id"])
        batch.create_index(op.f("ix_sign_in_session_provider_sid"), ["provider_sid"])
        for column, table in _SESSION_KEYS.items():
            batch.create_foreign_key(op.f(f"fk_sign_in_session_{column}"), table, [column], ["id"])
    with op.batch_alter_table("sign_in_session") as batch:
        batch.alter_column("method", existing_type=sa.String(40), server_default=None)
        batch.alter_column("provider_sid", existing_type=sa.String(255), server_default=None)
        batch.create_check_constraint(op.f("ck_sign_in_session_sign_in_session_method"), _METHODS)


_SESSION_KEYS = {
    "device_id": "known_device",
    "workstation_id": "workstation",
    "member_id": "account_member",
    "delegation_id": "delegation",
}


def _create_codes() -> None:
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("sent_to", sa.String(254), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.Column("link_digest", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.CheckConstraint(_PURPOSES, name=op.f("ck_one_time_code_one_time_code_purpose")),
        sa.CheckConstraint(
            "channel IN ('email', 'sms')", name=op.f("ck_one_time_code_one_time_code_channel")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_one_time_code_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_one_time_code_link_digest")),
    )
    op.create_index(op.f("ix_one_time_code_account_id"), "one_time_code", ["account_id"])
    op.create_index(op.f("ix_one_time_code_expires_at"), "one_time_code", ["expires_at"])
    op.create_index("ix_one_time_code_subject", "one_time_code", ["subject_id", "purpose"])


def downgrade() -> None:
    """Take the step back: further addresses, factors, teams and delegations are lost.

    Refused by its own checks while a secretariat or one of the new professions has an account.
    """
    op.drop_table("one_time_code")
    _create_old_codes()
    op.drop_index(op.f("ix_journal_entry_on_behalf_of_id"), table_name="journal_entry")
    op.drop_column("journal_entry", "member_id")
    with op.batch_alter_table("sign_in_session") as batch:
        for column in _SESSION_KEYS:
            batch.drop_constraint(op.f(f"fk_sign_in_session_{column}"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_sign_in_session_sign_in_session_method"), type_="check")
        batch.drop_index(op.f("ix_sign_in_session_provider_sid"))
        batch.drop_index(op.f("ix_sign_in_session_delegation_id"))
        for column in ("sealed_id_token", "provider_sid", *_SESSION_KEYS, "factor_at", "method"):
            batch.drop_column(column)
    _replace_check("professional", "professional_profession", _OLD_PROFESSIONS)
    op.add_column("account", sa.Column("is_active", sa.Boolean(), nullable=True))
    op.execute("UPDATE account SET is_active = (state = 'active')")
    with op.batch_alter_table("account") as batch:
        batch.alter_column("is_active", existing_type=sa.Boolean(), nullable=False)
        batch.drop_constraint(op.f("ck_account_account_state"), type_="check")
        batch.drop_constraint(op.f("uq_account_login_name"), type_="unique")
        batch.drop_constraint(op.f("uq_account_card_number"), type_="unique")
        for column in (
            "identity_certified_at",
            "card_number",
            "shared_title",
            "state",
            "login_name",
        ):
            batch.drop_column(column)
    _replace_check("account", "account_role", _OLD_ROLES)
    op.drop_table("form_reply")
    op.drop_table("workstation")
    op.drop_table("team_member")
    op.drop_table("delegation")
    op.drop_table("totp_factor")
    op.drop_table("recovery_code")
    op.drop_table("phone")
    op.drop_table("password_reset")
    op.drop_table("legal_acceptance")
    op.drop_table("known_device")
    op.drop_table("identity_change")
    op.drop_table("federated_identity")
    op.drop_table("email_address")
    op.drop_table("account_member")
    op.drop_table("legal_text")


def _create_old_codes() -> None:
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
    op.create_index(op.f("ix_one_time_code_account_id"), "one_time_code", ["account_id"])
    op.create_index(op.f("ix_one_time_code_attempt_id"), "one_time_code", ["attempt_id"])
