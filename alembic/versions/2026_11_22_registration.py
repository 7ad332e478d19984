"""Registrations under way, places of practice, contracts signed with the provider's proof."""

import sqlalchemy as sa
from alembic import op

revision = "registration"
down_revision = "directory"
branch_labels = None
depends_on = None


_MODES = "mode IN ('box', 'typed_name', 'scan', 'psc')"
_OLD_MODES = "mode IN ('box', 'typed_name', 'scan')"


def _allow_modes(condition: str) -> None:
    name = op.f("ck_legal_acceptance_legal_acceptance_mode")
    with op.batch_alter_table("legal_acceptance") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, condition)


def upgrade() -> None:
    """Apply the step."""
    _allow_modes(_MODES)
    op.create_table(
        "practice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=True),
        sa.Column("finess", sa.String(9), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("address", sa.String(250), nullable=False),
        sa.Column("postcode", sa.String(10), nullable=False),
        sa.Column("city", sa.String(100), nullable=False),
        sa.Column("laboratory_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_practice_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_practice_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["laboratory_id"], ["facility.id"], name=op.f("fk_practice_laboratory_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
    )
    with op.batch_alter_table("practice", schema=None) as batch_op:
        batch_op.create_index("ix_practice_account_id", ["account_id", "position"], unique=False)

    op.create_table(
        "registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("source", sa.String(40), nullable=True),
        sa.Column("rpps", sa.String(11), nullable=False),
        sa.Column("profession", sa.String(40), nullable=True),
        sa.Column("speciality", sa.String(100), nullable=False),
        sa.Column("occupation", sa.String(40), nullable=True),
        sa.Column("civility", sa.String(20), nullable=False),
        sa.Column("family_name", sa.String(100), nullable=False),
        sa.Column("given_name", sa.String(100), nullable=False),
        sa.Column("certified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_issuer", sa.String(200), nullable=False),
        sa.Column("provider_subject", sa.String(255), nullable=False),
        sa.Column("provider_national_id", sa.String(40), nullable=False),
        sa.Column("is_rpps_taken", sa.Boolean(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("shared_title", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phones_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("password_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terms_id", sa.Uuid(), nullable=True),
        sa.Column("terms_digest", sa.LargeBinary(), nullable=False),
        sa.Column("terms_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terms_address", sa.String(45), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("contract_digest", sa.LargeBinary(), nullable=False),
        sa.Column("contract_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contract_address", sa.String(45), nullable=False),
        sa.Column("contract_mode", sa.String(40), nullable=True),
        sa.Column("contract_name", sa.String(200), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.CheckConstraint(
            "contract_mode IN ('box', 'typed_name', 'scan', 'psc')",
            name=op.f("ck_registration_registration_contract_mode"),
        ),
        sa.CheckConstraint(
            "kind IN ('professional', 'secretary')", name=op.f("ck_registration_registration_kind")
        ),
        sa.CheckConstraint(
            "occupation IN ('medical_secretary', 'medical_assistant', 'administrative_assistant', 'administrative_manager', 'other')",
            name=op.f("ck_registration_registration_occupation"),
        ),
        sa.CheckConstraint(
            "profession IN ('10', '21', '26', '28', '31', '32', '35', '36', '37', '38', '39', '40', '50', '60', '69', '70', '71', '72', '80', '81', '82', '83', '84', '85', '86', '91', '92', '93', '94', '95', '96', '98')",
            name=op.f("ck_registration_registration_profession"),
        ),
        sa.CheckConstraint(
            "source IN ('directory', 'manual', 'psc')",
            name=op.f("ck_registration_registration_source"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'email_verified', 'contract_signed', 'to_validate', 'approved', 'refused')",
            name=op.f("ck_registration_registration_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_registration_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["legal_text.id"], name=op.f("fk_registration_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_registration_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["terms_id"], ["legal_text.id"], name=op.f("fk_registration_terms_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("account_id", name=op.f("uq_registration_account_id")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_email"), ["email"], unique=False)
        batch_op.create_index(
            "ix_registration_state", ["state", "submitted_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_registration_updated_at"), ["updated_at"], unique=False
        )

    op.create_table(
        "contract_scan",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_contract_scan_registration_id")
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_contract_scan")),
    )
    op.create_table(
        "registration_browser",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_registration_browser_registration_id"),
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_registration_browser")),
    )
    with op.batch_alter_table("registration_browser", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_registration_browser_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_registration_browser_registration_id"), ["registration_id"], unique=False
        )

    op.create_table(
        "registration_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("civility", sa.String(20), nullable=False),
        sa.Column("family_name", sa.String(100), nullable=False),
        sa.Column("given_name", sa.String(100), nullable=False),
        sa.Column("code_hash", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_registration_member_registration_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_member")),
    )
    with op.batch_alter_table("registration_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_registration_member_registration_id"), ["registration_id"], unique=False
        )

    op.create_table(
        "registration_phone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_registration_phone_registration_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_phone")),
    )
    with op.batch_alter_table("registration_phone", schema=None) as batch_op:
        batch_op.create_index(
            "uq_registration_phone_number", ["registration_id", "number"], unique=True
        )

    op.create_table(
        "registration_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=True),
        sa.Column("finess", sa.String(9), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("address", sa.String(250), nullable=False),
        sa.Column("postcode", sa.String(10), nullable=False),
        sa.Column("city", sa.String(100), nullable=False),
        sa.Column("laboratory_id", sa.Uuid(), nullable=True),
        sa.Column("is_from_directory", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_registration_place_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["laboratory_id"], ["facility.id"], name=op.f("fk_registration_place_laboratory_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_registration_place_registration_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_place")),
    )
    with op.batch_alter_table("registration_place", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_registration_place_registration_id"), ["registration_id"], unique=False
        )


def downgrade() -> None:
    """Take the step back. Refused by its own check while a contract was signed with the provider's proof."""
    with op.batch_alter_table("registration_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_place_registration_id"))

    op.drop_table("registration_place")
    with op.batch_alter_table("registration_phone", schema=None) as batch_op:
        batch_op.drop_index("uq_registration_phone_number")

    op.drop_table("registration_phone")
    with op.batch_alter_table("registration_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_member_registration_id"))

    op.drop_table("registration_member")
    with op.batch_alter_table("registration_browser", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_browser_registration_id"))
        batch_op.drop_index(batch_op.f("ix_registration_browser_expires_at"))

    op.drop_table("registration_browser")
    op.drop_table("contract_scan")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_updated_at"))
        batch_op.drop_index("ix_registration_state")
        batch_op.drop_index(batch_op.f("ix_registration_email"))

    op.drop_table("registration")
    with op.batch_alter_table("practice", schema=None) as batch_op:
        batch_op.drop_index("ix_practice_account_id")

    op.drop_table("practice")
    _allow_modes(_OLD_MODES)
