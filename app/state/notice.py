"""The information notice, displayed and printable: the version in use, or the one of the address (CX-14)."""

from app.i18n.format import day, local_day
from app.services.notice import NoticeView, access_notice, current_notice
from app.state.address import path_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.text_block import Block, blocks_of


class NoticeState(AppState):
    """One version of the notice."""

    is_loaded: bool = False
    title: str = ""
    version: str = ""
    body: list[Block] = []

    @event(Audience.SIGNED_IN)
    async def load(self) -> None:
        """Show the version of the address, or the one handed today."""
        asked = path_of(self.router.url).removeprefix("/notice").strip("/")
        self.page_status = "loading"
        if asked:
            found = await self._look_up(access_notice, parse_id(asked))
        else:
            found = await self._look_up(current_notice)
        if found is None:
            self.is_loaded = False
        else:
            self._show(found)

    def _show(self, notice: NoticeView) -> None:
        self.title, self.body = notice.title, blocks_of(notice.body)
        published = day(local_day(notice.published_at))
        self.version = f"Version {notice.version}, publiée le {published}"
        self.is_loaded, self.page_status = True, "ready"
