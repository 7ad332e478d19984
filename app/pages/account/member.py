"""« Membres du compte »: each person of a shared account, and their personal code (MM-25, U-20)."""

import reflex as rx

from app.components.button import button, submit_button
from app.components.choice_field import select_field
from app.components.dialog import dialog, lose_or_keep, safe
from app.components.field import password_field, text_field
from app.components.form import error_summary, form_actions, mandatory_note, native_form
from app.components.markup import hidden_text
from app.components.panel import panel, stack
from app.components.states import page_error, ready
from app.components.table import cell, row, row_head
from app.i18n.format import NARROW
from app.pages.account.frame import account_page
from app.pages.account.parts import remove_button, table_panel
from app.pages.table import page
from app.state.base import AppState, Audience
from app.state.member import MemberState, PersonLine
from app.state.registration_steps import CIVILITIES

_CODE_HINT = "6 à 12 chiffres. Chacun choisit le sien et ne le donne à personne."


@page(
    route="/compte/membres",
    title="Membres du compte",
    audience=Audience.SECRETARY,
    on_load=MemberState.load_members,
)
def member_page() -> rx.Component:
    """The list, and the form to add somebody."""
    return account_page(
        "Membres du compte",
        ready(
            rx.cond(MemberState.changing_id, rx.fragment(), error_summary()),
            page_error(),
            stack(_list(), _addition(), wide=True),
        ),
        _code_dialog(),
        _leave_dialog(),
        current="members",
        lead="Chacun se nomme à la connexion avec son code personnel. Chaque acte porte son nom.",
    )


def _list() -> rx.Component:
    def line(person: PersonLine) -> rx.Component:
        return row(
            row_head(person.name),
            cell(person.since, label="Depuis"),
            cell(
                rx.el.div(
                    button(
                        "Changer le code",
                        hidden_text(person.name),
                        on_click=MemberState.ask_code(person.id),
                    ),
                    remove_button(person.name, MemberState.ask_leave(person.id)),
                    class_name="row wrap",
                )
            ),
        )

    return table_panel(
        "Membres",
        "membres",
        ("Membre", "Depuis"),
        MemberState.people,
        line,
        caption="Membres du compte",
    )


def _addition() -> rx.Component:
    def typed(name: str) -> rx.Var[str]:
        return MemberState.member_fields.get(name, "")

    return panel(
        native_form(
            mandatory_note(),
            rx.el.div(
                select_field(
                    "Civilité",
                    "civility",
                    [(one, one) for one in CIVILITIES],
                    value=typed("civility"),
                    empty="Sans civilité",
                    error="",
                ),
                text_field(
                    "Prénom",
                    "given_name",
                    value=typed("given_name"),
                    required=True,
                    auto_complete="off",
                    max_length=100,
                ),
                text_field(
                    "Nom",
                    "family_name",
                    value=typed("family_name"),
                    required=True,
                    auto_complete="off",
                    max_length=100,
                ),
                class_name="fieldgrid",
            ),
            password_field(
                "Code personnel",
                "code",
                auto_complete="off",
                hint=_CODE_HINT,
                error=rx.cond(MemberState.changing_id, "", AppState.field_errors["code"]),
            ),
            form_actions(submit_button("Ajouter ce membre")),
            action="/auth/member/new",
            key=MemberState.form_key,
            class_name="stack form",
        ),
        title="Ajouter un membre",
        title_id="ajouter",
    )


def _code_dialog() -> rx.Component:
    return dialog(
        "Changer un code personnel",
        rx.el.p("Nouveau code de ", rx.el.b(MemberState.changing_name), "."),
        native_form(
            rx.el.input(type="hidden", name="member_id", value=MemberState.changing_id),
            password_field(
                "Nouveau code personnel",
                "code",
                id="new_code",
                auto_complete="off",
                hint=_CODE_HINT,
                error=AppState.field_errors["code"],
            ),
            form_actions(
                submit_button("Enregistrer ce code"),
                button("Annuler", on_click=MemberState.close_member, **safe()),
            ),
            action="/auth/member/code",
            class_name="stack form",
        ),
        is_open=MemberState.changing_id != "",
        on_close=MemberState.close_member,
        dialog_id="changer-code",
    )


def _leave_dialog() -> rx.Component:
    return dialog(
        f"Retirer ce membre{NARROW}?",
        rx.el.p(
            rx.el.b(MemberState.leaving_name),
            " ne pourra plus se nommer sur ce compte. Ses connexions ouvertes se ferment aussitôt.",
        ),
        is_open=MemberState.leaving_id != "",
        on_close=MemberState.close_member,
        actions=lose_or_keep(
            "Retirer ce membre", MemberState.end_member, keep=MemberState.close_member
        ),
        dialog_id="retirer-personne",
    )
