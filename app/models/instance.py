"""Who runs this portal, as every page shows it (DM-23)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

MAX_NAME, MAX_PLACE, MAX_EMAIL = 100, 100, 254


class InstanceIdentity(SQLModel, table=True):
    """The one row that takes the place of the settings `LIANE_INSTANCE_*` once an administrator wrote it."""

    __tablename__ = "instance_identity"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    name: str = Field(default="", max_length=MAX_NAME)
    place: str = Field(default="", max_length=MAX_PLACE, description="town or region")
    contact_email: str = Field(default="", max_length=MAX_EMAIL)
    logo: bytes | None = None
    logo_type: str = Field(default="", max_length=20, description="image/png or image/jpeg")
    logo_digest: str = Field(default="", max_length=16, description="stands in its address")
    version: int = 1
    updated_at: datetime
    updated_by_id: UUID | None = Field(default=None, foreign_key="account.id")
