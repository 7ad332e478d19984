"""Directory of professionals, facilities and partner laboratories."""

import sqlalchemy as sa
from alembic import op

revision = "directory"
down_revision = "accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "directory_entry",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("number", sa.String(15), nullable=False),
        sa.Column("civility", sa.String(20), nullable=False),
        sa.Column("family_name", sa.String(100), nullable=False),
        sa.Column("given_name", sa.String(100), nullable=False),
        sa.Column("profession", sa.String(5), nullable=False),
        sa.Column("profession_label", sa.String(150), nullable=False),
        sa.Column("speciality", sa.String(150), nullable=False),
        sa.Column("places", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_entry")),
    )
    op.create_table(
        "directory_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("data_on", sa.Date(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("is_builtin", sa.Boolean(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_release")),
    )
    with op.batch_alter_table("directory_release", schema=None) as batch_op:
        batch_op.create_index(
            "uq_directory_release_current",
            ["is_current"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "facility_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("data_on", sa.Date(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facilities", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("is_builtin", sa.Boolean(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_release")),
    )
    op.create_table(
        "directory_lead",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column(
            "token",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["directory_release.id"], name=op.f("fk_directory_lead_release_id")
        ),
        sa.PrimaryKeyConstraint("release_id", "token", name=op.f("pk_directory_lead")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "directory_number",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column(
            "number",
            sa.String(length=15).with_variant(sa.String(length=15, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["directory_release.id"], name=op.f("fk_directory_number_release_id")
        ),
        sa.PrimaryKeyConstraint(
            "release_id", "number", "entry_id", name=op.f("pk_directory_number")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "facility",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("is_partner_laboratory", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("finess", sa.String(9), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("category", sa.String(200), nullable=False),
        sa.Column("address", sa.String(250), nullable=False),
        sa.Column("postcode", sa.String(10), nullable=False),
        sa.Column("city", sa.String(100), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.Column(
            "sort_name",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "words",
            sa.String(length=600).with_variant(sa.String(length=600, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('finess', 'local', 'laboratory')", name=op.f("ck_facility_facility_kind")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["facility_release.id"], name=op.f("fk_facility_release_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
        sa.UniqueConstraint("finess", name=op.f("uq_facility_finess")),
    )
    with op.batch_alter_table("facility", schema=None) as batch_op:
        batch_op.create_index("ix_facility_kind", ["kind", "sort_name"], unique=False)
        batch_op.create_index(
            "ix_facility_laboratory", ["is_partner_laboratory", "sort_name"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_facility_release_id"), ["release_id"], unique=False)

    op.create_table(
        "facility_token",
        sa.Column(
            "token",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "sort_name",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_facility_token_facility_id")
        ),
        sa.PrimaryKeyConstraint(
            "token", "sort_name", "facility_id", name=op.f("pk_facility_token")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("facility_token", schema=None) as batch_op:
        batch_op.create_index("ix_facility_token_facility_id", ["facility_id"], unique=False)


def downgrade() -> None:
    """Take the step back; the search words of each release go with it."""
    connection = op.get_bind()
    for name in sa.inspect(connection).get_table_names():
        if name.startswith("directory_words_") and name[16:].isdigit():
            op.drop_table(name)
    with op.batch_alter_table("facility_token", schema=None) as batch_op:
        batch_op.drop_index("ix_facility_token_facility_id")

    op.drop_table("facility_token")
    with op.batch_alter_table("facility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facility_release_id"))
        batch_op.drop_index("ix_facility_laboratory")
        batch_op.drop_index("ix_facility_kind")

    op.drop_table("facility")
    op.drop_table("directory_number")
    op.drop_table("directory_lead")
    op.drop_table("facility_release")
    with op.batch_alter_table("directory_release", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_directory_release_current",
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.drop_table("directory_release")
    op.drop_table("directory_entry")
