"""What is typed and not yet submitted: kept on the server, never in the browser (S055, S149)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class Draft(SQLModel, table=True):
    """The fields of one form, for one person and one subject (a patient, or none).

    What is typed while acting for somebody is kept apart: its scope begins with the delegation's key.
    """

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    form: str = Field(primary_key=True, max_length=40)
    scope: str = Field(primary_key=True, max_length=80, default="")
    fields: dict[str, str] = Field(sa_type=JSON, default_factory=dict)
    updated_at: datetime = Field(index=True)
