"""The circle and its consents in words."""

from dataclasses import dataclass

from app.i18n import care_circle as words, consent as consent_words
from app.i18n.format import initials, local_day
from app.i18n.professional import name_label, place_label, role_label, rpps_label
from app.models.patient import Sex
from app.services.care_circle import FoundProfessional, MemberRow
from app.services.consent import ConsentRow
from app.services.professional import ProfessionalCard


@dataclass(frozen=True)
class MemberView:
    """A member of the circle in words."""

    id: str
    name: str
    role: str
    place: str
    rpps: str
    initials: str
    since: str
    is_me: bool
    may_remove: bool


@dataclass(frozen=True)
class FoundView:
    """An answer of the search."""

    id: str
    name: str
    role: str
    place: str
    rpps: str
    is_member: bool


@dataclass(frozen=True)
class ConsentView:
    """A line of the consent register."""

    id: str
    title: str
    given: str
    collected: str
    notice: str
    notice_href: str
    withdrawn: str


def member_view(row: MemberRow, sex: Sex) -> MemberView:
    """A member in words. `sex`: of the patient."""
    who = row.professional
    origin = words.has_enrolled(sex) if row.has_enrolled else words.added_by(row.added_by)
    return MemberView(
        id=str(who.id),
        since=f"{words.since(local_day(row.since))}, {origin}",
        initials=initials(who.given_name, who.family_name),
        is_me=row.is_me,
        may_remove=row.may_remove,
        **_card(who),
    )


def found_view(row: FoundProfessional) -> FoundView:
    """An answer in words."""
    who = row.professional
    return FoundView(id=str(who.id), is_member=row.is_member, **_card(who))


def _card(who: ProfessionalCard) -> dict[str, str]:
    role = role_label(who)
    return {
        "name": name_label(who),
        "role": role[:1].upper() + role[1:],
        "place": place_label(who),
        "rpps": rpps_label(who.rpps),
    }


def consent_view(row: ConsentRow) -> ConsentView:
    """An agreement in words."""
    return ConsentView(
        id=str(row.id),
        title=consent_words.title(row.kind, row.for_professional),
        given=consent_words.given(row.mode, row.given_on),
        collected=consent_words.collected_by(row.collected_by),
        notice=consent_words.notice(row.notice_version, row.notice_handed_on),
        notice_href=f"/notice/{row.notice_id}",
        withdrawn=(
            consent_words.withdrawn(local_day(row.withdrawn_at)) if row.withdrawn_at else ""
        ),
    )
