"""The authorisation matrix: professions in numbers, what waits to be published, versions (DM-45)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button, submit_button
from app.components.callout import callout
from app.components.dialog import dialog, lose_or_keep
from app.components.field import date_fields, text_field, textarea_field
from app.components.form import error_summary, form, form_actions, mandatory_note
from app.components.panel import page_head, panel, stack
from app.components.shell import administrator_shell
from app.components.states import skeleton_rows, when_loaded
from app.components.table import cell, data_table, header, row, row_head
from app.pages.admin.matrix_parts import changes_table, source_note
from app.pages.table import page
from app.state.base import AppState, Audience
from app.state.matrix import DISCARD, PUBLISH, MatrixState, ProfessionLine, VersionLine

_NOTE_MAX, _SOURCE_MAX = 500, 300


@page(
    route="/admin/matrice",
    title="Matrice d’habilitation",
    audience=Audience.ADMINISTRATOR,
    on_load=MatrixState.load,
)
def matrix_page() -> rx.Component:
    """Who reads and deposits what, profession by profession."""
    state = MatrixState
    return administrator_shell(
        page_head(
            "Matrice d’habilitation",
            lead=rx.cond(
                state.is_loaded,
                state.lead,
                "Les types de documents que chaque profession consulte et dépose.",
            ),
        ),
        when_loaded(
            state.is_loaded,
            stack(
                callout(*source_note(), tone="warning", title="À vérifier."),
                rx.cond(state.coming, callout(state.coming, tone="info")),
                rx.cond(state.changes.length() > 0, _pending()),
                _professions(),
                _versions(),
                wide=True,
            ),
            loading=skeleton_rows(6),
        ),
        _publish_dialog(),
        _discard_dialog(),
        current="matrix",
    )


def _pending() -> rx.Component:
    state = MatrixState
    return panel(
        changes_table("Cellules que vous changez", state.changes),
        title="Changements à publier",
        title_id="changements",
        beside=rx.el.span(state.changes_label, class_name="sm muted"),
        end=rx.fragment(
            button(
                "Publier…",
                kind="primary",
                on_click=state.ask(PUBLISH),
                aria_haspopup="dialog",
            ),
            button(
                "Abandonner",
                kind="danger",
                on_click=state.ask(DISCARD),
                aria_haspopup="dialog",
            ),
        ),
        bare=True,
    )


def _professions() -> rx.Component:
    def line(one: rx.Var[ProfessionLine]) -> rx.Component:
        return row(
            row_head(rx.el.a(one.label, href=one.href)),
            cell(one.readable, label="Types consultés", numeric=True),
            cell(one.depositable, label="Types déposés", numeric=True),
            cell(one.to_confirm, label="Valeurs à confirmer", numeric=True),
            key=one.href,
        )

    return panel(
        data_table(
            "Professions, et nombre de types de documents sur 114",
            (
                "Profession",
                header("Types consultés", numeric=True),
                header("Types déposés", numeric=True),
                header("Valeurs à confirmer", numeric=True),
            ),
            rx.foreach(MatrixState.professions, line),
        ),
        title="Professions",
        title_id="professions",
        beside=rx.el.span("114 types de documents, deux droits chacun", class_name="sm muted"),
        end=rx.el.a("Liste des types", href="/aide/types-de-documents", class_name="lnk"),
        bare=True,
    )


def _versions() -> rx.Component:
    def line(version: rx.Var[VersionLine]) -> rx.Component:
        return row(
            row_head(rx.el.a(version.label, href=version.href), under=version.note),
            cell(badge(version.state, version.tone), label="État"),
            cell(version.effective, label="Date d’effet", look="nw"),
            cell(version.published, label="Publiée le", look="nw"),
            cell(version.by, label="Par"),
            key=version.href,
        )

    return panel(
        data_table(
            "Versions de la matrice",
            ("Version", "État", "Date d’effet", "Publiée le", "Par"),
            rx.foreach(MatrixState.versions, line),
        ),
        title="Versions",
        title_id="versions",
        bare=True,
        class_name="mx-versions",
    )


def _publish_dialog() -> rx.Component:
    state = MatrixState
    return dialog(
        "Publier une nouvelle version",
        error_summary(),
        rx.el.p(
            state.changes_label,
            ". À la date d’effet, chaque page ouverte suit la nouvelle version. Une version publiée ne "
            "change plus.",
        ),
        form(
            mandatory_note(all_of_them=True),
            rx.el.input(type="hidden", name="key", value=state.form_key),
            date_fields(
                "Date d’effet",
                "effective_on",
                day=state.typed["effective_on_day"],
                month=state.typed["effective_on_month"],
                year=state.typed["effective_on_year"],
                required=True,
            ),
            textarea_field(
                "Motif",
                "note",
                value=state.typed["note"],
                hint="Ce que vous avez vérifié ou voulu changer",
                required=True,
                max_length=_NOTE_MAX,
            ),
            text_field(
                "Source",
                "source",
                value=state.typed["source"],
                hint="Le texte sur lequel la version s’appuie",
                required=True,
                max_length=_SOURCE_MAX,
                auto_complete="off",
            ),
            form_actions(
                submit_button("Publier"),
                button("Continuer à modifier", on_click=state.close_dialog),
            ),
            on_submit=state.publish,
            key=state.form_key,
        ),
        is_open=AppState.is_hydrated & (state.dialog == PUBLISH),
        on_close=state.close_dialog,
        dialog_id="publication",
        wide=True,
    )


def _discard_dialog() -> rx.Component:
    state = MatrixState
    return dialog(
        "Abandonner vos changements",
        rx.el.p("La version en vigueur ne change pas."),
        is_open=AppState.is_hydrated & (state.dialog == DISCARD),
        on_close=state.close_dialog,
        actions=lose_or_keep("Abandonner", state.discard, keep=state.close_dialog),
        dialog_id="abandon",
    )
