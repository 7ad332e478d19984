"""The form a message is written in, and what assets/messages.js needs to save and send it (ME-148 to ME-172).

Its fields are uncontrolled and have names; the script reads them. Places the script writes in are empty
here: what went wrong with a field, whether the draft is saved, why a message is still on its way.
"""

from typing import Any

import reflex as rx

from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.dialog import dialog, safe
from app.components.icons import icon
from app.components.markup import Child, Handler, Text, ident, shown, when
from app.components.states import PATH_HERE
from app.i18n.message import PRIORITIES
from app.i18n.message_composer import URGENT
from app.models.message import Priority
from app.state.message_composer import INBOX, ComposerState

_STATE = ComposerState
_TEXT = "message-text"
_REFUSAL = "message-refusal"


def reply_composer(
    *, after_sent: Handler = None, attachments: Child = None, ways: Child = None
) -> rx.Component:
    """The reply under a conversation. Its page loads `ComposerState.load_reply`.

    `after_sent`: what the page does once a message left, beside what the form does; `attachments`: the
    pieces of the draft; `ways`: the buttons that add some, beside the acts.
    """
    here = INBOX + "/" + _STATE.conversation_id == PATH_HERE
    return rx.fragment(
        rx.cond(
            _STATE.is_shown & here,
            composer_form(
                rx.el.div(_whom(), _priority(), class_name="row between wrap"),
                rx.cond(_STATE.is_patient, urgent_line()),
                rx.el.label("Votre message", html_for=_TEXT, class_name="vh"),
                text_area(rows=4),
                *([] if attachments is None else [attachments]),
                composer_foot(lead=ways),
                hidden("conversation_id", _STATE.conversation_id),
                hidden("reply_to_id", _STATE.reply_to_id),
                after_sent=after_sent,
                label="Répondre",
                look="comp",
            ),
        ),
        delete_dialog(),
    )


def composer_form(
    *content: Child, label: str, look: str, after_sent: Handler = None, **props: Any
) -> rx.Component:
    """The form itself: the browser script takes it from here. It posts nowhere by itself."""
    after = [] if after_sent is None else [after_sent]
    return rx.el.form(
        rx.el.div(data_message_faults=""),
        *content,
        rx.el.button(
            type="button",
            hidden=True,
            data_message_sent="",
            on_click=[_STATE.sent(_STATE.draft_id), *after],
        ),
        rx.el.button(
            type="button", hidden=True, data_message_again="", on_click=_STATE.begin_again
        ),
        action="/api/messages/send",
        method="post",
        on_submit=None,
        no_validate=True,
        aria_label=label,
        class_name=look,
        data_message=_STATE.draft_id,
        data_revision=_STATE.revision.to_string(),
        data_refused=when(_STATE.refusal, "true"),
        key=_STATE.form_key,
        **props,
    )


def hidden(name: str, value: Text) -> rx.Component:
    """A field the script reads and nobody sees."""
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)


def text_area(*, rows: int) -> rx.Component:
    """The words. No length is imposed while typing: what is too long is said, never cut."""
    return rx.fragment(
        rx.el.textarea(
            name="text",
            default_value=_STATE.text,
            rows=str(rows),
            class_name="input",
            aria_describedby=f"{_TEXT}-count",
            **ident(_TEXT),
        ),
        rx.el.p(role="status", class_name="hint", **ident(f"{_TEXT}-count")),
        fault_place("text"),
        rx.el.div(data_message_trouble="", role="status"),
    )


def fault_place(name: str) -> rx.Component:
    """Where the script says what is wrong with a field."""
    return rx.el.div(data_fault=name)


def composer_foot(*, look: str = "row wrap cf", lead: Child = None) -> rx.Component:
    """Whether the draft is saved, what holds the message back, and the two acts. `lead`: what stands before."""
    return rx.fragment(
        save_status(),
        rx.cond(
            _STATE.refusal,
            rx.el.div(callout(_STATE.refusal, tone="neutral", icon_name="lock"), **ident(_REFUSAL)),
        ),
        rx.el.div(
            *([] if lead is None else [lead]),
            rx.el.span(class_name="grow"),
            button(
                "Supprimer le brouillon",
                kind="ghost",
                on_click=_STATE.ask_delete,
                data_message_delete="",
            ),
            submit_button(
                icon("send", "s"),
                rx.el.span("Envoyer", data_message_verb=""),
                disabled=_STATE.refusal != "",
                aria_describedby=when(_STATE.refusal, _REFUSAL),
            ),
            class_name=look,
        ),
    )


def save_status() -> rx.Component:
    """« Brouillon enregistré à 14 h 32 »."""
    return rx.el.p(
        rx.el.span(_STATE.saved, data_message_status=""),
        role="status",
        class_name="sm muted row saved",
    )


def urgent_line() -> rx.Component:
    """What a patient reads wherever they write."""
    before, between, by_text, after = URGENT
    return callout(
        before,
        rx.el.b("15"),
        between,
        rx.el.b("112"),
        by_text,
        rx.el.b("114"),
        after,
        tone="warning",
        icon_name="phone",
    )


def priority_choice() -> rx.Component:
    """« Pour information » or « Pour besoin de contact » (CX-40)."""
    return rx.el.div(
        *[
            rx.el.label(
                rx.el.input(
                    type="radio",
                    name="priority",
                    value=value.value,
                    default_checked=_STATE.priority == value.value,
                ),
                rx.el.span(PRIORITIES[value]),
            )
            for value in (Priority.INFORMATION, Priority.CONTACT)
        ],
        role="radiogroup",
        aria_label="Priorité",
        class_name="seg",
    )


def delete_dialog() -> rx.Component:
    """« Supprimer » / « Annuler » (ME-150)."""
    return dialog(
        "Supprimer ce brouillon\u202f?",
        rx.el.p("Ce que vous avez écrit et les pièces jointes de ce brouillon seront supprimés."),
        is_open=_STATE.is_deleting,
        on_close=_STATE.keep_draft,
        actions=rx.fragment(
            button(
                "Supprimer",
                kind="danger",
                on_click=_STATE.delete,
                data_message_forget=_STATE.draft_id,
            ),
            button("Annuler", on_click=_STATE.keep_draft, **safe()),
        ),
        dialog_id="supprimer-brouillon",
    )


def _priority() -> rx.Component:
    return shown(~_STATE.is_patient, priority_choice())


def _whom() -> rx.Component:
    """« Répondre à M. Karim Haddad », and to all where there are several (ME-134, ME-135)."""

    def choice(words: Child, value: str, is_on: rx.Var[bool]) -> rx.Component:
        return rx.el.label(
            rx.el.input(type="radio", name="is_reply_all", value=value, default_checked=is_on),
            rx.el.span(words),
        )

    return rx.cond(
        _STATE.to_all,
        rx.el.div(
            rx.el.div(
                choice(rx.fragment("Répondre à ", _STATE.to_one), "", ~_STATE.is_reply_all),
                choice("Répondre à tous", "tous", _STATE.is_reply_all),
                role="radiogroup",
                aria_label="Destinataires",
                class_name="seg",
            ),
            rx.el.p("Tous\u202f: ", _STATE.to_all, class_name="sm muted"),
        ),
        rx.cond(
            _STATE.to_one,
            rx.el.p(
                rx.el.span("Répondre à ", class_name="muted"),
                rx.el.b(_STATE.to_one),
                class_name="sm",
            ),
        ),
    )
