"""« Ma délégation »: whom one lets act with one's account, and whom one may act for (CX-46 to CX-48)."""

import reflex as rx

from app.components.badge import avatar, badge
from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.choice_field import radio_cards
from app.components.dialog import dialog, lose_or_keep
from app.components.field import date_fields, text_field
from app.components.form import error_summary, form, form_actions, mandatory_note
from app.components.icons import icon
from app.components.markup import Text
from app.components.mode import enter_form
from app.components.panel import columns, disclosure, page_head, panel, stack
from app.components.shell import signed_in_shell
from app.components.states import empty, page_error, ready, skeleton_rows
from app.i18n.delegation import SCOPE_HINTS, SCOPES
from app.i18n.format import NARROW
from app.pages.table import page
from app.state.base import AppState, Audience
from app.state.delegation import FORM, DelegationState, GrantedView, OpenView

PATH = "/compte/delegations"
DEBOUNCE_MS = 250
_NUMBER_CHARACTERS = 40


def _typed(name: str) -> rx.Var[str]:
    return DelegationState.fields.get(name, "")


def _error(name: str) -> rx.Var[str]:
    return AppState.field_errors.get(name, "")


@page(
    route=PATH,
    title="Ma délégation",
    audience=Audience.STAFF,
    on_load=DelegationState.load,
)
def delegation_page() -> rx.Component:
    """A professional grants and acts; a secretariat acts."""
    return signed_in_shell(
        rx.cond(DelegationState.is_holder, error_summary()),
        page_head(
            rx.cond(DelegationState.is_holder, "Ma délégation", "Agir pour…"),
            lead="Chacun garde ses propres identifiants, et chaque acte porte les deux noms.",
        ),
        ready(
            page_error(),
            rx.cond(
                DelegationState.refusal,
                callout(DelegationState.refusal, tone="danger", urgent=True),
            ),
            rx.cond(
                DelegationState.is_holder,
                stack(
                    # First: on a phone, acting for somebody must not wait below a form.
                    rx.cond(DelegationState.open_to_me.length() > 0, _open_to_me()),
                    columns(_form(), _granted(), shape="tol"),
                    wide=True,
                ),
                _open_to_me(),
            ),
            _withdraw_dialog(),
            loading=skeleton_rows(4),
        ),
        current="delegation",
    )


def _form() -> rx.Component:
    return panel(
        form(
            rx.el.input(type="hidden", name="key", value=DelegationState.form_key),
            mandatory_note(),
            text_field(
                "N° RPPS, ou n° de carte CPS ou CPE",
                "number",
                value=_typed("number"),
                hint="Il figure sur la carte de cette personne",
                error=_error("number"),
                required=True,
                on_change=DelegationState.look_up_carrier.debounce(DEBOUNCE_MS),
                auto_complete="off",
                spell_check=False,
                max_length=_NUMBER_CHARACTERS,
            ),
            rx.el.p(
                rx.cond(
                    DelegationState.carrier,
                    rx.fragment(icon("id-card", "s"), " ", DelegationState.carrier),
                ),
                role="status",
                class_name="hint carrier",
            ),
            _date("Premier jour", "starts_on", required=True),
            _date(
                "Dernier jour",
                "ends_on",
                hint="Un an au plus. Laissez vide pour aller jusqu’au retrait",
            ),
            radio_cards(
                "Ce que cette personne pourra faire",
                "scope",
                [(scope.value, label, SCOPE_HINTS[scope]) for scope, label in SCOPES.items()],
                value=_typed("scope"),
                error=_error("scope"),
                required=True,
                two=False,
            ),
            form_actions(
                submit_button("Accorder la délégation", class_name="btn primary big"),
                button("Annuler", kind="ghost", big=True, on_click=DelegationState.cancel),
            ),
            on_submit=DelegationState.submit,
            draft=FORM,
            key=DelegationState.form_key,
        ),
        title="Autoriser un professionnel",
        title_id="autoriser",
    )


def _date(label: Text, name: str, *, hint: str = "", required: bool = False) -> rx.Component:
    return date_fields(
        label,
        name,
        day=_typed(f"{name}_day"),
        month=_typed(f"{name}_month"),
        year=_typed(f"{name}_year"),
        hint=hint,
        error=_error(name),
        required=required,
    )


def _open_to_me() -> rx.Component:
    def line(row: rx.Var[OpenView]) -> rx.Component:
        return rx.el.li(
            icon("handshake"),
            rx.el.div(
                rx.el.p(rx.el.b("Agir pour ", row.label)),
                rx.el.p(row.role, class_name="sm"),
                rx.el.p(row.scope, rx.cond(row.until, ", " + row.until, ""), class_name="sm muted"),
                class_name="grow",
            ),
            rx.el.div(
                enter_form(row.id, "Agir", rx.el.span(" pour ", row.label, class_name="vh")),
                class_name="acts",
            ),
            class_name="tline",
            key=row.id,
        )

    return panel(
        rx.cond(
            DelegationState.open_to_me.length() > 0,
            rx.el.ul(rx.foreach(DelegationState.open_to_me, line), class_name="tlist"),
            empty(
                "Personne ne vous a donné de délégation pour aujourd’hui.",
                icon_name="handshake",
                bare=True,
            ),
        ),
        title="Agir pour…",
        title_id="agir-pour",
        bare=True,
    )


def _granted() -> rx.Component:
    return panel(
        rx.cond(
            DelegationState.live.length() > 0,
            rx.el.ul(rx.foreach(DelegationState.live, _line), class_name="tlist"),
            empty("Vous n’avez pas de délégation en cours.", icon_name="users", bare=True),
        ),
        rx.cond(
            DelegationState.past.length() > 0,
            rx.el.div(
                disclosure(
                    "Délégations passées",
                    rx.el.ul(rx.foreach(DelegationState.past, _line), class_name="tlist"),
                ),
                class_name="body",
            ),
        ),
        title="Délégations accordées",
        title_id="accordees",
        beside=rx.el.span(DelegationState.live.length(), class_name="count"),
        bare=True,
    )


def _line(row: rx.Var[GrantedView]) -> rx.Component:
    return rx.el.li(
        avatar(icon("user-round", "s")),
        rx.el.div(
            rx.el.p(rx.el.b(row.who), badge(row.state, row.tone), class_name="row wrap"),
            rx.cond(row.who != row.number, rx.el.p(row.number, class_name="sm tn")),
            rx.el.p(row.scope),
            rx.el.p(row.period, class_name="sm"),
            rx.el.p(row.used, class_name="sm muted"),
            class_name="grow",
        ),
        rx.cond(
            row.is_live,
            rx.el.div(
                button(
                    "Retirer",
                    rx.el.span(" la délégation de ", row.who, class_name="vh"),
                    on_click=DelegationState.open_withdraw(row.id),
                    aria_haspopup="dialog",
                ),
                class_name="acts",
            ),
        ),
        class_name="tline",
        key=row.id,
    )


def _withdraw_dialog() -> rx.Component:
    return dialog(
        f"Retirer cette délégation{NARROW}?",
        rx.el.p(
            rx.el.b(DelegationState.chosen_label),
            " ne pourra plus agir pour vous, dès maintenant. Ses pages ouvertes se fermeront. "
            "Ce qui a été saisi reste dans le suivi.",
        ),
        is_open=DelegationState.is_asking,
        on_close=DelegationState.close_dialog,
        actions=lose_or_keep(
            "Retirer", DelegationState.confirm_withdraw, keep=DelegationState.close_dialog
        ),
        dialog_id="retirer",
    )
