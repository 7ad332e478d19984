"""Accounts: search and filters, proposals of the administrator role, one account and what is done to it."""

import reflex as rx

from app.components.badge import badge
from app.components.breadcrumb import breadcrumb
from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.choice_field import mini_select
from app.components.dialog import dialog
from app.components.form import form, form_actions
from app.components.icons import icon
from app.components.panel import columns, page_head, panel, stack
from app.components.search_field import search_field
from app.components.shell import administrator_shell
from app.components.states import (
    empty,
    not_found_panel,
    page_error,
    ready,
    skeleton_rows,
    when_loaded,
)
from app.components.table import cell, data_table, row, row_head
from app.pages.admin.parts import facts, reason_field, searched_list
from app.pages.table import page
from app.state.account_admin import (
    CLOSE,
    CONFIRM_REGULATION,
    END_REGULATION,
    PROPOSE,
    REACTIVATE,
    REGULATE,
    SUSPEND,
    AccountAdminState,
    SignInLine,
)
from app.state.account_list import PATH, AccountLine, AccountListState, GrantLine
from app.state.base import Audience


@page(
    route="/admin/comptes",
    title="Comptes",
    audience=Audience.ADMINISTRATOR,
    on_load=AccountListState.load,
)
def account_list_page() -> rx.Component:
    """Every account, by name."""
    state = AccountListState
    return administrator_shell(
        page_head("Comptes", lead=state.lead),
        when_loaded(
            state.is_loaded,
            rx.cond(state.grants.length() > 0, _grants()),
            rx.cond(state.regulators.length() > 0, _regulators()),
            searched_list(
                state,
                "Comptes",
                ("Titulaire", "Rôle", "RPPS", "E-mail", "État"),
                _line,
                toolbar=_toolbar(),
                nothing="Aucun compte ne correspond à cette recherche.",
            ),
            loading=skeleton_rows(6),
        ),
        current="accounts",
    )


def _toolbar() -> rx.Component:
    state = AccountListState
    search = search_field(
        "Rechercher un compte",
        "account-search",
        hint="Nom, e-mail ou n° RPPS",
        value=state.query,
        status=state.search_status,
        on_search=AccountListState.search,
        key=state.search_key,
    )
    filters = rx.el.div(
        mini_select(
            "Rôle",
            "role",
            state.role_choices,
            value=state.role,
            on_change=AccountListState.choose_role,
            empty="Tous",
        ),
        mini_select(
            "État",
            "etat",
            state.state_choices,
            value=state.state,
            on_change=AccountListState.choose_state,
            empty="Tous",
        ),
        class_name="row wrap",
    )
    return rx.el.div(search, filters, class_name="toolbar", role="search")


def _line(line: rx.Var[AccountLine]) -> rx.Component:
    return row(
        row_head(rx.el.a(line.name, href=line.href), under=line.under),
        cell(line.role, label="Rôle"),
        cell(rx.cond(line.rpps, line.rpps, "–"), label="RPPS", look="nw"),
        cell(line.email, label="E-mail"),
        cell(badge(line.state, line.tone), label="État"),
        key=line.id,
    )


def _grants() -> rx.Component:
    def line(grant: rx.Var[GrantLine]) -> rx.Component:
        return rx.el.li(
            icon("key-round"),
            rx.el.div(
                rx.el.p(rx.el.a(grant.name, href=grant.href), class_name="fw"),
                rx.el.p(grant.words, class_name="sm muted"),
                rx.el.p(grant.reason, class_name="sm"),
                class_name="grow",
            ),
            rx.el.div(
                rx.cond(
                    grant.is_own,
                    button(
                        "Retirer ma proposition",
                        on_click=AccountListState.decline(grant.id),
                    ),
                    rx.fragment(
                        button(
                            "Confirmer",
                            rx.el.span(" ", grant.name, class_name="vh"),
                            kind="primary",
                            on_click=AccountListState.confirm(grant.id),
                        ),
                        button("Refuser", on_click=AccountListState.decline(grant.id)),
                    ),
                ),
                class_name="acts",
            ),
            class_name="tline",
            key=grant.id,
        )

    return panel(
        rx.el.ul(rx.foreach(AccountListState.grants, line), class_name="tlist"),
        title="Rôle d’administration à confirmer",
        title_id="propositions",
        bare=True,
        class_name="after",
    )


def _regulators() -> rx.Component:
    def line(grant: rx.Var[GrantLine]) -> rx.Component:
        return rx.el.li(
            icon("siren"),
            rx.el.div(
                rx.el.p(rx.el.a(grant.name, href=grant.href), class_name="fw"),
                rx.el.p(grant.words, class_name="sm muted"),
                class_name="grow",
            ),
            class_name="tline",
            key=grant.id,
        )

    return panel(
        rx.el.ul(rx.foreach(AccountListState.regulators, line), class_name="tlist"),
        title="Rattachement à un centre de régulation à confirmer",
        title_id="regulateurs",
        bare=True,
        class_name="after",
    )


@page(
    route="/admin/comptes/[account_id]",
    title="Fiche d’un compte",
    audience=Audience.ADMINISTRATOR,
    on_load=AccountAdminState.load,
)
def account_page() -> rx.Component:
    """One account, its open sign-ins, and what may be done to it."""
    state = AccountAdminState
    return administrator_shell(
        ready(
            breadcrumb(("Comptes", PATH), here=state.line.name),
            page_head(state.line.name, lead=state.line.role),
            page_error(),
            columns(
                stack(
                    panel(
                        facts(state.facts),
                        title="Compte",
                        title_id="compte",
                        beside=badge(state.line.state, state.line.tone),
                    ),
                    _sign_ins(),
                    wide=True,
                ),
                _acts(),
                shape="db",
            ),
            _dialog(),
            not_found=not_found_panel(
                "Ce compte est introuvable.",
                "L’adresse est incomplète, ou ce compte n’existe pas.",
                rx.el.a("Voir les comptes", href=PATH, class_name="btn"),
                is_page=True,
            ),
        ),
        current="accounts",
    )


def _sign_ins() -> rx.Component:
    state = AccountAdminState

    def line(sign_in: rx.Var[SignInLine]) -> rx.Component:
        return row(
            row_head(sign_in.device, under=sign_in.method),
            cell(sign_in.opened, label="Ouverte le"),
            cell(sign_in.last, label="Dernière activité"),
            cell(sign_in.address, label="Adresse"),
            cell(button("Fermer", on_click=AccountAdminState.end_one(sign_in.id)), look="gap"),
            key=sign_in.id,
        )

    return panel(
        rx.cond(
            state.sign_ins.length() > 0,
            data_table(
                "Appareils connectés à ce compte",
                ("Appareil", "Ouverte le", "Dernière activité", "Adresse", "Action"),
                rx.foreach(state.sign_ins, line),
            ),
            empty("Aucune connexion ouverte.", icon_name="monitor", bare=True),
        ),
        title="Connexions ouvertes",
        title_id="connexions",
        beside=rx.el.span(state.sign_ins.length(), class_name="count"),
        end=rx.cond(
            state.sign_ins.length() > 1,
            button("Fermer toutes les connexions", on_click=AccountAdminState.end_all),
        ),
        bare=True,
    )


def _acts() -> rx.Component:
    state = AccountAdminState

    def act(is_open: rx.Var[bool], words: str, name: str, kind: str = "") -> rx.Component:
        return rx.cond(
            is_open,
            button(
                words,
                kind="danger" if kind else "",
                block=True,
                on_click=AccountAdminState.ask(name),
                aria_haspopup="dialog",
            ),
        )

    return panel(
        rx.cond(state.explanation, rx.el.p(state.explanation, class_name="sm muted")),
        act(state.may_reactivate, "Réactiver", REACTIVATE),
        act(state.may_propose, "Proposer le rôle d’administration", PROPOSE),
        act(state.may_regulate, "Rattacher à un centre de régulation", REGULATE),
        act(state.may_confirm_regulation, "Confirmer le rattachement", CONFIRM_REGULATION),
        act(state.may_end_regulation, "Retirer le rattachement", END_REGULATION),
        act(state.may_suspend, "Suspendre", SUSPEND, "danger"),
        act(state.may_close, "Fermer le compte", CLOSE, "danger"),
        rx.el.p(
            "Personne ne se connecte à la place de quelqu’un d’autre, et aucun mot de passe ne se lit ici.",
            class_name="sm muted",
        ),
        title="Actions",
        title_id="actions",
        class_name="spaced",
    )


def _dialog() -> rx.Component:
    state = AccountAdminState
    return dialog(
        state.dialog_title,
        rx.cond(
            (state.error != "") & (state.field_errors.keys().length() == 0),
            callout(state.error, tone="danger", urgent=True),
        ),
        rx.el.p(state.dialog_words),
        form(
            rx.cond(
                state.is_reason_asked,
                reason_field(state.reason_label, state.typed_reason),
            ),
            form_actions(
                submit_button(state.dialog_act),
                button("Annuler", kind="ghost", on_click=AccountAdminState.close_dialog),
            ),
            on_submit=AccountAdminState.act,
        ),
        is_open=state.dialog != "",
        on_close=AccountAdminState.close_dialog,
        dialog_id="acte",
        wide=True,
    )
