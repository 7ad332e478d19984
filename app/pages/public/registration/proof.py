"""Third and fourth steps: the e-mail, proved by a code or a link; telephones, each by an SMS code."""

import reflex as rx

from app.components.badge import badge
from app.components.button import link_button, submit_button
from app.components.callout import callout
from app.components.code import code_field, demonstration_note
from app.components.field import text_field
from app.components.icons import icon
from app.components.markup import ident
from app.i18n.format import NARROW
from app.pages.public.registration.frame import (
    acts,
    at_step,
    go_on,
    late,
    small_form,
    step_form,
    step_page,
    typed,
)
from app.state.registration import RegistrationFlow
from app.state.registration_steps import PATHS, Step
from app.state.registration_words import PhoneView

_LATE_MAIL = "L’e-mail a du retard. Il partira dès que possible, et votre inscription peut continuer en attendant."
_LATE_SMS = "Le SMS a du retard. Il partira dès que possible, et votre inscription peut continuer en attendant."


@at_step(Step.EMAIL)
def email_page() -> rx.Component:
    flow = RegistrationFlow
    return step_page(
        Step.EMAIL,
        "Votre adresse e-mail",
        rx.cond(
            flow.is_email_verified,
            _verified(),
            rx.cond(flow.sent, _code(), _address()),
        ),
        lead="Elle sert à vous connecter et à recevoir vos codes et vos notifications.",
    )


def _address() -> rx.Component:
    return step_form(
        Step.EMAIL,
        text_field(
            "E-mail",
            "email",
            value=typed("email"),
            kind="email",
            hint="Un message avec un code et un lien y sera envoyé",
            required=True,
            auto_complete="email",
            input_mode="email",
            max_length=254,
        ),
        acts(Step.EMAIL, go_on("Vérifier")),
        path="email",
    )


def _code() -> rx.Component:
    flow = RegistrationFlow
    return rx.fragment(
        late(_LATE_MAIL),
        rx.el.p(
            flow.sent,
            f". Saisissez le code reçu, valable 10\u00a0minutes, ou ouvrez le lien du message{NARROW}: "
            "l’un ou l’autre suffit.",
        ),
        step_form(
            Step.EMAIL,
            rx.el.div(code_field(), class_name="code"),
            submit_button("Valider mon adresse", big=True, block=True),
            path="email/code",
        ),
        demonstration_note(),
        rx.el.div(
            small_form(
                "email/resend",
                submit_button("Renvoyer le message", kind="", icon_name="mail"),
            ),
            small_form(
                "email/change",
                submit_button("Changer d’adresse", kind="ghost"),
            ),
            class_name="row wrap",
        ),
        acts(Step.EMAIL, _meanwhile()),
    )


def _meanwhile() -> rx.Component:
    return link_button("Continuer en attendant", href=PATHS[Step.PHONE], kind="", big=True)


def _verified() -> rx.Component:
    flow = RegistrationFlow
    return rx.fragment(
        rx.el.div(
            icon("circle-check"),
            rx.el.p(rx.el.b(flow.email), class_name="grow"),
            badge("Vérifiée", "success"),
            small_form("email/change", submit_button("Changer d’adresse", kind="ghost")),
            class_name="picked",
        ),
        acts(
            Step.EMAIL,
            link_button(
                "Continuer",
                icon("arrow-right", "s"),
                href=PATHS[Step.PHONE],
                kind="primary",
                big=True,
            ),
        ),
    )


@at_step(Step.PHONE)
def phone_page() -> rx.Component:
    flow = RegistrationFlow
    return step_page(
        Step.PHONE,
        "Vos numéros de téléphone",
        callout(
            "Un numéro vérifié reçoit vos codes par SMS. Il sera demandé pour utiliser le suivi des patients.",
            tone="neutral",
        ),
        rx.cond(
            flow.phones.length() > 0,
            rx.el.ul(rx.foreach(flow.phones, _phone), class_name="given"),
        ),
        step_form(
            Step.PHONE,
            text_field(
                "Téléphone",
                "phone",
                value=typed("phone"),
                kind="tel",
                hint="Par exemple 06 12 34 56 78. Un code y sera envoyé par SMS",
                auto_complete="tel",
                max_length=30,
            ),
            submit_button("Ajouter ce numéro", kind="", icon_name="plus"),
            path="phone",
            class_name="inline-form form",
        ),
        rx.cond(flow.phones.length() > 0, demonstration_note()),
        small_form(
            "phone/done",
            acts(
                Step.PHONE,
                go_on(rx.cond(flow.phones.length() > 0, "Continuer", "Continuer sans téléphone")),
            ),
        ),
        lead=f"Aucun, un ou plusieurs{NARROW}: cette étape est facultative.",
    )


def _phone(row: rx.Var[PhoneView]) -> rx.Component:
    own = rx.el.input(type="hidden", name="id", value=row.id)
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.b(row.number, class_name="tn"),
                " ",
                rx.cond(
                    row.is_verified,
                    badge("Vérifié", "success", "check"),
                    badge("À vérifier", "warning"),
                ),
            ),
            rx.cond(row.is_verified, rx.fragment(), rx.el.p(row.sent, class_name="sm muted")),
            rx.cond(row.is_late, callout(_LATE_SMS, tone="warning", icon_name="clock-alert")),
            class_name="grow",
        ),
        rx.cond(
            row.is_verified,
            rx.fragment(),
            rx.fragment(
                small_form(
                    "phone/code",
                    own,
                    code_field(f"code-{row.id}", row.error, "Code reçu par SMS"),
                    submit_button("Valider ce numéro", kind=""),
                    class_name="inline-form",
                ),
                small_form("phone/resend", own, submit_button("Renvoyer le SMS", kind="ghost")),
            ),
        ),
        small_form(
            "phone/remove",
            own,
            submit_button(
                "Retirer",
                rx.el.span(" le ", row.number, class_name="vh"),
                kind="ghost",
                icon_name="x",
            ),
        ),
        key=row.id,
        **ident("phone-" + row.id),
    )
