"""The national directory of professionals (RPPS), imported by `liane import directory`.

Every entry belongs to a release. A new release is written beside the one in use, a batch at a time, in
alphabetical order, and put in use by one small write: searches keep answering from the earlier one until
then. Ids carry the release and the alphabetical rank, so that a beginning of a family name is a range of
ids. Other words are lists of ranks, a block of entries at a time (`DirectoryWord`).
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, Integer
from sqlmodel import Field, SQLModel

from app.models.base import folded_text, unique_active

# Ids of release n: from n × SPAN on, without a gap.
SPAN = 10_000_000
MAX_NUMBER = 15
MAX_PERSON_NAME = 100
MAX_LABEL = 150

_ID = BigInteger().with_variant(Integer(), "sqlite")


class DirectoryRelease(SQLModel, table=True):
    """One edition of the directory: shown with its source and date, as its licence asks."""

    __tablename__ = "directory_release"
    __table_args__ = (
        unique_active("uq_directory_release_current", "is_current", where="is_current"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(max_length=200)
    data_on: date = Field(description="date of the extract")
    imported_at: datetime
    fingerprint: str = Field(
        default="", max_length=64, description="of the file, to go on after an interruption"
    )
    people: int = Field(default=0, description="entries; while importing, those written so far")
    places: int = 0
    rejected: int = Field(default=0, description="rows that could not be read")
    is_builtin: bool = Field(default=False, description="the invented list of the demonstration")
    is_current: bool = False


class DirectoryEntry(SQLModel, table=True):
    """One person in one profession (FHIR Practitioner), with where they practise."""

    __tablename__ = "directory_entry"

    id: int = Field(
        primary_key=True,
        sa_type=_ID,
        sa_column_kwargs={"autoincrement": False},
        description="release × SPAN + rank by name",
    )
    number: str = Field(max_length=MAX_NUMBER, description="RPPS (11 digits) or ADELI (9 signs)")
    civility: str = Field(default="", max_length=20)
    family_name: str = Field(max_length=MAX_PERSON_NAME)
    given_name: str = Field(default="", max_length=MAX_PERSON_NAME)
    profession: str = Field(default="", max_length=5, description="code of the national list G15")
    profession_label: str = Field(default="", max_length=MAX_LABEL)
    speciality: str = Field(default="", max_length=MAX_LABEL)
    places: str = Field(default="", description="as `directory_entry.write_places` makes it")


class DirectoryLead(SQLModel, table=True):
    """Where the entries begin whose family name starts with this word."""

    __tablename__ = "directory_lead"
    __table_args__ = ({"sqlite_with_rowid": False},)

    release_id: int = Field(primary_key=True, foreign_key="directory_release.id")
    token: str = Field(primary_key=True, sa_type=folded_text(60))
    first_id: int = Field(sa_type=_ID)


class DirectoryNumber(SQLModel, table=True):
    """Which entries bear a number; nearly always one."""

    __tablename__ = "directory_number"
    __table_args__ = ({"sqlite_with_rowid": False},)

    release_id: int = Field(primary_key=True, foreign_key="directory_release.id")
    number: str = Field(primary_key=True, sa_type=folded_text(MAX_NUMBER))
    entry_id: int = Field(primary_key=True, sa_type=_ID)


class DirectoryWord(SQLModel, table=True):
    """Which entries of one block hold a word other than the lead, or a short beginning of one."""

    __tablename__ = "directory_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    release_id: int = Field(primary_key=True, foreign_key="directory_release.id")
    block: int = Field(
        primary_key=True, description="rank // 65 536: words are written in this order"
    )
    token: str = Field(primary_key=True, sa_type=folded_text(60))
    entries: bytes = Field(description="as `directory_postings` packs them")


class DirectoryFound(SQLModel, table=True):
    """What the national API told of one number, for as long as whoever saw it may choose it."""

    __tablename__ = "directory_found"

    number: str = Field(primary_key=True, max_length=MAX_NUMBER)
    answer: str = Field(description="JSON: the person, once for each profession")
    found_at: datetime = Field(index=True)
