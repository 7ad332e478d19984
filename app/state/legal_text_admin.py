"""Legal texts on the administrators' screen: versions, the draft, publication, proofs (U-25)."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.i18n import account_admin, legal_text as words
from app.i18n.format import moment, number
from app.i18n.professional import name_label
from app.models.legal_text import LegalTextKind
from app.services.legal_text import TextView, current_text
from app.services.legal_text_admin import (
    AcceptancePage,
    VersionRow,
    access_text,
    discard_draft,
    list_acceptances,
    list_versions,
    publish_text,
    save_draft,
)
from app.state.address import query_of
from app.state.base import AppState, Audience, event, parse_id
from app.state.clock import utc_now
from app.state.form import new_key
from app.state.text_block import Block, blocks_of

PATH = "/admin/textes"
PUBLISH, DISCARD = "publier", "supprimer"


@dataclass(frozen=True)
class VersionLine:
    """One version or draft, in words."""

    id: str
    href: str
    version: str
    title: str
    state: str
    tone: str
    published: str
    accepted: str


@dataclass(frozen=True)
class ProofLine:
    """One acceptance."""

    id: str
    name: str
    href: str
    role: str
    mode: str
    accepted: str
    address: str


def version_line(row: VersionRow) -> VersionLine:
    """A version as the list shows it."""
    state, tone = words.state_of(row.published_at, is_in_force=row.is_in_force)
    return VersionLine(
        id=str(row.id),
        href=f"{PATH}/{row.id}",
        version=f"Version {row.version}",
        title=row.title,
        state=state,
        tone=tone,
        published=moment(row.published_at) if row.published_at else "–",
        accepted=number(row.accepted)
        if row.published_at and row.kind is not LegalTextKind.NOTICE
        else "–",
    )


class LegalTextListState(AppState):
    """The versions of each text."""

    terms: list[VersionLine] = []
    contract: list[VersionLine] = []
    information: list[VersionLine] = []
    is_loaded: bool = False

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show every version."""
        if not self.is_loaded:
            self.page_status = "loading"
        found = await self._look_up(list_versions)
        if found is None:
            return
        of_kind: dict[LegalTextKind, list[VersionLine]] = {kind: [] for kind in LegalTextKind}
        for row in found:
            of_kind[row.kind].append(version_line(row))
        self.terms, self.contract, self.information = (of_kind[kind] for kind in LegalTextKind)
        self.is_loaded, self.page_status = True, "ready"

    @event(Audience.ADMINISTRATOR)
    async def write(self, kind: str) -> rx.event.EventSpec | None:
        """Begin the next version from the one in force, or go on with the draft there is."""
        if kind not in {each.value for each in LegalTextKind}:
            return None
        now, chosen = utc_now(), LegalTextKind(kind)
        found = await self._look_up(list_versions)
        draft = next(
            (row for row in found or () if row.kind is chosen and row.published_at is None), None
        )
        if draft is not None:
            return rx.redirect(f"{PATH}/{draft.id}")
        current = await self._look_up(current_text, chosen, now=now)
        if current is None:
            return None
        made = await self._perform(
            save_draft, chosen, title=current.title, body=current.body, now=now
        )
        return rx.redirect(f"{PATH}/{made}") if made else None


class LegalTextEditState(AppState):
    """One version: its text, or the form of a draft; the proofs of those who accepted it."""

    text_id: str = ""
    title: str = ""
    typed_title: str = ""
    typed_body: str = ""
    version: str = ""
    kind: str = ""
    is_draft: bool = False
    is_notice: bool = False
    body: list[Block] = []
    digest: str = ""
    form_key: str = ""
    proofs: list[ProofLine] = []
    proof_total: str = ""
    next_page: str = ""
    dialog: str = ""

    _kind: str = LegalTextKind.TERMS.value

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show the version of the address."""
        self.dialog, self.page_status = "", "loading"
        await self._read()
        asked = query_of(self.router.url).get("faire", "")
        if self.page_status == "ready" and asked == PUBLISH and self.is_draft:
            self.dialog = PUBLISH

    @event(Audience.ADMINISTRATOR)
    async def save(self, fields: dict[str, Any]) -> None:
        """Keep the draft as typed."""
        self.typed_title, self.typed_body = (
            str(fields.get(name, "")) for name in ("title", "body")
        )
        done = await self._perform(
            save_draft,
            LegalTextKind(self._kind),
            title=self.typed_title,
            body=self.typed_body,
            now=utc_now(),
        )
        if done is not None:
            await self._read()
            self.notice = words.DRAFT_SAVED

    @event(Audience.ADMINISTRATOR)
    def ask(self, act: str) -> rx.event.EventSpec | None:
        """Before publishing, a fresh factor (S054); before throwing away, a question."""
        if act not in {PUBLISH, DISCARD} or not self.is_draft:
            return None
        if act == PUBLISH:
            first = self._confirm_first(f"{PATH}/{self.text_id}?faire={PUBLISH}")
            if first is not None:
                return first
        self.dialog, self.error = act, ""
        return None

    @event(Audience.ADMINISTRATOR)
    def close_dialog(self) -> None:
        """Leave everything as it is."""
        self.dialog, self.error = "", ""

    @event(Audience.ADMINISTRATOR)
    async def publish(self) -> rx.event.EventSpec | None:
        """Put the draft that was read in force; administrators accept it too."""
        first = self._confirm_first(f"{PATH}/{self.text_id}?faire={PUBLISH}")
        if first is not None:
            return first
        self.dialog = ""
        done = await self._perform(
            publish_text, parse_id(self.text_id), digest=self.digest, now=utc_now()
        )
        if done is None:
            failure = self.error
            await self._read()
            self.error = failure
            return None
        self.notice = words.NOTICE_PUBLISHED if self.is_notice else words.PUBLISHED
        return rx.redirect(PATH)

    @event(Audience.ADMINISTRATOR)
    async def discard(self) -> rx.event.EventSpec | None:
        """Throw the draft away."""
        self.dialog = ""
        if await self._perform(discard_draft, parse_id(self.text_id), now=utc_now()) is None:
            return None
        self.notice = words.DISCARDED
        return rx.redirect(PATH)

    async def _read(self) -> None:
        text = await self._look_up(access_text, self._id_of_page())
        if text is None:
            return
        self._show(text)
        if not (self.is_draft or self.is_notice):
            after = query_of(self.router.url).get("apres", "")
            found = await self._perform(
                list_acceptances, text.id, after=parse_id(after) if after else None, now=utc_now()
            )
            if found is None:
                return
            self._show_proofs(found)
        self.page_status = "ready"

    def _show(self, text: TextView) -> None:
        self.text_id, self._kind = str(text.id), text.kind.value
        self.kind, self.title = words.KINDS[text.kind], text.title
        self.is_notice = text.kind is LegalTextKind.NOTICE
        self.typed_title, self.typed_body = text.title, text.body
        self.version = words.version_line(text.version, text.published_at)
        self.is_draft, self.body = text.published_at is None, blocks_of(text.body)
        self.digest, self.form_key = text.digest, new_key()
        self.proofs, self.next_page = [], ""

    def _show_proofs(self, found: AcceptancePage) -> None:
        self.proofs = [
            ProofLine(
                id=str(row.id),
                name=name_label(row),
                href=f"/admin/comptes/{row.account_id}",
                role=account_admin.ROLES[row.role],
                mode=words.MODES[row.mode],
                accepted=moment(row.accepted_at),
                address=row.address,
            )
            for row in found.rows
        ]
        self.proof_total = number(found.total)
        self.next_page = f"{PATH}/{self.text_id}?apres={found.following}" if found.following else ""
