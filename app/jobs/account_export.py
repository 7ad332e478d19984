"""Prepares exports of people's own data: a ZIP written piece by piece, never held whole in memory.

It runs in a thread of its own: the threads of the pages answer somebody who waits.
"""

import asyncio
import json
import logging
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from enum import Enum
from io import RawIOBase
from typing import Any
from uuid import UUID

from app.authz.actor import Actor, system
from app.db import reading, unit_of_work
from app.i18n.account_export import export_page_end, export_page_head, export_section
from app.services import account_data, account_export
from app.services.account_export import Claimed
from app.state.clock import utc_now

PAUSE_SECONDS = 1.0
PART_BYTES = 256 * 1024
# How far each stage is (per cent): the journal is the long one.
_AFTER_SECTIONS, _MOST_BEFORE_END = 20, 95

logger = logging.getLogger("liane.export")
_ROBOT = system("export")


async def run() -> None:
    """Prepare what was asked for, one after the other, until cancelled."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="export") as thread:
        while True:
            try:
                is_done = await loop.run_in_executor(thread, prepare_next)
            except Exception:
                # The base may be restarting: what was asked for waits in it.
                logger.exception("export")
                is_done = False
            if not is_done:
                await asyncio.sleep(PAUSE_SECONDS)


def prepare_next() -> bool:
    """Prepare the oldest export that waits; False when there is none."""
    with reading() as session:
        if not account_export.is_any_waiting(session, _ROBOT, now=utc_now()):
            return False
    with unit_of_work() as session:
        claimed = account_export.claim_next(session, _ROBOT, now=utc_now())
    if claimed is None:
        return False
    try:
        _prepare(claimed)
    except Exception:
        logger.exception("export %s", claimed.export_id)
        _finish(claimed, is_complete=False)
    else:
        _finish(claimed, is_complete=True)
    return True


def _prepare(claimed: Claimed) -> None:
    sink = _Sink(claimed)
    sections = _sections(claimed.owner)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("donnees.json", _json(dict(sections)))
        page = "".join(
            [
                export_page_head(utc_now()),
                *(export_section(name, rows) for name, rows in sections if rows),
                export_page_end(),
            ]
        )
        archive.writestr("vos-donnees.html", page)
        sink.progress = _AFTER_SECTIONS
        with archive.open("historique.json", "w") as file:
            _write_journal(file, claimed.owner, sink)
    sink.flush_rest()


def _sections(owner: Actor) -> list[tuple[str, list[account_data.Row]]]:
    with reading() as session:
        return list(account_data.list_sections(session, owner, now=utc_now()))


def _write_journal(file: Any, owner: Actor, sink: "_Sink") -> None:
    """One line of the journal per line of the file: pages are written as they are read."""
    file.write(b"[")
    first = True
    for rows in _journal_pages(owner):
        for row in rows:
            file.write(("\n" if first else ",\n").encode() + _json(row, indent=None).encode())
            first = False
        sink.progress = min(_MOST_BEFORE_END, sink.progress + 5)
    file.write(b"\n]\n")


def _journal_pages(owner: Actor) -> Iterator[list[account_data.Row]]:
    before = 0
    while True:
        with reading() as session:
            rows, before = account_data.list_journal(session, owner, before=before)
        yield rows
        if not before:
            return


class _Sink(RawIOBase):
    """What the archive is written to: sealed pieces in the base. It cannot go back."""

    def __init__(self, claimed: Claimed) -> None:
        self._export_id: UUID = claimed.export_id
        self._held = bytearray()
        self._number = 0
        self.progress = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        while len(self._held) >= PART_BYTES:
            self._store(bytes(self._held[:PART_BYTES]))
            del self._held[:PART_BYTES]
        return len(data)

    def flush_rest(self) -> None:
        """Keep what is left, shorter than a piece."""
        self._store(bytes(self._held))
        self._held.clear()

    def _store(self, plain: bytes) -> None:
        with unit_of_work() as session:
            account_export.store_part(
                session,
                _ROBOT,
                self._export_id,
                self._number,
                plain,
                progress=self.progress,
                now=utc_now(),
            )
        self._number += 1


def _finish(claimed: Claimed, *, is_complete: bool) -> None:
    with unit_of_work() as session:
        account_export.finish(
            session, _ROBOT, claimed.export_id, is_complete=is_complete, now=utc_now()
        )


def _json(value: Any, *, indent: int | None = 2) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value.value) if isinstance(value, Enum) else str(value)
