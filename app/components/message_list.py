"""The mailbox around a conversation: boxes, list, and the pane at their right. One pane at a time on a phone."""

from typing import Any

import reflex as rx

from app.components.badge import at_most_99, badge, chip_link, count
from app.components.button import icon_button, link_button, text_button
from app.components.icons import icon
from app.components.markup import Child, Flag, either, hidden_text, ident
from app.components.notice import notice
from app.components.pagination import pagination
from app.components.shell import signed_in_shell
from app.components.states import empty, failed_panel, page_error, skeleton_rows
from app.i18n import conversation as words
from app.models.account import Role
from app.state.base import AppState
from app.state.conversation import ConversationState
from app.state.message import NEW_MESSAGE
from app.state.message_list_view import BoxLink, ConversationGroup, ConversationLine

_STATE = ConversationState
_BOX = ConversationState.mailbox
IS_PATIENT = AppState.viewer_role == Role.PATIENT.value
TITLE = rx.cond(IS_PATIENT, "Messagerie", "Mes messages")


def mailbox_shell(
    pane: Child, *, is_open: bool, aside: Child = None, more: Child = None
) -> rx.Component:
    """A page of the mailbox. `pane`: what stands beside the list; `is_open`: alone on a phone.

    The page's own title is in the pane when it is open. `aside`: a fourth pane; `more`: what the page needs besides, such as windows.
    """
    look = "mb opened" if is_open else "mb"
    return signed_in_shell(
        rx.el.div(
            *([] if is_open else [rx.el.h1(TITLE, class_name="vh", tab_index=-1)]),
            rx.el.div(
                _boxes(),
                _list(is_open=is_open),
                pane,
                *([] if aside is None else [aside]),
                class_name=rx.cond(IS_PATIENT, f"{look} own", look),
            ),
            rx.el.div(
                rx.cond(
                    _STATE.done != "",
                    notice(
                        _STATE.done,
                        _STATE.close_done,
                        link=rx.cond(
                            _STATE.undo_id != "", text_button("Annuler", on_click=_STATE.undo)
                        ),
                    ),
                ),
                role="status",
                class_name="notices",
            ),
            *([] if more is None else [more]),
            on_unmount=_STATE.leave_page,
            class_name="mb-page",
        ),
        current="messages",
    )


def _boxes() -> rx.Component:
    def link(box: rx.Var[BoxLink]) -> rx.Component:
        return rx.el.li(
            rx.el.a(
                icon(box.icon),
                rx.el.span(box.label, class_name="grow"),
                rx.cond(box.unread > 0, count(at_most_99(box.unread), " non lus", hot=True)),
                href=box.href,
                aria_current=rx.cond(box.is_current, "true", "false"),
            ),
            key=box.label,
        )

    return rx.cond(
        ~IS_PATIENT,
        rx.el.nav(
            _new_message(block=True),
            rx.el.ul(rx.foreach(_BOX.boxes, link)),
            rx.el.p(words.ARCHIVE_HINT, class_name="hint"),
            class_name="boxes",
            aria_label="Boîtes",
        ),
    )


def _new_message(*, block: bool = False) -> rx.Component:
    return link_button(
        "Nouveau message", href=NEW_MESSAGE, kind="primary", icon_name="pen-line", block=block
    )


def _list(*, is_open: bool) -> rx.Component:
    head = rx.cond(
        IS_PATIENT,
        rx.el.div(
            rx.el.h2("Messagerie", **ident("mailbox-title")),
            _new_message(),
            class_name="mb-head",
        ),
        rx.el.div(
            rx.el.h2(_BOX.title, **ident("mailbox-title")),
            rx.cond(
                _BOX.unread,
                rx.el.div(
                    chip_link(
                        "Tous", _BOX.all_href, is_current=~_BOX.is_unread_only, number=_BOX.whole
                    ),
                    chip_link(
                        "Non lus",
                        _BOX.unread_href,
                        is_current=_BOX.is_unread_only,
                        number=_BOX.unread,
                    ),
                    class_name="chips",
                    role="group",
                    aria_label="Filtrer",
                ),
            ),
            class_name="mb-head",
        ),
    )
    return rx.el.section(
        head,
        _address(),
        *(
            []
            if is_open
            else [page_error(), rx.cond(AppState.page_status == "failed", failed_panel())]
        ),
        rx.cond(
            _STATE.is_loaded,
            rx.el.div(
                rx.foreach(_BOX.groups, _group),
                rx.cond(_BOX.nothing, _nothing()),
                rx.cond(
                    _BOX.paging.summary,
                    pagination(
                        _BOX.paging.summary,
                        previous=_BOX.paging.previous,
                        following=_BOX.paging.following,
                        back="Précédente",
                        on="Suivante",
                    ),
                ),
                class_name="mb-scroll",
                role="region",
                aria_label=_BOX.region,
                data_roving="",
            ),
            rx.cond(AppState.page_status != "failed", skeleton_rows(6)),
        ),
        rx.el.p(_BOX.status, role="status", class_name="vh"),
        class_name="mb-list",
        aria_labelledby="mailbox-title",
    )


def _address() -> rx.Component:
    """« Mon adresse sécurisée », to give to professionals (ME-128); or why there is none."""
    return rx.cond(
        _BOX.address,
        rx.el.div(
            rx.el.span("Mon adresse sécurisée", class_name="muted"),
            rx.el.div(
                rx.el.b(_BOX.address),
                icon_button("copy", "Copier mon adresse sécurisée", data_copy=_BOX.address),
                class_name="row between",
            ),
            class_name="mb-address sm",
        ),
        rx.cond(_BOX.no_address, rx.el.p(_BOX.no_address, class_name="mb-address sm muted")),
    )


def _nothing() -> rx.Component:
    return empty(
        _BOX.nothing,
        rx.cond(
            _BOX.is_unread_only,
            link_button("Voir tous les messages", href=_BOX.all_href),
        ),
        icon_name="inbox",
        bare=True,
    )


def _group(group: rx.Var[ConversationGroup]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            group.title != "",
            rx.el.h3(
                icon(group.icon, "s"),
                group.title,
                rx.el.span(group.count),
                class_name="mb-group",
            ),
        ),
        rx.el.ul(rx.foreach(group.lines, _row)),
        key=group.key,
    )


def _row(line: rx.Var[ConversationLine]) -> rx.Component:
    """One conversation: the link covers its row, the mention of a piece leads to the piece (ME-133)."""
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.cond(line.is_unread, rx.el.span(class_name="dot")),
                rx.el.a(
                    rx.cond(line.is_unread, hidden_text("Non lu\u202f: ")),
                    line.names,
                    # What tells one conversation with somebody from another (RGAA 6.1).
                    hidden_text(", " + line.subject),
                    href=line.href,
                    tab_index=rx.cond(line.is_reached, 0, -1),
                    aria_current=rx.cond(line.is_current, "true", "false"),
                    class_name="cv-names",
                    **ident(f"conversation-{line.id}", **{"data-row": ""}),
                ),
                rx.el.time(line.when, date_time=line.iso, class_name="sm muted nw"),
                class_name="cv-first",
            ),
            rx.el.p(line.subject, class_name="cv-subject"),
            rx.el.p(line.extract, class_name="cv-extract"),
            rx.cond(
                line.priority + line.attachments != "",
                _marks(line),
                rx.cond(line.is_draft, _marks(line)),
            ),
            rx.cond(
                line.patient,
                rx.el.p(icon("user-round", "s"), line.patient, class_name="cv-patient sm"),
            ),
            class_name=rx.match(
                rx.cond(line.is_current, "sel", "") + rx.cond(line.is_unread, "un", ""),
                ("selun", "cv sel un"),
                ("sel", "cv sel"),
                ("un", "cv un"),
                "cv",
            ),
        ),
        key=line.id,
    )


def _marks(line: rx.Var[ConversationLine]) -> rx.Component:
    pieces: tuple[Any, ...] = (icon("paperclip", "s"), line.attachments)
    return rx.el.p(
        rx.cond(line.priority, priority_badge(line.priority, line.is_contact)),
        rx.cond(line.is_draft, rx.el.span("Brouillon", class_name="badge line draft")),
        rx.cond(
            line.attachment_href,
            rx.el.a(*pieces, href=line.attachment_href, tab_index=-1, class_name="cv-piece sm"),
            rx.cond(line.attachments, rx.el.span(*pieces, class_name="cv-piece sm")),
        ),
        class_name="cv-marks",
    )


def priority_badge(label: Any, is_contact: Flag) -> rx.Component:
    """« Pour besoin de contact » in amber, « Pour information » in grey."""
    return badge(label, either(is_contact, "warning", ""), either(is_contact, "phone", "info"))
