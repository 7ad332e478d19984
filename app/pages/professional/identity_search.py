"""The three ways to a record nobody opened to one yet, and what they find (DM-25 to DM-37)."""

from typing import Any

import reflex as rx

from app.components.button import button, link_button, submit_button
from app.components.callout import callout
from app.components.choice_field import radio_cards, select_field
from app.components.field import text_field
from app.components.form import error_summary, form, form_actions, mandatory_note
from app.components.markup import Handler, hidden_text, ident
from app.components.panel import disclosure, panel, stack
from app.components.states import empty
from app.components.table import cell, data_table, row, row_head
from app.i18n import patient_search as words
from app.state.patient_search import (
    DEPARTMENTS,
    IDENTITY,
    PATH,
    WAY,
    PatientSearchState,
    ResultLine,
)
from app.state.record_access import AuthorisationState
from app.state.sheet_form import SEX_CHOICES


def ways_in() -> rx.Component:
    """« Sélection d’un patient »: its card, its matricule, or who they are."""
    return panel(
        form_faults(),
        rx.el.div(
            _number_way(
                "Accès par la carte Vitale",
                "Numéro de série de la carte",
                "vitale_card",
                hint="Les chiffres imprimés sur la carte",
                on_submit=PatientSearchState.search_card,
            ),
            _number_way(
                "Accès par matricule INS",
                "Matricule INS",
                "ins",
                hint="15 caractères, clé comprise",
                on_submit=PatientSearchState.search_ins,
            ),
            rx.el.section(
                rx.el.h3("Accès par critères d’identité", **ident("way-identity")),
                rx.el.p(words.HINT, class_name="hint"),
                rx.el.p(
                    link_button(words.TITLE, href=f"{PATH}?{WAY}={IDENTITY}", icon_name="search")
                ),
                class_name="stack tight",
                aria_labelledby="way-identity",
            ),
            class_name="ways",
        ),
        title="Sélection d’un patient",
        title_id="selection",
    )


def identity_search() -> rx.Component:
    """The form of the criteria, then who corresponds."""
    return rx.cond(
        PatientSearchState.refusal,
        callout(PatientSearchState.refusal, tone="neutral"),
        stack(
            form_faults(),
            search_results(),
            panel(
                stack(rx.el.p(words.INTRO), _criteria()),
                title="Accès par critères d’identité",
                title_id="criteres",
            ),
            wide=True,
        ),
    )


def form_faults() -> rx.Component:
    """Those of the page: the ones of the dialog are told in it."""
    return rx.cond(PatientSearchState.asked == "", error_summary())


def search_results() -> rx.Component:
    """What was found, in the columns of DM-37; nothing before a search."""
    return rx.cond(
        PatientSearchState.has_results,
        rx.el.section(
            rx.el.div(
                rx.el.h2(words.RESULTS, tab_index=-1, data_focus="", **ident("resultats")),
                rx.el.span(PatientSearchState.results_words, class_name="muted sm", role="status"),
                class_name="head",
            ),
            rx.cond(
                PatientSearchState.results.length() > 0,
                rx.fragment(
                    rx.cond(
                        PatientSearchState.has_more,
                        rx.el.div(callout(words.MANY), class_name="pts-warning"),
                    ),
                    data_table(
                        "Résultats de la recherche",
                        (
                            "Nom de naissance",
                            "Pertinence",
                            "Prénom",
                            "Nom d’usage",
                            "Né(e) le",
                            "Âge",
                            "INS",
                            "Accès",
                        ),
                        rx.foreach(PatientSearchState.results, _result),
                    ),
                ),
                empty(
                    words.NOBODY,
                    rx.el.p(words.NOBODY_ADVICE, class_name="muted"),
                    icon_name="search",
                    bare=True,
                ),
            ),
            class_name="panel",
            aria_labelledby="resultats",
        ),
    )


def _result(line: rx.Var[ResultLine]) -> rx.Component:
    return row(
        row_head(rx.cond(line.href, rx.el.a(line.birth_name, href=line.href), line.birth_name)),
        cell(rx.el.span(line.relevance, class_name="relevance"), label="Pertinence"),
        cell(line.given_name, label="Prénom"),
        cell(line.used_name, label="Nom d’usage"),
        cell(line.birth, label="Né(e) le", look="nw"),
        cell(line.age, label="Âge", look="nw"),
        cell(line.ins, label="INS", look="nw"),
        cell(
            rx.cond(
                line.href,
                line.access,
                button(
                    words.ASK,
                    hidden_text(f" {line.birth_name} {line.given_name}"),
                    on_click=AuthorisationState.choose(line.id),
                    aria_haspopup="dialog",
                ),
            ),
            look="gap",
        ),
        key=line.id,
    )


def _number_way(
    title: str, label: str, name: str, *, hint: str, on_submit: Handler
) -> rx.Component:
    title_id = f"way-{name}"
    return rx.el.section(
        rx.el.h3(title, **ident(title_id)),
        form(
            _line(label, name, hint=hint, max_length=40),
            form_actions(submit_button("Rechercher", kind="")),
            on_submit=on_submit,
            key=PatientSearchState.form_key,
        ),
        aria_labelledby=title_id,
    )


def _criteria() -> rx.Component:
    return form(
        mandatory_note(),
        rx.el.div(
            _line("Nom (d’usage ou de naissance)", "family_name", required=True, max_length=100),
            _line("Prénom", "given_name", required=True, max_length=100),
            class_name="cols",
        ),
        radio_cards(
            "Sexe",
            "sex",
            [(choice.value, choice.label) for choice in SEX_CHOICES],
            value=PatientSearchState.fields["sex"],
            required=True,
        ),
        rx.el.div(
            _line(
                "Date ou année de naissance",
                "born",
                hint="JJ/MM/AAAA ou AAAA",
                max_length=20,
            ),
            _line("Âge", "age", hint="En années", input_mode="numeric", max_length=3),
            select_field(
                "Département de naissance",
                "department",
                [(choice.value, choice.label) for choice in DEPARTMENTS],
                value=PatientSearchState.fields["department"],
                empty="Tous",
            ),
            class_name="cols",
        ),
        disclosure(
            "Chercher dans un intervalle",
            rx.el.div(
                _range("Ou né(e) entre…", "born", hint="JJ/MM/AAAA ou AAAA", max_length=20),
                _range("Ou âge entre…", "age", hint="En années", max_length=3),
                class_name="cols",
            ),
            is_open=PatientSearchState.has_range,
        ),
        form_actions(
            submit_button("Rechercher", icon_name="search"),
            button("Effacer les critères", on_click=PatientSearchState.clear),
            link_button("Retour", href=PATH, kind="ghost"),
        ),
        on_submit=PatientSearchState.search_identity,
        key=PatientSearchState.form_key,
    )


def _range(label: str, name: str, **props: Any) -> rx.Component:
    return rx.el.div(
        _line(label, f"{name}_from", **props),
        _line("… et", f"{name}_to", **props),
        class_name="between",
    )


def _line(label: str, name: str, **props: Any) -> rx.Component:
    """One line of text about somebody else: the browser proposes nothing of whoever types."""
    return text_field(
        label, name, value=PatientSearchState.fields[name], auto_complete="off", **props
    )
