"""Pieces the pages of the authorisation matrix share."""

from typing import Any

import reflex as rx

from app.components.badge import badge
from app.components.table import cell, data_table, row, row_head
from app.i18n.format import NARROW
from app.i18n.matrix import TO_CONFIRM
from app.state.matrix import CellView, ChangeLine


def value(view: rx.Var[CellView]) -> rx.Component:
    """What a cell says: a word with its sign, and whether it is still to be confirmed."""
    return rx.el.span(
        badge(view.label, view.tone, view.icon),
        rx.cond(view.is_unconfirmed, badge(TO_CONFIRM, "warning")),
        class_name="row wrap mx-cell",
    )


def changes_table(caption: str, changes: Any) -> rx.Component:
    """Cells that change, from what to what."""

    def line(change: rx.Var[ChangeLine]) -> rx.Component:
        return row(
            row_head(change.document, under=change.profession),
            cell(change.right, label="Droit"),
            cell(value(change.before), label="Avant"),
            cell(value(change.after), label="Après"),
            key=change.key,
        )

    return data_table(
        caption,
        ("Type de document et profession", "Droit", "Avant", "Après"),
        rx.foreach(changes, line),
    )


def source_note() -> list[Any]:
    """Where the values come from, and what must still be checked."""
    return [
        (
            "La matrice officielle est celle de l’arrêté du 26 octobre 2023. Son annexe est une image du Journal "
            "officiel\u202f: Liane part des valeurs que des textes publics en citent. Vérifiez chaque valeur marquée "
        ),
        badge(TO_CONFIRM, "warning"),
        f" dans l’annexe avant de vous y fier{NARROW}; sans texte, la valeur la plus prudente s’applique.",
    ]
