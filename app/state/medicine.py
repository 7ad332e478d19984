"""The medicine picker: what is typed, what is found, what was chosen. One at a time on a page."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.i18n.format import plural
from app.i18n.medicine import source_line
from app.services.medicine import MedicineRow, ReleaseRow, search_medicines
from app.state.base import AppState, Audience, event
from app.state.form import with_picked

MAX_NAME = 250
MAX_CODE = 8


@dataclass(frozen=True)
class MedicineOption:
    """A line of the picker."""

    cis: str
    name: str
    detail: str


class MedicineState(AppState):
    """The picker of the form that is shown. `cis` is '' for a treatment kept as typed."""

    found: list[MedicineOption] = []
    search_status: str = ""
    typed: str = ""
    cis: str = ""
    label: str = ""
    source: str = ""

    @event(Audience.PROFESSIONAL)
    async def search(self, typed: str) -> None:
        """Find the medicine as it is typed."""
        self.typed = str(typed)[:MAX_NAME]
        rows = await self._look_up(search_medicines, self.typed)
        self.found = [_option(row) for row in rows or ()]
        count = plural(len(self.found), "médicament", "médicaments")
        self.search_status = count if self.typed else ""

    @event(Audience.PROFESSIONAL)
    def pick(self, cis: str, label: str) -> None:
        """Choose a medicine."""
        self._choose(str(cis)[:MAX_CODE], str(label)[:MAX_NAME])

    @event(Audience.PROFESSIONAL)
    def keep_typed(self) -> None:
        """Keep the name as typed: a treatment need not be in the base."""
        self._choose("", self.typed)

    @event(Audience.PROFESSIONAL)
    def unpick(self) -> None:
        """Search again."""
        self._choose("", "")

    def _choose(self, cis: str, label: str) -> None:
        self.cis, self.label = cis, label
        self.found, self.search_status = [], ""


async def start_picker(state: AppState, fields: Mapping[str, str]) -> None:
    """Draw the picker of a form: empty, or with what its fields hold."""
    picker = await state.get_state(MedicineState)
    picker.cis, picker.label = fields.get("medicine_cis", ""), fields.get("label", "")
    picker.typed = fields.get("label_search", "")
    picker.found, picker.search_status = [], ""


async def with_picked_medicine(state: AppState, fields: Mapping[str, str]) -> dict[str, str]:
    """A form, with the medicine that was picked even if the page did not show it yet."""
    picker = await state.get_state(MedicineState)
    return with_picked(fields, medicine_cis=picker.cis, label=picker.label)


async def tell_source(state: AppState, release: ReleaseRow | None) -> None:
    """Say under the picker where the medicines come from."""
    picker = await state.get_state(MedicineState)
    picker.source = source_line(release) if release else ""


def _option(row: MedicineRow) -> MedicineOption:
    details = (row.substances, "" if row.is_marketed else "n’est plus commercialisé")
    return MedicineOption(row.cis, row.name, " · ".join(part for part in details if part))
