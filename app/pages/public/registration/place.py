"""Second step: places of practice and their partner laboratories (MM-11 to MM-14, MM-26)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button, submit_button
from app.components.choice_field import radio_cards
from app.components.combobox import combobox, picked
from app.components.dialog import dialog
from app.components.field import FieldParts, text_field
from app.components.form import form, form_actions
from app.components.icons import icon
from app.components.markup import ident
from app.pages.public.registration.frame import acts, at_step, step_page
from app.state.registration import RegistrationFlow
from app.state.registration_place import LABORATORY, PLACE, FacilityOption, RegistrationPlaces
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
            rx.cond(
                window.chosen,
                picked(
                    rx.fragment(
                        rx.el.b(window.chosen),
                        rx.el.span(" ", window.chosen_detail, class_name="sm muted"),
                    ),
                    on_change=window.unpick,
                    name="facility_id",
                    value=window.place["facility_id"],
                ),
                rx.cond(window.is_typed, _typed_place(), _search()),
            ),
            rx.cond(
                window.chosen == "",
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        default_checked=window.is_typed,
                        on_change=window.type_by_hand,
                    ),
                    rx.el.span("Mon établissement n’est pas dans la liste"),
                    class_name="check",
                ),
            ),
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


def _search() -> rx.Component:
    window = RegistrationPlaces
    return combobox(
        "Établissement",
        "facility",
        on_search=window.search,
        results=window.found,
        draw=_option,
        on_pick=lambda item: window.pick(item.id),
        status=window.search_status,
        hint="Nom, commune ou code postal",
        required=True,
    )


def _option(item: rx.Var[FacilityOption]) -> rx.Component:
    return rx.fragment(
        rx.el.b(item.name), rx.cond(item.detail, rx.el.span(item.detail, class_name="sm muted"))
    )


def _typed_place() -> rx.Component:
    return rx.fragment(
        text_field("Nom de l’établissement", "name", required=True, max_length=200),
        text_field("Adresse", "address", auto_complete="street-address", max_length=250),
        rx.el.div(
            text_field(
                "Code postal",
                "postcode",
                required=True,
                input_mode="numeric",
                auto_complete="postal-code",
                max_length=10,
            ),
            text_field(
                "Commune", "city", required=True, auto_complete="address-level2", max_length=100
            ),
            class_name="cols",
        ),
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
