"""Sign-in by several factors: what an attempt chose and proved; teams join on invitation."""

import sqlalchemy as sa
from alembic import op

revision = "sign_in"
down_revision = "own_account"
branch_labels = None
depends_on = None

_METHODS = "('email_code', 'sms_code', 'totp', 'recovery_code', 'psc', 'operator')"


def upgrade() -> None:
    """Apply the step."""
    # Attempts live for half an hour: whoever is in one starts again.
    op.execute("DELETE FROM sign_in_attempt")
    with op.batch_alter_table("sign_in_attempt") as batch:
        batch.add_column(sa.Column("way", sa.String(40), nullable=True))
        batch.add_column(sa.Column("destination_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("device_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("keeps_device", sa.Boolean(), nullable=False))
        batch.add_column(sa.Column("factor_method", sa.String(40), nullable=True))
        batch.add_column(sa.Column("factor_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("faults", sa.JSON(), nullable=False))
        batch.create_foreign_key(
            op.f("fk_sign_in_attempt_device_id"), "known_device", ["device_id"], ["id"]
        )
        for column in ("way", "factor_method"):
            batch.create_check_constraint(
                op.f(f"ck_sign_in_attempt_sign_in_attempt_{column}"), f"{column} IN {_METHODS}"
            )
    # No team could be made before this step.
    op.execute("DELETE FROM team_member")
    with op.batch_alter_table("team_member") as batch:
        batch.alter_column("account_id", existing_type=sa.Uuid(), nullable=True)
        batch.add_column(sa.Column("invited_email", sa.String(254), nullable=False))
        batch.add_column(sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_index(op.f("ix_team_member_invited_email"), ["invited_email"])


def downgrade() -> None:
    """Undo the step."""
    op.execute("DELETE FROM team_member")
    with op.batch_alter_table("team_member") as batch:
        batch.drop_index(op.f("ix_team_member_invited_email"))
        batch.drop_column("accepted_at")
        batch.drop_column("invited_email")
        batch.alter_column("account_id", existing_type=sa.Uuid(), nullable=False)
    with op.batch_alter_table("sign_in_attempt") as batch:
        for column in ("way", "factor_method"):
            batch.drop_constraint(
                op.f(f"ck_sign_in_attempt_sign_in_attempt_{column}"), type_="check"
            )
        batch.drop_constraint(op.f("fk_sign_in_attempt_device_id"), type_="foreignkey")
        for column in (
            "faults",
            "factor_at",
            "factor_method",
            "keeps_device",
            "device_id",
            "destination_id",
            "way",
        ):
            batch.drop_column(column)
