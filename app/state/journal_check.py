"""The verification of the whole journal, one at a time in this process, in a thread of its own.

It reads a million lines in about a minute; it pauses often, so that pages are served meanwhile.
"""

import asyncio
import logging
import time
from dataclasses import dataclass

from app.authz.actor import system
from app.db import reading, unit_of_work
from app.services import journal
from app.services.installation import note_verification
from app.services.journal_head import head_path, read_head
from app.state.clock import utc_now

_PAUSE_SECONDS = 0.004

logger = logging.getLogger("liane.journal")


@dataclass(frozen=True)
class Progress:
    """How far the verification is. `first_bad_seq`: the first altered line, 0 for none."""

    is_running: bool = False
    is_done: bool = False
    is_failed: bool = False
    lines: int = 0
    total: int = 0
    first_bad_seq: int = 0


class JournalCheck:
    """The one verification of this process."""

    def __init__(self) -> None:
        self.progress = Progress()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, unless one is under way."""
        if self.progress.is_running:
            return
        self.progress = Progress(is_running=True)
        self._task = asyncio.create_task(asyncio.to_thread(self._run))

    def _run(self) -> None:
        try:
            kept = read_head(head_path())
            with reading() as session:
                total = journal.last_seq(session)
                self._tell(0, total)
                found = journal.verify(session, kept, tell=lambda seq: self._tell(seq, total))
            with unit_of_work() as session:
                note_verification(session, system("administration"), found, now=utc_now())
        except Exception:
            logger.exception("verification of the journal")
            self.progress = Progress(is_failed=True)
            return
        self.progress = Progress(
            is_done=True, lines=found.lines, total=total, first_bad_seq=found.first_bad_seq or 0
        )

    def _tell(self, lines: int, total: int) -> None:
        self.progress = Progress(is_running=True, lines=lines, total=total)
        time.sleep(_PAUSE_SECONDS)


check = JournalCheck()
