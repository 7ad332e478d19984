"""The catalogue of applications as administrators keep it (DM-01)."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n import application as words
from app.services import catalogue
from app.services.catalogue import CatalogueRow
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import Choice, key_of, new_key


@dataclass(frozen=True)
class CatalogueView:
    """One application of the catalogue, and its sheet as typed again."""

    id: str = ""
    name: str = ""
    publisher: str = ""
    description: str = ""
    url: str = ""
    audience: str = ""
    audience_label: str = ""
    is_labelled: bool = False
    shared_data: str = ""
    version: int = 0
    consents: str = ""
    is_withdrawn: bool = False


class CatalogueState(AppState):
    """The applications, and the window that is open: `sheet` or `withdraw`."""

    is_loaded: bool = False
    rows: list[CatalogueView] = []
    audiences: list[Choice] = []
    window: str = ""
    sheet: CatalogueView = CatalogueView()
    form_key: str = ""

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the catalogue."""
        if not self.is_loaded:
            self.page_status = "loading"
        self.window = ""
        self.audiences = [Choice(a.value, label) for a, label in words.AUDIENCES.items()]
        await self._show()

    @event(Audience.ADMINISTRATOR)
    def open_sheet(self, application_id: str) -> None:
        """The sheet of an application, or of a new one."""
        self._open("sheet", application_id)

    @event(Audience.ADMINISTRATOR)
    async def save(self, form: dict[str, str]) -> None:
        """« Enregistrer »."""
        self.sheet = _typed(self.sheet, form)
        done = await self._perform(_save, form, self.sheet.id, self.sheet.version, key_of(form))
        if done:
            self.window, self.notice = "", f"L’application {self.sheet.name} est enregistrée."
            await self._show()

    @event(Audience.ADMINISTRATOR)
    def ask_withdrawal(self, application_id: str) -> None:
        """Whether to take an application off every portal."""
        self._open("withdraw", application_id)

    @event(Audience.ADMINISTRATOR)
    async def withdraw(self) -> None:
        """Take it off."""
        self.window = ""
        wanted = parse_id(self.sheet.id)
        if await self._perform(catalogue.withdraw_application, wanted, now=utc_now()):
            self.notice = f"L’application {self.sheet.name} n’est plus proposée."
            await self._show()

    @event(Audience.ADMINISTRATOR)
    async def restore(self, application_id: str) -> None:
        """Put it back."""
        wanted = parse_id(application_id)
        if await self._perform(catalogue.restore_application, wanted, now=utc_now()):
            self.notice = "L’application est de nouveau proposée."
            await self._show()

    @event(Audience.ADMINISTRATOR)
    def close(self) -> None:
        """Close the window."""
        self.window, self.error, self.field_errors = "", "", {}

    def _open(self, window: str, application_id: str) -> None:
        self.error, self.field_errors, self.form_key = "", {}, new_key()
        self.sheet = next((r for r in self.rows if r.id == application_id), CatalogueView())
        self.window = window

    async def _show(self) -> None:
        found = await self._look_up(catalogue.list_catalogue)
        if found is not None:
            self.rows = [_view(row) for row in found]
            self.is_loaded, self.page_status = True, "ready"


def _save(
    session: Session,
    actor: Actor,
    form: dict[str, str],
    application_id: str,
    version: int,
    key: UUID,
) -> bool:
    sheet, now = catalogue.read_sheet(form), utc_now()
    if application_id:
        catalogue.edit_application(
            session, actor, parse_id(application_id), sheet, version=version, now=now
        )
    else:
        catalogue.add_application(session, actor, sheet, key=key, now=now)
    return True


def _typed(sheet: CatalogueView, form: dict[str, str]) -> CatalogueView:
    """What was typed stays in the fields until it is right."""
    names = ("name", "publisher", "description", "url", "audience", "shared_data")
    typed = {name: str(form.get(name, ""))[:500] for name in names}
    return replace(sheet, **typed, is_labelled=bool(form.get("is_labelled")))


def _view(row: CatalogueRow) -> CatalogueView:
    sheet = row.sheet
    return CatalogueView(
        id=str(row.id),
        name=sheet.name,
        publisher=sheet.publisher,
        description=sheet.description,
        url=sheet.url,
        audience=sheet.audience.value,
        audience_label=words.AUDIENCES[sheet.audience],
        is_labelled=sheet.is_labelled,
        shared_data=sheet.shared_data,
        version=row.version,
        consents=words.consents_in_force(row.consents) if row.consents else "",
        is_withdrawn=row.withdrawn_at is not None,
    )
