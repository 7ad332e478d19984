"""« Gestion des notifications par mail » (CX-43 to CX-45), and what a patient receives (ME-166)."""

import reflex as rx

from app.components.button import submit_button
from app.components.callout import callout
from app.components.choice_field import radio_cards
from app.components.form import error_summary, form, form_actions
from app.components.icons import icon
from app.components.panel import panel
from app.components.states import when_loaded
from app.i18n.message import PRIORITIES
from app.i18n.notification import CONTACT_CHOICES, INFORMATION_CHOICES
from app.models.message import Priority
from app.pages.account.frame import account_page
from app.pages.table import page
from app.state.base import Audience
from app.state.notification import NotificationState


@page(
    route="/compte/notifications",
    title="Gestion des notifications par mail",
    audience=Audience.OWN_ACCOUNT,
    on_load=NotificationState.load,
)
def notification_page() -> rx.Component:
    """When mails come, and where."""
    return account_page(
        "Gestion des notifications par mail",
        when_loaded(
            NotificationState.is_loaded,
            error_summary(),
            rx.match(
                NotificationState.viewer_role,
                ("professional", _professional()),
                ("patient", _patient()),
                _nobody(),
            ),
        ),
        current="notifications",
        lead="Des e-mails vous préviennent quand des messages vous attendent.",
    )


def _professional() -> rx.Component:
    state = NotificationState
    return rx.fragment(
        form(
            _rhythm(
                Priority.CONTACT,
                "contact_per_day",
                CONTACT_CHOICES,
                value=state.contact_per_day,
                following=state.next_contact,
            ),
            _rhythm(
                Priority.INFORMATION,
                "information",
                INFORMATION_CHOICES,
                value=state.information,
                following=state.next_information,
            ),
            form_actions(submit_button("Enregistrer")),
            on_submit=state.save,
            class_name="stack wide",
        ),
        _address(),
        _quiet(
            "Un e-mail ne part que si un message est arrivé depuis le précédent et n’est pas encore lu. "
            "Il dit combien de messages vous attendent, jamais de qui ni à propos de qui."
        ),
    )


def _rhythm(
    priority: Priority,
    name: str,
    choices: list[tuple[str, str, str]],
    *,
    value: rx.Var[str],
    following: rx.Var[str],
) -> rx.Component:
    return panel(
        radio_cards(
            "Fréquence des e-mails",
            name,
            choices,
            value=value,
        ),
        rx.el.p(icon("clock", "s"), following, class_name="row sm"),
        title=PRIORITIES[priority],
        title_id=f"rythme-{priority.value}",
    )


def _patient() -> rx.Component:
    return rx.fragment(
        panel(
            rx.el.p(
                "Chaque fois qu’un professionnel vous écrit, un e-mail vous prévient aussitôt. "
                "Vous le lisez dans votre messagerie, une fois connecté."
            ),
            title="À chaque message",
            title_id="chaque-message",
        ),
        _address(),
        _quiet("Cet e-mail ne dit ni qui vous écrit, ni à quel sujet."),
    )


def _nobody() -> rx.Component:
    return callout(
        "Aucun message n’arrive sur ce compte. Ceux d’un professionnel dont vous tenez la messagerie lui sont "
        "annoncés, à l’adresse et au rythme qu’il a choisis.",
        tone="neutral",
    )


def _address() -> rx.Component:
    return panel(
        rx.el.ul(
            rx.el.li(
                rx.el.span(icon("mail"), class_name="disc", aria_hidden="true"),
                rx.el.div(
                    rx.el.p(rx.el.b(NotificationState.address)),
                    rx.el.p(
                        "C’est l’adresse marquée d’une étoile dans vos coordonnées.",
                        class_name="sm muted",
                    ),
                    class_name="grow",
                ),
                rx.el.a("Changer d’adresse", href="/compte/coordonnees", class_name="btn"),
            ),
            class_name="lines",
        ),
        title="Adresse des notifications",
        title_id="adresse",
        bare=True,
    )


def _quiet(words: str) -> rx.Component:
    return callout(words, tone="neutral", icon_name="shield-check")
