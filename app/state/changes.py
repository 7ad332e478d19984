"""What new lines of the journal change, sorted by what tabs show."""

from dataclasses import dataclass, field
from uuid import UUID

from app.db import reading
from app.services.care_circle import list_touched
from app.services.journal import Change
from app.services.mailbox_touched import list_touched_mailboxes
from app.state.clock import utc_now

_MESSAGE = "message"
# Acts after which a conversation about the patient may be hidden from somebody, or shown again.
_OF_CIRCLE = frozenset({"access_list", "care_circle", "consent", "record_access"})


@dataclass
class Changes:
    """The number of the newest line about each thing."""

    by_patient: dict[UUID, int] = field(default_factory=dict)
    by_professional: dict[UUID, int] = field(default_factory=dict)
    by_topic: dict[str, int] = field(default_factory=dict)
    by_mailbox: dict[UUID, int] = field(default_factory=dict)
    readings: dict[UUID, int] = field(default_factory=dict)
    ended_sessions: set[UUID] = field(default_factory=set)
    _of_messages: list[Change] = field(default_factory=list)
    _of_circles: dict[UUID, int] = field(default_factory=dict)

    def add(self, line: Change) -> None:
        """Lines are added in their order."""
        topic = line.action.partition(".")[0]
        self.by_topic[topic] = line.seq
        if line.patient_id is not None:
            self.by_patient[line.patient_id] = line.seq
            if topic in _OF_CIRCLE:
                self._of_circles[line.patient_id] = line.seq
        if line.action == "session.ended" and line.object_id is not None:
            self.ended_sessions.add(line.object_id)
        if topic == _MESSAGE:
            self._of_messages.append(line)

    @property
    def touches_mailboxes(self) -> bool:
        """Whether it is worth asking whose."""
        return bool(self._of_messages or self._of_circles)

    def find_mailboxes(self) -> None:
        """Ask the base, once for all lines, whose mailboxes they are about. Runs in a reader's thread."""
        with reading() as session:
            touched = list_touched_mailboxes(session, self._of_messages)
            linked = list_touched(session, self._of_circles, now=utc_now())
        # A patient's mailbox is known by the patient, a professional's by the professional.
        for patient_id, seq in self._of_circles.items():
            touched[patient_id] = max(touched.get(patient_id, 0), seq)
        for professional_id, patient_id in linked:
            seq = self._of_circles[patient_id]
            touched[professional_id] = max(touched.get(professional_id, 0), seq)
        self.by_mailbox = touched
