"""« Qui peut voir mes informations »: the global switch, both lists, emergency, last consultations."""

import reflex as rx

from app.components.badge import avatar, badge
from app.components.button import button
from app.components.callout import callout
from app.components.dialog import dialog, safe
from app.components.markup import Text, anchor
from app.components.panel import panel, stack
from app.components.states import empty, when_loaded
from app.components.switch import switch
from app.components.thread import thread, thread_box, thread_item
from app.i18n.access_history import NOTHING_YET
from app.i18n.access_list import NOBODY_AUTHORISED, NOBODY_BLOCKED, VISIBLE
from app.pages.patient.settings_parts import export_form, settings_page
from app.pages.table import page
from app.state.access_history_view import LineView
from app.state.access_list import (
    BLOCK,
    BLOCKED,
    HIDE,
    SHOW,
    STATUS,
    UNBLOCK,
    UNSTATUS,
    AccessListState,
)
from app.state.access_list_view import AuthorisedView, BlockedView, SwitchView
from app.state.base import Audience

_AUTHORISED = "autorises"
# What is confirmed, and what leaves things as they are.
_VERBS = (
    (HIDE, "Masquer mes informations", "Les laisser visibles"),
    (SHOW, "Rendre mes informations visibles", "Les garder masquées"),
    (BLOCK, "Bloquer", "Garder son accès"),
    (UNBLOCK, "Débloquer", "Laisser bloqué"),
    (STATUS, "Donner le statut", "Ne pas le donner"),
    (UNSTATUS, "Retirer le statut", "Laisser le statut"),
)


@page(
    route="/parametres/confidentialite",
    title="Qui peut voir mes informations",
    audience=Audience.PATIENT,
    on_load=AccessListState.load,
)
def access_list_page() -> rx.Component:
    """The global switch, the professionals, then emergency beside the last consultations."""
    state = AccessListState
    return settings_page(
        "Qui peut voir mes informations",
        when_loaded(
            state.is_loaded,
            stack(
                rx.cond(state.is_open, _visibility(), _closed()),
                _professionals(),
                rx.el.div(rx.cond(state.is_open, _emergency()), _history(), class_name="two-up"),
                wide=True,
            ),
        ),
        *[_dialog(*each) for each in _VERBS],
        lead="Vous décidez, et tout changement s’applique aussitôt.",
    )


def _visibility() -> rx.Component:
    state = AccessListState
    return rx.el.section(
        switch(
            VISIBLE,
            state.consequence,
            element_id="visible",
            is_on=state.is_visible,
            on_change=AccessListState.ask_visibility,
        ),
        class_name="panel glob",
        aria_label="Visibilité de mes informations",
    )


def _closed() -> rx.Component:
    return callout(
        "Votre dossier partagé est fermé\u202f: personne n’en voit les documents. ",
        rx.el.a("Le rouvrir", href="/parametres/cloture"),
        tone="neutral",
        icon_name="archive",
    )


def _professionals() -> rx.Component:
    state = AccessListState
    return panel(
        rx.cond(state.shows_blocked, _blocked_list(), _authorised_list()),
        title="Accès des professionnels de santé",
        title_id="professionnels",
        end=_which_list(),
        bare=True,
    )


def _which_list() -> rx.Component:
    state = AccessListState

    def piece(value: str, words: str, number: rx.Var[int], is_on: rx.Var[bool]) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="radio",
                name="liste",
                value=value,
                checked=is_on,
                on_change=AccessListState.show_list,
            ),
            rx.el.span(words, " (", number, ")"),
        )

    return rx.el.div(
        piece(_AUTHORISED, "Autorisés", state.authorised.length(), ~state.shows_blocked),
        piece(BLOCKED, "Bloqués", state.blocked.length(), state.shows_blocked),
        class_name="seg lists",
        role="radiogroup",
        aria_label="Liste affichée",
    )


def _authorised_list() -> rx.Component:
    state = AccessListState
    return rx.fragment(
        rx.cond(
            state.authorised.length() > 0,
            rx.el.ul(rx.foreach(state.authorised, _authorised)),
            empty(NOBODY_AUTHORISED, icon_name="users", bare=True),
        ),
        rx.cond(
            state.blocked.length() > 0,
            rx.el.div(
                rx.el.p(
                    rx.el.b(state.blocked[0].name), ", ", state.blocked[0].since, class_name="sm"
                ),
                _act("Débloquer", UNBLOCK, state.blocked[0].id, state.blocked[0].name),
                class_name="blk",
            ),
        ),
    )


def _authorised(row: rx.Var[AuthorisedView]) -> rx.Component:
    return rx.el.li(
        avatar(row.initials),
        rx.el.div(
            rx.el.p(
                rx.el.b(row.name),
                rx.cond(row.has_status, badge("Statut administrateur", "success", "badge-check")),
                rx.cond(row.is_outside, badge("Hors de votre cercle", "warning", "clock")),
                class_name="row wrap",
            ),
            rx.el.p(row.practice, class_name="sm"),
            rx.el.p(row.since, class_name="sm muted"),
            class_name="grow",
        ),
        rx.el.div(
            rx.cond(
                row.has_status,
                _act("Retirer le statut administrateur", UNSTATUS, row.id, row.name, ghost=True),
            ),
            rx.cond(
                row.may_give,
                _act("Donner le statut administrateur", STATUS, row.id, row.name, ghost=True),
            ),
            _act("Bloquer", BLOCK, row.id, row.name, icon_name="ban"),
            class_name="pa",
        ),
        class_name="pr",
        key=row.id,
    )


def _blocked_list() -> rx.Component:
    state = AccessListState

    def line(row: rx.Var[BlockedView]) -> rx.Component:
        return rx.el.li(
            avatar(row.initials),
            rx.el.div(
                rx.el.p(rx.el.b(row.name)),
                rx.el.p(row.since, class_name="sm muted"),
                class_name="grow",
            ),
            rx.el.div(_act("Débloquer", UNBLOCK, row.id, row.name), class_name="pa"),
            class_name="pr",
            key=row.id,
        )

    return rx.cond(
        state.blocked.length() > 0,
        rx.el.ul(rx.foreach(state.blocked, line)),
        empty(NOBODY_BLOCKED, icon_name="users", bare=True),
    )


def _act(
    words: str, act: str, who: Text, name: Text, *, ghost: bool = False, icon_name: str = ""
) -> rx.Component:
    return button(
        words,
        rx.el.span(" ", name, class_name="vh"),
        kind="ghost" if ghost else "",
        icon_name=icon_name,
        on_click=AccessListState.ask(act, who),
        aria_haspopup="dialog",
    )


def _emergency() -> rx.Component:
    def line(each: rx.Var[SwitchView]) -> rx.Component:
        return rx.el.li(
            switch(
                each.label,
                each.hint,
                element_id=each.name,
                is_on=each.is_on,
                on_change=AccessListState.switch(each.name),
            ),
            key=each.name,
        )

    return panel(
        rx.el.ul(rx.foreach(AccessListState.switches, line), class_name="sws"),
        rx.el.p(
            anchor("Liste des professionnels autorisés", target="professionnels"),
            class_name="sm after-sws",
        ),
        title="Accès en cas d’urgence",
        title_id="urgence",
    )


def _history() -> rx.Component:
    state = AccessListState
    return panel(
        rx.cond(
            state.lines.length() > 0,
            rx.fragment(
                thread_box(thread(rx.foreach(state.lines, _line))),
                rx.el.div(export_form(), class_name="exp"),
            ),
            rx.el.p(NOTHING_YET, class_name="muted"),
        ),
        title="Qui a consulté",
        title_id="consultations",
        end=rx.el.a("Tout l’historique", href="/parametres/consultations", class_name="sm"),
    )


def _line(line: rx.Var[LineView]) -> rx.Component:
    return thread_item(
        rx.el.div(
            rx.el.p(rx.el.time(line.when, class_name="muted"), class_name="sm"),
            rx.el.p(rx.el.b(line.who)),
            rx.el.p(line.what, class_name="sm"),
            rx.cond(line.ground, rx.el.p(line.ground, class_name="sm muted")),
            class_name="lg",
        ),
        icon_name=line.icon,
        tone=rx.cond(line.is_urgent, "alert", ""),
        key=line.id,
    )


def _dialog(act: str, verb: str, kept: str) -> rx.Component:
    state = AccessListState
    takes_away = act in {HIDE, BLOCK, UNSTATUS}
    notice = (
        [rx.el.p(rx.el.a("Lire la notice d’information", href="/notice"), class_name="sm")]
        if act == UNBLOCK
        else []
    )
    return dialog(
        state.dialog_title,
        rx.foreach(state.dialog_words, lambda words: rx.el.p(words)),
        *notice,
        is_open=state.dialog == act,
        on_close=AccessListState.close_dialog,
        actions=rx.fragment(
            button(
                verb,
                kind="danger" if takes_away else "primary",
                on_click=AccessListState.confirm,
            ),
            button(kept, on_click=AccessListState.close_dialog, **safe()),
        ),
        dialog_id=f"access-{act}",
        look="pat",
    )
