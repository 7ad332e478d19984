"""A new message: to whom, about whom, its subject and its words (ME-162 to ME-172, CX-40)."""

from typing import Any

import reflex as rx

from app.components.button import icon_button, link_button
from app.components.choice_field import select_field
from app.components.combobox import combobox
from app.components.field import MANDATORY
from app.components.form import mandatory_note
from app.components.icons import icon
from app.components.markup import Child, Handler, Text, ident
from app.components.message_composer import (
    composer_foot,
    composer_form,
    delete_dialog,
    fault_place,
    hidden,
    priority_choice,
    text_area,
    urgent_line,
)
from app.components.states import failed_panel, skeleton_rows
from app.models.message import MAX_SUBJECT
from app.state.base import AppState
from app.state.form import Choice
from app.state.message_composer import NEW
from app.state.message_new import NewMessageState, RecipientView

_STATE = NewMessageState
_SUBJECT = "message-subject"


def new_message_pane(*, back: Child, attachments: Child = None) -> rx.Component:
    """The pane beside the list. `back`: the way to the list, on a phone; `attachments`: see `reply_composer`."""
    return rx.el.section(
        rx.el.div(
            back,
            rx.el.div(rx.el.h1("Nouveau message", tab_index=-1), class_name="conv-title"),
            class_name="conv-head",
        ),
        rx.el.div(
            rx.cond(
                _STATE.is_loaded & (AppState.page_status == "ready"),
                _form(attachments),
                rx.cond(AppState.page_status == "failed", failed_panel(), _unknown()),
            ),
            class_name="conv-scroll new-message",
            tab_index=0,
            role="region",
            aria_label="Écrire un message",
        ),
        delete_dialog(),
        class_name="conv",
        aria_label="Nouveau message",
    )


def _unknown() -> rx.Component:
    """On its way; or about a patient who is not theirs to know; or for somebody whose messages one only reads."""
    return rx.cond(
        _STATE.trouble != "",
        rx.fragment(
            rx.el.p(_STATE.trouble, role="alert", class_name="callout neutral"),
            rx.cond(
                ~_STATE.is_read_only,
                rx.el.p(link_button("Écrire un autre message", href=NEW)),
            ),
        ),
        skeleton_rows(3),
    )


def _form(attachments: Child) -> rx.Component:
    return composer_form(
        rx.cond(_STATE.is_patient, urgent_line()),
        mandatory_note(),
        rx.cond(~_STATE.is_patient, _about()),
        _recipients(),
        _subject(),
        rx.cond(
            ~_STATE.is_patient,
            rx.el.div(rx.el.p("Priorité", class_name="lbl"), priority_choice(), class_name="field"),
        ),
        rx.el.div(
            rx.el.label(f"Message{MANDATORY}", html_for="message-text"),
            text_area(rows=8),
            class_name="field",
        ),
        *([] if attachments is None else [attachments]),
        composer_foot(look="row wrap snd"),
        label="Nouveau message",
        look="stack form",
    )


def _subject() -> rx.Component:
    count = f"{_SUBJECT}-count"
    return rx.el.div(
        rx.el.label(f"Objet{MANDATORY}", html_for=_SUBJECT),
        fault_place("subject"),
        rx.el.input(
            type="text",
            name="subject",
            default_value=_STATE.subject,
            max_length=MAX_SUBJECT,
            auto_complete="off",
            class_name="input",
            data_count=count,
            aria_describedby=count,
            aria_required="true",
            **ident(_SUBJECT),
        ),
        rx.el.p(role="status", class_name="hint tn", **ident(count)),
        class_name="field",
    )


def _chip(label: Text, words: Text, on_remove: Handler, **props: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("user-round", "s"), label, class_name="pch"),
        icon_button("x", words, on_click=on_remove, data_unpick=""),
        **props,
    )


def _recipients() -> rx.Component:
    """Chips, then the field that finds others; a patient's one chip stands alone (ME-163)."""

    def chip(line: rx.Var[RecipientView]) -> rx.Component:
        return _chip(line.label, line.remove, _STATE.unpick(line.party), key=line.party)

    def draw(line: rx.Var[RecipientView]) -> rx.Component:
        return rx.fragment(
            rx.el.b(line.label), rx.cond(line.place, rx.el.span(line.place, class_name="sm muted"))
        )

    has_room = ~_STATE.is_patient | (_STATE.recipients.length() == 0)
    label = rx.cond(_STATE.is_patient, "Destinataire", "Destinataires")
    chips = rx.cond(
        _STATE.recipients.length() > 0,
        rx.el.ul(
            rx.foreach(_STATE.recipients, chip),
            rx.foreach(_STATE.recipients, lambda line: hidden("recipient", line.party)),
            class_name="to",
            aria_label="Destinataires choisis",
        ),
    )
    return rx.el.div(
        rx.cond(
            has_room,
            combobox(
                label,
                "recipient_search",
                on_search=_STATE.search,
                results=_STATE.found,
                draw=draw,
                on_pick=lambda line: _STATE.pick(line.party),
                status=_STATE.found_status,
                hint=_STATE.hint,
                error="",
                required=True,
                heading=lambda line: line.group,
                id="message-recipient",
                on_focus=_STATE.show_recipients,
                key=_STATE.search_key,
            ),
            rx.el.div(
                rx.el.p(label, MANDATORY, class_name="lbl"),
                rx.el.p(_STATE.hint, class_name="hint"),
                class_name="field",
            ),
        ),
        fault_place("recipient"),
        chips,
        class_name="field recipients",
        data_chosen="",
    )


def _about() -> rx.Component:
    """The patient professionals speak of; then only the circle is proposed."""

    def draw(choice: rx.Var[Choice]) -> rx.Component:
        return rx.el.b(choice.label)

    chosen = rx.fragment(
        rx.el.div(
            rx.el.p("À propos de", class_name="lbl"),
            rx.el.ul(
                _chip(_STATE.about_name, "Ne plus parler de ce patient", _STATE.unpick_about),
                rx.cond(
                    _STATE.entry_id,
                    _chip(_STATE.entry_label, "Retirer cette entrée", _STATE.drop_entry),
                ),
                class_name="to",
                aria_label="Sujet du message",
            ),
            class_name="field",
        ),
        hidden("about_patient_id", _STATE.about_id),
        hidden("entry_id", _STATE.entry_id),
        rx.cond(
            _STATE.treatments.length() > 0,
            select_field(
                "Traitement",
                "treatment_id",
                _STATE.treatments,
                value=_STATE.treatment_id,
                empty="Aucun en particulier",
                error="",
                id="message-treatment",
            ),
        ),
    )
    search = combobox(
        "À propos d’un patient",
        "about_search",
        on_search=_STATE.search_about,
        results=_STATE.subjects,
        draw=draw,
        on_pick=lambda choice: _STATE.pick_about(choice.value),
        status=_STATE.subjects_status,
        hint="Facultatif. Seul son cercle de soins pourra alors recevoir le message",
        error="",
        id="message-about",
    )
    return rx.el.div(rx.cond(_STATE.about_id, chosen, search), class_name="stack", data_chosen="")
