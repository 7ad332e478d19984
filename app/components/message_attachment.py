"""Files of messages: their cards in the thread, one opened in place of the conversation (ME-133, ME-137 to ME-147).

A page loads `MessageAttachmentState.load`, and shows `attachment_pane()` while `is_attachment_open()`.
"""

from typing import Any

import reflex as rx

from app.components.button import button, icon_button, link_button, submit_button
from app.components.callout import callout
from app.components.document_fields import description_fields, same_file_dialog, visibility_fields
from app.components.document_preview import (
    download_form,
    picture_page,
    preview_card,
    text_page,
)
from app.components.form import error_summary, form, form_actions, mandatory_note
from app.components.icons import icon
from app.components.markup import Child, ident
from app.components.notice import notice
from app.components.xdm import archive_documents
from app.i18n import message_attachment as words
from app.state.message_attachment import MessageAttachmentState
from app.state.message_attachment_view import PieceCard

_STATE = MessageAttachmentState
_TITLE = "piece-title"


def attachment_cards(pieces: Any) -> rx.Component:
    """The files of one message: `pieces`, a list of `PieceCard`."""
    return rx.cond(
        pieces.length() > 0,
        rx.el.ul(rx.foreach(pieces, _card), class_name="atts", aria_label=words.TITLE),
    )


def is_attachment_open() -> Any:
    """Whether the address names a file: it then stands in place of the conversation."""
    return (_STATE.preview.id != "") | (_STATE.preview.failure != "")


def attachment_pane(*, may_reply: Any = True) -> rx.Component:
    """The opened file, or why it is not there. `may_reply`: whether the conversation takes an answer."""
    preview = _STATE.preview
    return rx.fragment(
        rx.el.section(
            rx.el.a(
                icon("arrow-left", "s"),
                words.BACK,
                href=preview.back,
                class_name="lnk piece-back",
                data_close_preview="",
            ),
            rx.cond(
                preview.failure != "",
                rx.el.div(
                    rx.el.h2("Pièce jointe introuvable", tab_index=-1, **ident(_TITLE)),
                    rx.el.p(preview.failure),
                    class_name="empty",
                    role="alert",
                ),
                rx.fragment(
                    _head(),
                    rx.el.div(_acts(may_reply), class_name="row wrap piece-acts"),
                    rx.el.div(
                        rx.cond(
                            (_STATE.trouble != "") & ~_STATE.is_saving,
                            callout(_STATE.trouble, tone="danger"),
                        ),
                        role="status",
                    ),
                    rx.cond(_STATE.is_saving, _form()),
                    rx.el.div(_content(), class_name="doc-view"),
                ),
            ),
            class_name="piece-view",
            aria_labelledby=_TITLE,
            on_unmount=_STATE.leave,
        ),
        same_file_dialog(
            _STATE,
            on_add=_STATE.save_again,
            on_leave=_STATE.close_saving,
            dialog_id="piece-duplicate",
        ),
        rx.el.div(
            rx.cond(
                _STATE.is_saved,
                notice(
                    words.SAVED,
                    _STATE.close_saved,
                    link=rx.el.a("Voir dans Documents", href="/documents"),
                ),
            ),
            role="status",
            class_name="notices",
        ),
    )


def _card(piece: rx.Var[PieceCard]) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            icon(piece.icon),
            rx.el.span(piece.name, rx.el.span(piece.about, class_name="muted")),
            href=piece.href,
            data_piece="",
            **ident("piece-" + piece.id),
        )
    )


def _head() -> rx.Component:
    preview = _STATE.preview
    return rx.el.div(
        rx.el.h2(preview.title, tab_index=-1, **ident(_TITLE)),
        rx.el.p(preview.under, class_name="sm muted"),
        class_name="piece-head",
    )


def _acts(may_reply: Any) -> rx.Component:
    preview = _STATE.preview
    return rx.fragment(
        rx.cond(preview.may_download, _download()),
        rx.cond(
            may_reply,
            link_button(
                words.REPLY,
                href=preview.back,
                icon_name="reply",
                data_then_focus="message-text",
            ),
        ),
        rx.cond(
            preview.is_savable & ~_STATE.is_saving,
            button(words.SAVE, icon_name="folder", on_click=_STATE.open_saving),
        ),
    )


def _download(kind: str = "") -> rx.Component:
    return download_form(
        _STATE.preview.id,
        label=words.DOWNLOAD,
        kind=kind,
        field="attachment",
        action="/api/messages/attachments/download",
    )


def _content() -> rx.Component:
    """The pages, the words, or the screen of what is not shown (ME-140, ME-141)."""

    def screen(title: str, hint: str, icon_name: str, action: Child = None) -> rx.Component:
        return preview_card(title, hint, action, look="doc-card shown", icon_name=icon_name)

    return rx.match(
        _STATE.preview.kind,
        ("picture", picture_page(_STATE)),
        ("text", text_page(_STATE.preview.text)),
        ("incompatible", screen(words.INCOMPATIBLE, words.INCOMPATIBLE_HINT, "file", _download())),
        ("archive", archive_documents(_STATE.preview.id)),
        ("pending", screen(words.WAITS, words.WAITS_HINT, "clock")),
        ("refused", screen(words.REFUSED, words.REFUSED_HINT, "circle-alert")),
        screen(words.CANNOT_SHOW, words.CANNOT_SHOW_HINT, "file-text", _download()),
    )


def _form() -> rx.Component:
    """The form of the vault, its name and date filled in; the cross leaves at any time (ME-142 to ME-146)."""
    return rx.el.section(
        rx.el.div(
            rx.el.h3(words.SAVE, **ident("piece-saving")),
            icon_button("x", "Ne pas enregistrer", on_click=_STATE.close_saving),
            class_name="piece-form-head",
        ),
        form(
            error_summary(),
            rx.cond(_STATE.trouble != "", callout(_STATE.trouble, tone="danger", urgent=True)),
            mandatory_note(),
            *description_fields(_STATE.fields, _STATE.categories, "keep"),
            *visibility_fields(_STATE.fields, _STATE.readers),
            rx.el.input(type="hidden", name="key", value=_STATE.form_key, read_only=True),
            form_actions(
                submit_button(words.ADD),
                button("Annuler", on_click=_STATE.close_saving),
            ),
            on_submit=_STATE.save,
            key=_STATE.form_key,
        ),
        class_name="panel piece-form stack",
        aria_labelledby="piece-saving",
    )
