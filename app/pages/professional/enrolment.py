"""« Ajouter un patient »: identity, treatments, notice and consent (CX-10 to CX-17)."""

import reflex as rx

from app.components.breadcrumb import breadcrumb
from app.components.button import button, link_button, submit_button
from app.components.callout import callout, live_line
from app.components.field import MANDATORY, FieldParts, date_fields, text_field
from app.components.form import draft_status, error_summary, form, form_actions, mandatory_note
from app.components.icons import icon
from app.components.markup import UNDEFINED, Child, Text, ident
from app.components.panel import page_head
from app.components.shell import professional_shell
from app.components.states import page_error, ready, refused, skeleton_rows
from app.components.steps import step_list, wizard
from app.i18n.enrolment import STEPS
from app.i18n.format import NARROW
from app.pages.professional.consent_form import notice_box, notice_date
from app.pages.professional.enrolment_dialogs import enrolment_dialogs
from app.pages.professional.entry_parts import error_of
from app.pages.professional.medicine_picker import medicine_picker
from app.pages.professional.sheet_form import (
    contact_fields,
    strict_fields,
    used_fields,
)
from app.pages.table import page
from app.state.base import Audience
from app.state.enrolment import (
    ABANDON,
    COLLECT,
    PATH,
    EnrolmentState,
)
from app.state.enrolment_view import AddedTreatment


def _typed(name: str) -> rx.Var[str]:
    return EnrolmentState.fields.get(name, "")


@page(
    route=PATH,
    title="Nouveau patient",
    audience=Audience.PROFESSIONAL,
    on_load=EnrolmentState.load,
)
def enrolment_page() -> rx.Component:
    """The step of the address beside the thread of steps."""
    return professional_shell(
        rx.cond(EnrolmentState.dialog == "", error_summary()),
        breadcrumb(("Patients", "/patients"), here="Nouveau patient"),
        page_head("Ajouter un patient"),
        ready(
            page_error(),
            rx.cond(EnrolmentState.may_enrol, _wizard(), _refused()),
            enrolment_dialogs(),
            loading=skeleton_rows(6),
        ),
        current="patients",
    )


def _refused() -> rx.Component:
    return refused(
        EnrolmentState.refusal,
        rx.el.p(link_button("Voir mes patients", href="/patients")),
    )


def _wizard() -> rx.Component:
    return wizard(
        step_list(STEPS, EnrolmentState.step, name="Étapes de l’inscription"),
        rx.cond(
            EnrolmentState.resumed,
            callout(EnrolmentState.resumed, tone="neutral", icon_name="history"),
        ),
        rx.match(
            EnrolmentState.step,
            (1, _identity()),
            (2, _treatments()),
            (3, _consent()),
            skeleton_rows(4),
        ),
    )


def _step(number: int, *content: Child, acts: Child, lead: Child = None) -> rx.Component:
    """One step: its fields, and those of the others, hidden, so that each draft is whole."""
    title, _ = STEPS[number - 1]
    return form(
        rx.el.input(type="hidden", name="key", value=EnrolmentState.form_key),
        rx.el.input(type="hidden", name="way", default_value="", data_no_draft=""),
        rx.foreach(
            EnrolmentState.carried,
            lambda field: rx.el.input(type="hidden", name=field.name, value=field.value),
        ),
        rx.el.div(
            rx.el.h2(title, data_focus="", **ident("step-title")),
            *([] if lead is None else [rx.el.p(lead, class_name="muted")]),
        ),
        *content,
        acts,
        rx.el.div(
            draft_status(),
            button("Abandonner l’inscription", kind="ghost", data_way=ABANDON),
            class_name="wiz-foot",
        ),
        on_submit=EnrolmentState.submit,
        draft="enrolment",
        class_name="panel step stack form",
        aria_labelledby="step-title",
        key=EnrolmentState.form_key,
    )


def _acts(number: int, words: str) -> rx.Component:
    """The way back at the left, the way on at the right."""
    back = (
        button("Étape précédente", kind="ghost", big=True, icon_name="arrow-left", data_way="back")
        if number > 1
        else link_button(
            "Revenir à mes patients",
            href="/patients",
            kind="ghost",
            icon_name="arrow-left",
            big=True,
        )
    )
    on = submit_button(words, icon("arrow-right", "s"), big=True, data_way="next")
    return rx.el.div(back, on, class_name="wiz-acts")


def _identity() -> rx.Component:
    return _step(
        1,
        mandatory_note(),
        strict_fields(_typed),
        _part("Identité utilisée"),
        used_fields(_typed),
        _part("Coordonnées"),
        contact_fields(_typed),
        acts=_acts(1, "Continuer vers les traitements"),
    )


def _part(title: str) -> rx.Component:
    return rx.el.h3(title, class_name="part")


def _treatments() -> rx.Component:
    return _step(
        2,
        rx.el.div(
            live_line(EnrolmentState.told, icon_name="check"),
            rx.cond(
                EnrolmentState.treatments.length() > 0,
                rx.el.ul(
                    rx.foreach(EnrolmentState.treatments, _added),
                    class_name="tlist boxed",
                    aria_label="Traitements ajoutés",
                ),
                rx.el.p("Aucun traitement ajouté pour l’instant.", class_name="muted"),
            ),
        ),
        rx.cond(
            EnrolmentState.is_full,
            callout(
                "Six traitements au plus à l’inscription. Vous ajouterez les autres ensuite, dans "
                f"«{NARROW}Traitements{NARROW}».",
                tone="neutral",
            ),
            _adding(),
        ),
        acts=_acts(2, "Continuer vers la notice"),
        lead=rx.fragment(
            "* Minimum 1. Ceux dont le cercle suivra la tolérance, les interactions et l’observance."
        ),
    )


def _added(row: rx.Var[AddedTreatment]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.b(row.label)),
            rx.cond(row.detail, rx.el.p(row.detail, class_name="sm muted")),
            *_error(row.name),
            class_name="grow",
        ),
        button(
            "Retirer",
            rx.el.span(" ", row.label, class_name="vh"),
            icon_name="x",
            data_way="remove-" + row.number.to_string(),
        ),
        class_name="tline",
        key=row.name,
        **ident(row.name),
    )


def _error(name: Text) -> list[Child]:
    """The sentence beside what is no field: a line of the list, the consent as a whole."""
    error = EnrolmentState.field_errors.get(name, "")
    return FieldParts("", f"{name}", element_id="", hint="", error=error, required=False).messages()


def _adding() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Ajouter un traitement"),
        rx.el.div(
            medicine_picker(error=error_of("label")),
            rx.el.div(
                text_field(
                    "Posologie",
                    "posology",
                    value=_typed("posology"),
                    hint="Par exemple 1 comprimé matin et soir",
                    error=error_of("posology"),
                    max_length=200,
                ),
                date_fields(
                    "Début du traitement",
                    "started_on",
                    day=_typed("started_on_day"),
                    month=_typed("started_on_month"),
                    year=_typed("started_on_year"),
                    hint="Par exemple 9 3 2026",
                    error=error_of("started_on"),
                    required=True,
                ),
                class_name="cols",
            ),
            form_actions(
                submit_button(
                    "Ajouter ce traitement", kind="soft", icon_name="plus", data_way="add"
                )
            ),
            class_name="stack form",
            key=EnrolmentState.adding_key,
            custom_attrs={"data-focus": rx.cond(EnrolmentState.told, "", UNDEFINED)},
        ),
        class_name="adding",
    )


def _consent() -> rx.Component:
    return _step(
        3,
        rx.el.div(
            rx.el.h3("Notice d’information"),
            rx.el.p(EnrolmentState.information.version, class_name="sm muted"),
            link_button(
                "Imprimer la notice",
                rx.el.span(" (nouvelle fenêtre)", class_name="vh"),
                href="/notice",
                icon_name="printer",
                target="_blank",
            ),
            class_name="row wrap between",
        ),
        notice_box(EnrolmentState.information),
        notice_date(_typed),
        rx.el.div(
            rx.el.h3("Consentement du patient"),
            *_error("consent_given"),
            rx.cond(
                EnrolmentState.consent,
                rx.el.div(
                    icon("circle-check"),
                    rx.el.p(EnrolmentState.consent, class_name="grow"),
                    button("Modifier le consentement", kind="ghost", data_way=COLLECT),
                    class_name="picked",
                ),
                rx.el.p(
                    button(
                        "Recueillir le consentement du patient" + MANDATORY,
                        icon_name="handshake",
                        big=True,
                        data_way=COLLECT,
                        aria_haspopup="dialog",
                    )
                ),
            ),
            class_name=rx.cond(error_of("consent_given"), "field bad", "field"),
            **ident("consent_given"),
        ),
        acts=_acts(3, "Créer la fiche du patient"),
        lead="Remettez la notice, lisez-la ensemble, puis recueillez le consentement.",
    )
