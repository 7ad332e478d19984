"""A conversation opened: its head with its acts, its messages, what stands in place of an answer."""

import reflex as rx

from app.components.badge import avatar, badge
from app.components.button import button, link_button
from app.components.callout import callout
from app.components.dialog import dialog, lose_or_keep
from app.components.icons import icon
from app.components.markup import Child, hidden_text
from app.components.message_attachment import (
    attachment_cards,
    attachment_pane,
    is_attachment_open,
)
from app.components.message_list import IS_PATIENT, priority_badge
from app.components.states import not_found_panel, page_error, ready, skeleton_rows
from app.components.summary import to_know
from app.i18n import conversation as words
from app.i18n.format import NARROW
from app.state.conversation import DELETE, END, ConversationState
from app.state.message_thread_view import MessageView

_STATE = ConversationState
_THREAD = ConversationState.thread


def thread_pane(composer: Child) -> rx.Component:
    """The conversation of the address. `composer`: where an answer is written; it shows when one may be."""
    return rx.el.section(
        ready(
            _opened(composer),
            loading=rx.fragment(back_link(), skeleton_rows(3)),
        ),
        class_name="conv",
        aria_label="Conversation",
    )


def nothing_chosen() -> rx.Component:
    """The pane while no conversation is opened, on a wide screen; blank when there is none to choose."""
    return rx.el.div(
        rx.cond(
            _STATE.mailbox.nothing == "",
            rx.el.p(icon("messages-square", "xl"), words.CHOOSE, class_name="muted"),
        ),
        class_name="conv conv-none",
    )


def patient_pane() -> rx.Component:
    """What is to know of the patient, where the screen has room for it and somebody asked for it."""
    return rx.cond(
        _STATE.summary_of != "",
        rx.el.div(
            rx.el.p(rx.el.a(_THREAD.patient, href=_THREAD.patient_href), class_name="fw"),
            to_know(_STATE.summary),
            class_name="mb-aside",
        ),
    )


def back_link() -> rx.Component:
    """« Retour aux messages », on a phone."""
    return rx.el.a(
        icon("arrow-left", "s"),
        "Retour aux messages",
        href=_STATE.mailbox.back,
        class_name="back",
    )


def _gone() -> rx.Component:
    return rx.fragment(
        back_link(),
        not_found_panel(
            "Conversation introuvable",
            _STATE.refusal,
            link_button("Retour aux messages", href=_STATE.mailbox.back),
            is_page=True,
        ),
    )


def _opened(composer: Child) -> rx.Component:
    """The conversation, or a file of it in its place.

    What is being written stays behind it, and stays too when the conversation is gone meanwhile.
    """
    return rx.fragment(
        rx.el.div(
            rx.cond(_STATE.refusal, _gone(), _thread()),
            composer,
            class_name=rx.cond(is_attachment_open(), "thread away", "thread"),
        ),
        rx.cond(
            is_attachment_open(),
            rx.fragment(
                rx.el.h1(_THREAD.title, class_name="vh"),
                attachment_pane(may_reply=_THREAD.may_reply),
            ),
        ),
    )


def _thread() -> rx.Component:
    return rx.fragment(
        _head(),
        page_error(),
        rx.cond(_THREAD.banner, _ended_banner()),
        rx.cond(
            _THREAD.is_ended_by_me,
            rx.el.div(callout(words.EXCHANGES_ENDED, tone="neutral"), class_name="conv-said"),
        ),
        rx.el.div(
            rx.cond(
                _THREAD.has_older,
                rx.el.p(
                    button(
                        words.OLDER,
                        icon_name="chevron-up",
                        on_click=_STATE.show_older,
                        data_older="",
                    ),
                    class_name="older",
                ),
            ),
            rx.el.ol(rx.foreach(_THREAD.messages, _message), class_name="msgs"),
            class_name="conv-scroll",
            tab_index=0,
            role="region",
            aria_label="Messages de la conversation",
            custom_attrs={"data-thread": _THREAD.id},
        ),
        rx.el.p(_STATE.arrival, role="status", class_name="vh"),
        rx.cond(
            _THREAD.waiting > 0,
            rx.el.button(
                "Marquer comme lu",
                type="button",
                on_click=_STATE.read,
                hidden=True,
                data_reads="",
            ),
        ),
        rx.el.p(
            button("Voir le nouveau message", icon_name="arrow-down", data_to_newest=""),
            class_name="newest",
        ),
        rx.cond(
            _THREAD.no_reply,
            rx.el.div(callout(_THREAD.no_reply, tone="neutral"), class_name="conv-said"),
        ),
    )


def _head() -> rx.Component:
    return rx.el.div(
        back_link(),
        rx.el.div(
            rx.el.h1(_THREAD.title, tab_index=-1, class_name="grow"),
            rx.el.div(
                rx.cond(
                    _THREAD.may_archive & ~_THREAD.is_archived,
                    button(
                        "Marquer comme traité",
                        icon_name="check",
                        on_click=_STATE.treat,
                        data_advances="",
                    ),
                ),
                rx.cond(
                    ~IS_PATIENT & (_THREAD.patient_id != ""),
                    button(
                        "À savoir",
                        icon_name="user-round",
                        on_click=_STATE.turn_summary,
                        class_name="wide-aside",
                        aria_pressed=rx.cond(_STATE.is_summary_open, "true", "false"),
                    ),
                ),
                _menu(),
                class_name="row",
            ),
            class_name="conv-title",
        ),
        rx.el.p(
            rx.cond(_THREAD.priority, priority_badge(_THREAD.priority, _THREAD.is_contact)),
            rx.cond(_THREAD.is_archived, badge("Archivé", "line", "archive")),
            rx.cond(
                _THREAD.patient,
                rx.el.a(
                    icon("user-round", "s"),
                    _THREAD.patient,
                    href=_THREAD.patient_href,
                    class_name="pch",
                ),
            ),
            rx.cond(
                _THREAD.treatment,
                rx.el.span(icon("pill", "s"), _THREAD.treatment, class_name="pch2"),
            ),
            rx.cond(_THREAD.others, rx.el.span("Avec ", _THREAD.others, class_name="muted")),
            class_name="conv-facts sm",
        ),
        class_name="conv-head",
    )


def _menu() -> rx.Component:
    def act(name: str, label: str, handler: object) -> rx.Component:
        return rx.el.li(rx.el.button(icon(name, "s"), label, type="button", on_click=handler))

    return rx.el.details(
        rx.el.summary(icon("ellipsis"), hidden_text("Autres actions"), class_name="btn icon"),
        rx.el.ul(
            rx.cond(
                _THREAD.may_archive & _THREAD.is_archived,
                act("undo-2", "Remettre à traiter", _STATE.put_back),
            ),
            rx.cond(
                _THREAD.may_end,
                act("log-out", "Mettre fin aux échanges", _STATE.ask_end),
            ),
            act("trash-2", "Supprimer la conversation", _STATE.ask_delete),
            class_name="menu-list",
        ),
        class_name="menu no-print",
    )


def _ended_banner() -> rx.Component:
    return rx.el.div(
        callout(
            rx.el.p(rx.el.b(_THREAD.banner)),
            rx.el.p(rx.el.a("En savoir plus", href="/aide/fin-des-echanges")),
            tone="neutral",
            icon_name="lock",
        ),
        class_name="conv-said",
    )


def _message(item: rx.Var[MessageView]) -> rx.Component:
    head = rx.el.p(
        rx.el.b(item.name),
        rx.el.span(item.said, class_name="muted"),
        rx.cond(item.is_new, badge("Nouveau", "new")),
        class_name="m-head",
    )
    content = rx.fragment(
        head,
        rx.el.div(
            rx.cond(item.recipients, rx.el.p(item.recipients, class_name="sm muted")),
            rx.cond(item.text, rx.el.p(item.text, class_name="m-text")),
            attachment_cards(item.pieces),
            class_name="bub",
        ),
        rx.cond(
            item.entry,
            rx.el.p(
                icon("calendar-check", "s"),
                f"Entrée liée{NARROW}: ",
                rx.el.a(item.entry, href=item.entry_href),
                class_name="m-ref sm",
            ),
        ),
        rx.cond(
            item.receipt,
            rx.el.div(
                rx.el.p(item.receipt, role="status"),
                rx.cond(
                    item.may_send_receipt,
                    button(
                        "Envoyer l’accusé de lecture",
                        on_click=_STATE.send_receipt(item.id),
                    ),
                ),
                class_name="m-ref sm row wrap",
            ),
        ),
        rx.cond(item.typed_by, rx.el.p(item.typed_by, class_name="m-ref sm")),
    )
    return rx.fragment(
        rx.cond(item.day, rx.el.li(rx.el.span(item.day), class_name="m-day")),
        rx.cond(
            item.is_mine,
            rx.el.li(content, class_name="m me"),
            rx.el.li(avatar(item.initials), rx.el.div(content), class_name="m"),
        ),
        key=item.id,
    )


def thread_dialogs() -> rx.Component:
    """What is asked before something that is not undone."""
    look = rx.cond(IS_PATIENT, "pat", "pro")
    return rx.fragment(
        dialog(
            f"Supprimer cette conversation{NARROW}?",
            rx.el.p(
                "Elle disparaît de votre messagerie avec la réponse que vous aviez commencée. "
                "Les autres personnes gardent la leur."
            ),
            is_open=_STATE.question == DELETE,
            on_close=_STATE.close_question,
            actions=lose_or_keep(
                "Supprimer", _STATE.delete, keep=_STATE.close_question, kept="Annuler"
            ),
            dialog_id="delete-conversation",
            look=look,
        ),
        dialog(
            f"Mettre fin aux échanges{NARROW}?",
            rx.foreach(_STATE.ending_words, lambda line: rx.el.p(line)),
            is_open=_STATE.question == END,
            on_close=_STATE.close_question,
            actions=lose_or_keep(
                "Mettre fin aux échanges",
                _STATE.end,
                keep=_STATE.close_question,
                kept="Annuler",
            ),
            dialog_id="end-exchanges",
            look=look,
        ),
    )
