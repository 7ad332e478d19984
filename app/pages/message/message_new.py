"""« Nouveau message », beside the list (ME-170 to ME-172)."""

import reflex as rx

from app.components.attachment_picker import attachment_picker, attachment_windows
from app.components.message_list import mailbox_shell
from app.components.message_new import new_message_pane
from app.components.message_thread import back_link
from app.pages.table import page
from app.state.base import Audience
from app.state.conversation import ConversationState
from app.state.message_composer import NEW
from app.state.message_new import NewMessageState


@page(
    route=NEW,
    title="Nouveau message",
    audience=Audience.MAILBOX,
    on_load=[NewMessageState.load_new, ConversationState.load],
)
def new_message_page() -> rx.Component:
    """The form beside the list."""
    about = NewMessageState.patient_id
    return mailbox_shell(
        new_message_pane(
            back=back_link(),
            attachments=attachment_picker(NewMessageState.draft_id, about_patient=about),
        ),
        is_open=True,
        more=attachment_windows(NewMessageState.draft_id, about_patient=about),
    )
