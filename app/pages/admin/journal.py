"""The access journal: who did what, on whose behalf, with what result; its verification (S130, S131)."""

import reflex as rx

from app.components.badge import badge
from app.components.button import button, submit_button, text_button
from app.components.callout import callout
from app.components.choice_field import select_field
from app.components.field import date_fields, text_field
from app.components.form import error_summary, form, form_actions, native_form
from app.components.icons import icon
from app.components.markup import ident
from app.components.panel import page_head, panel
from app.components.shell import administrator_shell
from app.components.states import empty_filtered, skeleton_rows, when_loaded
from app.components.table import cell, data_table, row, row_head
from app.i18n.journal_search import KINDS, NOTHING, RESULTS
from app.pages.table import page
from app.state.base import Audience
from app.state.journal_search import FoundAccount, JournalRow, JournalSearchState

DEBOUNCE_MS = 200
_FILTERS = ("account_id", "action", "kind", "result", "object_id", "from_on", "to_on")


@page(
    route="/admin/journal",
    title="Journal",
    audience=Audience.ADMINISTRATOR,
    on_load=JournalSearchState.load,
)
def journal_page() -> rx.Component:
    """Filters, then lines, newest first."""
    state = JournalSearchState
    return administrator_shell(
        error_summary(),
        page_head(
            "Journal",
            _verification(),
            lead="Aucune ligne ne porte de donnée de santé, ni le nom d’un patient dont on a ouvert le dossier.",
        ),
        when_loaded(
            state.is_loaded,
            rx.cond(
                state.check_words,
                rx.el.div(
                    rx.cond(
                        state.is_intact,
                        callout(state.check_words, tone="info"),
                        callout(state.check_words, tone="danger"),
                    ),
                    role="status",
                    class_name="after",
                ),
            ),
            panel(
                _account_filter(),
                _filters(),
                title="Rechercher",
                title_id="recherche",
                class_name="spaced after",
            ),
            rx.el.section(
                rx.cond(
                    state.rows.length() > 0,
                    data_table(
                        "Lignes du journal",
                        ("Date", "Acteur", "Acte", "Genre", "Résultat", "Adresse"),
                        rx.foreach(state.rows, _line),
                    ),
                    empty_filtered(
                        NOTHING,
                        button("Effacer les filtres", on_click=JournalSearchState.clear),
                        bare=True,
                    ),
                ),
                rx.cond(
                    state.cut_words,
                    rx.el.div(callout(state.cut_words, tone="neutral"), class_name="body"),
                ),
                _pages(),
                class_name="panel pts",
                aria_label="Résultats",
            ),
            loading=skeleton_rows(6),
        ),
        current="journal",
    )


def _verification() -> rx.Component:
    state = JournalSearchState
    return button(
        rx.cond(state.is_checking, "Vérification en cours…", "Vérifier toute la chaîne"),
        icon_name="shield-check",
        on_click=[JournalSearchState.verify, JournalSearchState.follow_check],
        disabled=state.is_checking,
    )


def _account_filter() -> rx.Component:
    state = JournalSearchState

    def line(account: rx.Var[FoundAccount]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(rx.el.b(account.name)),
                rx.el.p(account.under, class_name="sm muted"),
                class_name="grow",
            ),
            button(
                "Choisir",
                rx.el.span(" ", account.name, class_name="vh"),
                on_click=JournalSearchState.choose_account(account.id),
            ),
            class_name="tline",
            key=account.id,
        )

    return rx.cond(
        state.account_name,
        rx.el.p(
            icon("user-round", "s"),
            "Lignes de ",
            rx.el.b(state.account_name),
            ", ou en son nom ",
            text_button("Tous les comptes", on_click=JournalSearchState.drop_account),
            class_name="row wrap",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.label("Compte", html_for="journal-account"),
                rx.el.p(
                    "Nom, e-mail ou n° RPPS", class_name="hint", **ident("journal-account-hint")
                ),
                rx.el.div(
                    icon("search", "s"),
                    rx.el.input(
                        type="search",
                        name="account",
                        on_change=JournalSearchState.find_account.debounce(DEBOUNCE_MS),
                        auto_complete="off",
                        spell_check=False,
                        max_length=120,
                        class_name="input",
                        aria_describedby="journal-account-hint",
                        key=state.account_key,
                        **ident("journal-account"),
                    ),
                    class_name="combo",
                ),
                class_name="field",
            ),
            rx.cond(
                state.accounts.length() > 0,
                rx.el.ul(rx.foreach(state.accounts, line), class_name="tlist boxed"),
            ),
            class_name="stack",
        ),
    )


def _filters() -> rx.Component:
    state = JournalSearchState
    return form(
        select_field(
            "Acte",
            "action",
            state.action_choices,
            value=state.fields.get("action", ""),
            empty="Tous",
        ),
        select_field(
            "Genre",
            "kind",
            [(kind.value, label) for kind, label in KINDS.items()],
            value=state.fields.get("kind", ""),
            empty="Tous",
        ),
        select_field(
            "Résultat",
            "result",
            list(RESULTS.items()),
            value=state.fields.get("result", ""),
            empty="Tous",
        ),
        text_field(
            "Objet",
            "object_id",
            value=state.fields.get("object_id", ""),
            hint="Le numéro écrit sous un acte",
            max_length=36,
            auto_complete="off",
        ),
        _day("Du", "from_on"),
        _day("Au", "to_on"),
        form_actions(
            submit_button("Rechercher", icon_name="search"),
            button("Effacer", kind="ghost", on_click=JournalSearchState.clear),
        ),
        on_submit=JournalSearchState.search,
        key=state.form_key,
        class_name="filter-grid",
    )


def _day(label: str, name: str) -> rx.Component:
    fields = JournalSearchState.fields
    parts = {part: fields.get(f"{name}_{part}", "") for part in ("day", "month", "year")}
    return date_fields(label, name, **parts)


def _line(line: rx.Var[JournalRow]) -> rx.Component:
    return row(
        row_head(line.at, under="n° " + line.seq.to(str)),
        cell(
            rx.cond(line.who_href, rx.el.a(line.who, href=line.who_href), line.who),
            rx.cond(line.under, rx.el.span(line.under, class_name="muted u")),
            label="Acteur",
        ),
        cell(
            line.act,
            rx.cond(line.about, rx.el.span(line.about, class_name="muted u about")),
            label="Acte",
        ),
        cell(line.kind, label="Genre"),
        cell(
            badge(line.result, rx.cond(line.is_ok, "success", "warning")),
            rx.cond(line.why, rx.el.span(line.why, class_name="muted why")),
            label="Résultat",
        ),
        cell(line.address, label="Adresse", look="wide"),
        key=line.seq,
    )


def _pages() -> rx.Component:
    state = JournalSearchState
    return rx.el.div(
        rx.cond(
            ~state.is_first,
            button(
                "Lignes les plus récentes",
                icon_name="arrow-left",
                on_click=JournalSearchState.newest,
            ),
        ),
        rx.cond(
            state.has_older,
            button(
                "Lignes plus anciennes", icon_name="arrow-down", on_click=JournalSearchState.older
            ),
        ),
        rx.cond(
            state.rows.length() > 0,
            native_form(
                *(
                    rx.el.input(type="hidden", name=name, value=state.applied.get(name, ""))
                    for name in _FILTERS
                ),
                submit_button("Exporter ces lignes (CSV)", kind="", icon_name="download"),
                action="/api/admin/journal",
            ),
        ),
        class_name="row wrap body between",
    )
