"""« Clôture du dossier »: what closing does, what is kept and until when, the way back (U-27, FC-28)."""

import reflex as rx

from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.choice_field import checkbox
from app.components.dialog import dialog, safe
from app.components.field import textarea_field
from app.components.form import error_summary, form, form_actions
from app.components.panel import panel, stack
from app.components.states import when_loaded
from app.i18n.record_life import FOLLOW_UP, KEPT, UNSEEN
from app.pages.patient.settings_parts import settings_page
from app.pages.table import page
from app.state.base import AppState, Audience
from app.state.record_life import DELETE, OPPOSE, REOPEN, RecordLifeState, StepView

_REASON_LENGTH = 500


@page(
    route="/parametres/cloture",
    title="Clôture du dossier",
    audience=Audience.PATIENT,
    on_load=RecordLifeState.load,
)
def record_life_page() -> rx.Component:
    """Where the record stands, then what may be done about it."""
    state = RecordLifeState
    return settings_page(
        "Clôture du dossier",
        error_summary(),
        when_loaded(
            state.is_loaded,
            stack(
                panel(
                    rx.el.p(state.status),
                    title=state.title,
                    title_id="etat",
                ),
                rx.cond(state.is_open, _closing(), _closed()),
                callout(FOLLOW_UP, tone="neutral"),
                rx.cond(state.steps.length() > 0, _steps()),
                wide=True,
            ),
        ),
        *_dialogs(),
        lead="Fermer votre dossier partagé, ou le rouvrir.",
    )


def _closing() -> rx.Component:
    state = RecordLifeState
    return rx.fragment(
        panel(
            form(
                checkbox(
                    UNSEEN,
                    "knows_nobody_sees",
                    error=AppState.field_errors.get("knows_nobody_sees", ""),
                ),
                checkbox(
                    KEPT,
                    "knows_what_is_kept",
                    error=AppState.field_errors.get("knows_what_is_kept", ""),
                ),
                textarea_field(
                    "Motif",
                    "reason",
                    hint="Facultatif. Vous n’avez pas à vous justifier.",
                    value=state.reason,
                    error=AppState.field_errors.get("reason", ""),
                    max_length=_REASON_LENGTH,
                ),
                form_actions(submit_button("Clôturer mon dossier", kind="danger")),
                on_submit=RecordLifeState.close,
            ),
            title="Clôturer mon dossier partagé",
            title_id="cloturer",
        ),
        rx.cond(
            state.may_oppose,
            panel(
                rx.el.p(
                    "Rien n’y a encore été déposé\u202f: vous pouvez refuser le dossier partagé. Personne "
                    "ne pourra y déposer de document. Vous pourrez l’accepter plus tard."
                ),
                rx.el.p(
                    button("Refuser le dossier partagé", on_click=RecordLifeState.ask(OPPOSE)),
                    class_name="form-acts top",
                ),
                title="Refuser le dossier partagé",
                title_id="refuser",
            ),
        ),
    )


def _closed() -> rx.Component:
    state = RecordLifeState
    return rx.fragment(
        panel(
            rx.el.p(
                "Vous retrouvez tous vos documents, et vos professionnels autorisés ceux qu’ils voyaient."
            ),
            rx.el.p(
                button("Rouvrir mon dossier", kind="primary", on_click=RecordLifeState.ask(REOPEN)),
                class_name="form-acts top",
            ),
            title="Rouvrir",
            title_id="rouvrir",
        ),
        rx.cond(
            state.may_delete,
            panel(
                rx.el.p(
                    "Vous pouvez demander la suppression de vos documents sans attendre dix ans. Elle a "
                    "lieu trente jours après la demande, et vous pouvez changer d’avis jusque-là. "
                    "L’historique des consultations est conservé, comme la loi le demande."
                ),
                rx.el.p(
                    button(
                        "Demander la suppression",
                        kind="danger",
                        icon_name="trash-2",
                        on_click=RecordLifeState.ask(DELETE),
                    ),
                    class_name="form-acts top",
                ),
                title="Supprimer avant dix ans",
                title_id="supprimer",
            ),
        ),
    )


def _steps() -> rx.Component:
    def line(step: rx.Var[StepView]) -> rx.Component:
        return rx.el.li(
            rx.el.p(step.words),
            rx.cond(step.reason, rx.el.p(step.reason, class_name="sm muted")),
        )

    return panel(
        rx.el.ol(rx.foreach(RecordLifeState.steps, line), class_name="steps-told"),
        title="Historique du dossier",
        title_id="historique",
    )


def _dialogs() -> list[rx.Component]:
    state = RecordLifeState

    def ask(act: str, title: str, words: str, verb: str, kept: str) -> rx.Component:
        return dialog(
            title,
            rx.el.p(words),
            is_open=state.dialog == act,
            on_close=RecordLifeState.close_dialog,
            actions=rx.fragment(
                button(
                    verb,
                    kind="danger" if act == DELETE else "primary",
                    on_click=RecordLifeState.confirm,
                ),
                button(kept, on_click=RecordLifeState.close_dialog, **safe()),
            ),
            dialog_id=f"life-{act}",
            look="pat",
        )

    return [
        ask(
            OPPOSE,
            "Refuser le dossier partagé\u202f?",
            "Personne ne pourra y déposer ni y lire de document. Vous pourrez l’accepter plus tard.",
            "Refuser le dossier",
            "Le garder ouvert",
        ),
        ask(
            REOPEN,
            "Rouvrir votre dossier partagé\u202f?",
            "Vos professionnels autorisés verront de nouveau vos documents, sauf ceux que vous avez "
            "masqués. Une suppression demandée est annulée.",
            "Rouvrir",
            "Le laisser fermé",
        ),
        ask(
            DELETE,
            "Demander la suppression de vos documents\u202f?",
            "Dans trente jours, tous vos documents seront supprimés et ne pourront plus être retrouvés. "
            "Rouvrir votre dossier d’ici là annule la demande.",
            "Demander la suppression",
            "Conserver mes documents",
        ),
    ]
