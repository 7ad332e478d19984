"""How many documents were deposited each month, by type: numbers only (DM-52, DM-57)."""

from datetime import date

from sqlmodel import Field, SQLModel


class DepositCount(SQLModel, table=True):
    """The deposits of one type in one month. Nothing of it leads to a document nor to a person."""

    __tablename__ = "deposit_count"
    __table_args__ = {"sqlite_with_rowid": False}

    month: date = Field(primary_key=True, description="its first day, in Paris")
    type_code: str = Field(primary_key=True, max_length=30)
    deposited: int
