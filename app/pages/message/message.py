"""« Mes messages » and « Messagerie »: the list, and a conversation opened beside it (CX-37 to CX-39, ME-126 to ME-136)."""

import reflex as rx

from app.components.attachment_picker import attachment_picker, attachment_ways, attachment_windows
from app.components.message_composer import reply_composer
from app.components.message_list import mailbox_shell
from app.components.message_thread import (
    nothing_chosen,
    patient_pane,
    thread_dialogs,
    thread_pane,
)
from app.homes import MESSAGES_PAGE
from app.pages.table import page
from app.state.base import Audience
from app.state.conversation import ConversationState
from app.state.message_attachment import MessageAttachmentState
from app.state.message_composer import ComposerState

# What the pieces of a reply belong to.
_PIECES_OF = {
    "conversation_id": ComposerState.conversation_id,
    "reply_to_id": ComposerState.reply_to_id,
    "about_patient": ConversationState.thread.patient_id,
}


@page(
    route=MESSAGES_PAGE,
    title="Messagerie",
    audience=Audience.MAILBOX,
    on_load=ConversationState.load,
)
def message_page() -> rx.Component:
    """The list of a box, or of a patient's conversations."""
    return mailbox_shell(nothing_chosen(), is_open=False)


@page(
    route=f"{MESSAGES_PAGE}/[conversation_id]",
    title="Conversation",
    audience=Audience.MAILBOX,
    on_load=[
        ConversationState.load,
        ComposerState.load_reply,
        MessageAttachmentState.load,
    ],
)
def conversation_page() -> rx.Component:
    """One conversation beside the list."""
    return mailbox_shell(
        thread_pane(
            reply_composer(
                after_sent=ConversationState.refresh,
                attachments=attachment_picker(ComposerState.draft_id, has_ways=False, **_PIECES_OF),
                ways=attachment_ways(_PIECES_OF["about_patient"]),
            )
        ),
        is_open=True,
        aside=patient_pane(),
        more=rx.fragment(
            thread_dialogs(), attachment_windows(ComposerState.draft_id, **_PIECES_OF)
        ),
    )
