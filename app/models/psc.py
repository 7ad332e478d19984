"""Trips to Pro Santé Connect under way, and what they brought back."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from app.models.base import stored_enum


class TripPurpose(StrEnum):
    """Why a browser was sent to the provider."""

    SIGN_IN = "sign_in"
    REGISTER = "register"
    SIGN_OUT = "sign_out"


class PscTrip(SQLModel, table=True):
    """A browser sent to the provider, worth one return (S040).

    State, nonce and verifier are derived from the cookie's token, of which only the digest is stored: the
    base holds nothing that completes a trip.
    """

    __tablename__ = "psc_trip"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_digest: bytes = Field(unique=True)
    purpose: TripPurpose = Field(sa_type=stored_enum(TripPurpose, "psc_trip_purpose"))
    next_path: str = Field(default="", max_length=500)
    created_at: datetime
    expires_at: datetime = Field(index=True)
    ended_at: datetime | None = None


class PendingIdentity(SQLModel, table=True):
    """What a trip left to say in one browser: somebody no account answers to, or what went wrong.

    `sealed`: the identity and its id token, encrypted for this row; None when there is only a fault. Found by
    the cookie of the browser alone.
    """

    __tablename__ = "pending_identity"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_digest: bytes = Field(unique=True)
    sealed: bytes | None = None
    fault: str = Field(default="", max_length=60)
    created_at: datetime
    expires_at: datetime = Field(index=True)
