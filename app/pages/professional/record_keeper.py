"""The menu of a doctor with the « statut administrateur »: who consulted the record, whom to shut out."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button
from app.components.dialog import dialog, lose_or_keep
from app.components.icons import icon
from app.components.pagination import more_button
from app.i18n import record_keeper as words
from app.state.record_keeper import BLOCK, HISTORY, SURE, ReaderLine, ReadingLine, RecordKeeperState

_STATE = RecordKeeperState


def keeper_menu() -> rx.Component:
    """« Accès au dossier », beside the deposit."""

    def act(name: str, label: str, handler: object) -> rx.Component:
        return rx.el.li(rx.el.button(icon(name, "s"), label, type="button", on_click=handler))

    return rx.el.details(
        rx.el.summary(icon("shield-check", "s"), words.MENU, class_name="btn"),
        rx.el.ul(
            act("history", words.HISTORY, _STATE.open_history),
            act("user-x", words.BLOCK, _STATE.open_block),
            class_name="menu-list",
        ),
        class_name="menu no-print",
    )


def keeper_dialogs() -> rx.Component:
    """What the menu opens."""
    return rx.fragment(
        dialog(
            words.HISTORY,
            rx.cond(
                _STATE.readings.length() > 0,
                rx.el.ol(rx.foreach(_STATE.readings, _reading), class_name="readings"),
                rx.el.p(words.NOBODY_YET),
            ),
            rx.cond(
                _STATE.older > 0,
                more_button("Afficher les précédentes", _STATE.show_older),
            ),
            is_open=_STATE.keeping == HISTORY,
            on_close=_STATE.close_keeping,
            dialog_id="keeper-history",
            wide=True,
        ),
        dialog(
            words.BLOCK,
            rx.el.p("Ces professionnels ont accès à ce dossier."),
            rx.el.ul(rx.foreach(_STATE.present, _reader), class_name="readings"),
            is_open=_STATE.keeping == BLOCK,
            on_close=_STATE.close_keeping,
            dialog_id="keeper-block",
        ),
        dialog(
            _STATE.question,
            rx.el.p(words.WARNING),
            is_open=_STATE.keeping == SURE,
            on_close=_STATE.close_keeping,
            actions=lose_or_keep(
                "Bloquer", _STATE.block, keep=_STATE.close_keeping, kept="Ne pas bloquer"
            ),
            dialog_id="keeper-sure",
        ),
    )


def _reading(line: rx.Var[ReadingLine]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.b(line.who),
            rx.cond(line.is_urgent, badge("Urgence", "danger", "siren")),
            class_name="row wrap",
        ),
        rx.el.p(line.what),
        rx.el.p(line.when, rx.cond(line.why, rx.fragment(" · ", line.why)), class_name="sm muted"),
        key=line.key,
    )


def _reader(line: rx.Var[ReaderLine]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(line.name, class_name="grow"),
            button("Bloquer", kind="danger", on_click=_STATE.ask_block(line.id)),
            class_name="row wrap",
        ),
        key=line.id,
    )
