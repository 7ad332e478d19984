"""Hourly upkeep: forgets what nobody can use any more, copies the head of the journal outside (S131)."""

import asyncio
import logging

from app.authz.actor import system
from app.db import unit_of_work
from app.jobs import message_removal, stored_file
from app.services import (
    account_export,
    directory_found,
    document_upload,
    draft,
    form_reply,
    journal,
    password_reset,
    psc,
    psc_trip,
    record_life,
    registration,
    sign_in,
    submission,
)
from app.services.account_words import ensure_account_words
from app.services.journal_head import head_path, keep_head
from app.services.message_welcome import ensure_welcomes
from app.services.patient_name_key import ensure_name_keys
from app.state.clock import utc_now

EVERY_SECONDS = 3_600

logger = logging.getLogger("liane.upkeep")


async def run() -> None:
    """Do the upkeep now and every hour, until cancelled."""
    while True:
        # Messages before the files: those of what goes leave the store in the same round. Apart: what fails
        # in one, or a store that does not answer, holds back nothing else.
        for work in (once, _remove_messages, _keep_files):
            try:
                await asyncio.to_thread(work)
            except Exception:
                logger.exception("upkeep")
        await asyncio.sleep(EVERY_SECONDS)


def once() -> None:
    """One round of upkeep."""
    actor, now = system("upkeep"), utc_now()
    with unit_of_work() as session:
        sign_in.forget_stale(session, actor, now=now)
        password_reset.forget_stale(session, actor, now=now)
        form_reply.forget_stale(session, actor, now=now)
        submission.forget_stale(session, actor, now=now)
        ensure_account_words(session, actor)
        ensure_name_keys(session, actor)
        ensure_welcomes(session, actor, now=now)
        draft.forget_stale(session, actor, now=now)
        directory_found.forget_stale(session, actor, now=now)
        psc.forget_stale(session, actor, now=now)
        psc_trip.forget_stale(session, actor, now=now)
        account_export.forget_stale(session, actor, now=now)
        document_upload.forget_stale(session, actor, now=now)
        registration.forget_stale(session, actor, now=now)
        record_life.delete_due(session, actor, now=now)
        head = journal.head(session)
    if head is not None:
        keep_head(head_path(), head)


def _remove_messages() -> None:
    message_removal.once(system("upkeep"), now=utc_now())


def _keep_files() -> None:
    stored_file.once(system("upkeep"), now=utc_now())
