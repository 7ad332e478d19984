"""Removes for good the messages that everybody deleted, a few in each transaction."""

import logging
from datetime import datetime

from app.authz.actor import Actor
from app.db import reading, unit_of_work
from app.services import message_removal

# Enough for a busy day, and pages answer meanwhile.
MOST_STEPS = 500

logger = logging.getLogger("liane.upkeep")


def once(actor: Actor, *, now: datetime) -> int:
    """Carry out the jobs whose turn has come; returns how many messages went. The rest waits for an hour."""
    count = 0
    for _ in range(MOST_STEPS):
        with reading() as session:
            conversation_id = message_removal.find_due(session, actor, now=now)
        if conversation_id is None:
            break
        try:
            with unit_of_work() as session:
                count += message_removal.remove_some(session, actor, conversation_id, now=now)
        except Exception:
            logger.exception("messages of conversation %s", conversation_id)
            with unit_of_work() as session:
                message_removal.put_off(session, actor, conversation_id, now=now)
    return count
