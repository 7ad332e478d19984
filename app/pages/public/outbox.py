"""The mails and SMS of the demonstration. Outside it, the address answers 404."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button, link_button
from app.components.icons import icon
from app.components.panel import stack
from app.components.signed_out import card, signed_out_shell
from app.components.states import empty, ready, skeleton_rows
from app.pages.table import page
from app.state.base import Audience
from app.state.outbox import DemoOutboxState, MessageView

_REFRESH = "actualiser"


@page(
    route="/demo/boite-envoi",
    title="Messages de la démonstration",
    audience=Audience.PUBLIC,
    on_load=DemoOutboxState.load,
)
def outbox_page() -> rx.Component:
    """What a real portal would have sent, newest first."""
    return signed_out_shell(
        card(
            "Messages de la démonstration",
            ready(
                rx.cond(
                    DemoOutboxState.is_loaded,
                    stack(
                        _acts(),
                        rx.cond(
                            DemoOutboxState.messages.length() > 0,
                            rx.el.ol(
                                rx.foreach(DemoOutboxState.messages, _message), class_name="mails"
                            ),
                            empty(
                                "Aucun message n’a encore été envoyé.",
                                link_button("Se connecter", href="/connexion"),
                                icon_name="mail",
                                bare=True,
                            ),
                        ),
                    ),
                    skeleton_rows(),
                ),
                not_found=empty(
                    "Ces messages n’existent que dans la démonstration.",
                    link_button("Aller à la connexion", href="/connexion"),
                    icon_name="mail",
                    bare=True,
                ),
            ),
            lead="Ici, rien ne quitte la machine\u202f: voici ce qui serait parti, le plus récent d’abord.",
        ),
        wide=True,
    )


def _acts() -> rx.Component:
    return rx.el.div(
        button(
            "Actualiser",
            icon_name="rotate-cw",
            on_click=DemoOutboxState.load,
            custom_attrs={"id": _REFRESH},
        ),
        rx.el.label(
            rx.el.input(type="checkbox", default_checked=True, data_repeats=_REFRESH),
            rx.el.span("Actualiser toutes les 3 secondes"),
            class_name="check",
        ),
        rx.el.a(icon("key-round", "s"), "Saisir un code", href="/connexion/code", class_name="lnk"),
        class_name="row wrap between",
    )


def _message(message: rx.Var[MessageView]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.b(message.subject),
            badge(message.channel, "line"),
            class_name="row wrap between",
        ),
        rx.el.p("À ", message.recipient, " · ", rx.el.time(message.sent), class_name="sm muted"),
        rx.cond(
            message.code,
            rx.el.p(
                rx.el.span("Code", class_name="vh"),
                rx.el.strong(message.code, class_name="otp tn"),
                button(
                    rx.el.span("Copier le code", class_name="ask"),
                    rx.el.span("Copié", class_name="done"),
                    icon_name="copy",
                    data_copy=message.code,
                ),
                class_name="row wrap",
            ),
        ),
        rx.el.p(message.text, class_name="sm keep-lines"),
        key=message.id,
    )
