"""After Pro Santé Connect, when no account opened: why, and what can be done (PS-23, MM-29, DM-13)."""

import reflex as rx

from app.components.button import link_button, submit_button
from app.components.callout import callout
from app.components.form import native_form
from app.components.icons import icon
from app.components.psc import psc_door
from app.components.signed_out import card, signed_out_shell, under_card
from app.components.states import ready
from app.i18n.format import NARROW
from app.pages.table import page
from app.state.base import AppState, Audience
from app.state.psc import PscState


@page(
    route="/connexion/pro-sante-connect",
    title="Pro Santé Connect",
    audience=Audience.PUBLIC,
    on_load=PscState.load_psc,
)
def pro_sante_connect() -> rx.Component:
    return signed_out_shell(
        card(
            rx.cond(PscState.person_name, "Reliez votre compte", "Pro Santé Connect"),
            ready(
                rx.cond(
                    PscState.fault,
                    callout(PscState.fault, ".", tone="danger", urgent=True, is_page_error=True),
                ),
                rx.cond(PscState.good_news, callout(PscState.good_news, ".", tone="success")),
                rx.cond(PscState.person_name, _person(), _try_again()),
            ),
        ),
        rx.cond(
            PscState.person_name,
            under_card(rx.el.a("Revenir à la connexion", href="/connexion")),
        ),
    )


def _try_again() -> rx.Component:
    return rx.el.div(
        psc_door(),
        link_button("Se connecter avec son e-mail", href="/connexion", block=True),
        class_name="doors",
    )


def _person() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.p(icon("badge-check"), rx.el.b(PscState.person_name), class_name="row"),
            rx.el.dl(
                rx.foreach(
                    PscState.person_facts,
                    lambda fact: rx.el.div(rx.el.dt(fact[0]), rx.el.dd(fact[1])),
                ),
            ),
            class_name="certified",
        ),
        rx.el.p(
            "Pro Santé Connect vous a reconnu, mais aucun compte Liane n’est relié à cette identité. "
            "Reliez un compte que vous avez déjà, ou créez-en un\u202f: ces informations y seront "
            "remplies pour vous."
        ),
        rx.el.div(
            rx.cond(AppState.viewer_name, _link_here(), _link_after_sign_in()),
            link_button("Créer mon compte", href="/inscription", block=True),
            class_name="doors",
        ),
        native_form(
            rx.el.button(
                f"Ce n’est pas vous{NARROW}? Fermer cette session",
                type="submit",
                class_name="lnk",
            ),
            action="/auth/psc/abandon",
        ),
    )


def _link_here() -> rx.Component:
    return native_form(
        rx.el.p("Vous êtes connecté\u202f: ", rx.el.b(AppState.viewer_name), class_name="sm"),
        submit_button("Relier à mon compte", icon_name="link", block=True),
        action="/auth/psc/link",
    )


def _link_after_sign_in() -> rx.Component:
    return link_button(
        "Relier à mon compte",
        href="/connexion?suite=/connexion/pro-sante-connect",
        kind="primary",
        icon_name="link",
        block=True,
    )
