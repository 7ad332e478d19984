"""A second factor given again before an act that cannot be taken back (S054); the token is renewed (S050)."""

from datetime import datetime

from sqlmodel import Session, col, update

from app.authz.actor import Actor
from app.errors import NotAuthenticated
from app.models.one_time_code import CodePurpose
from app.models.session import SignInSession
from app.services import device, journal, one_time_code, outbox, second_factor, session as sessions
from app.services.one_time_code import Outcome, Subject
from app.services.second_factor import SENT, Way


def list_ways(session: Session, actor: Actor) -> tuple[Way, ...]:
    """What the acting person may give: their own factors, even while they act for somebody."""
    if actor.account_id is None:
        raise NotAuthenticated
    return second_factor.list_ways(session, actor, actor.account_id)


def present_way(session: Session, actor: Actor, chosen: str, *, now: datetime) -> Way | None:
    """The way a form named, else the application or the only place a code goes to."""
    ways = list_ways(session, actor)
    return second_factor.find_way(ways, chosen) or second_factor.first_way(ways)


def send_code(session: Session, actor: Actor, chosen: str, *, now: datetime) -> Outcome:
    """Send a code by the way a form names."""
    way = second_factor.find_way(list_ways(session, actor), chosen)
    if way is None:
        return Outcome("code.way_missing")
    return second_factor.send_code(session, actor, _subject(actor), way, now=now)


def confirm(
    session: Session, actor: Actor, chosen: str, typed: str, *, now: datetime
) -> tuple[Outcome, str]:
    """Compare a factor; when it is right, this sign-in may act for five minutes. Returns its new token."""
    way = second_factor.find_way(list_ways(session, actor), chosen)
    if way is None or actor.account_id is None:
        return Outcome("code.way_missing"), ""
    outcome = second_factor.check_code(
        session,
        actor,
        _subject(actor),
        actor.account_id,
        way.method,
        typed,
        device_id=device.of_sign_in(session, actor, now=now),
        now=now,
    )
    if not outcome.is_ok:
        return outcome, ""
    session.execute(
        update(SignInSession).where(col(SignInSession.id) == actor.session_id).values(factor_at=now)
    )
    journal.record(
        session,
        actor,
        "factor.confirmed",
        object_id=actor.session_id,
        ground=way.method.value,
        now=now,
    )
    return outcome, sessions.renew(session, actor, now=now)


def last_sent_at(session: Session, actor: Actor, way: Way) -> datetime | None:
    """When the newest code of this way left, if one did."""
    if way.method not in SENT or actor.session_id is None:
        return None
    sent = one_time_code.last_sent(session, actor, _subject(actor))
    is_this = sent is not None and sent.channel is SENT[way.method] and sent.ended_at is None
    return sent.sent_at if sent is not None and is_this else None


def is_code_late(session: Session, actor: Actor, *, now: datetime) -> bool:
    """Whether the code still waits for a mail server or gateway that does not answer."""
    sent = one_time_code.last_sent(session, actor, _subject(actor))
    return sent is not None and outbox.is_late(session, actor, sent.channel, sent.sent_to, now=now)


def _subject(actor: Actor) -> Subject:
    if actor.session_id is None:
        raise NotAuthenticated
    return Subject(CodePurpose.CONFIRMATION, actor.session_id, actor.account_id)
