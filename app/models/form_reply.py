"""What a plain form post left to say to the page it came from."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class FormReply(SQLModel, table=True):
    """Faults by field (codes) and what may be shown again, for one form of one sign-in. Never a secret."""

    __tablename__ = "form_reply"

    session_id: UUID = Field(primary_key=True, foreign_key="sign_in_session.id")
    form: str = Field(primary_key=True, max_length=40)
    faults: dict[str, str] = Field(sa_type=JSON, default_factory=dict)
    context: dict[str, str] = Field(sa_type=JSON, default_factory=dict)
    made_at: datetime = Field(index=True)
