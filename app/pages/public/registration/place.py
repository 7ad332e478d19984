"""Second step: places of practice and their partner laboratories (MM-11 to MM-14, MM-26)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button, submit_button
from app.components.choice_field import radio_cards
from app.components.dialog import dialog
from app.components.facility_choice import facility_choice
from app.components.field import FieldParts
from app.components.form import form, form_actions
from app.components.icons import icon
from app.components.markup import ident
from app.pages.public.registration.frame import acts, at_step, step_page
from app.state.registration import RegistrationFlow
from app.state.registration_place import LABORATORY, PLACE, RegistrationPlaces
from app.state.registration_steps import Step
from app.state.registration_words import PlaceView

_STEP = Step.PLACES


@at_step(_STEP)
def places_page() -> rx.Component:
    flow, window = RegistrationFlow, RegistrationPlaces
    empty = FieldParts("", "places", element_id="", hint="", error=None, required=False)
    return step_page(
        _STEP,
        "Vos lieux d’exercice",
        rx.cond(
            flow.places.length() > 0,
            rx.el.ul(rx.foreach(flow.places, _place), class_name="given"),
        ),
        rx.el.div(
            *empty.messages(),
            button(
                rx.cond(
                    flow.places.length() > 0,
                    "Ajouter un établissement",
                    rx.cond(
                        flow.is_secretary,
                        "Ajouter un établissement",
                        "Je renseigne mon lieu d’exercice",
                    ),
                ),
                icon_name="plus",
                on_click=window.open_place,
                aria_haspopup="dialog",
                **ident("places"),
            ),
        ),
        acts(
            _STEP,
            button(
                "Continuer",
                icon("arrow-right", "s"),
                kind="primary",
                big=True,
                on_click=window.leave_step,
            ),
        ),
        _place_dialog(),
        _laboratory_dialog(),
        lead="Un ou plusieurs établissements, chacun avec le laboratoire avec lequel il travaille d’habitude.",
    )


def _place(row: rx.Var[PlaceView]) -> rx.Component:
    window = RegistrationPlaces
    error = RegistrationFlow.field_errors.get(row.name_id, "")
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.b(row.name),
                " ",
                rx.cond(row.is_from_directory, badge("De l’annuaire", "line")),
            ),
            rx.el.p(row.address, class_name="sm muted"),
            rx.cond(
                row.laboratory,
                rx.el.p(icon("flask-conical", "s"), " ", row.laboratory, class_name="sm"),
            ),
            rx.cond(
                error,
                rx.el.p(icon("circle-alert", "s"), rx.el.span(error), class_name="err"),
            ),
            class_name="grow",
        ),
        rx.cond(
            RegistrationFlow.laboratories.length() > 0,
            button(
                rx.cond(row.laboratory, "Changer de laboratoire", "Choisir le laboratoire"),
                rx.el.span(" de ", row.name, class_name="vh"),
                on_click=window.open_laboratory(row.id, row.name),
                aria_haspopup="dialog",
            ),
        ),
        button(
            "Retirer",
            rx.el.span(" ", row.name, class_name="vh"),
            kind="ghost",
            icon_name="x",
            on_click=window.remove(row.id),
        ),
        key=row.id,
        **ident(row.name_id),
    )


def _place_dialog() -> rx.Component:
    window = RegistrationPlaces
    return dialog(
        rx.cond(
            RegistrationFlow.is_secretary,
            "Ajouter un établissement",
            "Mon lieu d’exercice",
        ),
        form(
            facility_choice(window, chosen_id=window.place["facility_id"]),
            form_actions(
                submit_button("Continuer", icon("arrow-right", "s")),
                button("Annuler", on_click=window.close),
            ),
            on_submit=window.go_on,
            class_name="stack form",
        ),
        is_open=window.panel == PLACE,
        on_close=window.close,
        dialog_id="lieu",
        wide=True,
    )


def _laboratory_dialog() -> rx.Component:
    window = RegistrationPlaces
    return dialog(
        "Laboratoire partenaire",
        rx.el.p("Pour ", rx.el.b(window.chosen), "."),
        form(
            rx.cond(
                RegistrationFlow.laboratories.length() > 0,
                radio_cards(
                    "Laboratoire avec lequel vous travaillez d’habitude",
                    "laboratory_id",
                    RegistrationFlow.laboratories,
                    required=True,
                    two=False,
                ),
                rx.el.p(
                    "Aucun laboratoire partenaire n’est encore enregistré.", class_name="muted"
                ),
            ),
            form_actions(
                submit_button("Terminer"),
                rx.cond(
                    window.place_id == "",
                    button("Revenir à l’établissement", on_click=window.back),
                    button("Annuler", on_click=window.close),
                ),
            ),
            on_submit=window.finish,
            class_name="stack form",
        ),
        is_open=window.panel == LABORATORY,
        on_close=window.close,
        dialog_id="laboratoire",
        wide=True,
    )
