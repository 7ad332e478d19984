"""Background work owned by the application: started with it, stopped with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from app.integrations.mail import Mailer
from app.integrations.sms import SmsSender
from app.jobs import (
    account_export,
    digest,
    document_scan,
    health_mail,
    health_mail_sending,
    outbox,
    upkeep,
)

Work = Callable[[], Awaitable[None]]


@asynccontextmanager
async def running(mailer: Mailer, sms: SmsSender, *others: Work) -> AsyncIterator[None]:
    """Run the outbox, the upkeep and other endless work while the block lasts."""
    tasks = [
        asyncio.create_task(_endless(work))
        for work in (
            lambda: outbox.run(mailer, sms),
            upkeep.run,
            account_export.run,
            document_scan.run,
            digest.run,
            health_mail.run,
            health_mail_sending.run,
            *others,
        )
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _endless(work: Work) -> None:
    await work()
