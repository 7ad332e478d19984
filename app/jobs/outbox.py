"""Sends what the outbox holds, in the background, again and again until it is taken (S145)."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from app.db import reading, unit_of_work
from app.errors import Unavailable
from app.integrations.mail import Mailer
from app.integrations.sms import SmsSender
from app.models.outbox import Channel, OutboxMessage
from app.services import outbox
from app.settings import get_settings
from app.state.clock import utc_now

PAUSE_SECONDS = SETTLE_SECONDS = 1.0

logger = logging.getLogger("liane.outbox")


async def run(mailer: Mailer, sms: SmsSender) -> None:
    """Send due messages until cancelled. Apart: mails that hang keep no code by SMS waiting."""
    await asyncio.gather(*(_send_forever(mailer, sms, channel) for channel in Channel))


async def _send_forever(mailer: Mailer, sms: SmsSender, channel: Channel) -> None:
    while True:
        try:
            sent = await send_due(mailer, sms, [channel])
        except Exception:
            # The base may be restarting: what is due waits in it.
            logger.exception("outbox")
            sent = 0
        if not sent:
            await asyncio.sleep(PAUSE_SECONDS)


async def send_due(
    mailer: Mailer, sms: SmsSender, channels: Collection[Channel] = tuple(Channel)
) -> int:
    """Send the messages whose turn has come; returns how many were taken on.

    Together: a server that does not answer keeps nobody else's message waiting. What became of them is
    written for all at once, each second while one lasts; of one that failed in an unknown way nothing is, and
    its claim runs out.
    """
    due = await asyncio.to_thread(_claim, channels)
    sending = {asyncio.create_task(_send(mailer, sms, message)): message.id for message in due}
    try:
        while sending:
            done, _ = await asyncio.wait(sending, timeout=SETTLE_SECONDS)
            await _settle({sending.pop(task): task for task in done})
    finally:
        # Stopped: of what was taken meanwhile, this is still written.
        for task in sending:
            task.cancel()
        if sending:
            await asyncio.wait(sending)
            await _settle({message_id: task for task, message_id in sending.items()})
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


def _claim(channels: Collection[Channel]) -> list[OutboxMessage]:
    now = utc_now()
    with reading() as session:
        if not outbox.is_any_due(session, channels, now=now):
            return []
    with unit_of_work() as session:
        return outbox.claim_due(session, channels, now=now)


async def _settle(done: Mapping[UUID, asyncio.Task[bool]]) -> None:
    sent, failed = [], []
    for message_id, task in done.items():
        if task.cancelled():
            continue
        if error := task.exception():
            logger.error("message %s", message_id, exc_info=error)
        else:
            (sent if task.result() else failed).append(message_id)
    if sent or failed:
        await asyncio.to_thread(_write, sent, failed)


def _write(sent: Sequence[UUID], failed: Sequence[UUID]) -> None:
    now = utc_now()
    with unit_of_work() as session:
        outbox.mark_sent(session, sent, is_kept=get_settings().is_demo, now=now)
        for message_id in failed:
            outbox.mark_failed(session, message_id, now=now)
