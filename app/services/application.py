"""The portal: tiles, the identifier used in each, consented synchronisation (DM-02, MM-50)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.authz import policies
from app.authz.actor import Actor
from app.errors import NotFound, RuleViolation
from app.models.account import Account, Role
from app.models.application import (
    Application,
    ApplicationAudience,
    ApplicationIdentifier,
    ApplicationLink,
    LinkMode,
)
from app.models.contact_point import EmailAddress
from app.services import journal

_FOR_PATIENTS = (ApplicationAudience.ALL, ApplicationAudience.PATIENTS)
_FOR_TEAMS = (ApplicationAudience.ALL, ApplicationAudience.TEAMS)


@dataclass(frozen=True)
class ApplicationName:
    """An application to tick in a list."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Tile:
    """One application as somebody sees it. `identifier`: the address they use there, '' when not said yet.

    `mode`, `consented_at`: their consent to a synchronisation, while it is in force.
    """

    id: UUID
    name: str
    publisher: str
    description: str
    url: str
    is_labelled: bool
    shared_data: str
    identifier: str
    mode: LinkMode | None
    consented_at: datetime | None


@dataclass(frozen=True)
class OwnAddress:
    """An address that may be the identifier somewhere."""

    id: UUID
    address: str
    is_login: bool


@dataclass(frozen=True)
class Portal:
    """The external tiles, and the addresses to choose from (MM-50)."""

    tiles: tuple[Tile, ...]
    addresses: tuple[OwnAddress, ...]


def read_portal(session: Session, actor: Actor) -> Portal:
    """The external applications open to the actor's role, by name."""
    account_id = policies.require_own_account(actor)
    identifiers = dict(
        session.exec(
            select(ApplicationIdentifier.application_id, EmailAddress.address)
            .join(EmailAddress, col(EmailAddress.id) == col(ApplicationIdentifier.email_id))
            .where(ApplicationIdentifier.account_id == account_id)
        ).all()
    )
    links = {
        link.application_id: link
        for link in session.exec(
            select(ApplicationLink).where(
                ApplicationLink.account_id == account_id,
                col(ApplicationLink.withdrawn_at).is_(None),
            )
        )
    }
    tiles = tuple(
        Tile(
            id=row.id,
            name=row.name,
            publisher=row.publisher,
            description=row.description,
            url=row.url,
            is_labelled=row.is_labelled,
            shared_data=row.shared_data,
            identifier=identifiers.get(row.id, ""),
            mode=links[row.id].mode if row.id in links else None,
            consented_at=links[row.id].consented_at if row.id in links else None,
        )
        for row in session.exec(_open_to(actor)).all()
    )
    return Portal(tiles, _addresses(session, actor, account_id))


def list_names(session: Session, actor: Actor) -> tuple[ApplicationName, ...]:
    """The applications to tick for an address (MM-46)."""
    policies.require_own_account(actor)
    return tuple(ApplicationName(row.id, row.name) for row in session.exec(_open_to(actor)).all())


def list_identifiers(session: Session, actor: Actor) -> list[tuple[ApplicationName, UUID]]:
    """Each application with the key of the address used there."""
    account_id = policies.require_own_account(actor)
    rows = session.exec(
        select(Application.id, Application.name, ApplicationIdentifier.email_id)
        .join(
            ApplicationIdentifier,
            col(ApplicationIdentifier.application_id) == col(Application.id),
        )
        .where(
            ApplicationIdentifier.account_id == account_id,
            col(Application.withdrawn_at).is_(None),
        )
        .order_by(Application.name)
    ).all()
    return [(ApplicationName(row[0], row[1]), row[2]) for row in rows]


def access_application(session: Session, actor: Actor, application_id: UUID) -> Application:
    """One application of the actor's portal; one for others, or withdrawn, does not exist."""
    policies.require_own_account(actor)
    found = session.exec(_open_to(actor).where(col(Application.id) == application_id)).first()
    if found is None:
        raise NotFound("application.not_found")
    return found


def set_identifier(
    session: Session, actor: Actor, application_id: UUID, email_id: UUID, *, now: datetime
) -> None:
    """Use one of one's own addresses as the identifier in an application; there is one at a time."""
    account_id = policies.require_own_account(actor)
    access_application(session, actor, application_id)
    email = session.get(EmailAddress, email_id)
    if email is None or email.account_id != account_id:
        raise NotFound("email.not_found")
    row = session.get(ApplicationIdentifier, (account_id, application_id))
    if row is not None and row.email_id == email_id:
        return
    if row is None:
        row = ApplicationIdentifier(
            account_id=account_id, application_id=application_id, email_id=email_id, chosen_at=now
        )
        session.add(row)
    row.email_id, row.chosen_at = email_id, now
    session.flush()
    journal.record(
        session, actor, "application.identifier_chosen", object_id=application_id, now=now
    )


def choose_uses(
    session: Session, actor: Actor, email_id: UUID, wanted: Sequence[UUID], *, now: datetime
) -> None:
    """The applications where an address is the identifier: those, and no other (MM-48)."""
    account_id = policies.require_own_account(actor)
    email = session.get(EmailAddress, email_id)
    if email is None or email.account_id != account_id:
        raise NotFound("email.not_found")
    for application_id in wanted:
        set_identifier(session, actor, application_id, email_id, now=now)
    for row in session.exec(
        select(ApplicationIdentifier).where(
            ApplicationIdentifier.account_id == account_id,
            ApplicationIdentifier.email_id == email_id,
        )
    ).all():
        if row.application_id not in set(wanted):
            session.delete(row)
            journal.record(
                session,
                actor,
                "application.identifier_forgotten",
                object_id=row.application_id,
                now=now,
            )


def give_consent(
    session: Session, actor: Actor, application_id: UUID, mode: LinkMode, *, now: datetime
) -> UUID:
    """Agree that an application may exchange with the portal once exchanges open (DM-02).

    Nothing leaves yet. Agreeing again to the same changes nothing; to another mode, it replaces the first.
    """
    account_id = policies.require_own_account(actor)
    if not access_application(session, actor, application_id).shared_data:
        raise RuleViolation("application.shares_nothing")
    link = _open_link(session, account_id, application_id)
    if link is not None and link.mode is mode:
        return link.id
    if link is not None:
        link.withdrawn_at = now
        session.flush()
    link = ApplicationLink(
        account_id=account_id, application_id=application_id, mode=mode, consented_at=now
    )
    session.add(link)
    session.flush()
    journal.record(session, actor, "application.consented", object_id=application_id, now=now)
    return link.id


def withdraw_consent(
    session: Session, actor: Actor, application_id: UUID, *, now: datetime
) -> None:
    """Take the consent back, at once and without a reason; without one in force, nothing is withdrawn.

    An application that left the catalogue can still be withdrawn from.
    """
    account_id = policies.require_own_account(actor)
    link = _open_link(session, account_id, application_id)
    if link is None:
        raise NotFound("application.not_found")
    link.withdrawn_at = now
    journal.record(session, actor, "application.withdrawn", object_id=application_id, now=now)


def _open_to(actor: Actor) -> SelectOfScalar[Application]:
    audiences = _FOR_PATIENTS if actor.role is Role.PATIENT else _FOR_TEAMS
    return (
        select(Application)
        .where(col(Application.audience).in_(audiences), col(Application.withdrawn_at).is_(None))
        .order_by(Application.name)
    )


def _open_link(session: Session, account_id: UUID, application_id: UUID) -> ApplicationLink | None:
    return session.exec(
        select(ApplicationLink).where(
            ApplicationLink.account_id == account_id,
            ApplicationLink.application_id == application_id,
            col(ApplicationLink.withdrawn_at).is_(None),
        )
    ).first()


def _addresses(session: Session, actor: Actor, account_id: UUID) -> tuple[OwnAddress, ...]:
    from_login = select(Account.email).where(Account.id == account_id).scalar_subquery()
    rows = session.exec(
        select(EmailAddress.id, EmailAddress.address, col(EmailAddress.address) == from_login)
        .where(EmailAddress.account_id == account_id)
        .order_by(col(EmailAddress.address) != from_login, col(EmailAddress.verified_at))
    ).all()
    return tuple(OwnAddress(row[0], row[1], bool(row[2])) for row in rows)
