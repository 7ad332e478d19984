"""The shared records of the demonstration: files of our own, deposited through the services."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from app.authz.actor import Actor
from app.db import keyring_of
from app.i18n.format import day
from app.integrations.document_store import get_store
from app.models.document import Document, DocumentUpload, PatientCategory, StoredText
from app.seeds.demo_calendar import Calendar, key_of
from app.seeds.demo_paper import Sheet, make
from app.seeds.demo_patient import Followed
from app.seeds.demo_record import RECORDS, Filed
from app.services.document_deposit import deposit, replace
from app.services.document_description import NewDocument
from app.services.document_masking import mask
from app.services.document_type import patient_type
from app.services.stored_file import record_file, seal_file, write_sealed


def add_demo_documents(
    session: Session,
    calendar: Calendar,
    actors: Mapping[str, Actor],
    patients: list[tuple[UUID, Followed]],
    own: Actor,
) -> None:
    """Fill the records. `own`: the patient with an account, the first of `patients`."""
    for number, filed in RECORDS.items():
        record = _Record(session, calendar, actors, own, number, *patients[number])
        for place, each in enumerate(filed):
            record.add(place, each)


class _Record:
    """One patient's record, filled in the order of its list."""

    def __init__(
        self,
        session: Session,
        calendar: Calendar,
        actors: Mapping[str, Actor],
        own: Actor,
        number: int,
        patient_id: UUID,
        followed: Followed,
    ) -> None:
        self.session, self.calendar, self.actors, self.own = session, calendar, actors, own
        self.number, self.patient_id, self.followed = number, patient_id, followed
        title = "Mme" if followed.sex.value == "female" else "M."
        self.about = (
            f"{title} {followed.birth_name.upper()} {followed.given_names.split()[0]}, "
            f"{'née' if title == 'Mme' else 'né'} le {day(followed.birth_date)}"
        )

    def add(self, place: int, filed: Filed) -> None:
        """One document, when its depositor could have deposited it."""
        actor = self.actors[filed.by] if filed.by else self.own
        at = self.calendar.at(min(filed.days, self.followed.enrolled - 1), minutes=90 + place)
        new = self._description(filed)
        upload_id = self._arrive(actor, filed, filed.sheet(self.about), at)
        document_id = deposit(
            self.session,
            actor,
            self.patient_id,
            upload_id,
            new,
            key=key_of(self.number, f"document {place}"),
            now=at,
        )
        if filed.corrected:
            later = at + timedelta(days=1)
            upload_id = self._arrive(actor, filed, filed.sheet(self.about, filed.corrected), later)
            document_id = replace(
                self.session,
                actor,
                self.patient_id,
                document_id,
                upload_id,
                new,
                key=key_of(self.number, f"version {place}"),
                now=later,
            )
        if filed.is_masked:
            mask(self.session, self.own, self.patient_id, [document_id], is_masked=True, now=at)
        if filed.seen:
            self.session.execute(
                update(Document)
                .where(col(Document.id) == document_id)
                .values(seen_by_patient_at=at)
            )

    def _description(self, filed: Filed) -> NewDocument:
        is_own = isinstance(filed.kind, PatientCategory)
        return NewDocument(
            title=filed.title,
            type_code=patient_type(filed.kind)
            if isinstance(filed.kind, PatientCategory)
            else filed.kind,
            document_date=self.calendar.day(filed.days),
            is_hidden_from_patient=filed.announce_in is not None and not is_own,
            announce_on=self.calendar.day(-filed.announce_in) if filed.announce_in else None,
        )

    def _arrive(self, actor: Actor, filed: Filed, sheet: Sheet, at: datetime) -> UUID:
        """A file of our own needs no judging: sealed, stored, and waiting for its form."""
        paper = make(sheet, filed.format)
        sealed = seal_file(
            keyring_of(self.session),
            self.patient_id,
            paper.content,
            file_format=paper.format,
            page_count=paper.pages,
        )
        write_sealed(get_store(), sealed)
        file = record_file(self.session, actor, sealed, now=at)
        assert actor.account_id is not None
        upload = DocumentUpload(
            account_id=actor.account_id,
            patient_id=self.patient_id,
            file_id=file.id,
            name=filed.title,
            sent_at=at,
        )
        self.session.add_all([StoredText(file_id=file.id, text=sheet.text), upload])
        self.session.flush()
        return upload.id
