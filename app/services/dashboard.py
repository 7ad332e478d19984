"""The dashboard: what needs attention today among the actor's patients (CX-09)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.authz import policies
from app.authz.actor import Actor
from app.models.journal import JournalKind
from app.services import journal
from app.services.attention import AttentionKind, AttentionRow, Counters
from app.services.attention_query import count_attention, fetch_attention
from app.services.conversation_list import Box, ConversationPage, list_conversations
from app.services.patient_list import PatientRow, list_recent

SHOWN = 6
SHOWN_PATIENTS = 5
SHOWN_MESSAGES = 3
PAGE_SIZE = 25


@dataclass(frozen=True)
class Dashboard:
    counters: Counters
    attention: list[AttentionRow]
    recent: tuple[PatientRow, ...]
    messages: ConversationPage
    may_enrol: bool


@dataclass(frozen=True)
class AttentionPage:
    """One page of the whole list or of one kind, numbered from 1."""

    counters: Counters
    rows: list[AttentionRow]
    total: int
    page: int
    page_count: int
    may_enrol: bool


def read_dashboard(session: Session, actor: Actor, *, now: datetime) -> Dashboard:
    """Figures, the 6 most urgent rows, 3 messages not read, 5 patients opened last; one read line."""
    policies.require_professional(actor)
    journal.record(session, actor, "dashboard.read", kind=JournalKind.READ, now=now)
    counters = count_attention(session, actor, now=now)
    return Dashboard(
        counters=counters,
        attention=fetch_attention(
            session, actor, counters, list(AttentionKind), offset=0, limit=SHOWN, now=now
        ),
        recent=list_recent(session, actor, limit=SHOWN_PATIENTS, now=now),
        messages=list_conversations(
            session, actor, Box.RECEIVED, unread_only=True, size=SHOWN_MESSAGES, now=now
        ),
        may_enrol=policies.may_enrol(actor),
    )


def list_attention(
    session: Session,
    actor: Actor,
    kind: AttentionKind | None = None,
    *,
    page: int = 1,
    now: datetime,
) -> AttentionPage:
    """All rows behind one counter, or behind all of them; a page past the end is the last one."""
    policies.require_professional(actor)
    journal.record(session, actor, "dashboard.list_read", kind=JournalKind.READ, now=now)
    counters = count_attention(session, actor, now=now)
    kinds = [kind] if kind else list(AttentionKind)
    total = sum(counters.rows_of(each) for each in kinds)
    page_count = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), page_count)
    rows = fetch_attention(
        session, actor, counters, kinds, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE, now=now
    )
    return AttentionPage(
        counters, rows, total, page, page_count, may_enrol=policies.may_enrol(actor)
    )
