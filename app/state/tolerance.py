"""The tolerance page: history and form (CX-23 to CX-25)."""

from typing import Any

import reflex as rx

from app.i18n.tolerance import APPRECIATIONS, DOMAINS, GRADES
from app.models.tolerance import MAX_GRADE, PatientAppreciation, ToleranceDomain
from app.services import tolerance
from app.services.fields import FieldReader
from app.state.base import Audience, event
from app.state.clock import utc_now
from app.state.follow_up import FollowUpState, go
from app.state.form import Choice, key_of, read_fact

SECTION = "tolerance"
DOMAIN_CHOICES = [Choice(domain.value, label) for domain, label in DOMAINS.items()]
APPRECIATION_CHOICES = [Choice(level.value, label) for level, label in APPRECIATIONS.items()]
GRADE_CHOICES = [Choice(str(grade), label) for grade, label in GRADES.items()]


class ToleranceState(FollowUpState):
    """Tolerance entries of one patient."""

    filter_domain: str = ""

    @event(Audience.PROFESSIONAL)
    async def load(self) -> None:
        """Show the history and an empty form, or what was typed before."""
        await self._read()

    @event(Audience.PROFESSIONAL, passive=True)
    async def refresh(self) -> None:
        """Show what a colleague just wrote, leaving the form alone."""
        await self._read(is_refresh=True)

    @event(Audience.PROFESSIONAL)
    async def submit(self, fields: dict[str, Any]) -> None:
        """Record the entry of the form."""
        self.fields = typed = {name: str(value) for name, value in fields.items()}
        reader = FieldReader(typed)
        domain = reader.choice("domain", ToleranceDomain, missing=None)
        appreciation = reader.choice("patient_appreciation", PatientAppreciation, missing=None)
        grade = reader.integer(
            "grade", least=0, most=MAX_GRADE, missing=None, out_of_range="tolerance.grade_range"
        )
        saved = await self._save(
            tolerance.record_tolerance,
            tolerance.correct_tolerance,
            "L’entrée de tolérance est enregistrée.",
            fact=read_fact(typed, reader),
            domain=domain,
            patient_appreciation=appreciation,
            grade=grade,
            key=key_of(typed),
            now=utc_now(),
        )
        if saved:
            await self._read(is_refresh=True)

    @event(Audience.PROFESSIONAL)
    def choose_treatment(self, value: str) -> rx.event.EventSpec:
        """Show the entries of one treatment."""
        return go(self._address(traitement=value, page=1))

    @event(Audience.PROFESSIONAL)
    def choose_domain(self, value: str) -> rx.event.EventSpec:
        """Show the entries of one domain."""
        return go(self._address(domaine=value, page=1))

    async def _read(self, *, is_refresh: bool = False) -> None:
        self.filter_domain = self._query().get("domaine", "")
        known = {domain.value: domain for domain in ToleranceDomain}
        page = await self._show(
            SECTION,
            tolerance.list_tolerance,
            refresh=ToleranceState.refresh,
            is_refresh=is_refresh,
            domain=known.get(self.filter_domain),
        )
        if page is not None:
            self._show_history(page, is_refresh=is_refresh)
