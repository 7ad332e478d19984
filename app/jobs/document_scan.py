"""Files the scanner has not seen yet are shown to it again until it answers (S101)."""

import asyncio
import logging

from app.authz.actor import Actor, system
from app.db import get_database, reading, unit_of_work
from app.errors import Unavailable
from app.integrations.document_store import DocumentStore, get_store
from app.integrations.scanner import Scanner, open_scanner
from app.services import document_scan, stored_file
from app.settings import get_settings

EVERY_SECONDS = 30

logger = logging.getLogger("liane.scan")


async def run() -> None:
    """Ask again every half minute, where a scanner is plugged in, until cancelled."""
    while True:
        scanner = open_scanner(get_settings())
        if scanner is not None:
            try:
                await asyncio.to_thread(once, scanner, get_store(), system("scan"))
            except Exception:
                logger.exception("scan")
        await asyncio.sleep(EVERY_SECONDS)


def once(scanner: Scanner, store: DocumentStore, actor: Actor) -> int:
    """Show every waiting file once; returns how many got a verdict. Stops when the scanner is silent."""
    keyring, after, count = get_database().keyring, None, 0
    while True:
        with reading() as session:
            waiting = document_scan.list_unscanned(session, actor, after=after)
        for kept_at, file in waiting:
            after = kept_at
            try:
                content = stored_file.read_content(keyring, store, file)
            except Unavailable:
                continue
            try:
                is_clean = scanner.is_clean(content)
            except Unavailable:
                logger.warning("the scanner is silent, files wait")
                return count
            with unit_of_work() as session:
                document_scan.record_scan(session, actor, file.id, is_clean=is_clean)
            count += 1
        if len(waiting) < document_scan.BATCH:
            return count
