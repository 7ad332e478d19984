"""« Autorisation d’accès »: the dialog, the two ways of the text, and the law beside them (DM-38 to DM-55)."""

import reflex as rx

from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.choice_field import radio_cards
from app.components.dialog import dialog, safe
from app.components.field import textarea_field
from app.components.form import form, form_actions
from app.components.panel import disclosure
from app.i18n import record_access as words
from app.models.record_access import AccessKind
from app.state.base import AppState
from app.state.patient_search import PatientSearchState
from app.state.record_access import MODE_CHOICES, AuthorisationState

_CONSENT, _EMERGENCY, _REGULATION = (
    (AccessKind.DECLARED.value, words.CONSENT),
    (AccessKind.EMERGENCY.value, words.EMERGENCY),
    (AccessKind.REGULATION.value, words.REGULATION),
)


def authorisation_dialog() -> rx.Component:
    """Shown before a record one may not read; nothing opens without a choice (DM-41)."""
    state = AuthorisationState
    return dialog(
        words.TITLE,
        rx.cond(
            (AppState.error != "") & (AppState.field_errors.keys().length() == 0),
            callout(AppState.error, tone="danger", urgent=True),
        ),
        rx.el.p(state.sentence),
        form(
            rx.el.input(type="hidden", name="key", value=state.form_key),
            rx.cond(
                state.may_regulate,
                _ways(_CONSENT, _EMERGENCY, _REGULATION),
                _ways(_CONSENT, _EMERGENCY),
            ),
            rx.match(
                state.way,
                (AccessKind.DECLARED.value, _consent()),
                (AccessKind.EMERGENCY.value, _reason()),
                (AccessKind.REGULATION.value, _reason()),
                rx.fragment(),
            ),
            disclosure(
                words.LAW_TITLE,
                rx.el.div(rx.el.ul(*[rx.el.li(rule) for rule in words.LAW]), class_name="law"),
                is_open=True,
            ),
            form_actions(
                submit_button(words.OPEN),
                button(words.CANCEL, on_click=state.close_dialog, **safe()),
            ),
            on_submit=state.submit,
            key=state.form_key,
        ),
        is_open=PatientSearchState.asked != "",
        on_close=state.close_dialog,
        dialog_id="autorisation",
        wide=True,
    )


def _ways(*options: tuple[str, str]) -> rx.Component:
    return radio_cards(
        "Comment y accédez-vous",
        "way",
        list(options),
        value=AuthorisationState.way,
        two=False,
        on_change=AuthorisationState.choose_way,
        required=True,
    )


def _consent() -> rx.Component:
    return radio_cards(
        words.MODE_LABEL,
        "consent_mode",
        [(choice.value, choice.label) for choice in MODE_CHOICES],
        required=True,
    )


def _reason() -> rx.Component:
    return rx.fragment(
        callout(words.URGENT_WARNING, tone="warning"),
        textarea_field(
            words.REASON,
            "reason",
            value=AuthorisationState.reason,
            hint=words.REASON_HINT,
            required=True,
            max_length=500,
        ),
    )
