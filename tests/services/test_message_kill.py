"""Processes killed at random as they write messages and drafts: nothing is lost, nothing doubled (S072)."""

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import func, select, text
from sqlmodel import col

from app.authz.actor import Actor
from app.db import unit_of_work
from app.models.journal import JournalEntry
from app.models.message import Message, MessageCopy, MessageDraft, Participant
from app.models.outbox import OutboxMessage
from app.services import journal
from tests.message_writer import Told, Writer, Written, carry_out
from tests.messages import TEXT, patient, professional, write
from tests.recount import wrong_places
from tests.services.circle import make_circle

# How many times two writers are killed.
ROUNDS = {"sqlite": 26, "postgresql": 4}
# Each is killed somewhere within the act that follows this many, at most.
MOST_ACTS = 3
PATIENCE = 30


@dataclass
class Ledger:
    """What was said to be saved: the words of each draft, and of each message by its draft."""

    drafts: dict[UUID, str] = field(default_factory=dict)
    sent: dict[UUID, str] = field(default_factory=dict)
    begun: Written | None = None
    repeated: Counter[str] = field(default_factory=Counter)

    def note(self, told: Told) -> None:
        assert not told.failure, told.failure
        if told.act is None:
            return
        self.begun = None if told.is_done else told.act
        if told.is_done:
            self.keep(told.act)

    def keep(self, act: Written) -> None:
        if act.kind == "send":
            self.drafts.pop(act.key, None)
            self.sent[act.key] = act.typed.text
        else:
            self.drafts[act.key] = act.typed.text


def _hear(pipe, ledger):
    """Everything that came before the end; the last thing said may be cut short."""
    try:
        while True:
            ledger.note(pipe.recv())
    except (EOFError, OSError):
        return


def _let_work(pipe, ledger, chance):
    """Wait for a few acts, then for a part of the time an act takes."""
    deadline, left = time.monotonic() + PATIENCE, chance.randint(1, MOST_ACTS)
    began = time.monotonic()
    while left and pipe.poll(deadline - time.monotonic()):
        began = time.monotonic() if ledger.begun is None else began
        ledger.note(pipe.recv())
        left -= ledger.begun is None
    time.sleep(chance.uniform(0, 1.5) * (time.monotonic() - began))


def _settings(settings, database):
    if database.engine.dialect.name == "sqlite":
        return settings
    url = database.engine.url.render_as_string(hide_password=False)
    return settings.model_copy(update={"database_url": SecretStr(url)})


def _writers(circle) -> list[tuple[Actor, tuple[tuple[str, ...], ...]]]:
    doctor, pharmacist, technician = map(
        professional, (circle.doctor, circle.pharmacist, circle.technician)
    )
    own = patient(circle.patient_id)
    return [
        (circle.doctor, ((pharmacist,), (pharmacist, technician), (own,), (own, pharmacist))),
        (circle.pharmacist, ((doctor,), (doctor, technician), (own,))),
        (circle.patient_actor, ()),
    ]


def test_S072_killed_while_writing_loses_and_doubles_nothing(
    database, database_kind, settings, now
):
    seed, rounds = random.randrange(2**32), ROUNDS[database_kind]
    sys.stdout.write(f"seed {seed}\n")  # shown when the test fails
    chance = random.Random(seed)
    with unit_of_work(database) as session:
        circle = make_circle(session, now)
        first = write(
            session,
            circle.doctor,
            patient(circle.patient_id),
            professional(circle.pharmacist),
            now=now,
        )
        first_key = session.get_one(Message, first.message_id).draft_id
    people, ledgers = _writers(circle), [Ledger(), Ledger(), Ledger()]
    nursery = get_context("forkserver")
    nursery.set_forkserver_preload(["tests.message_writer"])
    for number in range(rounds):
        running = []
        for place in chance.sample(range(3), 2):
            ours, theirs = nursery.Pipe(duplex=False)
            writer = Writer(
                *people[place],
                since=now + timedelta(days=number + 1),
                seed=f"{seed} {number} {place}",
                settings=_settings(settings, database),
                pipe=theirs,
            )
            process = nursery.Process(target=writer.run)
            process.start()
            theirs.close()
            running.append((process, ours, place))
        for process, pipe, place in chance.sample(running, 2):
            _let_work(pipe, ledgers[place], chance)
            process.kill()
        for process, pipe, place in running:
            process.join()
            ledger = ledgers[place]
            _hear(pipe, ledger)
            pipe.close()
            if ledger.begun is not None:
                # Nobody was told that it was saved: the page asks again.
                carry_out(database, people[place][0], ledger.begun)
                ledger.repeated[ledger.begun.kind] += 1
                ledger.keep(ledger.begun)
                ledger.begun = None
    ledgers[0].sent[first_key] = TEXT
    _check(database, ledgers)
    if database_kind == "sqlite":
        assert sum(len(ledger.sent) for ledger in ledgers) > rounds // 4
        assert all(sum(ledger.repeated[kind] for ledger in ledgers) for kind in ("send", "save"))


def _check(database, ledgers):
    with unit_of_work(database) as session:
        sent = {key: words for ledger in ledgers for key, words in ledger.sent.items()}
        rows = session.execute(select(col(Message.draft_id), col(Message.text))).all()
        assert Counter(key for key, _ in rows) == Counter(list(sent))
        assert dict(map(tuple, rows)) == sent
        assert sum(len(ledger.sent) for ledger in ledgers) == len(sent)
        drafts = session.execute(select(col(MessageDraft.id), col(MessageDraft.text))).all()
        assert dict(map(tuple, drafts)) == {
            key: words for ledger in ledgers for key, words in ledger.drafts.items()
        }
        assert wrong_places(session) == []
        copies = select(func.count()).select_from(MessageCopy).where(col(MessageCopy.is_own))
        assert session.execute(copies).scalar_one() == len(sent)
        told = select(func.count()).where(col(JournalEntry.action) == "message.sent")
        assert session.execute(told).scalar_one() == len(sent)
        assert _mails(session) == _received_by_patients(session)
        assert journal.verify(session).first_bad_seq is None
        if database.engine.dialect.name == "sqlite":
            assert session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
            assert session.execute(text("PRAGMA cipher_integrity_check")).all() == []
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def _mails(session):
    return session.execute(select(func.count()).select_from(OutboxMessage)).scalar_one()


def _received_by_patients(session):
    return session.execute(
        select(func.count())
        .select_from(MessageCopy)
        .join(Participant, col(Participant.id) == col(MessageCopy.participant_id))
        .where(col(Participant.patient_id).is_not(None), col(MessageCopy.is_own).is_(False))
    ).scalar_one()
