"""The places of practice of one's own account, and the window that adds one (MM-11 to MM-14)."""

import reflex as rx

from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.choice_field import select_field
from app.components.dialog import dialog
from app.components.facility_choice import facility_choice
from app.components.form import form
from app.components.icons import icon
from app.components.markup import hidden_text
from app.components.panel import panel
from app.i18n.format import NARROW
from app.state.base import AppState
from app.state.practice import PracticeState
from app.state.profile import PlaceView, ProfileState


def places() -> rx.Component:
    """The places, the one shown beside the name first."""
    return panel(
        rx.el.ul(
            rx.cond(
                ProfileState.places.length() > 0,
                rx.foreach(ProfileState.places, _place),
                rx.el.li(
                    rx.el.span(icon("building-2"), class_name="disc", aria_hidden="true"),
                    rx.el.p(
                        rx.cond(ProfileState.me.place, ProfileState.me.place, "Non renseigné"),
                        class_name="grow",
                    ),
                ),
            ),
            class_name="lines",
        ),
        _window(),
        title="Lieux d’exercice",
        title_id="lieux",
        end=rx.cond(
            ProfileState.is_editing,
            button("Ajouter un lieu", icon_name="plus", on_click=PracticeState.open),
        ),
        bare=True,
    )


def _place(place: rx.Var[PlaceView]) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("building-2"), class_name="disc", aria_hidden="true"),
        rx.el.div(
            rx.el.p(rx.el.b(place.name)),
            rx.cond(place.address, rx.el.p(place.address, class_name="sm")),
            rx.cond(
                place.laboratory,
                rx.el.p(
                    f"Laboratoire partenaire{NARROW}: ", place.laboratory, class_name="sm muted"
                ),
            ),
            class_name="grow",
        ),
        rx.cond(
            ProfileState.is_editing & (ProfileState.places.length() > 1),
            rx.el.div(
                button(
                    "Retirer",
                    hidden_text(place.name),
                    icon_name="trash-2",
                    on_click=PracticeState.remove(place.id),
                ),
                class_name="acts",
            ),
        ),
        key=place.id,
    )


def _window() -> rx.Component:
    state = PracticeState
    return dialog(
        "Ajouter un lieu d’exercice",
        rx.cond(
            (AppState.error != "") & (AppState.field_errors.keys().length() == 0),
            callout(AppState.error, tone="danger", urgent=True),
        ),
        form(
            rx.el.input(type="hidden", name="key", value=state.form_key),
            facility_choice(state, chosen_id=state.chosen_id),
            rx.cond(
                state.laboratories.length() > 0,
                select_field(
                    "Laboratoire partenaire",
                    "laboratory_id",
                    state.laboratories,
                    empty="Choisir un laboratoire",
                    required=True,
                ),
            ),
            rx.el.div(
                button("Annuler", on_click=state.close),
                submit_button("Ajouter"),
                class_name="acts",
            ),
            on_submit=state.add,
            key=state.form_key,
        ),
        is_open=AppState.is_hydrated & state.is_open,
        on_close=state.close,
        dialog_id="lieu",
        wide=True,
        look="",
    )
