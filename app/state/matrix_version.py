"""One version of the matrix on the administrators' screen, and what it changed (DM-45)."""

from app.i18n import matrix as words
from app.i18n.format import day, moment
from app.i18n.professional import name_label
from app.services.fields import paris_day
from app.services.matrix_admin import list_differences, list_versions
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.form import Choice
from app.state.matrix import ChangeLine, change_line


class MatrixVersionState(AppState):
    """The facts of a version, and its differences from the one before."""

    label: str = ""
    state: str = ""
    tone: str = ""
    facts: list[Choice] = []
    changes: list[ChangeLine] = []
    is_first: bool = False

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the version of the address."""
        self.page_status = "loading"
        now, wanted = utc_now(), self._id_of_page()
        found = await self._look_up(list_versions, now=now)
        if found is None:
            return
        place = next((n for n, row in enumerate(found) if row.id == wanted), None)
        if place is None:
            self.page_status = "not_found"
            return
        row, before = found[place], found[place + 1] if place + 1 < len(found) else None
        changes = () if before is None else await self._look_up(list_differences, before.id, row.id)
        if changes is None:
            return
        self.label, self.is_first = f"Version {row.number}", before is None
        self.state, self.tone = words.state_of(
            row.effective_on, paris_day(now), is_in_force=row.is_in_force
        )
        self.facts = [
            Choice(value, label)
            for label, value in (
                ("Date d’effet", day(row.effective_on)),
                ("Publiée le", moment(row.published_at)),
                ("Par", name_label(row) or words.CAME_WITH),
                ("Motif", row.note),
                ("Source", row.source),
            )
        ]
        self.changes = [change_line(change) for change in changes]
        self.page_status = "ready"
