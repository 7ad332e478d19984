"""Health mail going out: what patients answered, again and again until it is taken (S145)."""

import asyncio
import logging
from uuid import UUID

from app.authz.actor import system
from app.db import reading, unit_of_work
from app.errors import RuleViolation, SetupError, Unavailable
from app.integrations.health_mail import server_of
from app.integrations.health_mail_mime import Attached
from app.integrations.health_mail_smtp import HealthMailer, Outgoing, SmtpHealthMailer
from app.jobs.health_mail import open_tools
from app.services import health_mail_delivery, health_mail_failure, stored_file
from app.services.health_mail_delivery import Due
from app.settings import get_settings
from app.state.clock import utc_now

EVERY_SECONDS = 5
_ROBOT = system("health_mail")

logger = logging.getLogger("liane.health_mail")


async def run() -> None:
    """Send due mails until cancelled; without a server they wait, and are given up in time."""
    while True:
        try:
            await send_due()
        except Exception:
            # The base may be restarting: what is due waits in it.
            logger.exception("health mail out")
        await asyncio.sleep(EVERY_SECONDS)


async def send_due(mailer: HealthMailer | None = None) -> int:
    """Send the mails whose turn has come; returns how many were taken on."""
    due = await asyncio.to_thread(_claim)
    if not due:
        return 0
    mailer = mailer or _mailer()
    await asyncio.gather(*(_send(mailer, each) for each in due))
    return len(due)


async def _send(mailer: HealthMailer, due: Due) -> None:
    try:
        await mailer.send(await asyncio.to_thread(_outgoing_of, due))
    except RuleViolation as refusal:
        await asyncio.to_thread(_settle, due.id, refusal.code, for_good=True)
    except Unavailable as failure:
        logger.warning("health mail %s not taken, try %s", due.id, due.tries)
        await asyncio.to_thread(_settle, due.id, failure.code)
    except Exception:
        logger.exception("health mail %s", due.id)
        await asyncio.to_thread(_settle, due.id, "health_mail.fault")
    else:
        await asyncio.to_thread(_settle, due.id, "")


def _claim() -> list[Due]:
    now = utc_now()
    with reading() as session:
        if not health_mail_delivery.is_any_due(session, _ROBOT, now=now):
            return []
    with unit_of_work() as session:
        return health_mail_delivery.claim_due(session, _ROBOT, now=now)


def _outgoing_of(due: Due) -> Outgoing:
    if due.sender is None:
        raise RuleViolation(health_mail_delivery.NO_ADDRESS)
    tools = open_tools()
    return Outgoing(
        mail_id=due.mail_id,
        sender=due.sender,
        sender_name=due.sender_name,
        to=due.to,
        subject=due.subject,
        text=due.text,
        references=due.references,
        attachments=[
            Attached(name, stored_file.read_content(tools.keyring, tools.store, file))
            for name, file in due.files
        ],
        product=get_settings().health_mail_product,
        sent_at=utc_now(),
        read_at=due.read_at,
    )


def _settle(delivery_id: UUID, error: str, *, for_good: bool = False) -> None:
    now = utc_now()
    with unit_of_work() as session:
        if not error:
            health_mail_delivery.mark_sent(session, _ROBOT, delivery_id, now=now)
        elif for_good:
            health_mail_failure.fail(session, _ROBOT, delivery_id, error, now=now)
        else:
            health_mail_failure.postpone(session, _ROBOT, delivery_id, error, now=now)


class _NoMailer:
    """Where no server is set, or not rightly: mails wait, and are given up in time."""

    async def send(self, mail: Outgoing) -> None:
        logger.warning("health mail %s: no server is set", mail.mail_id)
        raise Unavailable("health_mail.setup")


def _mailer() -> HealthMailer:
    settings = get_settings()
    if not settings.sends_health_mail:
        return _NoMailer()
    try:
        server = server_of(settings.health_mail_smtp_url.get_secret_value(), settings)
    except SetupError as failure:
        logger.error("health mail: %s", failure)  # noqa: TRY400 - a sentence for the operator
        return _NoMailer()
    return SmtpHealthMailer(server)
