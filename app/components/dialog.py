"""Dialogs: the browser's own `<dialog>`, opened as modal by the browser script.

The page below is inert, the focus stays inside and returns to what opened it, Escape closes. The safe
choice carries `**safe()`. Two ways to open one: the state draws it (`dialog`), or a button of the page
opens it without the server (`page_dialog` and `opens`).
"""

from typing import Any

import reflex as rx

from app.components.button import button, icon_button
from app.components.markup import Child, Flag, Handler, Text, ident, look as classes


def dialog(
    title: Text,
    *content: Child,
    is_open: Flag,
    on_close: Handler,
    actions: Child = None,
    dialog_id: str = "dialog",
    wide: bool = False,
    cross: bool = True,
    look: Text = "pro",
) -> rx.Component:
    """A dialog that is there while `is_open`. Escape and the cross trigger `on_close`.

    `actions`: buttons with verbs, the safe one with `**safe()`, which takes the focus. `look`: that of the frame.
    """
    return rx.cond(
        is_open,
        rx.el.dialog(
            _head(title, dialog_id, cross=cross, on_close=on_close),
            *content,
            *_acts(actions),
            class_name=classes("dialog", "wide" if wide else "", look),
            aria_labelledby=f"{dialog_id}-title",
            data_modal="",
        ),
    )


def page_dialog(
    title: Text, *content: Child, dialog_id: str, actions: Child = None, wide: bool = False
) -> rx.Component:
    """A dialog opened by a button of the page with `**opens(dialog_id)`, without the server."""
    return rx.el.dialog(
        _head(title, dialog_id, cross=True, on_close=None),
        *content,
        *_acts(actions),
        class_name=classes("dialog", "wide" if wide else "", "pro"),
        aria_labelledby=f"{dialog_id}-title",
        **ident(dialog_id),
    )


def opens(dialog_id: str) -> dict[str, Any]:
    """Attributes of the button that opens a `page_dialog`."""
    return {"data_opens": dialog_id, "aria_haspopup": "dialog"}


def safe() -> dict[str, Any]:
    """Attributes of the choice that loses nothing: it has the focus when the dialog opens."""
    return {"data_safe": ""}


def lose_or_keep(
    verb: Text, lose: Handler, *, keep: Handler, kept: Text = "Conserver"
) -> rx.Component:
    """The two answers to a question asked before something is lost. `verb`: what loses it; `kept`: what does not."""
    return rx.fragment(
        button(verb, kind="danger", on_click=lose), button(kept, on_click=keep, **safe())
    )


def closes() -> dict[str, Any]:
    """Attributes of a button that closes the dialog it is in."""
    return {"data_closes": ""}


def _head(title: Text, dialog_id: str, *, cross: bool, on_close: Handler) -> rx.Component:
    closing = {"data_closes": ""} if on_close is None else {"on_click": on_close, "data_cancel": ""}
    return rx.el.div(
        rx.el.h2(title, **ident(f"{dialog_id}-title")),
        icon_button("x", "Fermer", class_name="" if cross else "vh", **closing),
        class_name="dialog-head",
    )


def _acts(actions: Child) -> list[rx.Component]:
    return [] if actions is None else [rx.el.div(actions, class_name="acts")]
