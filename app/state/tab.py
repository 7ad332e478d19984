"""One open tab, as the watcher of open pages knows it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.state.changes import Changes

# Acts that change what is shown of every patient, and name none: the authorisation matrix.
OF_EVERY_PATIENT = ("matrix",)


@dataclass
class Tab:
    """One page open in one browser. `mailbox_id`: the professional or patient whose messages it counts."""

    session_id: UUID | None = None
    delegation_id: UUID | None = None
    access_id: UUID | None = None
    mailbox_id: UUID | None = None
    patient_id: UUID | None = None
    professional_id: UUID | None = None
    topics: tuple[str, ...] = ()
    shows_readings: bool = False
    shows_mailbox: bool = False
    refresh_event: str = ""
    ends_at: datetime | None = None
    fresh_seq: int = 0
    is_warned: bool = False

    @property
    def shows_patients(self) -> bool:
        """Whether something of one patient or of several is on it."""
        return self.patient_id is not None or self.professional_id is not None

    def show(
        self,
        refresh_event: str,
        *,
        patient_id: UUID | None = None,
        professional_id: UUID | None = None,
        topics: tuple[str, ...] = (),
        shows_readings: bool = False,
        shows_mailbox: bool = False,
        ends_at: datetime | None = None,
    ) -> None:
        """Another page takes the place of what was shown."""
        self.patient_id, self.professional_id, self.topics = patient_id, professional_id, topics
        self.shows_readings, self.shows_mailbox = shows_readings, shows_mailbox
        self.refresh_event, self.ends_at = refresh_event, ends_at

    def newest_of(self, changes: Changes) -> int:
        """The newest change this page may show, 0 for none."""
        if self.topics:
            return max(changes.by_topic.get(topic, 0) for topic in self.topics)
        if self.shows_mailbox and self.professional_id is None:
            return self.newest_in_mailbox(changes)
        everywhere = max((changes.by_topic.get(topic, 0) for topic in OF_EVERY_PATIENT), default=0)
        if self.patient_id is not None:
            read = _of(changes.readings, self.patient_id) if self.shows_readings else 0
            return max(_of(changes.by_patient, self.patient_id), everywhere, read)
        if self.professional_id is not None:
            mail = self.newest_in_mailbox(changes) if self.shows_mailbox else 0
            return max(_of(changes.by_professional, self.professional_id), everywhere, mail)
        return 0

    def newest_in_mailbox(self, changes: Changes) -> int:
        """The newest change of what every page counts, 0 for none."""
        return _of(changes.by_mailbox, self.mailbox_id)


def _of(found: dict[UUID, int], key: UUID | None) -> int:
    return found.get(key, 0) if key is not None else 0
