"""One profession of the matrix, type by type, to read or to edit; and one version with what it changed (DM-45)."""

import reflex as rx

from app.components.badge import badge, chip_link, chips
from app.components.breadcrumb import breadcrumb
from app.components.button import button, link_button
from app.components.callout import callout
from app.components.choice_field import mini_select
from app.components.panel import page_head, panel, stack
from app.components.search_field import search_field
from app.components.shell import administrator_shell
from app.components.states import empty_filtered, not_found_panel, page_error, ready
from app.components.table import cell, data_table, row, row_head
from app.i18n.document import RECORD_CATEGORIES
from app.i18n.format import NARROW
from app.i18n.matrix import CHOICES, RIGHTS
from app.models.document import RecordCategory
from app.models.matrix import MatrixRight
from app.pages.admin.matrix_parts import changes_table, value
from app.pages.admin.parts import facts
from app.pages.table import page
from app.state.base import Audience
from app.state.matrix import PATH, CellView
from app.state.matrix_column import MatrixColumnState, TypeLine
from app.state.matrix_version import MatrixVersionState

_TITLE = "Matrice d’habilitation"
_OPTIONS = [(word, label) for word, (_, label) in CHOICES.items()]
_FILTERS = {
    "tous": "Tous les types",
    "autorises": "Consultation autorisée",
    "refuses": "Consultation refusée",
    "a-confirmer": "À confirmer",
    "modifies": "Modifiés",
}


@page(
    route="/admin/matrice/[profession]",
    title=f"{_TITLE}{NARROW}: une profession",
    audience=Audience.ADMINISTRATOR,
    on_load=MatrixColumnState.load,
)
def matrix_column_page() -> rx.Component:
    """The types of documents by category of the record."""
    state = MatrixColumnState
    return administrator_shell(
        ready(
            breadcrumb((_TITLE, PATH), here=state.label),
            page_head(
                state.label,
                link_button(
                    rx.cond(state.is_editing, "Terminer", "Modifier"),
                    href=state.edit_href,
                    kind="primary",
                    icon_name="pencil",
                ),
                lead=state.version,
            ),
            page_error(),
            stack(
                rx.el.div(rx.cond(state.waiting, _waiting()), role="status", class_name="mx-wait"),
                _toolbar(),
                *[_category(category) for category in RecordCategory],
                rx.cond(
                    ~state.has_lines,
                    empty_filtered(
                        "Aucun type de document ne correspond.",
                        rx.el.div(
                            button("Effacer la recherche", on_click=state.clear),
                            link_button("Tous les types", href=state.filters["tous"]),
                            class_name="row wrap",
                        ),
                    ),
                ),
                wide=True,
            ),
            not_found=_not_found("Cette profession est introuvable."),
        ),
        current="matrix",
    )


def _waiting() -> rx.Component:
    return callout(
        MatrixColumnState.waiting,
        ". ",
        rx.el.a("Relire et publier", href=f"{PATH}#changements"),
        tone="info",
    )


def _toolbar() -> rx.Component:
    state = MatrixColumnState
    return rx.el.section(
        rx.el.div(
            search_field(
                "Rechercher un type de document",
                "type-search",
                hint="Nom ou code, par exemple « hospitalier » ou « 34112-3 »",
                value=state.query,
                status=state.search_status,
                on_search=MatrixColumnState.search,
                key=state.search_key,
            ),
            mini_select(
                "Profession",
                "profession",
                state.choices,
                value=state.profession,
                on_change=MatrixColumnState.choose,
            ),
            class_name="toolbar",
            role="search",
        ),
        chips(
            *[
                chip_link(
                    label,
                    state.filters[name],
                    is_current=state.shown == ("" if name == "tous" else name),
                )
                for name, label in _FILTERS.items()
            ],
            label="Filtrer les types",
        ),
        class_name="panel pts mx-tools",
        aria_label="Recherche et filtres",
    )


def _category(category: RecordCategory) -> rx.Component:
    state, label = MatrixColumnState, RECORD_CATEGORIES[category]

    def line(one: rx.Var[TypeLine]) -> rx.Component:
        return row(
            row_head(
                one.label,
                rx.cond(one.is_changed, badge("Modifié", "info")),
                under=one.code,
            ),
            _cell(one, MatrixRight.READ, one.read),
            _cell(one, MatrixRight.DEPOSIT, one.deposit),
            key=one.code,
        )

    lines = state.lines[category.value]
    return rx.cond(
        lines.length() > 0,
        panel(
            data_table(
                f"Droits par type{NARROW}: {label}",
                ("Type de document", *RIGHTS.values()),
                rx.foreach(lines, line),
            ),
            title=label,
            title_id=f"rubrique-{category.value}",
            beside=rx.el.span(lines.length(), class_name="count"),
            end=rx.cond(state.is_editing, _whole_category(category)),
            bare=True,
            class_name="mx",
        ),
    )


def _cell(line: rx.Var[TypeLine], right: MatrixRight, view: rx.Var[CellView]) -> rx.Component:
    words = RIGHTS[right]
    editor = rx.el.select(
        *[rx.el.option(label, value=word) for word, label in _OPTIONS],
        default_value=view.word,
        on_change=lambda word: MatrixColumnState.change(line.code, right.value, word),
        aria_label=f"{words}{NARROW}: {line.label}",
        class_name="input mini",
        key=f"{line.code}-{right.value}-{MatrixColumnState.generation}",
    )
    return cell(rx.cond(MatrixColumnState.is_editing, editor, value(view)), label=words)


def _whole_category(category: RecordCategory) -> rx.Component:
    return rx.fragment(
        *[
            mini_select(
                f"{words}{NARROW}: tout mettre à",
                f"{right.value}-{category.value}",
                _OPTIONS,
                value="",
                on_change=lambda word, right=right: MatrixColumnState.change_all(
                    category.value, right.value, word
                ),
                empty="Choisir",
            )
            for right, words in RIGHTS.items()
        ]
    )


@page(
    route="/admin/matrice/versions/[version_id]",
    title=f"{_TITLE}{NARROW}: une version",
    audience=Audience.ADMINISTRATOR,
    on_load=MatrixVersionState.load,
)
def matrix_version_page() -> rx.Component:
    """What a version changed, when, by whom and why."""
    state = MatrixVersionState
    return administrator_shell(
        ready(
            breadcrumb((_TITLE, PATH), here=state.label),
            page_head(state.label, lead=badge(state.state, state.tone)),
            page_error(),
            stack(
                panel(facts(state.facts), title="Publication", title_id="publication"),
                rx.cond(
                    state.is_first,
                    callout(
                        "C’est la première version\u202f: elle ne change rien d’une autre.",
                        tone="neutral",
                    ),
                    panel(
                        changes_table("Cellules que cette version change", state.changes),
                        title="Différences avec la version précédente",
                        title_id="differences",
                        beside=rx.el.span(state.changes.length(), class_name="count"),
                        bare=True,
                    ),
                ),
                wide=True,
            ),
            not_found=_not_found("Cette version est introuvable."),
        ),
        current="matrix",
    )


def _not_found(words: str) -> rx.Component:
    return not_found_panel(
        words,
        "L’adresse est incomplète.",
        rx.el.a("Voir la matrice", href=PATH, class_name="btn"),
        is_page=True,
    )
