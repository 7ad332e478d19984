"""« Contacts »: the circle and the consents beside the patient's sheet (CX-20, CX-21)."""

from typing import Any

import reflex as rx

from app.components.badge import avatar, badge
from app.components.button import button, link_button, submit_button
from app.components.callout import callout
from app.components.dialog import dialog, lose_or_keep
from app.components.field import text_field
from app.components.form import form, form_actions, mandatory_note
from app.components.icons import icon
from app.components.markup import Child, Text
from app.components.panel import columns, disclosure, panel, stack
from app.i18n.care_circle import MESSAGES
from app.i18n.format import NARROW
from app.pages.professional.consent_form import consent_fields, notice_box, notice_date
from app.pages.professional.patient_frame import patient_page
from app.pages.professional.patient_sheet import sheet_editor, sheet_panel, swapped_head
from app.pages.table import page
from app.state.base import Audience
from app.state.care_circle import CONSENT, FORM, LEAVE, REMOVE, SEARCH, CareCircleState
from app.state.care_circle_view import ConsentView, FoundView, MemberView
from app.state.message_composer import NEW
from app.state.patient_sheet import PatientSheetState

DEBOUNCE_MS = 150


def _typed(name: str) -> rx.Var[str]:
    return CareCircleState.fields.get(name, "")


@page(
    route="/patients/[patient_id]/contacts",
    title="Contacts",
    audience=Audience.PROFESSIONAL,
    on_load=CareCircleState.load,
)
def care_circle_page() -> rx.Component:
    """The circle and the sheet, or the form of the sheet."""
    return patient_page(
        "contacts",
        rx.cond(
            PatientSheetState.is_editing,
            sheet_editor(),
            rx.fragment(
                swapped_head("Contacts", lead=CareCircleState.lead),
                columns(stack(_circle(), _consents(), wide=True), sheet_panel(), shape="db"),
            ),
        ),
        _search_dialog(),
        _consent_dialog(),
        _remove_dialog(),
        _leave_dialog(),
    )


def _circle() -> rx.Component:
    return panel(
        rx.el.ul(rx.foreach(CareCircleState.members, _member), class_name="tlist"),
        rx.cond(
            CareCircleState.is_alone,
            rx.el.div(
                callout(MESSAGES["care_circle.last_member"], tone="neutral"), class_name="body"
            ),
        ),
        title="Équipe de soins",
        title_id="equipe",
        beside=rx.el.span(CareCircleState.members.length(), class_name="count"),
        end=rx.fragment(
            rx.cond(
                CareCircleState.unwritable != "",
                rx.el.span(CareCircleState.unwritable, class_name="sm muted"),
                _write("", "pour=patient/" + CareCircleState.banner.id, words="Écrire au patient"),
            ),
            rx.cond(
                CareCircleState.may_add,
                button(
                    "Ajouter un PdS",
                    kind="primary",
                    icon_name="user-plus",
                    on_click=CareCircleState.open_add,
                    aria_haspopup="dialog",
                ),
            ),
        ),
        bare=True,
    )


def _write(name: Text, whom: Text, *, words: str, to: str = "") -> rx.Component:
    """A new message to somebody of this circle, about this patient."""
    return link_button(
        words,
        rx.el.span(to, name, class_name="vh"),
        href=f"{NEW}?patient=" + CareCircleState.banner.id + "&" + whom,
    )


def _member(row: rx.Var[MemberView]) -> rx.Component:
    return rx.el.li(
        avatar(row.initials),
        rx.el.div(
            rx.el.p(
                rx.el.b(row.name), rx.cond(row.is_me, badge("Vous", "line")), class_name="row wrap"
            ),
            rx.el.p(row.role),
            rx.cond(row.place, rx.el.p(row.place, class_name="sm")),
            rx.el.p("RPPS ", rx.el.span(row.rpps, class_name="tn"), class_name="sm muted"),
            rx.el.p(row.since, class_name="sm muted"),
            class_name="grow",
        ),
        rx.el.div(
            rx.cond(
                CareCircleState.may_write & ~row.is_me,
                _write(row.name, "pour=professional/" + row.id, words="Écrire", to=" à "),
            ),
            rx.cond(
                row.may_remove,
                button(
                    rx.cond(row.is_me, "Quitter le cercle", "Retirer"),
                    rx.cond(row.is_me, "", rx.el.span(" ", row.name, class_name="vh")),
                    on_click=CareCircleState.open_remove(row.id),
                    aria_haspopup="dialog",
                ),
            ),
            class_name="acts row",
        ),
        class_name="tline",
        key=row.id,
    )


def _consents() -> rx.Component:
    def line(row: rx.Var[ConsentView]) -> rx.Component:
        return rx.el.li(
            icon("handshake"),
            rx.el.div(
                rx.el.p(
                    rx.el.b(row.title),
                    rx.cond(row.withdrawn, badge(row.withdrawn, "warning")),
                    class_name="row wrap",
                ),
                rx.el.p(row.given, ", ", row.collected),
                rx.el.p(rx.el.a(row.notice, href=row.notice_href), class_name="sm"),
                class_name="grow",
            ),
            class_name="tline",
            key=row.id,
        )

    return panel(
        rx.el.ul(rx.foreach(CareCircleState.consents, line), class_name="tlist"),
        title="Consentements",
        title_id="consentements",
        beside=rx.el.span(CareCircleState.consents.length(), class_name="count"),
        bare=True,
    )


def _dialog(name: str, title: Text, *content: Child, **props: Any) -> rx.Component:
    return dialog(
        title,
        *content,
        is_open=CareCircleState.dialog == name,
        on_close=CareCircleState.close_dialog,
        dialog_id=name,
        **props,
    )


def _search_dialog() -> rx.Component:
    def line(row: rx.Var[FoundView]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(rx.el.b(row.name)),
                rx.el.p(row.role, class_name="sm"),
                rx.el.p(row.place, class_name="sm muted"),
                rx.el.p("RPPS ", rx.el.span(row.rpps, class_name="tn"), class_name="sm muted"),
                class_name="grow",
            ),
            rx.cond(
                row.is_member,
                badge("Déjà membre", "line"),
                button(
                    "Choisir",
                    rx.el.span(" ", row.name, class_name="vh"),
                    on_click=CareCircleState.choose(row.id),
                ),
            ),
            class_name="tline",
            key=row.id,
        )

    return _dialog(
        SEARCH,
        "Ajouter un PdS",
        text_field(
            "Nom ou n° RPPS",
            "professional_query",
            hint="Parmi les professionnels inscrits",
            error="",
            on_change=CareCircleState.search.debounce(DEBOUNCE_MS),
            auto_complete="off",
            spell_check=False,
            max_length=120,
        ),
        rx.el.p(CareCircleState.search_status, role="status", class_name="hint"),
        rx.cond(
            CareCircleState.found.length() > 0,
            rx.el.ul(rx.foreach(CareCircleState.found, line), class_name="tlist boxed"),
        ),
        wide=True,
    )


def _consent_dialog() -> rx.Component:
    return _dialog(
        CONSENT,
        CareCircleState.dialog_title,
        rx.cond(
            (CareCircleState.error != "") & (CareCircleState.field_errors.keys().length() == 0),
            callout(CareCircleState.error, tone="danger", urgent=True),
        ),
        form(
            rx.el.input(type="hidden", name="key", value=CareCircleState.form_key),
            rx.el.input(type="hidden", name="professional_id", value=_typed("professional_id")),
            rx.el.input(type="hidden", name="notice_id", value=_typed("notice_id")),
            mandatory_note(),
            rx.el.p(
                "Le consentement est demandé pour chaque ajout, après remise de la notice.",
                class_name="muted",
            ),
            disclosure("Lire la notice d’information", notice_box(CareCircleState.information)),
            notice_date(_typed),
            consent_fields(
                _typed,
                "Informé par la notice, le patient (ou son représentant légal) consent à ce que ce "
                "professionnel rejoigne son cercle et consulte son suivi.",
            ),
            form_actions(
                submit_button("Ajouter au cercle"),
                button("Annuler", kind="ghost", on_click=CareCircleState.close_dialog),
            ),
            on_submit=CareCircleState.submit_add,
            draft=FORM,
            scope=CareCircleState.banner.id,
            key=CareCircleState.form_key,
        ),
        wide=True,
    )


def _remove_dialog() -> rx.Component:
    return _dialog(
        REMOVE,
        CareCircleState.dialog_title,
        rx.el.p(
            "Ce patient n’existera plus pour ce professionnel, dès maintenant. Ce qu’il a écrit reste "
            "dans le suivi."
        ),
        actions=lose_or_keep(
            "Retirer", CareCircleState.confirm_remove, keep=CareCircleState.close_dialog
        ),
    )


def _leave_dialog() -> rx.Component:
    return _dialog(
        LEAVE,
        f"Quitter le cercle de ce patient{NARROW}?",
        rx.el.p(
            "Vous ne verrez plus ce patient, dès maintenant. Ce que vous avez écrit reste dans le "
            "suivi. Pour revenir, un membre du cercle devra vous ajouter."
        ),
        actions=lose_or_keep(
            "Quitter le cercle",
            CareCircleState.confirm_remove,
            keep=CareCircleState.close_dialog,
            kept="Rester",
        ),
    )
