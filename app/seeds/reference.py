"""Reference data every installation needs: texts, notice, questionnaires, matrix, first medicines."""

from datetime import datetime

from sqlmodel import Session

from app.authz.actor import Actor
from app.seeds.common_medicines import ensure_common_medicines
from app.services.account_words import ensure_account_words
from app.services.legal_text import ensure_reference_texts
from app.services.matrix import ensure_reference_matrix
from app.services.notice import ensure_reference_notice
from app.services.patient_name_key import ensure_name_keys
from app.services.questionnaire import ensure_reference_questionnaires


def ensure(session: Session, actor: Actor, *, now: datetime) -> None:
    """Insert what is missing; what is there is left alone."""
    ensure_account_words(session, actor)
    ensure_name_keys(session, actor)
    ensure_reference_texts(session, actor, now=now)
    ensure_reference_notice(session, actor, now=now)
    ensure_reference_questionnaires(session, actor, now=now)
    ensure_reference_matrix(session, actor, now=now)
    ensure_common_medicines(session, actor, now=now)
