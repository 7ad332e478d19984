"""Registrations under way: what somebody gave so far, from the first page to an administrator's decision."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app.models.base import stored_enum
from app.models.legal_text import AcceptanceMode
from app.models.professional import Profession


class RegistrationKind(StrEnum):
    """Which account is asked for: one's own as a professional, or a secretariat's (MM-05)."""

    PROFESSIONAL = "professional"
    SECRETARY = "secretary"


class IdentitySource(StrEnum):
    """Where the identity comes from: picked in the directory, typed, or vouched for by the provider."""

    DIRECTORY = "directory"
    MANUAL = "manual"
    PSC = "psc"


class RegistrationState(StrEnum):
    """The life of a registration (U-04); once approved it is an active account."""

    DRAFT = "draft"
    EMAIL_VERIFIED = "email_verified"
    CONTRACT_SIGNED = "contract_signed"
    TO_VALIDATE = "to_validate"
    APPROVED = "approved"
    REFUSED = "refused"


class Occupation(StrEnum):
    """« Profession » of somebody who keeps a secretariat (MM-24)."""

    MEDICAL_SECRETARY = "medical_secretary"
    MEDICAL_ASSISTANT = "medical_assistant"
    ADMINISTRATIVE_ASSISTANT = "administrative_assistant"
    ADMINISTRATIVE_MANAGER = "administrative_manager"
    OTHER = "other"


class Registration(SQLModel, table=True):
    """One registration. Its account is made when it is handed in, pending until somebody decides.

    `typed` and `faults` belong to the pages: what is being typed (never a secret), and what the last post
    left to say. The identity of a certified registration is not typed: see `certified_at`.
    """

    __table_args__ = (Index("ix_registration_state", "state", "submitted_at", "id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: RegistrationKind = Field(sa_type=stored_enum(RegistrationKind, "registration_kind"))
    state: RegistrationState = Field(
        default=RegistrationState.DRAFT,
        sa_type=stored_enum(RegistrationState, "registration_state"),
    )
    source: IdentitySource | None = Field(
        default=None, sa_type=stored_enum(IdentitySource, "registration_source")
    )

    rpps: str = Field(default="", max_length=11)
    profession: Profession | None = Field(
        default=None, sa_type=stored_enum(Profession, "registration_profession")
    )
    speciality: str = Field(default="", max_length=100)
    occupation: Occupation | None = Field(
        default=None, sa_type=stored_enum(Occupation, "registration_occupation")
    )
    civility: str = Field(default="", max_length=20)
    family_name: str = Field(default="", max_length=100)
    given_name: str = Field(default="", max_length=100)
    certified_at: datetime | None = Field(
        default=None, description="when Pro Santé Connect vouched for names and RPPS"
    )
    provider_issuer: str = Field(default="", max_length=200)
    provider_subject: str = Field(default="", max_length=255)
    provider_national_id: str = Field(default="", max_length=40)
    is_rpps_taken: bool = Field(
        default=False, description="« RPPS déjà utilisé », for whoever decides"
    )
    is_shared: bool = False
    shared_title: str = Field(default="", max_length=100)

    email: str = Field(default="", max_length=254, index=True, description="lower case")
    email_verified_at: datetime | None = None
    phones_done_at: datetime | None = None
    password_hash: str = Field(default="", max_length=255)
    password_at: datetime | None = None

    terms_id: UUID | None = Field(default=None, foreign_key="legal_text.id")
    terms_digest: bytes = b""
    terms_at: datetime | None = None
    terms_address: str = Field(default="", max_length=45)
    contract_id: UUID | None = Field(default=None, foreign_key="legal_text.id")
    contract_digest: bytes = b""
    contract_at: datetime | None = None
    contract_address: str = Field(default="", max_length=45)
    contract_mode: AcceptanceMode | None = Field(
        default=None, sa_type=stored_enum(AcceptanceMode, "registration_contract_mode")
    )
    contract_name: str = Field(default="", max_length=200)

    typed: dict[str, Any] = Field(sa_type=JSON, default_factory=dict)
    faults: dict[str, Any] = Field(sa_type=JSON, default_factory=dict)
    created_at: datetime
    updated_at: datetime = Field(index=True)

    account_id: UUID | None = Field(default=None, foreign_key="account.id", unique=True)
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    reason: str = Field(default="", max_length=500, description="why it was refused, as mailed")


class RegistrationBrowser(SQLModel, table=True):
    """A browser a registration is open in. Only the digest of its cookie is stored."""

    __tablename__ = "registration_browser"

    token_digest: bytes = Field(primary_key=True)
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    expires_at: datetime = Field(index=True)


class RegistrationPlace(SQLModel, table=True):
    """A place of practice given so far, and the partner laboratory it works with (MM-13)."""

    __tablename__ = "registration_place"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    facility_id: UUID | None = Field(default=None, foreign_key="facility.id")
    finess: str = Field(default="", max_length=9)
    name: str = Field(max_length=200)
    address: str = Field(default="", max_length=250)
    postcode: str = Field(default="", max_length=10)
    city: str = Field(default="", max_length=100)
    laboratory_id: UUID | None = Field(default=None, foreign_key="facility.id")
    is_from_directory: bool = False
    position: int = 0


class RegistrationPhone(SQLModel, table=True):
    """A telephone given so far; `verified_at` once its SMS code was typed (U-03)."""

    __tablename__ = "registration_phone"
    __table_args__ = (
        Index("uq_registration_phone_number", "registration_id", "number", unique=True),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    registration_id: UUID = Field(foreign_key="registration.id")
    number: str = Field(max_length=16, description="E.164")
    verified_at: datetime | None = None
    created_at: datetime


class RegistrationMember(SQLModel, table=True):
    """A person of a shared account, with the hash of the code they will name themselves with (MM-25)."""

    __tablename__ = "registration_member"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    civility: str = Field(default="", max_length=20)
    family_name: str = Field(max_length=100)
    given_name: str = Field(max_length=100)
    code_hash: str = Field(max_length=255)
    created_at: datetime


class ContractScan(SQLModel, table=True):
    """The scan of a contract signed by hand (D-11), sealed: nobody reads it in the base."""

    __tablename__ = "contract_scan"

    registration_id: UUID = Field(primary_key=True, foreign_key="registration.id")
    media_type: str = Field(max_length=40)
    size: int = Field(description="bytes, before sealing")
    sealed: bytes
    uploaded_at: datetime
