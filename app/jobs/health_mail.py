"""Health mail coming in: looks at the mailbox, files what came.

A mail is safe here before the look goes on after it; one that cannot be filed is kept in quarantine, whatever
the reason, so that none is lost and none stops those behind it.
"""

import asyncio
import logging
import threading
from dataclasses import dataclass

from app.authz.actor import system
from app.crypto import Keyring
from app.db import get_database, reading, unit_of_work
from app.errors import RuleViolation, SetupError, Unavailable
from app.integrations.document_store import DocumentStore, get_store
from app.integrations.health_mail import server_of
from app.integrations.health_mail_imap import Fetched, Inbox, cut_open, open_inbox
from app.integrations.health_mail_mime import (
    Mail,
    MailRefused,
    Refusal,
    parse_mail,
    read_envelope,
)
from app.integrations.scanner import Scanner, open_scanner
from app.models.health_mail import MailReason
from app.services import (
    health_mail,
    health_mail_delivery,
    health_mail_failure,
    health_mail_file,
    health_mail_filing,
    health_mail_inbox,
    health_mail_receipt,
    stored_file,
)
from app.services.health_mail_filing import Receiver
from app.services.health_mail_inbox import Position
from app.services.health_mail_receipt import Incoming
from app.services.stored_file import SealedFile
from app.settings import get_settings
from app.state.clock import utc_now

LOOK_EVERY_SECONDS = 30
_ROBOT = system("health_mail")
_stopping = threading.Event()

logger = logging.getLogger("liane.health_mail")


@dataclass(frozen=True)
class Tools:
    """What filing needs besides the base."""

    keyring: Keyring
    store: DocumentStore
    scanner: Scanner | None


async def run() -> None:
    """Look every half minute until cancelled. Nothing connects where no mailbox is set."""
    try:
        await _look_forever()
    finally:
        # A look that goes on in its thread ends after the mail it files.
        _stopping.set()
        cut_open()


async def _look_forever() -> None:
    _stopping.clear()
    while health_mail.is_on():
        try:
            if get_settings().has_health_mail:
                await asyncio.to_thread(look)
            # What waits here needs no server to be tried again.
            await asyncio.to_thread(try_again)
        except Exception:
            # The base may be restarting: the mailbox keeps what it has.
            logger.exception("health mail in")
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def look() -> int:
    """One look at the mailbox; returns how many mails it took. One process at a time looks."""
    settings = get_settings()
    with unit_of_work() as session:
        position = health_mail_inbox.claim_look(session, _ROBOT, now=utc_now())
    if position is None:
        return 0
    error, count = "health_mail.fault", 0
    try:
        server = server_of(settings.health_mail_imap_url.get_secret_value(), settings)
        with open_inbox(server) as inbox:
            count = _take_all(inbox, position, open_tools())
        error = ""
    except SetupError as failure:
        error = "health_mail.setup"
        logger.error("health mail: %s", failure)  # noqa: TRY400 - a sentence for the operator
    except Unavailable as failure:
        error = failure.code
        logger.warning("health mail: %s", failure.code)
    finally:
        with unit_of_work() as session:
            health_mail_inbox.end_look(session, _ROBOT, error, now=utc_now())
    return count


def _take_all(inbox: Inbox, position: Position, tools: Tools) -> int:
    last = position.last_uid if inbox.validity == position.validity else 0
    count = 0
    for uid in inbox.list_after(last):
        if _stopping.is_set():
            break
        fetched = inbox.fetch(uid)
        if fetched is not None:
            take(fetched, tools)
            count += 1
        with unit_of_work() as session:
            health_mail_inbox.go_on(session, _ROBOT, Position(inbox.validity, uid), now=utc_now())
    return count


def take(fetched: Fetched, tools: Tools) -> None:
    """File one mail for each of its receivers here, or keep it in quarantine."""
    raw = fetched.raw
    if not fetched.is_whole:
        _keep_refused(MailRefused(Refusal.TOO_LARGE, read_envelope(raw)), fetched, tools)
        return
    try:
        mail = health_mail_file.fitted(parse_mail(raw))
    except MailRefused as refusal:
        _keep_refused(refusal, fetched, tools)
        return
    with reading() as session:
        receivers = health_mail_filing.list_receivers(session, _ROBOT, mail)
    for receiver in receivers:
        incoming = Incoming(receiver.recipient, mail.envelope, mail.digest, fetched.size)
        with reading() as session:
            if health_mail_receipt.is_known(session, _ROBOT, incoming):
                continue
        _take_for(mail, receiver, incoming, raw, tools)


def _take_for(mail: Mail, receiver: Receiver, incoming: Incoming, raw: bytes, tools: Tools) -> None:
    try:
        if mail.is_report and (mail.reported_ids or not mail.failure):
            _take_report(mail, incoming)
        elif mail.is_report:
            # Something did not arrive, and nothing says what: somebody has to look.
            _keep(incoming, MailReason.REPORT, raw, tools)
        elif receiver.reason is not None:
            _keep(incoming, receiver.reason, raw, tools)
        elif not _file(mail, incoming, tools):
            _keep(incoming, MailReason.UNKNOWN_RECIPIENT, raw, tools)
    except Unavailable:
        # Something of ours is not there now: the mail waits on its server.
        raise
    except Exception as failure:
        is_harmful = isinstance(failure, RuleViolation) and failure.code == "file.infected"
        logger.exception("health mail %s kept", incoming.receipt_id)
        _keep(incoming, MailReason.HARMFUL if is_harmful else MailReason.FAULT, raw, tools)


def _file(mail: Mail, incoming: Incoming, tools: Tools) -> bool:
    files = health_mail_file.seal_files(tools.keyring, tools.scanner, incoming.receipt_id, mail)
    written: list[SealedFile] = []
    is_filed = False
    try:
        for each in files:
            stored_file.write_sealed(tools.store, each.sealed)
            written.append(each.sealed)
        with unit_of_work() as session:
            is_filed = health_mail_filing.file_mail(
                session, _ROBOT, mail, incoming, files, now=utc_now()
            )
    finally:
        if not is_filed:
            _drop(tools, written)
    return is_filed


def _take_report(mail: Mail, incoming: Incoming) -> None:
    now = utc_now()
    with unit_of_work() as session:
        if not health_mail_receipt.discard_report(session, _ROBOT, incoming, now=now):
            return
        if not mail.failure:
            return
        for delivery_id in health_mail_delivery.list_reported(
            session, _ROBOT, mail.reported_ids, now=now
        ):
            health_mail_failure.fail(session, _ROBOT, delivery_id, mail.failure, now=now)


def _keep_refused(refusal: MailRefused, fetched: Fetched, tools: Tools) -> None:
    """A mail that cannot be read, for each of ours it names, else for nobody."""
    with reading() as session:
        ours = health_mail_filing.list_ours(session, _ROBOT, refusal.envelope)
    digest = health_mail_receipt.raw_digest(fetched.raw)
    for recipient in ours:
        incoming = Incoming(recipient, refusal.envelope, digest, fetched.size)
        raw = fetched.raw if fetched.is_whole else None
        _keep(incoming, MailReason(refusal.reason.value), raw, tools)


def _keep(incoming: Incoming, reason: MailReason, raw: bytes | None, tools: Tools) -> None:
    sealed = None
    if raw is not None and not incoming.is_again:
        sealed = health_mail_file.seal_as_it_came(tools.keyring, incoming.receipt_id, raw)
        stored_file.write_sealed(tools.store, sealed)
    is_kept = False
    try:
        with unit_of_work() as session:
            is_kept = health_mail_receipt.quarantine(
                session, _ROBOT, incoming, reason, sealed, now=utc_now()
            )
    finally:
        if not is_kept and sealed is not None:
            _drop(tools, [sealed])


def _drop(tools: Tools, written: list[SealedFile]) -> None:
    for each in written:
        stored_file.drop_objects(
            tools.store, [each.store_key, *(page.store_key for page in each.pages)]
        )


def try_again() -> int:
    """File what administrators asked to, as far as it goes now; returns how many were tried."""
    with reading() as session:
        asked = health_mail_receipt.list_asked(session, _ROBOT)
    tools, count = open_tools(), 0
    for each in asked:
        try:
            raw = stored_file.read_content(tools.keyring, tools.store, each.file)
        except Unavailable:
            # It stays asked for; those behind it go on.
            logger.warning("health mail %s cannot be read", each.incoming.receipt_id)
            continue
        count += 1
        try:
            mail = health_mail_file.fitted(parse_mail(raw))
        except MailRefused as refusal:
            _keep(each.incoming, MailReason(refusal.reason.value), None, tools)
            continue
        with reading() as session:
            receivers = health_mail_filing.list_receivers(session, _ROBOT, mail)
        receiver = next(
            (one for one in receivers if one.recipient == each.incoming.recipient),
            Receiver(each.incoming.recipient, MailReason.UNKNOWN_RECIPIENT),
        )
        _take_for(mail, receiver, each.incoming, raw, tools)
    return count


def open_tools() -> Tools:
    """Those of this process."""
    return Tools(get_database().keyring, get_store(), open_scanner(get_settings()))
