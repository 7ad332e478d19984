"""An entry as every screen shows it: one shape for the histories, the synthesis and earlier versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.i18n import (
    adherence as adherence_words,
    interaction as interaction_words,
    tolerance as tolerance_words,
)
from app.i18n.entry import CONTACT_MODES, KINDS
from app.i18n.format import NARROW, bound, clock, day, local_day, month
from app.i18n.patient import PATIENT, THE_PATIENT
from app.i18n.professional import place_label, signed_label
from app.i18n.treatment import event_label
from app.models.adherence import AdherenceClass, ScoreDirection
from app.models.entry import ContactMode, EntryKind
from app.models.interaction import InteractionLevel
from app.models.patient import Sex
from app.models.tolerance import SEVERE_GRADE
from app.services.entry_row import EntryRow

ICONS = {
    EntryKind.ENROLMENT: "stethoscope",
    EntryKind.TREATMENT: "pill",
    EntryKind.TOLERANCE: "activity",
    EntryKind.INTERACTION: "shuffle",
    EntryKind.ADHERENCE: "calendar-check",
}
# Where an entry of each kind is corrected.
SECTIONS = {
    EntryKind.TOLERANCE: "tolerance",
    EntryKind.INTERACTION: "interactions",
    EntryKind.ADHERENCE: "observance",
}
_MODERATE_GRADE = 2


@dataclass(frozen=True)
class Answer:
    """One question of a questionnaire and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True)
class EntryView:
    """One entry in words. `tone`: of its node, `alert`, `inter` or empty; `section`: its page."""

    id: str
    kind: str
    kind_label: str
    icon: str
    tone: str
    when: str
    month: str
    year: str
    starts_month: bool
    author: str
    treatment: str
    result: str
    is_strong: bool
    after: str
    title: str
    tag: str
    tag_tone: str
    said: str
    note: str
    is_new: bool
    may_correct: bool
    section: str
    corrected: str
    recorded: str
    contact: str
    place: str
    patient_word: str
    grade_label: str
    appreciation_label: str
    typed_score: str
    has_answers: bool
    answers: tuple[Answer, ...]


def entry_view(
    row: EntryRow,
    *,
    sex: Sex = Sex.UNKNOWN,
    questions: dict[str, tuple[str, ...]] | None = None,
    after: "EntryView | None" = None,
) -> EntryView:
    """The words of an entry. `after`: the entry shown just above it, to know where months begin."""
    words = _words(row, sex)
    this_month = month(row.occurred_on)
    starts = after is None or after.month != this_month
    answers = _answers(row, questions or {})
    return EntryView(
        id=str(row.id),
        kind=row.kind.value,
        kind_label=KINDS[row.kind],
        icon=ICONS[row.kind],
        when=day(row.occurred_on),
        month=this_month,
        year=str(row.occurred_on.year),
        starts_month=starts,
        author=signed_label(row.author, row.recorder),
        treatment=_treatment(row),
        note=row.note,
        is_new=row.is_new,
        may_correct=row.may_correct and row.kind in SECTIONS,
        section=SECTIONS.get(row.kind, ""),
        corrected=(
            f"Version corrigée le {day(local_day(row.recorded_at))}" if row.version > 1 else ""
        ),
        recorded=_recorded(row),
        contact=_contact(row),
        place=place_label(row.author),
        patient_word=PATIENT[sex],
        has_answers=bool(answers),
        answers=answers,
        **words,
    )


def entry_views(
    rows: Iterable[EntryRow],
    *,
    sex: Sex = Sex.UNKNOWN,
    questions: dict[str, tuple[str, ...]] | None = None,
) -> list[EntryView]:
    """The words of a list, with its months."""
    views: list[EntryView] = []
    for row in rows:
        last = views[-1] if views else None
        views.append(entry_view(row, sex=sex, questions=questions, after=last))
    return views


def _words(row: EntryRow, sex: Sex) -> dict[str, object]:
    words: dict[str, object] = {
        "tone": "",
        "result": "",
        "is_strong": False,
        "after": "",
        "title": "",
        "tag": "",
        "tag_tone": "",
        "said": "",
        "grade_label": "",
        "appreciation_label": "",
        "typed_score": "",
    }
    if row.tolerance is not None:
        words |= _tolerance_words(row, sex)
    elif row.interaction is not None:
        words |= _interaction_words(row)
    elif row.adherence is not None:
        words |= _adherence_words(row)
    elif row.kind is EntryKind.TREATMENT:
        words["result"] = event_label(row)
    else:
        words["result"] = "Inscription au suivi, consentement recueilli"
    return words


def _tolerance_words(row: EntryRow, sex: Sex) -> dict[str, object]:
    values = row.tolerance
    assert values is not None
    severe = values.grade >= SEVERE_GRADE
    appreciation = tolerance_words.APPRECIATIONS[values.patient_appreciation]
    lower = appreciation[0].lower() + appreciation[1:]
    return {
        "tone": "alert" if severe else "",
        "result": tolerance_words.result(values.domain, values.grade),
        "is_strong": severe,
        "after": f"{NARROW}; {lower} pour {THE_PATIENT[sex]}",
        "title": tolerance_words.DOMAINS[values.domain],
        "tag": tolerance_words.GRADES[values.grade],
        "tag_tone": "danger" if severe else ("warning" if values.grade == _MODERATE_GRADE else ""),
        "said": lower,
        "grade_label": tolerance_words.GRADES[values.grade],
        "appreciation_label": appreciation,
    }


def _interaction_words(row: EntryRow) -> dict[str, object]:
    values = row.interaction
    assert values is not None
    severe = values.level is InteractionLevel.CONTRAINDICATED
    strong = severe or values.level is InteractionLevel.DISCOURAGED
    return {
        "tone": "alert" if severe else "inter",
        "result": interaction_words.LEVELS[values.level],
        "is_strong": strong,
        "title": values.substance,
        "tag": interaction_words.LEVELS[values.level],
        "tag_tone": "danger" if severe else ("warning" if strong else ""),
    }


def _adherence_words(row: EntryRow) -> dict[str, object]:
    values = row.adherence
    assert values is not None
    poor = values.adherence_class is AdherenceClass.POOR
    after = ""
    if values.previous_yes_count is not None and values.previous_on is not None:
        after = f"{NARROW}; {values.previous_yes_count} oui le {_near(values.previous_on, row)}"
    is_counted_otherwise = values.direction is not ScoreDirection.YES_COUNT
    typed = adherence_words.as_typed(values.score, values.direction) if is_counted_otherwise else ""
    return {
        "tone": "alert" if poor else "",
        "result": adherence_words.score(values.yes_count),
        "is_strong": poor,
        "after": after,
        "title": adherence_words.count(values.yes_count),
        "tag": adherence_words.CLASSES[values.adherence_class],
        "tag_tone": {
            AdherenceClass.GOOD: "success",
            AdherenceClass.SLIGHT_PROBLEM: "",
            AdherenceClass.POOR: "warning",
        }[values.adherence_class],
        "typed_score": typed,
    }


def _answers(row: EntryRow, questions: dict[str, tuple[str, ...]]) -> tuple[Answer, ...]:
    if row.adherence is None or row.adherence.answers is None:
        return ()
    asked = questions.get(str(row.adherence.questionnaire_id), ())
    return tuple(
        Answer(question, adherence_words.ANSWERS[answer])
        for question, answer in zip(asked, row.adherence.answers, strict=False)
    )


def _treatment(row: EntryRow) -> str:
    if row.treatment is None:
        return ""
    if row.interaction is not None:
        return bound(f"{row.treatment.label} + {row.interaction.substance}")
    return bound(row.treatment.label)


def _recorded(row: EntryRow) -> str:
    typed_on = local_day(row.first_recorded_at)
    if typed_on == row.occurred_on:
        return f"saisie à {clock(row.first_recorded_at)}"
    return f"saisie le {day(typed_on)} à {clock(row.first_recorded_at)}"


def _contact(row: EntryRow) -> str:
    if row.contact_mode is ContactMode.NONE:
        return CONTACT_MODES[row.contact_mode]
    return f"{CONTACT_MODES[row.contact_mode]}, le {day(row.contact_on or row.occurred_on)}"


def _near(on: date, row: EntryRow) -> str:
    shown = day(on)
    return shown.removesuffix(f" {on.year}") if on.year == row.occurred_on.year else shown
