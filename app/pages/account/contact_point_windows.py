"""The windows of the addresses and telephones: adding with a code, confirming, applications of an address."""

import reflex as rx

from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.choice_field import checkbox
from app.components.dialog import dialog, safe
from app.components.field import text_field
from app.components.form import form, native_form
from app.components.markup import Child
from app.i18n.format import NARROW
from app.state.base import AppState
from app.state.contact_point import CodeView, ContactState, UseView


def windows() -> rx.Component:
    """Each of them, drawn while it is open."""
    return rx.fragment(
        _email(), _email_code(), _phone(), _phone_code(), _uses(), _login(), *_removals()
    )


def _window(name: str, title: str, *content: Child, actions: Child = None) -> rx.Component:
    return dialog(
        title,
        *content,
        is_open=AppState.is_hydrated & (ContactState.window == name),
        on_close=ContactState.close,
        actions=actions,
        dialog_id=f"fenetre-{name}",
        look="",
    )


def _window_error() -> rx.Component:
    words = rx.cond(
        ContactState.window_error,
        ContactState.window_error,
        rx.cond(AppState.field_errors.keys().length() == 0, AppState.error, ""),
    )
    return rx.cond(words, callout(words, tone="danger", urgent=True, is_page_error=True))


def _email() -> rx.Component:
    return _window(
        "email",
        "Ajouter une adresse",
        _window_error(),
        form(
            text_field(
                "Email",
                "email",
                kind="email",
                value=ContactState.typed,
                hint="Un code à usage unique y sera envoyé.",
                auto_complete="email",
                input_mode="email",
                max_length=254,
                **safe(),
            ),
            _acts(submit_button("VALIDER L’ADRESSE")),
            on_submit=ContactState.send_email_code,
        ),
    )


def _phone() -> rx.Component:
    return _window(
        "phone",
        "Ajouter un téléphone",
        _window_error(),
        form(
            text_field(
                "Téléphone mobile",
                "phone",
                kind="tel",
                value=ContactState.typed,
                hint="Par exemple 06 12 34 56 78. Un code y sera envoyé par SMS.",
                auto_complete="tel",
                input_mode="tel",
                max_length=30,
                **safe(),
            ),
            _acts(submit_button("RECEVOIR LE CODE")),
            on_submit=ContactState.send_phone_code,
        ),
    )


def _acts(submit: Child) -> rx.Component:
    return rx.el.div(button("Annuler", on_click=ContactState.close), submit, class_name="acts")


def _email_code() -> rx.Component:
    code = ContactState.email_code
    return _window(
        "email-code",
        "Valider l’adresse",
        _code_lead(code, "Nous avons envoyé un code à "),
        _code_error(code),
        native_form(
            rx.el.input(type="hidden", name="to", value=code.target),
            _code_field("Code OTP", "6 chiffres, valables 10 minutes"),
            checkbox(
                "Je souhaite utiliser cette adresse email pour recevoir les notifications",
                "is_starred",
                error="",
            ),
            rx.cond(
                ContactState.uses.length() > 0,
                rx.el.fieldset(
                    rx.el.legend(
                        "Applications où vous pensez avoir un compte avec cette adresse",
                        class_name="fw",
                    ),
                    rx.foreach(ContactState.uses, _use),
                    class_name="uses",
                ),
            ),
            submit_button("VALIDER MON ADRESSE", block=True),
            action="/auth/account/email",
            class_name="stack form",
        ),
        _other_ways("Choisir une autre adresse"),
    )


def _phone_code() -> rx.Component:
    code = ContactState.phone_code
    return _window(
        "phone-code",
        "Valider le téléphone",
        _code_lead(code, "Nous avons envoyé un SMS au "),
        _code_error(code),
        native_form(
            rx.el.input(type="hidden", name="to", value=code.target),
            _code_field("Code reçu par SMS", "6 chiffres, valables 5 minutes"),
            submit_button("VALIDER MON TÉLÉPHONE", block=True),
            action="/auth/account/phone",
            class_name="stack form",
        ),
        _other_ways("Choisir un autre numéro"),
    )


def _code_lead(code: rx.Var[CodeView], words: str) -> rx.Component:
    return rx.el.p(
        words,
        rx.el.b(code.shown, class_name="ink"),
        rx.cond(code.sent, rx.fragment(f" à{NARROW}", code.sent)),
        ".",
    )


def _code_error(code: rx.Var[CodeView]) -> rx.Component:
    return rx.fragment(
        rx.cond(code.error, callout(code.error, tone="danger", urgent=True, is_page_error=True)),
        _window_error(),
    )


def _code_field(label: str, hint: str) -> rx.Component:
    return rx.el.div(
        text_field(
            label,
            "code",
            hint=hint,
            error="",
            input_mode="numeric",
            auto_complete="one-time-code",
            max_length=12,
            **safe(),
        ),
        class_name="code",
    )


def _other_ways(words: str) -> rx.Component:
    return rx.el.div(
        button("Renvoyer un code", icon_name="rotate-cw", on_click=ContactState.send_again),
        button(words, kind="ghost", on_click=ContactState.give_up),
        class_name="row wrap",
    )


def _use(use: rx.Var[UseView]) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=use.field, default_checked=use.is_used),
        rx.el.span(
            use.name,
            rx.cond(
                use.elsewhere,
                rx.el.span(f"Aujourd’hui avec {NARROW}", use.elsewhere, class_name="hint"),
            ),
        ),
        class_name="check",
        key=use.id,
    )


def _uses() -> rx.Component:
    return _window(
        "uses",
        "Applications de cette adresse",
        form(
            rx.cond(
                ContactState.uses.length() > 0,
                rx.el.fieldset(
                    rx.el.legend(
                        "Cochez celles où ",
                        rx.el.b(ContactState.subject),
                        " est votre identifiant.",
                    ),
                    rx.foreach(ContactState.uses, _use),
                    class_name="uses",
                ),
                rx.el.p("Aucune application n’est proposée pour le moment."),
            ),
            _acts(submit_button("Enregistrer")),
            on_submit=ContactState.save_uses,
        ),
    )


def _login() -> rx.Component:
    return _confirmation(
        "login",
        "Changer d’adresse de connexion",
        rx.el.p(
            "Vous vous connecterez avec ",
            rx.el.b(ContactState.subject),
            ", et vos codes y seront envoyés. Vos autres connexions seront fermées, et votre adresse "
            "actuelle prévenue.",
        ),
        button("Changer d’adresse", kind="primary", on_click=ContactState.confirm),
    )


def _removals() -> list[rx.Component]:
    return [
        _confirmation(
            "remove-email",
            f"Supprimer cette adresse{NARROW}?",
            rx.el.p(
                rx.el.b(ContactState.subject),
                " ne recevra plus rien, et ne sera plus l’identifiant d’aucune application ici.",
            ),
            button("Supprimer l’adresse", kind="danger", on_click=ContactState.confirm),
        ),
        _confirmation(
            "remove-phone",
            f"Supprimer ce téléphone{NARROW}?",
            rx.el.p(
                "Le ",
                rx.el.b(ContactState.subject, class_name="nw"),
                " ne recevra plus de code. Vos autres connexions seront fermées.",
            ),
            button("Supprimer le téléphone", kind="danger", on_click=ContactState.confirm),
        ),
    ]


def _confirmation(name: str, title: str, words: Child, act: Child) -> rx.Component:
    return _window(
        name,
        title,
        words,
        actions=rx.fragment(act, button("Annuler", on_click=ContactState.close, **safe())),
    )
