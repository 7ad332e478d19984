"""The synthesis: « À savoir », the figure, one chronology with its filters in the address (CX-34, CX-35)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.authz.actor import Actor
from app.i18n.format import clock, day, plural
from app.i18n.professional import full_label, of_label
from app.models.entry import EntryKind
from app.services.entry import mark_read
from app.services.entry_row import EntryRow
from app.services.questionnaire import list_questionnaires
from app.services.summary import Summary, fetch_summary
from app.services.synthesis import Cursor, SynthesisPage, read_synthesis
from app.state.base import Audience, event, parse_id
from app.state.clock import utc_now
from app.state.entry_view import ICONS, EntryView, entry_views
from app.state.figure import Figure, draw
from app.state.follow_up import go
from app.state.form import Choice
from app.state.patient import PatientState
from app.state.summary import SummaryView, summary_view

SECTION = "synthese"
_FILTERS: dict[str, tuple[str, tuple[EntryKind, ...]]] = {
    "tolerance": ("Tolérance", (EntryKind.TOLERANCE,)),
    "interaction": ("Interaction", (EntryKind.INTERACTION,)),
    "observance": ("Observance", (EntryKind.ADHERENCE,)),
    "soins": ("Soins et inscription", (EntryKind.TREATMENT, EntryKind.ENROLMENT)),
}


@dataclass(frozen=True)
class KindChip:
    """A filter by kind, with its count."""

    label: str
    count: int
    icon: str
    href: str
    is_current: bool


@dataclass(frozen=True)
class YearLink:
    """A year of the rail."""

    year: str
    count: int
    href: str
    is_current: bool


class SynthesisState(PatientState):
    """The chronology of one patient."""

    entries: list[EntryView] = []
    lead: str = ""
    arrival: str = ""
    chips: list[KindChip] = []
    years: list[YearLink] = []
    treatments: list[Choice] = []
    authors: list[Choice] = []
    treatment: str = ""
    author: str = ""
    is_filtered: bool = False
    more_label: str = ""
    drawing: Figure = Figure()
    has_figure: bool = False
    summary: SummaryView = SummaryView()

    _rows: tuple[EntryRow, ...] = ()  # Reflex wraps each row of a list that is read
    _older: Cursor | None = None
    _older_year: int = 0
    _questions: dict[str, tuple[str, ...]] = {}
    _new_since: datetime | None = None

    @event(Audience.PROFESSIONAL)
    async def load(self) -> None:
        """Show the last twelve months, and count them as read."""
        self.arrival = ""
        await self._read(marks_read=True)

    @event(Audience.PROFESSIONAL, passive=True)
    async def refresh(self) -> None:
        """Show what a colleague just wrote."""
        known = {row.id for row in self._rows}
        await self._read(marks_read=False)
        arrived = [row for row in self._rows if row.id not in known and not row.is_mine]
        if arrived:
            self.arrival = (
                f"Une entrée {of_label(arrived[0].author)} vient d’arriver, "
                f"à {clock(arrived[0].recorded_at)}"
            )

    @event(Audience.PROFESSIONAL)
    async def show_older(self) -> None:
        """Continue with the older entries, below those already shown."""
        if not self.more_label:
            return
        page = await self._perform(
            read_synthesis,
            self._patient_id(),
            now=utc_now(),
            before=self._older,
            from_year=self._older_year,
            **self._filters(),
        )
        if page is not None:
            self._rows = (*self._rows, *page.rows)
            self._show_rows(page)

    @event(Audience.PROFESSIONAL)
    def choose_treatment(self, value: str) -> rx.event.EventSpec:
        """Show the entries of one treatment."""
        return go(self._address(traitement=value))

    @event(Audience.PROFESSIONAL)
    def choose_author(self, value: str) -> rx.event.EventSpec:
        """Show the entries of one author."""
        return go(self._address(auteur=value))

    async def _read(self, *, marks_read: bool) -> None:
        query = self._query()
        self.treatment, self.author = query.get("traitement", ""), query.get("auteur", "")
        year = query.get("annee", "")
        loaded = await self._load_page(
            SECTION,
            _read_all,
            refresh=SynthesisState.refresh,
            marks_read=marks_read,
            new_since=None if marks_read else self._new_since,
            from_year=int(year) if year.isdigit() and len(year) == 4 else None,  # noqa: PLR2004
            **self._filters(),
        )
        if loaded is None:
            return
        page, summary, questions, self._new_since = loaded
        self._questions, self._rows = questions, tuple(page.rows)
        self.summary = summary_view(summary)
        if page.timeline is not None:
            self.drawing = draw(page.timeline)
            self.has_figure = not self.drawing.is_empty
        self._show_choices(page)
        self._show_rows(page)
        self.lead = _lead(page)

    def _filters(self) -> dict[str, Any]:
        query = self._query()
        _, kinds = _FILTERS.get(query.get("type", ""), ("", ()))
        treatment, author = query.get("traitement", ""), query.get("auteur", "")
        return {
            "kinds": kinds,
            "treatment_id": parse_id(treatment) if treatment else None,
            "author_id": parse_id(author) if author else None,
        }

    def _show_rows(self, page: SynthesisPage) -> None:
        self.entries = entry_views(self._rows, sex=self._sex, questions=self._questions)
        self._older, self._older_year = page.older, page.older_year or 0
        self.more_label = ""
        if page.older_count:
            entries = plural(page.older_count, "entrée", "entrées")
            self.more_label = f"Afficher {page.older_year} ({entries})"

    def _show_choices(self, page: SynthesisPage) -> None:
        kind = self._query().get("type", "")
        kind = kind if kind in _FILTERS else ""
        self.is_filtered = bool(kind or self.treatment or self.author)
        self.chips = [
            KindChip("Tout", sum(page.kinds.values()), "", self._address(type=""), not kind),
            *(
                KindChip(
                    label,
                    sum(page.kinds.get(k, 0) for k in kinds),
                    ICONS[kinds[-1]],
                    self._address(type=name),
                    kind == name,
                )
                for name, (label, kinds) in _FILTERS.items()
            ),
        ]
        shown = str(self._rows[0].occurred_on.year) if self._rows else ""
        self.years = [
            YearLink(str(year), count, self._address(annee=year), str(year) == shown)
            for year, count in sorted(page.years.items(), reverse=True)
        ]
        self.treatments = [Choice(str(t.id), f"{t.label} ({t.count})") for t in page.treatments]
        self.authors = [Choice(str(a.id), f"{full_label(a)} ({a.count})") for a in page.authors]

    def _address(self, **changes: object) -> str:
        chosen = {**self._query(), **{name: str(value) for name, value in changes.items()}}
        kept = "&".join(f"{name}={value}" for name, value in chosen.items() if value)
        return f"{self.banner.base}/{SECTION}" + (f"?{kept}" if kept else "")


def _read_all(
    session: Session,
    actor: Actor,
    patient_id: UUID,
    *,
    marks_read: bool,
    new_since: datetime | None,
    now: datetime,
    **filters: Any,
) -> tuple[SynthesisPage, Summary, dict[str, tuple[str, ...]], datetime | None]:
    if marks_read:
        new_since = mark_read(session, actor, patient_id, now=now)
    page = read_synthesis(
        session, actor, patient_id, new_since=new_since, with_timeline=True, now=now, **filters
    )
    questions = {str(k): v.items for k, v in list_questionnaires(session, actor).items()}
    return page, fetch_summary(session, actor, patient_id, now=now), questions, new_since


def _lead(page: SynthesisPage) -> str:
    entries = plural(page.total, "entrée", "entrées")
    people = plural(page.professionals, "professionnel", "professionnels")
    since = f" depuis l’inscription du {day(page.enrolled_on)}" if page.enrolled_on else ""
    return f"{entries} de {people}{since}"
