"""The pieces of a message being written, and the ways to attach more (ME-152 to ME-159).

`attachment_picker` stands in the form of the message; `attachment_windows` beside it, since what is ticked
or pressed there must not send the form.
"""

from typing import Any

import reflex as rx

from app.components.button import button, icon_button
from app.components.callout import callout
from app.components.choice_field import mini_select
from app.components.dialog import closes, dialog, opens, page_dialog, safe
from app.components.file_drop import file_drop
from app.components.icons import icon
from app.components.markup import Text, hidden_text, shown
from app.components.states import empty
from app.i18n import message_attachment as words
from app.state.attachment_picker import (
    BY_CATEGORY,
    BY_DATE,
    DOCUMENTS,
    PAPERS,
    RECORD,
    AttachmentPickerState,
)
from app.state.base import AppState
from app.state.message_attachment_view import DraftPiece, ShelfGroup, ShelfLine

SEND = "/api/messages/attachments"
_STATE = AttachmentPickerState
_DEVICE = "joindre-fichiers"
_ORDERS = ((BY_DATE, "Du plus récent au plus ancien"), (BY_CATEGORY, "Par catégorie"))
_IS_PATIENT = AppState.viewer_role == "patient"


def attachment_picker(
    draft_id: Text,
    *,
    conversation_id: Text = "",
    reply_to_id: Text = "",
    about_patient: Text = "",
    has_ways: bool = True,
) -> rx.Component:
    """Buttons, pieces and their weight, of the draft of this key. `about_patient`: whom the message is about.

    `has_ways`: False where `attachment_ways` stands elsewhere in the form.
    """
    return rx.el.fieldset(
        rx.el.legend(words.TITLE),
        rx.cond(_IS_PATIENT, _sources(), _join(about_patient) if has_ways else None),
        rx.cond(
            _STATE.pieces.length() > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(_STATE.pieces, _piece), class_name="up"),
                rx.el.p(
                    rx.el.span(rx.el.span(style={"width": _STATE.percent}), class_name="tr"),
                    rx.el.span(_STATE.weight, class_name="sm tn"),
                    class_name="meter",
                ),
            ),
        ),
        rx.el.div(
            rx.cond(
                (_STATE.trouble != "") & (_STATE.shelf == ""),
                callout(_STATE.trouble, tone="danger"),
            ),
            role="status",
        ),
        on_mount=_STATE.open_draft(draft_id, conversation_id, reply_to_id),
        class_name="field pieces",
        key=draft_id,
    )


def attachment_ways(about_patient: Text) -> rx.Component:
    """The buttons of a professional alone, beside the acts of a reply."""
    return shown(~_IS_PATIENT, _join(about_patient))


def attachment_windows(
    draft_id: Text,
    *,
    conversation_id: Text = "",
    reply_to_id: Text = "",
    about_patient: Text = "",
) -> rx.Component:
    """What the buttons of the picker open: the files of the device, and documents to tick."""
    return rx.fragment(
        page_dialog(
            rx.cond(_IS_PATIENT, words.DEVICE, words.JOIN),
            file_drop(
                on_arrived=_STATE.refresh,
                element_id=_DEVICE,
                data_send=SEND,
                data_draft=draft_id,
                data_conversation=conversation_id,
                data_reply_to=reply_to_id,
                data_about=about_patient,
            ),
            dialog_id=_DEVICE,
            actions=button("Terminer", kind="primary", **closes()),
            wide=True,
        ),
        _shelf(),
    )


def _sources() -> rx.Component:
    """The four sources of a patient (ME-153)."""

    def source(label: str, icon_name: str, **props: Any) -> rx.Component:
        return button(label, icon_name=icon_name, **props)

    return rx.el.div(
        source(words.DEVICE, "upload", **opens(_DEVICE)),
        source(words.PAPERS, "id-card", on_click=_STATE.open_shelf(PAPERS, "")),
        source(words.DOCUMENTS, "folder", on_click=_STATE.open_shelf(DOCUMENTS, "")),
        source(
            words.PROFILE,
            "heart-pulse",
            on_click=_STATE.join_profile,
            aria_disabled=rx.cond(_STATE.is_making, "true", "false"),
        ),
        class_name="src",
    )


def _join(about_patient: Text) -> rx.Component:
    """Of a professional: the device, and the documents of the patient they speak of, if of one."""
    return rx.el.div(
        button(words.JOIN, icon_name="paperclip", **opens(_DEVICE)),
        rx.cond(
            about_patient,
            button(
                words.OF_PATIENT,
                icon_name="folder",
                kind="ghost",
                on_click=_STATE.open_shelf(RECORD, about_patient),
            ),
        ),
        class_name="row wrap",
    )


def _piece(piece: rx.Var[DraftPiece]) -> rx.Component:
    return rx.el.li(
        icon(piece.icon, "s"),
        rx.el.span(
            piece.name, " ", rx.el.span("· ", piece.size, class_name="muted"), class_name="grow"
        ),
        icon_button("x", piece.remove, on_click=_STATE.remove(piece.id)),
    )


def _shelf() -> rx.Component:
    is_papers = _STATE.shelf == PAPERS
    is_record = _STATE.shelf == RECORD
    has_documents = _STATE.categories.length() > 0
    return dialog(
        rx.cond(is_papers, words.PAPERS, rx.cond(is_record, words.OF_PATIENT, words.DOCUMENTS)),
        rx.cond(
            has_documents,
            rx.fragment(
                rx.cond(is_papers, None, _sifting()),
                rx.el.div(
                    rx.foreach(_STATE.groups, _group),
                    rx.cond(
                        _STATE.more != "",
                        button(_STATE.more, kind="ghost", on_click=_STATE.show_more),
                    ),
                    class_name="shelf",
                    tab_index=0,
                    role="region",
                    aria_label=words.OFFERED,
                ),
                rx.el.p(
                    _STATE.found_words,
                    " · ",
                    rx.el.b(_STATE.chosen),
                    class_name="sm muted",
                    role="status",
                ),
            ),
            rx.cond(
                is_papers,
                _nothing(words.NO_PAPERS, words.NO_PAPERS_HINT, "id-card"),
                rx.cond(
                    is_record,
                    rx.cond(
                        _STATE.is_without_patient,
                        empty(words.NO_PATIENT, icon_name="user-round", bare=True),
                        _nothing(words.NO_RECORD, words.NO_RECORD_HINT, "folder-open"),
                    ),
                    _nothing(words.NO_DOCUMENTS, words.NO_DOCUMENTS_HINT, "folder-open"),
                ),
            ),
        ),
        rx.el.div(
            rx.cond(_STATE.trouble != "", callout(_STATE.trouble, tone="danger")), role="status"
        ),
        is_open=AppState.is_hydrated & (_STATE.shelf != ""),
        on_close=_STATE.close_shelf,
        actions=rx.cond(
            has_documents,
            rx.fragment(
                button(
                    words.ADD,
                    kind="primary",
                    on_click=_STATE.join_picked,
                    disabled=_STATE.picked.length() == 0,
                ),
                button("Annuler", on_click=_STATE.close_shelf, **safe()),
            ),
            button("Fermer", on_click=_STATE.close_shelf, **safe()),
        ),
        dialog_id="choisir-documents",
        wide=True,
        look=rx.cond(_IS_PATIENT, "pat", "pro"),
    )


def _sifting() -> rx.Component:
    """What narrows a long shelf, and its order (ME-154)."""
    return rx.el.div(
        rx.el.label(
            hidden_text(words.SEARCH),
            icon("search", "s"),
            rx.el.input(
                type="search",
                on_change=_STATE.search_shelf.debounce(120),
                placeholder=words.SEARCH,
                auto_complete="off",
                spell_check=False,
                max_length=120,
                class_name="input mini",
                key=_STATE.search_key,
            ),
            class_name="combo",
        ),
        mini_select(
            "Catégorie",
            "piece-category",
            _STATE.categories,
            value=_STATE.category,
            on_change=_STATE.choose_category,
            empty=words.ALL_CATEGORIES,
        ),
        mini_select(
            "Trier",
            "piece-order",
            _ORDERS,
            value=_STATE.order,
            on_change=_STATE.choose_order,
        ),
        class_name="row wrap sift",
    )


def _nothing(title: str, hint: str, icon_name: str) -> rx.Component:
    return empty(title, rx.el.p(hint, class_name="muted"), icon_name=icon_name, bare=True)


def _group(group: rx.Var[ShelfGroup]) -> rx.Component:
    return rx.fragment(
        rx.cond(group.heading != "", rx.el.h3(group.heading, class_name="fs3")),
        rx.el.ul(rx.foreach(group.lines, _line)),
    )


def _line(line: rx.Var[ShelfLine]) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                default_checked=_STATE.picked.contains(line.id),
                on_change=_STATE.pick(line.id),
            ),
            rx.el.span(
                rx.el.span(line.title, class_name="fw"),
                rx.el.span(line.about, class_name="sm muted"),
                class_name="grow",
            ),
            class_name="check",
        ),
        key=line.id,
    )
