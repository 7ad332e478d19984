"""Faults of native form posts, told by the page that is shown next (secrets never enter page state)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from app.authz.actor import Actor
from app.errors import AppError, Invalid, NotAuthenticated
from app.models.form_reply import FormReply

KEEP = timedelta(hours=1)


@dataclass(frozen=True)
class Reply:
    """Codes of faults by field ('' for the whole form) and the words they are completed with."""

    faults: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)


def leave_reply(
    session: Session,
    actor: Actor,
    form: str,
    faults: Mapping[str, str],
    *,
    context: Mapping[str, str] | None = None,
    now: datetime,
) -> None:
    """Keep what the next page must say, in place of what the form left before."""
    if actor.session_id is None:
        raise NotAuthenticated
    reply = FormReply(
        session_id=actor.session_id,
        form=form,
        faults=dict(faults),
        context=dict(context or {}),
        made_at=now,
    )
    session.merge(reply)


def faults_of(failure: AppError) -> dict[str, str]:
    """An expected failure as faults by field."""
    return dict(failure.fields) if isinstance(failure, Invalid) else {"": failure.code}


def read_reply(session: Session, actor: Actor, form: str, *, now: datetime) -> Reply:
    """What the form left to say to this sign-in; empty when nothing, or too long ago."""
    if actor.session_id is None:
        return Reply()
    found = session.get(FormReply, (actor.session_id, form))
    if found is None or found.made_at + KEEP <= now:
        return Reply()
    return Reply(found.faults, found.context)


def clear_reply(session: Session, actor: Actor, form: str) -> None:
    """The form went through: nothing is left to say."""
    session.execute(
        delete(FormReply).where(
            col(FormReply.session_id) == actor.session_id, col(FormReply.form) == form
        )
    )


def forget_stale(session: Session, actor: Actor, *, now: datetime) -> None:
    """Drop what no page will show any more."""
    session.execute(delete(FormReply).where(col(FormReply.made_at) < now - KEEP))
