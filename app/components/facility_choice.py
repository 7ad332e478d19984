"""An establishment where somebody works: found as one types, or typed by hand (MM-11 to MM-14)."""

from typing import Any

import reflex as rx

from app.components.combobox import combobox, picked
from app.components.field import text_field
from app.components.markup import Text
from app.state.registration_place import FacilityOption


def facility_choice(state: Any, *, chosen_id: Text) -> rx.Component:
    """The fields of one establishment, in a form.

    `state`: what was found and chosen, with `search`, `pick`, `unpick` and `type_by_hand`. Sends `facility_id`,
    that of `chosen_id`, or what was typed: `name`, `address`, `postcode`, `city`.
    """
    return rx.fragment(
        rx.cond(
            state.chosen,
            picked(
                rx.fragment(
                    rx.el.b(state.chosen),
                    rx.el.span(" ", state.chosen_detail, class_name="sm muted"),
                ),
                on_change=state.unpick,
                name="facility_id",
                value=chosen_id,
            ),
            rx.cond(state.is_typed, _typed(), _search(state)),
        ),
        rx.cond(
            state.chosen == "",
            rx.el.label(
                rx.el.input(
                    type="checkbox", default_checked=state.is_typed, on_change=state.type_by_hand
                ),
                rx.el.span("Mon établissement n’est pas dans la liste"),
                class_name="check",
            ),
        ),
    )


def _search(state: Any) -> rx.Component:
    return combobox(
        "Établissement",
        "facility",
        on_search=state.search,
        results=state.found,
        draw=_option,
        on_pick=lambda item: state.pick(item.id),
        status=state.search_status,
        hint="Nom, commune ou code postal",
        required=True,
    )


def _option(item: rx.Var[FacilityOption]) -> rx.Component:
    return rx.fragment(
        rx.el.b(item.name), rx.cond(item.detail, rx.el.span(item.detail, class_name="sm muted"))
    )


def _typed() -> rx.Component:
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
