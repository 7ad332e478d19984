"""Who is acting: built from the server-side session at each event, never from page state."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.models.account import Role
from app.models.delegation import DelegationScope
from app.models.professional import Profession
from app.models.session import SignInMethod


@dataclass(frozen=True)
class Actor:
    """One person, in one sign-in. Rights are looked up at each act; nothing here grants one.

    While acting for somebody (CX-48), `account_id` stays the person's own, `on_behalf_of_id` is the
    holder's account, and `professional_id` and `profession` are the holder's; `own_professional_id` and
    `own_profession` never change. While a legal text waits for their acceptance (U-25) no role is theirs.
    """

    account_id: UUID | None = None
    session_id: UUID | None = None
    role: Role | None = None
    professional_id: UUID | None = None
    profession: Profession | None = None
    patient_id: UUID | None = None
    on_behalf_of_id: UUID | None = None
    own_professional_id: UUID | None = None
    own_profession: Profession | None = None
    delegation_id: UUID | None = None
    scope: DelegationScope | None = None
    member_id: UUID | None = None
    method: SignInMethod | None = None
    factor_at: datetime | None = None
    owes_acceptance: bool = False
    name: str = ""
    address: str = ""
    reason: str = ""

    @property
    def is_signed_in(self) -> bool:
        return self.session_id is not None

    @property
    def is_delegate(self) -> bool:
        """Whether they act for somebody else now."""
        return self.on_behalf_of_id is not None

    @property
    def is_professional(self) -> bool:
        return self._has(Role.PROFESSIONAL) and self.professional_id is not None

    @property
    def is_secretary(self) -> bool:
        return self._has(Role.SECRETARY)

    @property
    def is_patient(self) -> bool:
        return self._has(Role.PATIENT) and self.patient_id is not None

    @property
    def is_administrator(self) -> bool:
        return self._has(Role.ADMINISTRATOR)

    def _has(self, role: Role) -> bool:
        return self.role is role and not self.owes_acceptance


ANONYMOUS = Actor()


def system(reason: str) -> Actor:
    """Background work and commands: no person, but always a stated reason."""
    return Actor(name="Liane", reason=reason)
