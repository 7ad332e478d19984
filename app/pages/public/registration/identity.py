"""First step: oneself in the directory, by hand, certified, or for a secretariat (MM-06 to MM-10, MM-24)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button, link_button
from app.components.choice_field import checkbox, select_field
from app.components.combobox import DEBOUNCE_MS
from app.components.field import FieldParts, text_field
from app.components.form import form, mandatory_note
from app.components.icons import icon
from app.components.markup import Child, Text, ident
from app.components.steps import pick_list, pick_row
from app.i18n.registration import OCCUPATIONS
from app.pages.public.registration.frame import acts, go_on, step_page, title_of, typed
from app.pages.table import page
from app.state.base import AppState, Audience
from app.state.registration import RegistrationFlow
from app.state.registration_search import HitView, RegistrationSearch
from app.state.registration_steps import CIVILITIES, PATHS, Step

_STEP = Step.IDENTITY
_BACK = "Revenir au choix du compte"


@page(
    route=PATHS[_STEP],
    title=title_of(_STEP),
    audience=Audience.PUBLIC,
    on_load=[RegistrationFlow.load, RegistrationSearch.restore],
)
def identity_page() -> rx.Component:
    flow = RegistrationFlow
    is_chosen = (flow.source == "directory") & ~flow.is_manual
    return step_page(
        _STEP,
        rx.cond(
            flow.is_secretary,
            "Qui êtes-vous",
            rx.cond(flow.source == "psc", "Votre identité", "Retrouvez-vous dans l’annuaire"),
        ),
        rx.cond(
            flow.is_secretary,
            _secretary(),
            rx.cond(
                flow.source == "psc",
                _certified(),
                rx.cond(is_chosen, _chosen(), _finder()),
            ),
        ),
        lead=rx.cond(
            flow.is_secretary | (flow.source == "psc"),
            "",
            "Un seul de ces champs suffit. Vos informations se rempliront toutes seules.",
        ),
    )


def _finder() -> rx.Component:
    return rx.fragment(
        rx.el.form(
            _search_field("Nom", "search_family_name", "family-name"),
            _search_field("Prénom", "search_given_name", "given-name"),
            _search_field("N°\u00a0RPPS", "search_rpps", "off", input_mode="numeric"),
            button("Rechercher", icon_name="search", type="submit"),
            on_submit=RegistrationSearch.search_all,
            role="search",
            aria_label="Annuaire",
            class_name="finder",
            data_draft="registration",
            data_scope=_STEP.value,
        ),
        rx.cond(RegistrationFlow.is_manual, rx.fragment(), _found()),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                default_checked=RegistrationFlow.is_manual,
                on_change=RegistrationSearch.choose_manual,
            ),
            rx.el.span("Je ne me trouve pas dans la liste ou je souhaite m’inscrire manuellement"),
            class_name="check",
        ),
        rx.cond(
            RegistrationFlow.is_manual,
            _manual(),
            acts(
                _STEP,
                button(
                    rx.cond(
                        RegistrationSearch.go_on_words, RegistrationSearch.go_on_words, "Continuer"
                    ),
                    icon("arrow-right", "s"),
                    kind="primary",
                    big=True,
                    on_click=RegistrationSearch.go_on,
                ),
                _BACK,
            ),
        ),
    )


def _search_field(label: Text, name: str, complete: str, **props: str) -> rx.Component:
    return text_field(
        label,
        name,
        value=typed(name),
        error="",
        auto_complete=complete,
        max_length=60,
        on_change=lambda value: RegistrationSearch.search(name, value).debounce(DEBOUNCE_MS),
        **props,
    )


def _found() -> rx.Component:
    state = RegistrationSearch
    parts = FieldParts("", "directory", element_id="", hint="", error=None, required=False)
    return rx.el.div(
        *parts.messages(),
        rx.el.p(
            rx.el.b(state.status, role="status"),
            rx.el.span(state.source, class_name="muted"),
            class_name="row between sm wrap",
        ),
        rx.cond(
            state.rows.length() > 0,
            pick_list(rx.foreach(state.rows, _row), legend="Choisissez votre ligne"),
        ),
        class_name="finds",
        **ident("directory"),
    )


def _row(row: rx.Var[HitView]) -> rx.Component:
    return pick_row(
        "hit",
        row.key,
        rx.el.b(row.name),
        rx.el.span(row.profession, class_name="sm"),
        rx.cond(row.place, rx.el.span(row.place, class_name="sm muted")),
        end=rx.fragment(rx.el.span("RPPS", class_name="muted"), " ", row.number),
        default_checked=RegistrationSearch.picked == row.key,
        on_change=RegistrationSearch.pick(row.key),
    )


def _names() -> list[Child]:
    return [
        select_field(
            "Civilité",
            "civility",
            [(one, one) for one in CIVILITIES],
            value=typed("civility"),
            empty="Choisir une civilité",
            required=True,
            auto_complete="honorific-prefix",
        ),
        text_field(
            "Nom",
            "family_name",
            value=typed("family_name"),
            required=True,
            auto_complete="family-name",
            max_length=100,
        ),
        text_field(
            "Prénom",
            "given_name",
            value=typed("given_name"),
            required=True,
            auto_complete="given-name",
            max_length=100,
        ),
    ]


def _form(*children: Child) -> rx.Component:
    return form(
        *children,
        on_submit=RegistrationFlow.submit_identity,
        draft="registration",
        scope=_STEP.value,
        key=RegistrationFlow.form_key,
    )


def _manual() -> rx.Component:
    return _form(
        rx.el.input(type="hidden", name="manual", value="on"),
        mandatory_note(),
        text_field(
            "N°\u00a0RPPS",
            "rpps",
            value=typed("rpps"),
            hint="11 chiffres, inscrits sur votre carte CPS",
            required=True,
            input_mode="numeric",
            auto_complete="off",
            max_length=20,
        ),
        select_field(
            "Profession",
            "profession",
            RegistrationFlow.professions,
            value=typed("profession"),
            empty="Choisir une profession",
            required=True,
        ),
        *_names(),
        acts(_STEP, go_on(), _BACK),
    )


def _secretary() -> rx.Component:
    return _form(
        mandatory_note(),
        select_field(
            "Profession",
            "occupation",
            [(one.value, label) for one, label in OCCUPATIONS.items()],
            value=typed("occupation"),
            empty="Choisir une profession",
            required=True,
        ),
        *_names(),
        checkbox(
            "Je souhaite créer un compte partagé avec plusieurs secrétaires",
            "is_shared",
            is_checked=typed("is_shared") != "",
        ),
        text_field(
            "Intitulé du compte",
            "shared_title",
            value=typed("shared_title"),
            hint="Pour un compte partagé, par exemple Secrétariat d’oncologie",
            auto_complete="organization",
            max_length=100,
        ),
        acts(_STEP, go_on(), _BACK),
    )


def _card(*beside: Child) -> rx.Component:
    flow = RegistrationFlow
    return rx.el.div(
        icon("id-card"),
        rx.el.div(
            rx.el.p(rx.el.b(flow.identity_name), " ", *beside),
            rx.el.p(flow.identity_detail, class_name="sm"),
            rx.el.p("RPPS ", flow.identity_rpps, class_name="sm muted tn"),
            class_name="grow",
        ),
        rx.cond(
            flow.source == "directory",
            button("Changer", kind="ghost", on_click=flow.search_again),
        ),
        class_name="picked",
    )


def _chosen() -> rx.Component:
    return rx.fragment(
        _card(),
        acts(
            _STEP,
            link_button(
                "Continuer",
                icon("arrow-right", "s"),
                href=PATHS[Step.PLACES],
                kind="primary",
                big=True,
            ),
            _BACK,
        ),
    )


def _certified() -> rx.Component:
    return _form(
        _card(badge("Identité certifiée", "success", "shield-check")),
        rx.el.p(
            "Ces informations viennent de Pro Santé Connect et ne se modifient pas ici.",
            class_name="muted",
        ),
        rx.cond(AppState.error != "", rx.fragment()),
        acts(_STEP, go_on(), _BACK),
    )
