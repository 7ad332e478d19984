"""The security of one's own account (S053, S054, U-22)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button, submit_button
from app.components.dialog import lose_or_keep
from app.components.field import password_field
from app.components.form import error_summary, native_form
from app.components.icons import icon
from app.components.markup import Child, hidden_text
from app.components.panel import panel
from app.components.password import new_password_fields
from app.components.states import empty, when_loaded
from app.i18n.format import NARROW
from app.pages.account.factor_windows import (
    codes_window,
    psc_unlink_window,
    security_window,
    totp_removal_window,
    totp_window,
)
from app.pages.account.frame import account_page
from app.pages.table import page
from app.state.base import Audience
from app.state.security import DeviceView, SecurityState, SignInView


@page(
    route="/compte/securite",
    title="Sécurité du compte",
    audience=Audience.OWN_ACCOUNT,
    on_load=SecurityState.load,
)
def security_page() -> rx.Component:
    """Password and factors, then where one is signed in."""
    state = SecurityState
    return account_page(
        "Sécurité",
        when_loaded(
            state.is_loaded,
            rx.el.div(
                panel(
                    rx.el.ul(
                        _password_line(),
                        _totp_line(),
                        _codes_line(),
                        rx.cond(state.is_team, _psc_line()),
                        class_name="lines",
                    ),
                    title="Pour vous connecter",
                    title_id="facteurs",
                    bare=True,
                ),
                panel(
                    rx.el.ul(rx.foreach(state.sign_ins, _sign_in), class_name="lines"),
                    title="Connexions ouvertes",
                    title_id="connexions",
                    beside=rx.el.span(state.sign_ins.length(), class_name="count"),
                    end=rx.cond(
                        state.sign_ins.length() > 1,
                        button(
                            "Fermer toutes les autres",
                            icon_name="log-out",
                            on_click=state.ask_close_others,
                        ),
                    ),
                    bare=True,
                ),
                panel(
                    rx.cond(
                        state.devices.length() > 0,
                        rx.el.ul(rx.foreach(state.devices, _device), class_name="lines"),
                        empty("Aucun appareil connu.", icon_name="monitor", bare=True),
                    ),
                    title="Appareils connus",
                    title_id="appareils",
                    bare=True,
                ),
                class_name="stack wide",
            ),
        ),
        _password_window(),
        totp_window(),
        totp_removal_window(),
        codes_window(),
        psc_unlink_window(),
        _others_window(),
        current="security",
        lead="Comment vous êtes reconnu, et où vous êtes connecté.",
    )


def _line(
    icon_name: str, title: str, words: Child, *acts: Child, mark: Child = None
) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon(icon_name), class_name="disc", aria_hidden="true"),
        rx.el.div(
            rx.el.p(rx.el.b(title), *([] if mark is None else [mark]), class_name="row wrap"),
            rx.el.p(words, class_name="sm muted"),
            class_name="grow",
        ),
        *([rx.el.div(*acts, class_name="acts")] if acts else []),
    )


def _password_line() -> rx.Component:
    return _line(
        "key-round",
        "Mot de passe",
        "Un changement ferme vos autres connexions.",
        button("Changer", hidden_text(" de mot de passe"), on_click=SecurityState.open_password),
    )


def _totp_line() -> rx.Component:
    state = SecurityState
    return rx.cond(
        state.totp_since,
        _line(
            "smartphone",
            "Application d’authentification",
            rx.fragment("Active depuis le ", state.totp_since),
            button("Retirer", hidden_text(" l’application"), on_click=state.ask_remove_totp),
            mark=badge("Active", "success", "check"),
        ),
        _line(
            "smartphone",
            "Application d’authentification",
            "Le moyen le plus sûr : un code qui change toutes les 30 secondes, même sans réseau.",
            button(
                "Ajouter", hidden_text(" une application"), kind="soft", on_click=state.open_totp
            ),
        ),
    )


def _codes_line() -> rx.Component:
    state = SecurityState
    return _line(
        "file-text",
        "Codes de secours",
        rx.cond(
            state.recovery_left > 0,
            rx.fragment("Codes encore valables : ", state.recovery_left, " sur 10"),
            "Dix codes à garder sur papier, pour le jour où vous n’avez plus votre téléphone.",
        ),
        button(
            rx.cond(state.recovery_left > 0, "Remplacer", "Créer"),
            hidden_text(" des codes de secours"),
            on_click=state.open_codes,
        ),
    )


def _psc_line() -> rx.Component:
    state = SecurityState
    return rx.cond(
        state.psc_since,
        _line(
            "id-card",
            "Pro Santé Connect",
            rx.fragment("Relié depuis le ", state.psc_since),
            button("Dissocier", hidden_text(" Pro Santé Connect"), on_click=state.ask_unlink_psc),
            mark=badge("Relié", "success", "check"),
        ),
        _line(
            "id-card",
            "Pro Santé Connect",
            rx.cond(
                state.psc_unlinked,
                rx.fragment(
                    "Dissocié le ",
                    state.psc_unlinked,
                    ". Pour le relier, connectez-vous avec votre e-CPS puis choisissez "
                    "«\u202fRelier à mon compte\u202f».",
                ),
                "Pas encore relié. Il le sera à votre première connexion avec votre e-CPS.",
            ),
        ),
    )


def _sign_in(row: rx.Var[SignInView]) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("monitor"), class_name="disc", aria_hidden="true"),
        rx.el.div(
            rx.el.p(
                rx.el.b(row.device),
                rx.cond(row.is_this_one, badge("Cette connexion", "success", "check")),
                class_name="row wrap",
            ),
            rx.el.p(row.method, class_name="sm"),
            rx.el.p(
                "Depuis le ",
                row.opened,
                f" · adresse{NARROW}: ",
                row.address,
                " · dernière action le ",
                row.last_act,
                class_name="sm muted",
            ),
            class_name="grow",
        ),
        rx.cond(
            ~row.is_this_one,
            rx.el.div(
                button(
                    "Fermer",
                    hidden_text(" la connexion "),
                    hidden_text(row.device),
                    on_click=SecurityState.close_sign_in(row.id),
                ),
                class_name="acts",
            ),
        ),
        key=row.id,
    )


def _device(row: rx.Var[DeviceView]) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("monitor"), class_name="disc plain", aria_hidden="true"),
        rx.el.div(
            rx.el.p(
                rx.el.b(row.label),
                rx.cond(row.is_this_one, badge("Cet appareil", "line")),
                class_name="row wrap",
            ),
            rx.el.p(row.seen, class_name="sm muted"),
            class_name="grow",
        ),
        rx.el.div(
            button(
                "Oublier",
                hidden_text(row.label),
                kind="ghost",
                on_click=SecurityState.forget_device(row.id),
            ),
            class_name="acts",
        ),
        key=row.id,
    )


def _password_window() -> rx.Component:
    return security_window(
        "password",
        "Changer de mot de passe",
        error_summary(),
        native_form(
            password_field("Mot de passe actuel", "current", auto_complete="current-password"),
            new_password_fields(
                label="Nouveau mot de passe", again_label="Confirmez le nouveau mot de passe"
            ),
            rx.el.div(
                button("Annuler", on_click=SecurityState.close),
                submit_button("Changer de mot de passe"),
                class_name="acts",
            ),
            action="/auth/account/password",
            class_name="stack form",
        ),
    )


def _others_window() -> rx.Component:
    return security_window(
        "close-others",
        f"Fermer toutes les autres connexions{NARROW}?",
        rx.el.p("Chaque page encore ouverte ailleurs reviendra à la connexion."),
        actions=lose_or_keep(
            "Fermer les autres",
            SecurityState.close_others,
            keep=SecurityState.close,
            kept="Annuler",
        ),
    )
