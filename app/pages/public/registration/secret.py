"""Fifth step: the password, and the people of a shared account with their personal codes (MM-19, MM-25)."""

import reflex as rx

from app.components.button import submit_button
from app.components.callout import callout
from app.components.choice_field import select_field
from app.components.field import password_field, text_field
from app.components.icons import icon
from app.components.markup import ident
from app.components.panel import disclosure
from app.components.password import new_password_fields
from app.pages.public.registration.frame import (
    acts,
    at_step,
    go_on,
    small_form,
    step_form,
    step_page,
    typed,
)
from app.state.registration import RegistrationFlow
from app.state.registration_steps import CIVILITIES, Step
from app.state.registration_words import MemberView

_STEP = Step.PASSWORD


@at_step(_STEP)
def password_page() -> rx.Component:
    flow = RegistrationFlow
    return step_page(
        _STEP,
        rx.cond(flow.is_shared, "Mot de passe et personnes du secrétariat", "Votre mot de passe"),
        rx.cond(
            flow.has_password,
            rx.fragment(
                callout("Votre mot de passe est choisi.", tone="success"),
                disclosure("Choisir un autre mot de passe", _password("Remplacer le mot de passe")),
                rx.cond(flow.is_shared, _members()),
                small_form("password/done", acts(_STEP, go_on())),
            ),
            _first(),
        ),
    )


def _first() -> rx.Component:
    return step_form(
        _STEP,
        _user_name(),
        new_password_fields(),
        acts(_STEP, go_on("Choisir ce mot de passe")),
        path="password",
    )


def _password(words: str) -> rx.Component:
    return step_form(
        _STEP, _user_name(), new_password_fields(), submit_button(words, kind=""), path="password"
    )


def _user_name() -> rx.Component:
    """Lets a password manager file the password under the address it belongs to."""
    return rx.el.input(
        type="text",
        name="username",
        default_value=RegistrationFlow.email,
        auto_complete="username",
        read_only=True,
        tab_index=-1,
        aria_hidden="true",
        class_name="vh",
        data_no_draft="",
    )


def _members() -> rx.Component:
    flow = RegistrationFlow
    return rx.el.section(
        rx.el.h2("Personnes du secrétariat", **ident("members-title")),
        rx.el.p(
            "Chaque personne, vous comprise, se nomme dans le compte avec un code personnel de 6 à 12\u00a0chiffres.",
            class_name="muted",
        ),
        rx.cond(
            flow.members.length() > 0,
            rx.el.ul(rx.foreach(flow.members, _member), class_name="given"),
        ),
        step_form(
            _STEP,
            rx.el.input(type="hidden", name="key", value=flow.form_key),
            rx.el.div(
                select_field(
                    "Civilité",
                    "member_civility",
                    [(one, one) for one in CIVILITIES],
                    value=typed("member_civility"),
                    empty="Choisir une civilité",
                ),
                text_field(
                    "Nom",
                    "member_family_name",
                    value=typed("member_family_name"),
                    auto_complete="off",
                    max_length=100,
                ),
                text_field(
                    "Prénom",
                    "member_given_name",
                    value=typed("member_given_name"),
                    auto_complete="off",
                    max_length=100,
                ),
                password_field(
                    "Code personnel",
                    "member_code",
                    auto_complete="new-password",
                    hint="6 à 12 chiffres",
                ),
                class_name="cols",
            ),
            submit_button("Ajouter cette personne", kind="", icon_name="user-plus"),
            path="member",
            class_name="way form",
        ),
        class_name="stack",
        aria_labelledby="members-title",
    )


def _member(row: rx.Var[MemberView]) -> rx.Component:
    return rx.el.li(
        icon("user-check"),
        rx.el.p(rx.el.b(row.name), class_name="grow"),
        small_form(
            "member/remove",
            rx.el.input(type="hidden", name="id", value=row.id),
            submit_button(
                "Retirer", rx.el.span(" ", row.name, class_name="vh"), kind="ghost", icon_name="x"
            ),
        ),
        key=row.id,
    )
