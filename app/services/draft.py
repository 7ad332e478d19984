"""Drafts: what is typed in a form and not yet submitted, kept on the server (S055, S149)."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from app.authz.actor import Actor
from app.errors import Invalid, NotAuthenticated
from app.models.draft import Draft

KEEP = timedelta(days=30)
MAX_FIELDS = 80
MAX_VALUE = 4_000
MAX_NAME = 60
MAX_FORM = 40
MAX_SCOPE = 36


def save_draft(
    session: Session,
    actor: Actor,
    form: str,
    scope: str,
    fields: dict[str, str],
    *,
    now: datetime,
) -> None:
    """Replace the draft of one form. `scope`: the subject's id, or '' when there is none.

    A draft belongs to its author alone and opens nothing: its scope is not looked up here. What is typed
    while acting for somebody stays in that delegation, and is out of reach when it ends.
    """
    if actor.account_id is None:
        raise NotAuthenticated
    if len(form) > MAX_FORM or len(scope) > MAX_SCOPE or len(fields) > MAX_FIELDS:
        raise Invalid(form="draft.too_large")
    if any(len(k) > MAX_NAME or len(v) > MAX_VALUE for k, v in fields.items()):
        raise Invalid(form="draft.too_large")
    draft = session.get(Draft, (actor.account_id, form, _kept_under(actor, scope)))
    if draft is None:
        session.add(
            Draft(
                account_id=actor.account_id,
                form=form,
                scope=_kept_under(actor, scope),
                fields=fields,
                updated_at=now,
            )
        )
    else:
        draft.fields, draft.updated_at = fields, now


def load_draft(session: Session, actor: Actor, form: str, scope: str) -> dict[str, str]:
    """The fields typed so far, empty when there are none."""
    if actor.account_id is None:
        raise NotAuthenticated
    draft = session.get(Draft, (actor.account_id, form, _kept_under(actor, scope)))
    return dict(draft.fields) if draft else {}


def drop_draft(session: Session, actor: Actor, form: str, scope: str) -> None:
    """Forget a draft: it was submitted, or given up."""
    draft = session.get(Draft, (actor.account_id, form, _kept_under(actor, scope)))
    if draft is not None:
        session.delete(draft)


def forget_stale(session: Session, actor: Actor, *, now: datetime) -> None:
    """Drop drafts nobody came back to."""
    session.execute(delete(Draft).where(col(Draft.updated_at) < now - KEEP))


def _kept_under(actor: Actor, scope: str) -> str:
    return f"{actor.delegation_id}/{scope}" if actor.is_delegate else scope
