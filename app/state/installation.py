"""The administrators' page: the state of the installation, without anything of any patient."""

from dataclasses import dataclass

from app.i18n import installation as words
from app.services.installation import read_installation
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now


@dataclass(frozen=True)
class Figure:
    """A name and its value."""

    label: str
    value: str


class InstallationState(AppState):
    """What an administrator may know of the installation."""

    is_loaded: bool = False
    general: list[Figure] = []
    accounts: list[Figure] = []
    journal: list[Figure] = []
    is_journal_intact: bool = True
    medicines: list[Figure] = []
    outbox: list[Figure] = []
    has_failures: bool = False

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the figures as they are now."""
        if not self.is_loaded:
            self.page_status = "loading"
        found = await self._look_up(read_installation, now=utc_now())
        if found is None:
            return
        name = ", ".join(part for part in (self.instance_name, self.instance_place) if part)
        self.general = _figures(
            [
                ("Nom", name),
                ("Mode", words.MODES[self.is_demo]),
                ("Base de données", words.DATABASES[found.database]),
            ]
        )
        self.accounts = _figures(words.accounts(found.accounts))
        self.journal = _figures(words.journal(found.journal))
        self.is_journal_intact = found.journal.is_intact
        self.medicines = _figures(words.medicines(found.medicines))
        self.outbox = _figures(words.outbox(found.outbox))
        self.has_failures = found.outbox.failed > 0
        self.is_loaded, self.page_status = True, "ready"


def _figures(lines: list[words.Line]) -> list[Figure]:
    return [Figure(label, value) for label, value in lines]
