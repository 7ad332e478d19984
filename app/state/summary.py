"""« À savoir » in words."""

from dataclasses import dataclass

from app.i18n.adherence import SHORT_CLASSES
from app.i18n.consent import MODES
from app.i18n.format import bound, day, local_day, plural, short_day
from app.i18n.professional import full_label
from app.models.adherence import AdherenceClass
from app.services.summary import Summary


@dataclass(frozen=True)
class SummaryLine:
    """A line of a section, and what stands after it in grey."""

    label: str
    detail: str


@dataclass(frozen=True)
class SummaryView:
    """The sections that have something to say."""

    treatments: tuple[SummaryLine, ...] = ()
    treatments_count: str = ""
    treatments_source: str = ""
    members: tuple[str, ...] = ()
    members_count: str = ""
    consent: str = ""
    consent_source: str = ""


def summary_view(summary: Summary) -> SummaryView:
    """The words of a summary."""
    newest = max((t.added_at for t in summary.treatments), default=None)
    return SummaryView(
        treatments=tuple(
            SummaryLine(
                bound(t.label),
                " · ".join(
                    part
                    for part in (
                        bound(t.posology),
                        ""
                        if t.yes_count is None
                        else f"observance\u202f: {SHORT_CLASSES[AdherenceClass.of(t.yes_count)].lower()}",
                        "" if t.is_followed else "non suivi",
                    )
                    if part
                ),
            )
            for t in summary.treatments
        ),
        treatments_count=f"{len(summary.treatments)} en cours",
        treatments_source=(
            f"Mise à jour le {short_day(local_day(newest))} · écrit par un professionnel"
            if newest
            else ""
        ),
        members=tuple(full_label(member) for member in summary.members),
        members_count=plural(len(summary.members), "PdS", "PdS"),
        consent=(
            f"{MODES[summary.consent_mode]}, le {day(summary.consent_on)}"
            if summary.consent_mode and summary.consent_on
            else "Aucun consentement enregistré"
        ),
        consent_source=(
            f"Notice d’information, version {summary.notice_version}"
            if summary.notice_version
            else ""
        ),
    )
