"""The information notice is written and published as the other texts are."""

from alembic import op

revision = "notice_text"
down_revision = "directory_word"
branch_labels = None
depends_on = None

_NAME = "ck_legal_text_legal_text_kind"


def upgrade() -> None:
    """Apply the step."""
    _allow("kind IN ('terms', 'contract', 'notice')")


def downgrade() -> None:
    """Undo the step: what was handed stays in `information_notice`."""
    op.execute("DELETE FROM legal_text WHERE kind = 'notice'")
    _allow("kind IN ('terms', 'contract')")


def _allow(condition: str) -> None:
    with op.batch_alter_table("legal_text") as batch:
        batch.drop_constraint(op.f(_NAME), type_="check")
        batch.create_check_constraint(op.f(_NAME), condition)
