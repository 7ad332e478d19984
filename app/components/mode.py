"""On whose behalf, or in what mode, one acts: the bar under the header, the way in and the way out."""

from typing import Literal

import reflex as rx

from app.components.button import submit_button
from app.components.form import native_form
from app.components.icons import icon
from app.components.markup import Child, Text
from app.i18n.record_access import MODE_MORE
from app.state.base import AppState, HolderChoice

ENTER, QUIT = "/auth/act-for", "/auth/act-for/stop"


def mode_bar(
    words: Text,
    *,
    kind: Literal["delegation", "urgence", "enfant", "demo"],
    icon_name: str,
    more: Child = "",
    way_out: Child = None,
) -> rx.Component:
    """Under the header, impossible to close: on whose behalf, or in what mode, one acts."""
    return rx.el.section(
        icon(icon_name),
        rx.el.p(words, " ", rx.el.span(more, class_name="fine")),
        *([] if way_out is None else [way_out]),
        class_name=f"mode {kind}",
        aria_label="Mode en cours",
    )


def acting_bar() -> rx.Component:
    """« Vous agissez pour la Dre Martin », on every page, for as long as it lasts."""
    return rx.cond(
        AppState.acting_for,
        mode_bar(
            "Vous agissez pour " + AppState.acting_for,
            kind="delegation",
            icon_name="handshake",
            more=rx.fragment(
                rx.cond(AppState.acting_until, AppState.acting_until + " · ", ""),
                "Chaque acte porte vos deux noms",
            ),
            way_out=quit_form(),
        ),
    )


def emergency_bar() -> rx.Component:
    """« Accès en urgence, motif enregistré · encore 42 min », on every page, for as long as it lasts (FC-05)."""
    left = rx.el.span(AppState.mode_left, data_left=AppState.mode_seconds.to_string())
    return rx.cond(
        AppState.mode_words,
        mode_bar(
            AppState.mode_words,
            kind="urgence",
            icon_name="siren",
            more=rx.fragment("· ", left, " · ", MODE_MORE),
            way_out=rx.el.span(
                rx.el.a("Revenir au dossier", href=AppState.mode_record),
                rx.el.button(
                    "Quitter le dossier",
                    type="button",
                    on_click=AppState.leave_mode,
                    class_name="lnk",
                ),
                class_name="end row wrap",
            ),
        ),
    )


def quit_form(*, block: bool = False) -> rx.Component:
    """The way back to one's own account: a new token, hence a form of the browser (S050)."""
    words = "Quitter ce mode"
    way = (
        submit_button(words, kind="", block=True, icon_name="undo-2")
        if block
        else rx.el.button(words, type="submit", class_name="lnk")
    )
    return native_form(way, action=QUIT, class_name="end")


def enter_form(delegation_id: Text, *words: Child) -> rx.Component:
    """Begin to act for a holder. `words`: what the button says."""
    return native_form(
        rx.el.input(type="hidden", name="delegation_id", value=delegation_id),
        submit_button(*words, kind="", icon_name="handshake", block=True),
        action=ENTER,
    )


def holder_choices() -> rx.Component:
    """« Agir pour… » in a menu."""

    def choice(holder: rx.Var[HolderChoice]) -> rx.Component:
        return rx.el.li(enter_form(holder.id, "Agir pour ", holder.label), key=holder.id)

    return rx.el.ul(rx.foreach(AppState.holders, choice), class_name="stack tight")
