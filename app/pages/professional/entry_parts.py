"""What the three kinds of entry share on a page: the common fields of the form, a line of history, versions."""

from typing import Any

import reflex as rx

from app.components.badge import badge
from app.components.button import button, submit_button
from app.components.callout import callout, live_line
from app.components.choice_field import mini_select, radio_cards, select_field
from app.components.dialog import dialog
from app.components.field import date_fields, textarea_field
from app.components.form import form, form_actions, mandatory_note
from app.components.icons import chevron, icon
from app.components.markup import Child, Text
from app.components.pagination import pagination
from app.components.panel import panel
from app.components.states import empty, empty_filtered
from app.components.thread import history_entry, said, thread, thread_box, thread_item
from app.i18n.message import PRIORITIES
from app.i18n.message_composer import NOT_TOLD
from app.models.message import Priority
from app.state.base import AppState
from app.state.entry_view import EntryView
from app.state.follow_up import CONTACT_CHOICES, FollowUpState
from app.state.patient import PatientState

_TELLING = (Priority.INFORMATION, Priority.CONTACT)


def error_of(name: str) -> rx.Var[str]:
    """The sentence beside a field."""
    return AppState.field_errors.get(name, "")


def typed(name: str) -> rx.Var[str]:
    """What the form holds for a field when it is drawn."""
    return FollowUpState.fields.get(name, "")


def entry_form(name: str, *own_fields: Child, on_submit: Any) -> rx.Component:
    """The form of a kind of entry: its treatment, its own fields, then date, contact and note."""
    return writing_panel(
        rx.cond(
            FollowUpState.followed.length() > 0,
            form(
                rx.el.input(type="hidden", name="key", value=FollowUpState.form_key),
                rx.el.input(type="hidden", name="correcting", value=FollowUpState.correcting),
                mandatory_note(),
                select_field(
                    "Par rapport au traitement",
                    "treatment_id",
                    FollowUpState.followed,
                    value=typed("treatment_id"),
                    empty="Choisir un traitement suivi",
                    error=error_of("treatment_id"),
                    required=True,
                ),
                *own_fields,
                date_fields(
                    "Date du fait",
                    "occurred_on",
                    day=typed("occurred_on_day"),
                    month=typed("occurred_on_month"),
                    year=typed("occurred_on_year"),
                    hint="Par exemple 9 3 2026",
                    error=error_of("occurred_on"),
                    required=True,
                ),
                select_field(
                    "Contact patient",
                    "contact_mode",
                    [(choice.value, choice.label) for choice in CONTACT_CHOICES],
                    value=typed("contact_mode"),
                    error=error_of("contact_mode"),
                ),
                _other_contact_day(),
                textarea_field("Note", "note", value=typed("note"), error=error_of("note")),
                rx.cond(FollowUpState.may_tell & ~FollowUpState.correcting, _tell_circle()),
                form_actions(
                    submit_button(
                        rx.cond(
                            FollowUpState.correcting,
                            "Enregistrer la correction",
                            "Valider l’entrée",
                        ),
                        class_name="btn primary big",
                    ),
                    button("Annuler", kind="ghost", big=True, on_click=FollowUpState.cancel),
                ),
                on_submit=on_submit,
                draft=name,
                scope=FollowUpState.banner.id,
                key=FollowUpState.form_key,
            ),
            empty(
                "Aucun traitement suivi\u202f: une entrée se rapporte toujours à l’un d’eux.",
                rx.el.a(
                    "Ajouter un traitement suivi",
                    href=FollowUpState.banner.base + "/traitements",
                    class_name="btn primary",
                ),
                icon_name="pill",
                bare=True,
            ),
        ),
        title=rx.cond(
            FollowUpState.correcting,
            "Corriger l’entrée du " + FollowUpState.correcting_label,
            "Ajouter une entrée",
        ),
    )


def _tell_circle() -> rx.Component:
    """« Prévenir le cercle »: a message to the other members, with the entry (CX-41)."""
    return rx.fragment(
        radio_cards(
            "Prévenir le cercle",
            "tell",
            [("", NOT_TOLD), *((value.value, PRIORITIES[value]) for value in _TELLING)],
            value=typed("tell"),
            hint="Un message aux autres membres du cercle, avec cette entrée",
            error=error_of("tell"),
        ),
        textarea_field(
            "Quelques mots",
            "tell_words",
            value=typed("tell_words"),
            hint="Facultatif, pour le message au cercle seulement",
            error=error_of("tell_words"),
            rows=2,
            max_length=2_000,
        ),
    )


def writing_panel(content: Child, *, title: Text) -> rx.Component:
    """What one writes in a record, or why one does not."""
    banner = PatientState.banner
    return panel(
        rx.cond(
            banner.may_record,
            content,
            callout(rx.el.p(banner.refusal), tone="neutral", icon_name="lock"),
        ),
        title=title,
        title_id="ajouter",
    )


def _other_contact_day() -> rx.Component:
    """Folded, since the contact is nearly always on the day of the fact."""
    return rx.el.details(
        rx.el.summary(chevron(), "Le contact a eu lieu un autre jour", class_name="lnk"),
        date_fields(
            "Date du contact",
            "contact_on",
            day=typed("contact_on_day"),
            month=typed("contact_on_month"),
            year=typed("contact_on_year"),
            error=error_of("contact_on"),
        ),
        class_name="stack tight",
        open=(typed("contact_on_day") != "") | (error_of("contact_on") != ""),
    )


def history_panel(
    *filters: Child, on_correct: Any, what: str, clear: Text, is_filtered: Any
) -> rx.Component:
    """The entries of all professionals, newest first, by pages."""
    return panel(
        live_line(FollowUpState.arrival),
        rx.cond(
            FollowUpState.rows.length() > 0,
            thread_box(
                thread(rx.foreach(FollowUpState.rows, lambda row: history_line(row, on_correct)))
            ),
            rx.cond(
                is_filtered,
                empty_filtered(
                    "Aucune entrée ne correspond à ces filtres.",
                    rx.el.a("Effacer les filtres", href=clear, class_name="btn"),
                    bare=True,
                ),
                empty(f"Pas encore d’entrée {what}.", icon_name="activity", bare=True),
            ),
        ),
        rx.cond(
            FollowUpState.page_summary,
            pagination(
                FollowUpState.page_summary,
                previous=FollowUpState.previous_page,
                following=FollowUpState.next_page,
            ),
        ),
        versions_dialog(),
        title="Historique",
        title_id="historique",
        end=rx.fragment(*filters) if filters else None,
    )


def treatment_filter(on_change: Any) -> rx.Component:
    """« Traitement : tous », in the head of the history."""
    return rx.cond(
        FollowUpState.filter_treatments.length() > 1,
        mini_select(
            "Traitement",
            "filtre_traitement",
            FollowUpState.filter_treatments,
            value=FollowUpState.filter_treatment,
            empty="Tous",
            on_change=on_change,
        ),
    )


def history_line(row: rx.Var[EntryView], on_correct: Any) -> rx.Component:
    """One entry of a history."""
    return thread_item(
        history_entry(
            when=row.when,
            about=row.treatment,
            author=row.author,
            title=row.title,
            tags=rx.fragment(
                badge(row.tag, row.tag_tone), rx.cond(row.is_new, badge("Nouveau", "new"))
            ),
            lines=rx.fragment(
                rx.cond(row.said, said(row.patient_word, row.said)),
                rx.cond(row.typed_score, said("Score", row.typed_score)),
                answers(row),
            ),
            note=row.note,
            actions=rx.fragment(
                rx.cond(
                    row.corrected,
                    button(
                        row.corrected, kind="ghost", on_click=PatientState.show_versions(row.id)
                    ),
                ),
                rx.cond(
                    row.may_correct,
                    button("Corriger", kind="ghost", on_click=on_correct(row.id)),
                ),
            ),
        ),
        icon_name=row.icon,
        tone=row.tone,
        key=row.id,
    )


def answers(row: rx.Var[EntryView]) -> rx.Component:
    """The answers to a questionnaire, folded."""
    return rx.cond(
        row.has_answers,
        rx.el.details(
            rx.el.summary(
                icon("chevron-right", "s", "chev"), "Voir les réponses", class_name="lnk"
            ),
            rx.el.ol(
                rx.foreach(
                    row.answers,
                    lambda item: rx.el.li(item.question, " ", rx.el.b(item.answer)),
                ),
                class_name="answers sm",
            ),
        ),
    )


def version_line(row: rx.Var[EntryView]) -> rx.Component:
    """One version of an entry, in the dialog of its versions."""
    return rx.el.li(
        rx.el.p(rx.el.b(row.kind_label, " du ", row.when), class_name="sm"),
        rx.el.p(row.result, row.after),
        rx.el.p(row.treatment, class_name="sm muted"),
        rx.cond(row.note, rx.el.p(row.note, class_name="sm keep-lines")),
        rx.el.p(
            row.author,
            " · ",
            rx.cond(row.corrected, row.corrected, row.recorded),
            class_name="sm muted",
        ),
        class_name="version",
    )


def versions_dialog() -> rx.Component:
    """Every version of a corrected entry, newest first."""
    return dialog(
        "Versions de l’entrée",
        rx.el.ol(rx.foreach(PatientState.versions, version_line), class_name="versions"),
        is_open=PatientState.versions.length() > 0,
        on_close=PatientState.close_versions,
        actions=button("Fermer", on_click=PatientState.close_versions),
        dialog_id="versions",
        wide=True,
    )
