"""The mailboxes of the demonstration: conversations written, read, treated and ended through the services."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import keyring_of
from app.integrations.document_store import get_store
from app.models.delegation import Delegation
from app.models.document import Document, StoredFile
from app.models.entry import Entry
from app.models.message import Message, MessageAttachment, Priority
from app.models.outbox import OutboxMessage, OutboxState
from app.models.treatment import Treatment
from app.seeds.demo_calendar import Calendar, key_of
from app.seeds.demo_letter import PATIENT, TALKS, Begun, Joined, Said, Talk
from app.seeds.demo_paper import Sheet, make
from app.seeds.demo_patient import Followed
from app.seeds.demo_people import CARERS
from app.services.conversation_change import archive
from app.services.conversation_list import Box, list_conversations
from app.services.conversation_reading import open_conversation
from app.services.exchange import end_exchanges
from app.services.mailbox import Party, PartyKind
from app.services.message_draft import ensure_draft
from app.services.message_input import Typed
from app.services.message_send import Sent, send
from app.services.stored_file import record_file, seal_file, write_sealed

_READ_AFTER = timedelta(minutes=25)

Act = tuple[datetime, Callable[[datetime], None]]


def add_demo_messages(
    session: Session,
    calendar: Calendar,
    actors: Mapping[str, Actor],
    acting: Mapping[tuple[str, str], Actor],
    patients: list[tuple[UUID, Followed]],
) -> None:
    """Write every conversation, all of them in the order things happened. `actors`: the patient too."""
    acts: list[Act] = [(calendar.at(188), _reading_welcome(session, actors[PATIENT]))]
    for number, talk in enumerate(TALKS):
        acts += _Exchange(session, calendar, actors, acting, patients, number, talk).acts()
    for at, act in sorted(acts, key=lambda each: each[0]):
        act(at)


class _Exchange:
    """One conversation, act by act."""

    def __init__(
        self,
        session: Session,
        calendar: Calendar,
        actors: Mapping[str, Actor],
        acting: Mapping[tuple[str, str], Actor],
        patients: list[tuple[UUID, Followed]],
        number: int,
        talk: Talk,
    ) -> None:
        self.session, self.calendar, self.actors, self.acting = session, calendar, actors, acting
        self.number, self.talk = number, talk
        self.own_id = patients[0][0]
        is_with_patient = PATIENT in {*talk.to, *(said.by for said in talk.said)}
        self.patient_id = None if talk.about is None else patients[talk.about][0]
        self.record_id = self.own_id if is_with_patient else self.patient_id
        self.conversation_id: UUID | None = None

    def acts(self) -> list[Act]:
        """What happened, and when."""
        found: list[Act] = []
        for place, said in enumerate(self.talk.said):
            at = self._at(said.days, said.minutes)
            found.append((at, self._saying(place, said)))
            found.append((min(at + _READ_AFTER, self.calendar.now), self._reading(said)))
        for login, days in self.talk.treated:
            found.append((self._at(days, 660), self._treating(login)))
        if self.talk.ended is not None:
            login, days = self.talk.ended
            found.append((self._at(days, 700), self._ending(login)))
        if self.talk.draft is not None:
            begun = self.talk.draft
            found.append((self._at(begun.days, begun.minutes), self._beginning(begun)))
        return found

    def _at(self, days: int, minutes: int) -> datetime:
        if days == 0:
            return self.calendar.now - timedelta(minutes=minutes)
        return self.calendar.at(days, minutes=minutes)

    def _saying(self, place: int, said: Said) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            actor = self.acting.get((said.typed_by, said.by), self.actors[said.by])
            if actor.delegation_id is not None:
                self.session.get_one(Delegation, actor.delegation_id).last_used_at = at
            draft_id = key_of(self.number, f"message {place}")
            typed = self._typed(said.text, said.priority, is_reply_all=said.to_all)
            self._join(actor, draft_id, typed, said.files, at)
            sent: Sent = send(self.session, actor, draft_id, typed, now=at)
            self.conversation_id = sent.conversation_id

        return act

    def _reading(self, said: Said) -> Callable[[datetime], None]:
        everybody = {*self.talk.to, *(each.by for each in self.talk.said)}

        def act(at: datetime) -> None:
            assert self.conversation_id is not None
            for login in sorted(everybody - {said.by, *said.unread}):
                open_conversation(self.session, self.actors[login], self.conversation_id, now=at)

        return act

    def _treating(self, login: str) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            assert self.conversation_id is not None
            archive(self.session, self.actors[login], self.conversation_id, now=at)

        return act

    def _ending(self, login: str) -> Callable[[datetime], None]:
        return lambda at: end_exchanges(self.session, self.actors[login], self.own_id, now=at)

    def _beginning(self, begun: Begun) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            actor = self.actors[begun.by]
            draft_id = key_of(self.number, "draft")
            typed = self._typed(begun.text, begun.priority)
            ensure_draft(self.session, actor, draft_id, typed, now=at)
            self._join(actor, draft_id, typed, begun.files, at)

        return act

    def _typed(self, text: str, priority: Priority, *, is_reply_all: bool = False) -> Typed:
        words = Typed(text=text, priority=priority)
        if self.conversation_id is not None:
            return replace(
                words,
                conversation_id=self.conversation_id,
                reply_to_id=self._newest(),
                is_reply_all=is_reply_all,
            )
        return replace(
            words,
            subject=self.talk.subject,
            recipients=tuple(str(self._party(login)) for login in self.talk.to),
            about_patient_id=self.patient_id,
            treatment_id=self._treatment(),
            entry_id=self._entry(),
        )

    def _newest(self) -> UUID:
        found: UUID = self.session.execute(
            select(col(Message.id))
            .where(col(Message.conversation_id) == self.conversation_id)
            .order_by(col(Message.sent_at).desc())
            .limit(1)
        ).scalar_one()
        return found

    def _party(self, login: str) -> Party:
        if login == PATIENT:
            return Party(PartyKind.PATIENT, self.own_id)
        professional_id = self.actors[login].professional_id
        assert professional_id is not None
        return Party(PartyKind.PROFESSIONAL, professional_id)

    def _treatment(self) -> UUID | None:
        if not self.talk.treatment:
            return None
        found: UUID = self.session.execute(
            select(col(Treatment.id)).where(
                col(Treatment.patient_id) == self.patient_id,
                col(Treatment.label) == self.talk.treatment,
            )
        ).scalar_one()
        return found

    def _entry(self) -> UUID | None:
        if self.talk.entry is None:
            return None
        kind, days = self.talk.entry
        found: UUID = self.session.execute(
            select(col(Entry.id))
            .where(
                col(Entry.patient_id) == self.patient_id,
                col(Entry.kind) == kind,
                col(Entry.occurred_on) == self.calendar.day(days),
            )
            .order_by(col(Entry.recorded_at))
            .limit(1)
        ).scalar_one()
        return found

    def _join(
        self, actor: Actor, draft_id: UUID, typed: Typed, files: tuple[Joined, ...], at: datetime
    ) -> None:
        if files:
            ensure_draft(self.session, actor, draft_id, typed, now=at)
        for position, joined in enumerate(files):
            document = self._document(joined.title) if not joined.lines else None
            file_id = document.file_id if document else self._file(actor, draft_id, joined, at)
            file = self.session.get_one(StoredFile, file_id)
            self.session.add(
                MessageAttachment(
                    draft_id=draft_id,
                    file_id=file.id,
                    document_id=document.id if document else None,
                    source=joined.source,
                    name=f"{joined.title}.{file.format.value}",
                    position=position,
                    added_at=at,
                )
            )
            self.session.flush()

    def _document(self, title: str) -> Document:
        found: Document = self.session.execute(
            select(Document)
            .where(col(Document.patient_id) == self.record_id, col(Document.title) == title)
            .order_by(col(Document.document_date).desc())
            .limit(1)
        ).scalar_one()
        return found

    def _file(self, actor: Actor, draft_id: UUID, joined: Joined, at: datetime) -> UUID:
        """A file of our own needs no judging: sealed for its draft and stored."""
        head = next((each.place for each in CARERS if actor.name.endswith(each.family_name)), "")
        sheet = Sheet(head or actor.name, "Niort", "", joined.title, joined.lines)
        paper = make(sheet, joined.format)
        sealed = seal_file(
            keyring_of(self.session),
            draft_id,
            paper.content,
            file_format=paper.format,
            page_count=paper.pages,
            is_of_record=False,
        )
        write_sealed(get_store(), sealed)
        return record_file(self.session, actor, sealed, now=at).id


def _reading_welcome(session: Session, own: Actor) -> Callable[[datetime], None]:
    """The patient has read what the portal wrote at the opening of their account."""

    def act(at: datetime) -> None:
        for row in list_conversations(session, own, Box.ALL, now=at).rows:
            open_conversation(session, own, row.id, now=at)

    return act


def say_mails_left(session: Session, calendar: Calendar) -> None:
    """The mails of past days left on their day: nobody sends them again."""
    session.flush()
    session.execute(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.state) == OutboxState.WAITING,
            col(OutboxMessage.created_at) < calendar.now - timedelta(hours=1),
        )
        .values(state=OutboxState.SENT, sent_at=col(OutboxMessage.created_at))
    )
