"""What the patient's settings come to: who sees how much, by the one visibility function (U-17)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from app.authz import policies
from app.authz.actor import Actor
from app.models.account import Role
from app.models.document import Document, StoredFile
from app.models.professional import Profession
from app.models.record_access import RecordState
from app.services.membership import list_links
from app.services.professional import ProfessionalCard, list_cards
from app.services.record_settings import settings_of
from app.services.visibility import Sight, is_current, sight


@dataclass(frozen=True)
class MemberSight:
    """How many documents a member of the circle sees today. `is_administrator`: masked ones too."""

    professional: ProfessionalCard
    documents: int
    is_administrator: bool


@dataclass(frozen=True)
class RecordAudience:
    """Who sees the record. `documents` and `masked`: what the patient has, and masked one by one."""

    members: tuple[MemberSight, ...]
    documents: int
    masked: int

    @property
    def most(self) -> int:
        """What the member who sees most of it sees, those with the status apart when there are others."""
        plain = [each.documents for each in self.members if not each.is_administrator]
        return max(plain or [each.documents for each in self.members], default=0)

    @property
    def is_even(self) -> bool:
        """Whether all those without the status see as much."""
        return len({each.documents for each in self.members if not each.is_administrator}) <= 1


def get_audience(session: Session, actor: Actor, *, now: datetime) -> RecordAudience:
    """Who sees how much of the acting patient's open record; nobody sees a closed one."""
    patient_id = policies.require_own_record(actor)
    if settings_of(session, patient_id).state is not RecordState.OPEN:
        return RecordAudience((), 0, 0)
    mine = sight(session, actor, patient_id, now=now)
    documents, masked = session.execute(
        select(
            func.count(), func.coalesce(func.sum(case((col(Document.is_masked), 1), else_=0)), 0)
        )
        .select_from(Document)
        .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
        .where(mine.clause(), is_current())
    ).one()
    links = list_links(session, actor, patient_id)
    cards = list_cards(session, actor, [link.professional_id for link in links])
    return RecordAudience(
        members=tuple(
            _sight_of(session, actor, cards[link.professional_id], mine, now) for link in links
        ),
        documents=documents,
        masked=int(masked),
    )


def _sight_of(
    session: Session, actor: Actor, card: ProfessionalCard, mine: Sight, now: datetime
) -> MemberSight:
    """What the lists of this member would count now, of what the patient sees (FC-17)."""
    seen = sight_of(session, actor, card.id, card.profession, mine.patient_id, now=now)
    count = session.execute(
        select(func.count())
        .select_from(Document)
        .join(StoredFile, col(StoredFile.id) == col(Document.file_id))
        .where(seen.clause(), mine.clause(), is_current())
    ).scalar_one()
    return MemberSight(card, count, seen.has_administrator_status)


def sight_of(
    session: Session,
    actor: Actor,
    professional_id: UUID,
    profession: Profession,
    patient_id: UUID,
    *,
    now: datetime,
) -> Sight:
    """What a professional in person sees of a record now, for somebody else's act. Raises as `sight` does."""
    member = Actor(
        session_id=UUID(int=0),
        role=Role.PROFESSIONAL,
        professional_id=professional_id,
        profession=profession,
        own_professional_id=professional_id,
        own_profession=profession,
    )
    return sight(session, member, patient_id, now=now)
