"""Somebody who writes messages without a pause, in a process that may be killed at any moment.

Each act is told over a pipe before it begins and again once it is saved: what was told twice must be in the
base whatever happens next. Started by a fork server that has imported this module, so that a start is short.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import configure_mappers
from sqlmodel import Session

from app.authz.actor import Actor
from app.db import Database, open_database, unit_of_work, use_database
from app.models.message import Priority
from app.services.conversation_change import archive
from app.services.conversation_list import Box, list_conversations
from app.services.conversation_reading import open_conversation
from app.services.message_draft import save_draft
from app.services.message_draft_reading import list_drafts
from app.services.message_input import Typed
from app.services.message_send import send
from app.settings import Settings

_WORDS = "bonjour numération demain pilulier fièvre pharmacie merci contrôle matin reçu été".split()
# Done once for all those that are started.
configure_mappers()
# The limit on sendings is not what is tried here.
_PACE = timedelta(minutes=2)
_PAUSE = 0.02


@dataclass(frozen=True)
class Written:
    """One act: `key` is the draft's."""

    kind: Literal["save", "send"]
    key: UUID
    typed: Typed
    at: datetime


@dataclass(frozen=True)
class Told:
    """What came over the pipe: an act begun (`is_done` False) or saved, or what went wrong."""

    act: Written | None = None
    is_done: bool = False
    failure: str = ""


@dataclass
class Writer:
    """Who writes to whom. `recipients`: lists a new message of theirs may go to."""

    actor: Actor
    recipients: tuple[tuple[str, ...], ...]
    since: datetime
    seed: str
    settings: Settings
    pipe: Connection
    chance: random.Random = field(init=False)
    at: datetime = field(init=False)

    def run(self) -> None:
        """Until killed. Says once that it is ready."""
        self.chance, self.at = random.Random(self.seed), self.since
        base = open_database(self.settings)
        use_database(base)
        self.pipe.send(Told())
        try:
            for act in self._acts(base):
                self.pipe.send(Told(act))
                carry_out(base, self.actor, act)
                self.pipe.send(Told(act, is_done=True))
        except Exception as failure:  # noqa: BLE001 - the test tells of it
            self.pipe.send(Told(failure=repr(failure)))

    def _acts(self, base: Database) -> Iterator[Written]:
        while True:
            self.at += _PACE
            with unit_of_work(base) as session:
                act = self._next(session)
            # The embedded base makes other processes poll for their turn: leave them one.
            time.sleep(self.chance.uniform(0, _PAUSE))
            if act is not None:
                yield act
                time.sleep(self.chance.uniform(0, _PAUSE))

    def _next(self, session: Session) -> Written | None:
        """Something to write, or None after having read or treated a conversation instead."""
        drafts, chance = list_drafts(session, self.actor), self.chance.random()
        if self.recipients and (not drafts or chance < 0.2):
            typed = Typed(
                text=self._words(),
                subject=self._words()[:80],
                recipients=self.chance.choice(self.recipients),
                priority=self.chance.choice(list(Priority)),
            )
            return Written("save", UUID(int=self.chance.getrandbits(128)), typed, self.at)
        if drafts and chance < 0.6:
            draft = self.chance.choice(drafts)
            typed = Typed(
                text=f"{draft.text} {self._words()}",
                subject=draft.subject,
                recipients=draft.recipients,
                priority=draft.priority,
                revision=draft.revision,
            )
            return Written(self.chance.choice(("save", "send")), draft.id, typed, self.at)
        return self._answer(session)

    def _answer(self, session: Session) -> Written | None:
        rows = list_conversations(session, self.actor, Box.RECEIVED, now=self.at).rows
        if not rows:
            return None
        row = self.chance.choice(rows)
        is_treated = self.chance.random() < 0.1
        if is_treated and not self.actor.is_patient:
            archive(session, self.actor, row.id, now=self.at)
            return None
        view = open_conversation(session, self.actor, row.id, now=self.at)
        received = [each for each in view.messages if not each.is_mine]
        if not view.may_reply or not received:
            return None
        typed = Typed(
            text=f"{view.draft.text if view.draft else ''} {self._words()}".strip(),
            conversation_id=view.id,
            reply_to_id=received[-1].id,
            is_reply_all=view.may_reply_all and self.chance.random() < 0.5,
            revision=view.draft.revision if view.draft else 0,
        )
        return Written(self.chance.choice(("save", "send")), view.draft_key, typed, self.at)

    def _words(self) -> str:
        return " ".join(self.chance.choices(_WORDS, k=self.chance.randint(1, 12)))


def carry_out(base: Database, actor: Actor, act: Written) -> None:
    """Do one act, in one transaction. Repeated, it changes nothing more."""
    with unit_of_work(base) as session:
        if act.kind == "send":
            send(session, actor, act.key, act.typed, now=act.at)
        else:
            save_draft(session, actor, act.key, act.typed, overwrite=True, now=act.at)
