"""Health mail, watched by administrators: the connection, the quarantine, what did not leave (S067, S113)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button
from app.components.callout import callout
from app.components.dialog import dialog, lose_or_keep
from app.components.panel import page_head, panel, stack
from app.components.shell import administrator_shell
from app.components.states import empty, when_loaded
from app.components.table import cell, data_table, row, row_head
from app.i18n.format import NARROW
from app.pages.admin.parts import facts, page_links
from app.pages.table import page
from app.state.base import AppState, Audience
from app.state.health_mail import FailureLine, HealthMailState, MailLine


@page(
    route="/admin/messagerie-de-sante",
    title="Messagerie de santé",
    audience=Audience.ADMINISTRATOR,
    on_load=HealthMailState.load,
)
def health_mail_page() -> rx.Component:
    """Envelopes and reasons; no subject, no text."""
    state = HealthMailState
    return administrator_shell(
        page_head(
            "Messagerie de santé",
            lead="Ce qui arrive de l’extérieur. Ni l’objet ni le contenu des messages ne sont montrés.",
        ),
        when_loaded(
            state.is_loaded,
            stack(
                rx.cond(AppState.error, callout(AppState.error, tone="danger", urgent=True)),
                panel(
                    rx.cond(
                        state.is_off,
                        callout(
                            f"La messagerie de santé est arrêtée{NARROW}: aucun serveur n’est réglé. Les "
                            "réglages LIANE_HEALTH_MAIL_* sont décrits dans le fichier README.md.",
                            tone="info",
                        ),
                    ),
                    rx.cond(state.trouble, callout(state.trouble, tone="warning")),
                    facts(state.connection),
                    title="Connexion",
                    title_id="connexion",
                ),
                panel(
                    rx.cond(
                        state.mails.length() > 0,
                        rx.fragment(
                            data_table(
                                "Messages en quarantaine",
                                (
                                    "Expéditeur et destinataire",
                                    "Reçu le",
                                    "Motif",
                                    "Taille",
                                    "Actions",
                                ),
                                rx.foreach(state.mails, _mail),
                            ),
                            page_links(state.paging),
                        ),
                        empty("Aucun message en quarantaine.", icon_name="shield-check", bare=True),
                    ),
                    title="Quarantaine",
                    title_id="quarantaine",
                    bare=True,
                    class_name="mails",
                ),
                panel(
                    rx.cond(
                        state.failures.length() > 0,
                        data_table(
                            "Réponses de patients non remises",
                            ("Destinataire", "Écrite le", "Abandonnée le", "Motif"),
                            rx.foreach(state.failures, _failure),
                        ),
                        empty(
                            "Toutes les réponses des patients sont parties.",
                            icon_name="check",
                            bare=True,
                        ),
                    ),
                    title="Réponses non remises",
                    title_id="non-remises",
                    bare=True,
                    class_name="mails",
                ),
            ),
        ),
        _discarding(),
        current="health_mail",
    )


def _mail(line: rx.Var[MailLine]) -> rx.Component:
    about = rx.el.span(" le message de ", line.sender, class_name="vh")
    return row(
        row_head(line.sender, under=f"Pour{NARROW}: {line.recipient}"),
        cell(line.received, label="Reçu le", look="when"),
        cell(badge(line.reason, "warning"), label="Motif"),
        cell(line.size, label="Taille", look="nw"),
        cell(
            rx.el.div(
                rx.cond(
                    line.is_asked,
                    rx.el.span("Nouvel essai demandé", class_name="sm muted"),
                    rx.cond(
                        line.may_retry,
                        button("Réessayer", about, on_click=HealthMailState.retry(line.id)),
                    ),
                ),
                button("Écarter", about, on_click=HealthMailState.ask_discard(line.id)),
                class_name="row wrap acts",
            ),
            label="Actions",
        ),
        key=line.id,
    )


def _failure(line: rx.Var[FailureLine]) -> rx.Component:
    return row(
        row_head(line.receiver),
        cell(line.written, label="Écrite le", look="when"),
        cell(line.failed, label="Abandonnée le", look="when"),
        cell(line.reason, label="Motif"),
        key=line.id,
    )


def _discarding() -> rx.Component:
    state = HealthMailState
    return dialog(
        rx.fragment("Écarter le message de ", state.discarding_sender, f"{NARROW}?"),
        rx.el.p(
            "Le portail l’efface, personne ne le lira ici. Prévenez son expéditeur si vous le connaissez."
        ),
        is_open=AppState.is_hydrated & (state.discarding != ""),
        on_close=state.keep,
        actions=lose_or_keep("Écarter", state.discard, keep=state.keep, kept="Garder"),
        dialog_id="ecarter-message",
    )
