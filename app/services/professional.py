"""Professionals as screens show them, and the words they are found by."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, delete, insert, select
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.errors import NotAuthenticated
from app.models.account import Account
from app.models.professional import Profession, Professional, ProfessionalToken
from app.services.text import fold, tokens


@dataclass(frozen=True)
class ProfessionalCard:
    """Who somebody is and where they practise. `speciality` as shown: « oncologue », or ''."""

    id: UUID
    civility: str
    given_name: str
    family_name: str
    profession: Profession
    speciality: str
    place_name: str
    place_city: str
    rpps: str


CARD_COLUMNS = (
    col(Professional.id),
    col(Account.civility),
    col(Account.given_name),
    col(Account.family_name),
    col(Professional.profession),
    col(Professional.speciality),
    col(Professional.place_name),
    col(Professional.place_city),
    col(Professional.rpps),
)


def list_cards(session: Session, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, ProfessionalCard]:
    """The cards of professionals the actor already knows of by key; one query for all."""
    if not actor.is_signed_in:
        raise NotAuthenticated
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(select_cards().where(col(Professional.id).in_(wanted)))
    return {row[0]: ProfessionalCard(*row) for row in rows}


def select_cards() -> Select[*tuple[object, ...]]:
    """The query of cards, to narrow."""
    return select(*CARD_COLUMNS).join(Account, col(Account.id) == col(Professional.account_id))


def write_words(session: Session, actor: Actor, professional: Professional, name: str) -> None:
    """Let a professional be found by the words of their name, in place of earlier ones."""
    session.execute(
        delete(ProfessionalToken).where(col(ProfessionalToken.professional_id) == professional.id)
    )
    words = dict.fromkeys([*tokens(name), *(fold(part).replace(" ", "") for part in name.split())])
    session.execute(
        insert(ProfessionalToken),
        [{"token": word, "professional_id": professional.id} for word in words if word],
    )
