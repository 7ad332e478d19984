"""The form of a consent, shared by the enrolment and the additions to a circle (CX-15, CX-21)."""

from dataclasses import dataclass
from datetime import datetime

from app.i18n.consent import MODES
from app.i18n.format import day
from app.models.consent import ConsentMode
from app.services.fields import date_fields, paris_day
from app.services.notice import NoticeView
from app.state.form import Choice
from app.state.text_block import Block, blocks_of

MODE_CHOICES = [Choice(mode.value, label) for mode, label in MODES.items()]
FIELDS = ("consent_given", "consent_mode", "consent_day", "consent_month", "consent_year")
NOTICE_FIELDS = ("notice_day", "notice_month", "notice_year")


@dataclass(frozen=True)
class NoticeText:
    """The notice as a page shows it."""

    id: str = ""
    title: str = ""
    version: str = ""
    blocks: tuple[Block, ...] = ()


def notice_text(notice: NoticeView) -> NoticeText:
    """One version of the notice in titles and paragraphs."""
    return NoticeText(
        id=str(notice.id),
        title=notice.title,
        version=f"Version {notice.version}, publiée le {day(paris_day(notice.published_at))}",
        blocks=tuple(blocks_of(notice.body)),
    )


def fresh_consent(notice: NoticeView, now: datetime) -> dict[str, str]:
    """Nothing collected yet; both acts are dated today."""
    today = paris_day(now)
    return {
        "notice_id": str(notice.id),
        **date_fields("notice", today),
        **date_fields("consent", today),
        "consent_mode": "",
        "consent_given": "",
    }


def mode_label(value: str) -> str:
    """`Oral`, or '' for what is no mode."""
    known = {mode.value: MODES[mode] for mode in ConsentMode}
    return known.get(value, "")
