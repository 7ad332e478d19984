"""Sends what the outbox holds, in the background, again and again until it is taken (S145)."""

import asyncio
import logging
from collections.abc import Sequence
from uuid import UUID

from app.db import unit_of_work
from app.errors import Unavailable
from app.integrations.mail import Mailer
from app.integrations.sms import SmsSender
from app.models.outbox import Channel, OutboxMessage
from app.services import outbox
from app.settings import get_settings
from app.state.clock import utc_now

PAUSE_SECONDS = 1.0

logger = logging.getLogger("liane.outbox")


async def run(mailer: Mailer, sms: SmsSender) -> None:
    """Send due messages until cancelled."""
    while True:
        try:
            sent = await send_due(mailer, sms)
        except Exception:
            # The base may be restarting: what is due waits in it.
            logger.exception("outbox")
            sent = 0
        if not sent:
            await asyncio.sleep(PAUSE_SECONDS)


async def send_due(mailer: Mailer, sms: SmsSender) -> int:
    """Send the messages whose turn has come; returns how many were taken on.

    Together: a server that does not answer keeps nobody else's message waiting. What became of them is
    written at once for all; of one that failed in an unknown way nothing is, and its claim runs out.
    """
    due = await asyncio.to_thread(_claim)
    if not due:
        return 0
    outcomes = await asyncio.gather(
        *(_send(mailer, sms, message) for message in due), return_exceptions=True
    )
    known = []
    for message, outcome in zip(due, outcomes, strict=True):
        if isinstance(outcome, bool):
            known.append((message.id, outcome))
        else:
            logger.error("message %s", message.id, exc_info=outcome)
    await asyncio.to_thread(_settle, known)
    return len(due)


async def _send(mailer: Mailer, sms: SmsSender, message: OutboxMessage) -> bool:
    try:
        if message.channel is Channel.SMS:
            await sms.send(to=message.to, text=message.text)
        else:
            await mailer.send(
                sender=get_settings().mail_from,
                to=message.to,
                subject=message.subject,
                text=message.text,
            )
    except Unavailable:
        logger.warning("message %s not taken, try %s", message.id, message.tries)
        return False
    return True


def _claim() -> list[OutboxMessage]:
    with unit_of_work() as session:
        return outbox.claim_due(session, now=utc_now())


def _settle(known: Sequence[tuple[UUID, bool]]) -> None:
    now, is_kept = utc_now(), get_settings().is_demo
    with unit_of_work() as session:
        for message_id, is_sent in known:
            if not is_sent:
                outbox.mark_failed(session, message_id, now=now)
                continue
            outbox.mark_sent(session, message_id, now=now)
            if not is_kept:
                outbox.forget_text(session, message_id)
