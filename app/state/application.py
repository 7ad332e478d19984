"""The portal: internal modules and external applications (MM-49, MM-50, U-21, DM-01, DM-02)."""

from dataclasses import dataclass

from app.i18n import application as words
from app.i18n.format import moment
from app.models.account import Role
from app.models.application import LinkMode
from app.services import application
from app.services.application import Portal, Tile
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import Choice


@dataclass(frozen=True)
class TileView:
    """One external application."""

    id: str
    name: str
    initial: str
    publisher: str
    description: str
    url: str
    is_labelled: bool
    shared_data: str
    identifier: str
    consent: str


class PortalState(AppState):
    """The tiles, and the window that is open: `identifier`, `consent` or `withdraw`."""

    is_loaded: bool = False
    tiles: list[TileView] = []
    addresses: list[Choice] = []
    is_team: bool = False
    window: str = ""
    chosen: TileView = TileView("", "", "", "", "", "", False, "", "", "")
    chosen_address: str = ""
    modes: list[Choice] = []

    @event(Audience.OWN_ACCOUNT)
    async def load(self) -> None:
        """Show the tiles of the person's role."""
        if not self.is_loaded:
            self.page_status = "loading"
        self.window = ""
        if await self._show():
            self.is_loaded, self.page_status = True, "ready"

    @event(Audience.OWN_ACCOUNT)
    def ask_identifier(self, application_id: str) -> None:
        """Which of one's addresses is the identifier in this application (MM-50)."""
        self._open("identifier", application_id)

    @event(Audience.OWN_ACCOUNT)
    async def choose_identifier(self, form: dict[str, str]) -> None:
        """The address that was chosen; the application can be opened from then on."""
        done = await self._perform(
            application.set_identifier,
            parse_id(self.chosen.id),
            parse_id(form.get("email", "")),
            now=utc_now(),
        )
        if done and await self._show():
            self._open("open", self.chosen.id)

    @event(Audience.OWN_ACCOUNT)
    def ask_consent(self, application_id: str) -> None:
        """What a synchronisation would exchange, before agreeing to it (DM-02)."""
        self._open("consent", application_id)

    @event(Audience.OWN_ACCOUNT)
    async def give_consent(self, form: dict[str, str]) -> None:
        """Agree."""
        typed = str(form.get("mode", ""))
        mode = LinkMode(typed) if typed in {m.value for m in LinkMode} else LinkMode.READ
        wanted = parse_id(self.chosen.id)
        if await self._perform(application.give_consent, wanted, mode, now=utc_now()):
            self.notice = words.CONSENTED
            await self._close_with(self.chosen.id)

    @event(Audience.OWN_ACCOUNT)
    def ask_withdrawal(self, application_id: str) -> None:
        """Whether to take the consent back."""
        self._open("withdraw", application_id)

    @event(Audience.OWN_ACCOUNT)
    async def withdraw(self) -> None:
        """Take the consent back."""
        wanted = parse_id(self.chosen.id)
        if await self._perform(application.withdraw_consent, wanted, now=utc_now()):
            self.notice = words.WITHDRAWN
            await self._close_with(self.chosen.id)

    @event(Audience.OWN_ACCOUNT)
    def close(self) -> None:
        """Close the window."""
        self.window, self.error = "", ""

    def _open(self, window: str, application_id: str) -> None:
        self.error = ""
        found = next((tile for tile in self.tiles if tile.id == application_id), None)
        if found is None:
            return
        self.window, self.chosen = window, found
        current = next((a.value for a in self.addresses if a.label == found.identifier), "")
        self.chosen_address = current or (self.addresses[0].value if self.addresses else "")

    async def _close_with(self, application_id: str) -> None:
        self.window = ""
        await self._show()
        self.chosen = next((t for t in self.tiles if t.id == application_id), self.chosen)

    async def _show(self) -> bool:
        found: Portal | None = await self._look_up(application.read_portal)
        if found is None:
            return False
        self.tiles = [_view(tile) for tile in found.tiles]
        self.addresses = [Choice(str(a.id), a.address) for a in found.addresses]
        self.is_team = self._actor.role in {Role.PROFESSIONAL, Role.SECRETARY}
        self.modes = [Choice(mode.value, label) for mode, label in words.MODES.items()]
        return True


def _view(tile: Tile) -> TileView:
    consent = ""
    if tile.consented_at is not None and tile.mode is not None:
        consent = words.consent_line(tile.mode, moment(tile.consented_at))
    return TileView(
        id=str(tile.id),
        name=tile.name,
        initial=tile.name[:1].upper(),
        publisher=tile.publisher,
        description=tile.description,
        url=tile.url,
        is_labelled=tile.is_labelled,
        shared_data=tile.shared_data,
        identifier=tile.identifier,
        consent=consent,
    )
