"""Who is acting: built from the server-side session at each event, never from page state."""

from dataclasses import dataclass
from uuid import UUID

from app.models.account import Role
from app.models.professional import Profession


@dataclass(frozen=True)
class Actor:
    """One person, in one sign-in. Rights are looked up at each act; nothing here grants one."""

    account_id: UUID | None = None
    session_id: UUID | None = None
    role: Role | None = None
    professional_id: UUID | None = None
    profession: Profession | None = None
    patient_id: UUID | None = None
    on_behalf_of_id: UUID | None = None
    name: str = ""
    address: str = ""
    reason: str = ""

    @property
    def is_signed_in(self) -> bool:
        return self.session_id is not None

    @property
    def is_professional(self) -> bool:
        return self.role is Role.PROFESSIONAL and self.professional_id is not None

    @property
    def is_patient(self) -> bool:
        return self.role is Role.PATIENT and self.patient_id is not None

    @property
    def is_administrator(self) -> bool:
        return self.role is Role.ADMINISTRATOR


ANONYMOUS = Actor()


def system(reason: str) -> Actor:
    """Background work and commands: no person, but always a stated reason."""
    return Actor(name="Liane", reason=reason)
