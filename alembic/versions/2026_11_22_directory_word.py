"""Words of the directory in one table, the same in both databases, in place of a table for each release."""

import sqlalchemy as sa
from alembic import op

revision = "directory_word"
down_revision = "psc_unlink"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step. The directory is empty until it is imported again."""
    op.create_table(
        "directory_word",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column(
            "token",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["directory_release.id"], name=op.f("fk_directory_word_release_id")
        ),
        sa.PrimaryKeyConstraint("release_id", "block", "token", name=op.f("pk_directory_word")),
        sqlite_with_rowid=False,
    )
    for name in sa.inspect(op.get_bind()).get_table_names():
        if name.startswith("directory_words_") and name[16:].isdigit():
            op.execute(sa.text(f'DROP TABLE "{name}"'))
    _retire()


def downgrade() -> None:
    """Take the step back. The directory is empty until it is imported again."""
    op.drop_table("directory_word")
    _retire()


def _retire() -> None:
    """Releases whose words are gone are no longer searched; the next import takes them away."""
    op.execute(sa.text("UPDATE directory_release SET is_current = false, fingerprint = ''"))
