"""What every step shows: the thread of steps, one card, what remains, the way out."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from app.components.button import button, link_button, submit_button
from app.components.callout import callout
from app.components.dialog import closes, opens, page_dialog, safe
from app.components.form import error_summary, native_form
from app.components.icons import icon
from app.components.markup import Child, Text
from app.components.signed_out import signed_out_shell
from app.components.states import page_error, ready, skeleton_rows
from app.components.steps import step_list, wizard
from app.i18n.format import NARROW
from app.i18n.registration import SECRETARY_STEPS, STEPS
from app.pages.table import page
from app.state.base import Audience
from app.state.registration import RegistrationFlow
from app.state.registration_steps import PATHS, Step, number_of, step_before

_ABANDON = "abandonner"
_NAME = "Étapes de l’inscription"


def typed(name: str) -> rx.Var[str]:
    """What was given or typed under a name so far."""
    return RegistrationFlow.fields.get(name, "")


def title_of(step: Step) -> str:
    """`Inscription, identité`; which step of how many is on the page, and differs for a secretariat."""
    words = STEPS[number_of(step) - 1][0]
    return f"Inscription, {words[:1].lower()}{words[1:]}"


def at_step(step: Step) -> Callable[[Callable[[], rx.Component]], Callable[[], rx.Component]]:
    """Enter the page of a step into the page table, at its own address."""
    return page(
        route=PATHS[step],
        title=title_of(step),
        audience=Audience.PUBLIC,
        on_load=RegistrationFlow.load,
    )


def step_page(step: Step, title: Text, *content: Child, lead: Child = None) -> rx.Component:
    """One step beside the thread; what it shows waits for its own address."""
    number, last = number_of(step), len(SECRETARY_STEPS)
    return signed_out_shell(
        wizard(
            rx.cond(
                RegistrationFlow.is_secretary,
                step_list(
                    SECRETARY_STEPS, min(number, last), name=_NAME, done=RegistrationFlow.done
                ),
                step_list(STEPS, number, name=_NAME, done=RegistrationFlow.done),
            ),
            error_summary(),
            rx.el.section(
                rx.el.div(
                    rx.el.p(RegistrationFlow.kind, class_name="sm muted kind"),
                    rx.el.h1(title, tab_index=-1),
                    *([] if lead is None else [rx.el.p(lead, class_name="muted")]),
                ),
                ready(page_error(), *content, loading=skeleton_rows(3)),
                *([] if step is Step.REVIEW else [_foot()]),
                class_name="card",
            ),
        ),
        *([] if step is Step.REVIEW else [_abandon_dialog()]),
        look="flow",
        beside=rx.el.span(
            icon("check", "s"),
            " ",
            rx.el.span(RegistrationFlow.saved, data_draft_saved=""),
            role="status",
            class_name="sm muted wide-only",
        ),
    )


def _foot() -> rx.Component:
    return rx.el.div(
        rx.el.p(RegistrationFlow.remaining, class_name="hint"),
        button("Abandonner l’inscription", kind="ghost", **opens(_ABANDON)),
        class_name="wiz-foot",
    )


def _abandon_dialog() -> rx.Component:
    return page_dialog(
        f"Abandonner l’inscription{NARROW}?",
        rx.el.p("Tout ce que vous avez donné sera effacé. Cette action est définitive."),
        dialog_id=_ABANDON,
        actions=rx.fragment(
            native_form(
                submit_button("Abandonner l’inscription", kind="danger"),
                action="/auth/registration/abandon",
            ),
            button("Continuer l’inscription", **closes(), **safe()),
        ),
    )


def step_form(step: Step, *children: Child, path: str, **props: Any) -> rx.Component:
    """A native form of a step; what is typed in it is kept as it is typed, secrets excepted."""
    props.setdefault("class_name", "stack form")
    # Drawn anew with what the server kept.
    props.setdefault("key", RegistrationFlow.form_key + f"-{path}")
    return native_form(
        *children,
        action=f"/auth/registration/{path}",
        no_validate=True,
        data_draft="registration",
        data_scope=step.value,
        **props,
    )


def small_form(path: str, *children: Child, **props: Any) -> rx.Component:
    """A native form that is one button."""
    return native_form(*children, action=f"/auth/registration/{path}", **props)


def acts(step: Step, on: Child, back: Text = "Étape précédente") -> rx.Component:
    """The way back at the left, the way on at the right."""
    return rx.el.div(
        link_button(back, href=step_before(step), kind="ghost", icon_name="arrow-left", big=True),
        on,
        class_name="wiz-acts",
    )


def go_on(words: Text = "Continuer", **props: Any) -> rx.Component:
    """The primary button of a step."""
    return submit_button(words, icon("arrow-right", "s"), big=True, **props)


def late(words: Text) -> rx.Component:
    """The gateway did not take the message yet."""
    return rx.cond(
        RegistrationFlow.is_late,
        callout(words, tone="warning", icon_name="clock-alert"),
    )
