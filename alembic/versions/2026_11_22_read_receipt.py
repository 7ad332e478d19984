"""Read receipts of health mails: who asks for one, and the deliveries that are one."""

import sqlalchemy as sa
from alembic import op

revision = "read_receipt"
down_revision = "message_removal"
branch_labels = None
depends_on = None

_KIND = "ck_health_mail_delivery_delivery_kind"


def upgrade() -> None:
    """Apply the step. What came before asked for nothing that was kept."""
    with op.batch_alter_table("health_mail_receipt") as batch:
        batch.add_column(sa.Column("notify_to", sa.String(254), nullable=False, server_default=""))
    with op.batch_alter_table("health_mail_receipt") as batch:
        batch.alter_column("notify_to", existing_type=sa.String(254), server_default=None)
    with op.batch_alter_table("health_mail_delivery") as batch:
        batch.add_column(sa.Column("kind", sa.String(40), nullable=False, server_default="message"))
    with op.batch_alter_table("health_mail_delivery") as batch:
        batch.alter_column("kind", existing_type=sa.String(40), server_default=None)
        batch.create_check_constraint(op.f(_KIND), "kind IN ('message', 'read_receipt')")


def downgrade() -> None:
    """Undo the step: a receipt that has not left will not, those sent are forgotten."""
    op.execute("DELETE FROM health_mail_delivery WHERE kind = 'read_receipt'")
    with op.batch_alter_table("health_mail_delivery") as batch:
        batch.drop_constraint(op.f(_KIND), type_="check")
        batch.drop_column("kind")
    with op.batch_alter_table("health_mail_receipt") as batch:
        batch.drop_column("notify_to")
