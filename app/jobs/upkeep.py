"""Hourly upkeep: forgets what nobody can use any more, copies the head of the journal outside (S131)."""

import asyncio
import json
import logging
import os
from pathlib import Path

from app.authz.actor import system
from app.db import unit_of_work
from app.services import (
    account_export,
    directory_found,
    draft,
    form_reply,
    journal,
    password_reset,
    psc,
    psc_trip,
    registration,
    sign_in,
    submission,
)
from app.services.account_words import ensure_account_words
from app.settings import get_settings
from app.state.clock import utc_now

EVERY_SECONDS = 3_600

logger = logging.getLogger("liane.upkeep")


def head_path() -> Path:
    """Where the newest journal line known outside the base is kept."""
    return get_settings().data_dir / "journal-head.json"


async def run() -> None:
    """Do the upkeep now and every hour, until cancelled."""
    while True:
        try:
            await asyncio.to_thread(once)
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
        draft.forget_stale(session, actor, now=now)
        directory_found.forget_stale(session, actor, now=now)
        psc.forget_stale(session, actor, now=now)
        psc_trip.forget_stale(session, actor, now=now)
        account_export.forget_stale(session, actor, now=now)
        registration.forget_stale(session, actor, now=now)
        head = journal.head(session)
    if head is not None:
        keep_head(head_path(), head)


def keep_head(path: Path, head: journal.Head) -> None:
    """Write the head durably: a temporary file, then a rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"seq": head.seq, "mac": head.mac}, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_head(path: Path) -> journal.Head | None:
    """The head kept outside, if there is one."""
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return journal.Head(int(kept["seq"]), str(kept["mac"]))
