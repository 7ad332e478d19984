"""The documents of a record: categories, the list under its headings with its years, the preview.

Shared by the patient's page and the professionals' page; `state` is a `DocumentBrowser` of one of them.
"""

from typing import Any

import reflex as rx

from app.components.badge import badge
from app.components.button import button, link_button, text_button
from app.components.choice_field import mini_select
from app.components.document_preview import preview_pane
from app.components.icons import icon
from app.components.markup import Child, Text, hidden_text, ident
from app.components.pagination import pagination
from app.components.states import empty, empty_filtered, skeleton_rows
from app.i18n import document as words
from app.state.document import DocumentBrowser
from app.state.document_view import CategoryLink, DocumentGroup, DocumentLine, YearBar

State = type[DocumentBrowser]


def document_browser(
    state: State,
    *,
    foot: Child = None,
    bulk: Child = None,
    above: Child = None,
    first_action: Child = None,
    nothing: Text = words.EMPTY_FIRST,
    filters: Child = None,
) -> rx.Component:
    """The three zones. `foot`: under a preview; `bulk`: acts on what is ticked; `above`: over the three.

    `first_action`: what to do in a record without any document, of which `nothing` speaks; `filters`: one
    more, beside the order.
    """
    return rx.cond(
        is_bare(state),
        empty(nothing, *([] if first_action is None else [first_action]), icon_name="files"),
        rx.fragment(
            *([] if above is None else [above]),
            rx.el.div(
                _categories(state),
                _list(state, bulk, filters),
                rx.cond(is_open(state), preview_pane(state, foot)),
                class_name=rx.cond(is_open(state), "docs open", "docs"),
            ),
        ),
    )


def is_open(state: State) -> Any:
    """Whether a document is asked for beside the list."""
    return (state.preview.id != "") | (state.preview.failure != "")


def is_bare(state: State) -> Any:
    """Whether the record holds nothing yet, and nothing is asked for: its first act is then in the middle."""
    return state.browser.is_empty & ~is_open(state)


def browser_skeleton() -> rx.Component:
    """The browser on its way."""
    return rx.el.div(
        rx.el.div(class_name="doc-cats"), skeleton_rows(7), class_name="docs", aria_busy="true"
    )


def closed_record(way: Text = "/parametres/cloture") -> rx.Component:
    """A record that its patient closed: nothing is shown of it, and how to open it again."""
    return empty(
        "Votre dossier est clôturé. Ses documents ne sont plus visibles, ni de vous ni des professionnels.",
        link_button("Voir comment le rouvrir", href=way),
        icon_name="lock",
    )


def _categories(state: State) -> rx.Component:
    def link(category: rx.Var[CategoryLink]) -> rx.Component:
        return rx.el.li(
            rx.el.a(
                icon(category.icon),
                rx.el.span(category.label, class_name="grow"),
                rx.el.span(category.count, class_name="muted tn"),
                href=category.href,
                aria_current=rx.cond(category.is_current, "true", "false"),
            ),
            key=category.label,
        )

    return rx.el.nav(
        rx.el.ul(rx.foreach(state.browser.categories, link)),
        rx.el.div(
            rx.el.label("Catégorie", html_for="document-category"),
            rx.el.select(
                rx.foreach(
                    state.browser.category_choices,
                    lambda choice: rx.el.option(choice.label, value=choice.value),
                ),
                value=state.browser.category,
                on_change=state.choose_category,
                class_name="input",
                key=state.browser.category_choices.length().to_string(),
                **ident("document-category"),
            ),
            class_name="field",
        ),
        class_name="doc-cats",
        aria_label="Catégories",
    )


def _list(state: State, bulk: Child, filters: Child) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(state.browser.title, **ident("documents-title")),
            rx.el.span(state.browser.count, class_name="muted sm"),
            class_name="head",
        ),
        _tools(state, filters),
        _years(state),
        rx.cond(
            state.browser.groups.length() > 0,
            rx.fragment(
                *([] if bulk is None else [_bulk(state, bulk)]),
                rx.el.div(
                    rx.foreach(
                        state.browser.groups,
                        lambda group: _group(state, group, picks=bulk is not None),
                    ),
                    class_name="doc-scroll",
                    role="region",
                    aria_label="Liste des documents",
                    data_roving="",
                ),
                rx.cond(
                    state.browser.paging.summary,
                    pagination(
                        state.browser.paging.summary,
                        previous=state.browser.paging.previous,
                        following=state.browser.paging.following,
                    ),
                ),
            ),
            empty_filtered(
                words.EMPTY_FILTERED,
                button(words.CLEAR, on_click=state.clear, data_wants_search=""),
                bare=True,
            ),
        ),
        class_name="panel doc-list",
        aria_labelledby="documents-title",
    )


def _tools(state: State, filters: Child) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.label(state.browser.search_label, html_for="document-search", class_name="vh"),
            rx.el.div(
                icon("search", "s"),
                rx.el.input(
                    type="search",
                    name="query",
                    default_value=state.query,
                    placeholder="Titre, auteur, texte",
                    on_change=state.search.debounce(150),
                    auto_complete="off",
                    spell_check=False,
                    max_length=120,
                    class_name="input",
                    key=state.search_key,
                    **ident("document-search", **{"data-search": ""}),
                ),
                class_name="combo",
            ),
            rx.el.p(state.browser.status, role="status", class_name="vh"),
            class_name="field",
        ),
        mini_select(
            "Trier par",
            "tri",
            state.sort_choices,
            value=state.browser.sort,
            on_change=state.choose_sort,
        ),
        *([] if filters is None else [filters]),
        class_name="doc-tools",
        role="search",
    )


def _years(state: State) -> rx.Component:
    def bar(year: rx.Var[YearBar]) -> rx.Component:
        return rx.el.li(
            rx.el.a(
                rx.el.span(class_name="bar", style={"height": year.height}),
                rx.el.span(year.year),
                hidden_text(year.spoken),
                href=year.href,
                class_name=rx.cond(year.is_bare, "none", ""),
                aria_current=rx.cond(year.is_current, "true", "false"),
            ),
            key=year.year,
        )

    return rx.cond(
        state.browser.years.length() > 0,
        rx.el.nav(
            rx.el.ol(rx.foreach(state.browser.years, bar)),
            class_name="doc-years",
            aria_label="Années",
            data_from_end="",
        ),
    )


def _bulk(state: State, acts: Child) -> rx.Component:
    number = state.chosen.length()
    return rx.cond(
        number > 0,
        rx.el.div(
            rx.el.b(
                rx.cond(number > 1, f"{number} documents choisis", "1 document choisi"),
                role="status",
            ),
            acts,
            rx.cond(
                number < state.browser.found,
                text_button(f"Tout choisir ({state.browser.found})", on_click=state.choose_all),
            ),
            text_button("Ne rien choisir", on_click=state.choose_none),
            class_name="doc-bulk",
            role="group",
            aria_label="Documents choisis",
        ),
    )


def _group(state: State, group: rx.Var[DocumentGroup], *, picks: bool) -> rx.Component:
    return rx.fragment(
        rx.cond(
            group.heading != "",
            rx.el.h3(
                group.heading,
                " ",
                rx.el.span(group.count, class_name="muted"),
                class_name="doc-year",
            ),
        ),
        rx.el.ul(rx.foreach(group.lines, lambda line: document_row(state, line, picks=picks))),
        key=group.heading,
    )


def document_row(state: State, line: rx.Var[DocumentLine], *, picks: bool) -> rx.Component:
    """One document: box, kind, title, depositor, date and marks."""
    box = rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=state.chosen.contains(line.id),
            on_change=state.choose(line.id).stop_propagation,
            tab_index=-1,
        ),
        hidden_text(rx.Var.create(f"Choisir {line.title}")),
        class_name="doc-pick",
    )
    title = rx.cond(
        line.href != "",
        rx.el.a(
            line.title,
            href=line.href,
            tab_index=rx.cond(line.is_reached, 0, -1),
            aria_current=rx.cond(line.is_current, "true", "false"),
            **ident(f"document-{line.id}", **{"data-row": ""}),
        ),
        rx.el.span(line.title),
    )
    return rx.el.li(
        rx.el.div(
            *([box] if picks else []),
            rx.el.span(icon(line.icon), rx.el.span(line.format), class_name="doc-type"),
            rx.el.div(
                rx.el.p(title, class_name="doc-title"),
                rx.el.p(line.depositor, class_name="sm muted"),
                rx.el.p(
                    rx.el.time(line.date, date_time=line.iso, class_name="sm"),
                    rx.cond(line.is_new, badge("Nouveau", "new")),
                    rx.cond(line.is_masked, badge("Masqué", icon_name="eye-off")),
                    rx.cond(line.is_hidden, badge("Non visible du patient", icon_name="eye-off")),
                    rx.cond(line.is_pending, badge("Analyse en cours", "info", "loader")),
                    rx.cond(line.version != "", badge(line.version, "line")),
                    class_name="row wrap doc-marks",
                ),
                class_name="grow",
            ),
            class_name=rx.cond(line.is_current, "doc sel", "doc"),
        ),
        key=line.id,
    )
