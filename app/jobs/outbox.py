"""Sends what the outbox holds, in the background, again and again until it is taken (S145)."""

import asyncio
import logging

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

    Together: a server that does not answer keeps nobody else's message waiting.
    """
    due = await asyncio.to_thread(_claim)
    await asyncio.gather(*(_send(mailer, sms, message) for message in due))
    return len(due)


async def _send(mailer: Mailer, sms: SmsSender, message: OutboxMessage) -> None:
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
        await asyncio.to_thread(_settle, message, False)
        return
    await asyncio.to_thread(_settle, message, True)


def _claim() -> list[OutboxMessage]:
    with unit_of_work() as session:
        return outbox.claim_due(session, now=utc_now())


def _settle(message: OutboxMessage, is_sent: bool) -> None:
    with unit_of_work() as session:
        if not is_sent:
            outbox.mark_failed(session, message.id, now=utc_now())
            return
        outbox.mark_sent(session, message.id, now=utc_now())
        if not get_settings().is_demo:
            outbox.forget_text(session, message.id)
