"""The windows of one's factors: an authenticator application, recovery codes, Pro Santé Connect (S034, S035).

Seeds and codes are asked for by the browser script and written as text: page state never holds them.
"""

import reflex as rx

from app.components.button import button, print_button, submit_button
from app.components.callout import callout
from app.components.dialog import dialog, lose_or_keep, safe
from app.components.field import text_field
from app.components.form import native_form
from app.components.icons import icon
from app.components.markup import Child, ident
from app.i18n.format import NARROW
from app.state.base import AppState
from app.state.security import SecurityState

_CODES = "codes-de-secours"


def security_window(
    name: str, title: Child, *content: Child, actions: Child = None
) -> rx.Component:
    """A window of the security page."""
    return dialog(
        title,
        rx.cond(
            AppState.error, callout(AppState.error, tone="danger", urgent=True, is_page_error=True)
        ),
        *content,
        is_open=AppState.is_hydrated & (SecurityState.window == name),
        on_close=SecurityState.close,
        actions=actions,
        dialog_id=f"fenetre-{name}",
        look="",
    )


def totp_window() -> rx.Component:
    """Scan, then give the first code."""
    return security_window(
        "totp",
        "Ajouter une application d’authentification",
        rx.el.div(
            rx.el.img(
                src="/api/account/authenticator.svg",
                alt="Code QR à photographier avec votre application d’authentification",
                width="184",
                height="184",
            ),
            rx.el.div(
                rx.el.p(
                    "Photographiez ce dessin avec votre application d’authentification "
                    "(FreeOTP, Aegis, ou celle de votre téléphone)."
                ),
                rx.el.p("Ou recopiez cette clé\u202f:", class_name="sm muted"),
                rx.el.p(class_name="secret", data_told_by="/api/account/authenticator-key"),
                class_name="text",
            ),
            class_name="qr",
        ),
        native_form(
            rx.el.div(
                text_field(
                    "Premier code de l’application",
                    "code",
                    hint="6 chiffres, renouvelés toutes les 30 secondes",
                    input_mode="numeric",
                    auto_complete="one-time-code",
                    max_length=12,
                    **safe(),
                ),
                class_name="code",
            ),
            rx.el.div(
                button("Annuler", on_click=SecurityState.close),
                submit_button("Activer l’application"),
                class_name="acts",
            ),
            action="/auth/account/authenticator",
            class_name="stack form",
        ),
    )


def totp_removal_window() -> rx.Component:
    """Whether to stop using the application."""
    return security_window(
        "totp-remove",
        f"Retirer l’application d’authentification{NARROW}?",
        rx.el.p(
            "Vos codes arriveront de nouveau par e-mail ou par SMS, ce qui est moins sûr. Vos autres "
            "connexions seront fermées."
        ),
        actions=lose_or_keep(
            "Retirer l’application",
            SecurityState.remove_totp,
            keep=SecurityState.close,
            kept="Garder l’application",
        ),
    )


def psc_unlink_window() -> rx.Component:
    """Whether to tie the account to Pro Santé Connect no more."""
    return security_window(
        "psc-unlink",
        f"Dissocier Pro Santé Connect de votre compte{NARROW}?",
        rx.el.p(
            "Votre e-CPS et votre carte CPS n’ouvriront plus ce compte. Vous vous connecterez avec "
            "votre mot de passe et un code. Vos autres connexions seront fermées."
        ),
        actions=lose_or_keep(
            "Dissocier", SecurityState.unlink_psc, keep=SecurityState.close, kept="Garder le lien"
        ),
    )


def codes_window() -> rx.Component:
    """Ten codes, told once, to print or to copy."""
    return security_window(
        "codes",
        "Codes de secours",
        rx.el.p(
            "Chacun remplace une fois le code à usage unique. Gardez-les sur papier, loin de votre "
            "téléphone. Ils ne seront plus jamais affichés, et les précédents ne servent plus.",
        ),
        rx.el.ol(class_name="secrets secret", aria_label="Vos codes", **ident(_CODES)),
        rx.el.div(
            button("Annuler", on_click=SecurityState.close),
            button(
                "Afficher dix nouveaux codes",
                kind="primary",
                data_secrets="/api/account/recovery-codes",
                data_into=_CODES,
                data_otherwise="/connexion/confirmer?suite=/compte/securite%3Fouvrir%3Dcodes",
            ),
            class_name="acts until-told",
        ),
        rx.el.div(
            print_button(),
            button(
                icon("copy", "s"),
                rx.el.span("Copier", class_name="ask"),
                rx.el.span("Copié", class_name="done"),
                data_copy="",
            ),
            button("J’ai conservé mes codes", kind="primary", on_click=SecurityState.close_codes),
            class_name="acts when-told",
        ),
    )
