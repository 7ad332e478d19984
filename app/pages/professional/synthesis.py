"""The synthesis: what to know, the figure, one chronology by all professionals (CX-26, CX-34 to CX-36)."""

import reflex as rx

from app.components.badge import badge, chip_link, chips
from app.components.button import button
from app.components.callout import live_line
from app.components.choice_field import mini_select
from app.components.figure import figure
from app.components.icons import icon
from app.components.pagination import more_button
from app.components.panel import columns, page_head, panel
from app.components.states import empty, empty_filtered
from app.components.summary import to_know
from app.components.thread import (
    chronology_entry,
    detail,
    details_list,
    month_title,
    thread,
    thread_box,
    thread_item,
    year_rail,
)
from app.i18n.format import NARROW
from app.pages.professional.entry_parts import answers, versions_dialog
from app.pages.professional.patient_frame import patient_page
from app.pages.table import page
from app.state.base import Audience
from app.state.entry_view import EntryView
from app.state.synthesis import KindChip, SynthesisState, YearLink


@page(
    route="/patients/[patient_id]/synthese",
    title="Synthèse",
    audience=Audience.PROFESSIONAL,
    on_load=SynthesisState.load,
)
def synthesis_page() -> rx.Component:
    """À savoir at the left, figure and chronology at the right."""
    return patient_page(
        "synthese",
        page_head(
            "Synthèse",
            rx.el.button(
                icon("printer", "s"), "Imprimer", type="button", class_name="btn", data_print=""
            ),
            rx.cond(SynthesisState.banner.may_record, _add_menu()),
            lead=SynthesisState.lead,
        ),
        columns(
            to_know(SynthesisState.summary),
            rx.el.div(
                rx.cond(SynthesisState.has_figure, _figure()),
                _chronology(),
                class_name="stack",
            ),
            shape="syn",
        ),
    )


def _add_menu() -> rx.Component:
    base = SynthesisState.banner.base
    return rx.el.details(
        rx.el.summary(icon("plus", "s"), "Ajouter une entrée", class_name="btn primary"),
        rx.el.ul(
            rx.el.li(rx.el.a(icon("activity", "s"), "Tolérance", href=base + "/tolerance")),
            rx.el.li(
                rx.el.a(
                    icon("shuffle", "s"), "Interaction médicamenteuse", href=base + "/interactions"
                )
            ),
            rx.el.li(rx.el.a(icon("calendar-check", "s"), "Observance", href=base + "/observance")),
            class_name="menu-list",
        ),
        class_name="menu no-print",
    )


def _figure() -> rx.Component:
    return panel(
        figure(
            SynthesisState.drawing,
            caption=(
                f"Score de Girerd, nombre de «{NARROW}oui{NARROW}» sur 6{NARROW}: "
                "plus la courbe est haute, meilleure est l’observance."
            ),
        ),
        title="Observance et traitements",
        title_id="figure",
    )


def _chronology() -> rx.Component:
    return panel(
        chips(rx.foreach(SynthesisState.chips, _chip), label="Filtrer par type"),
        rx.el.div(
            live_line(SynthesisState.arrival),
            rx.cond(
                SynthesisState.entries.length() > 0,
                rx.el.div(
                    year_rail(SynthesisState.years, _year),
                    thread_box(
                        thread(rx.foreach(SynthesisState.entries, _entry)),
                        rx.cond(
                            SynthesisState.more_label,
                            more_button(SynthesisState.more_label, SynthesisState.show_older),
                        ),
                    ),
                    class_name="chrono",
                ),
                rx.cond(
                    SynthesisState.is_filtered,
                    empty_filtered(
                        "Aucune entrée ne correspond à ces filtres.",
                        rx.el.a(
                            "Effacer les filtres",
                            href=SynthesisState.banner.base + "/synthese",
                            class_name="btn",
                        ),
                        bare=True,
                    ),
                    rx.cond(
                        SynthesisState.more_label,
                        rx.el.div(
                            rx.el.p("Aucune entrée depuis douze mois.", class_name="muted"),
                            more_button(SynthesisState.more_label, SynthesisState.show_older),
                        ),
                        empty("Pas encore d’entrée.", icon_name="activity", bare=True),
                    ),
                ),
            ),
            class_name="body",
        ),
        versions_dialog(),
        title="Chronologie",
        title_id="chronologie",
        end=rx.fragment(
            mini_select(
                "Traitement",
                "filtre_traitement",
                SynthesisState.treatments,
                value=SynthesisState.treatment,
                empty="Tous les traitements",
                on_change=SynthesisState.choose_treatment,
            ),
            mini_select(
                "Auteur",
                "filtre_auteur",
                SynthesisState.authors,
                value=SynthesisState.author,
                empty="Tout le cercle",
                on_change=SynthesisState.choose_author,
            ),
        ),
        bare=True,
    )


def _chip(chip: rx.Var[KindChip]) -> rx.Component:
    return chip_link(
        rx.fragment(rx.cond(chip.icon, icon(chip.icon, "s")), chip.label),
        chip.href,
        is_current=chip.is_current,
        number=chip.count,
    )


def _year(link: rx.Var[YearLink]) -> rx.Component:
    return rx.el.a(
        link.year,
        " ",
        rx.el.span(link.count),
        href=link.href,
        aria_current=rx.cond(link.is_current, "true", "false"),
    )


def _entry(row: rx.Var[EntryView]) -> rx.Component:
    return rx.fragment(
        rx.cond(row.starts_month, rx.el.li(month_title(row.month), class_name="month")),
        thread_item(
            chronology_entry(
                kind=row.kind_label,
                when=row.when,
                author=row.author,
                result=rx.fragment(row.result),
                after=row.after,
                treatment=row.treatment,
                is_strong=row.is_strong,
                badge=rx.cond(row.is_new, badge("Nouveau", "new")),
                details=_details(row),
            ),
            icon_name=row.icon,
            tone=row.tone,
        ),
    )


def _details(row: rx.Var[EntryView]) -> rx.Component:
    base = SynthesisState.banner.base
    return rx.fragment(
        details_list(
            detail("Date", row.when, after=row.recorded),
            detail("Contact patient", row.contact),
            detail("PdS", row.author, wide=True, after=row.place),
            rx.cond(
                row.grade_label,
                rx.fragment(
                    detail("Appréciation du PdS", row.grade_label),
                    detail("Appréciation du patient", row.appreciation_label),
                ),
            ),
            rx.cond(row.typed_score, detail("Score", row.typed_score)),
            rx.cond(row.note, detail("Note", row.note, wide=True)),
        ),
        answers(row),
        rx.el.p(
            rx.cond(
                row.may_correct,
                rx.el.a(
                    "Corriger l’entrée",
                    href=base + "/" + row.section + "?corriger=" + row.id,
                    class_name="btn ghost",
                ),
            ),
            rx.cond(
                row.corrected,
                button(row.corrected, kind="ghost", on_click=SynthesisState.show_versions(row.id)),
            ),
            class_name="row wrap dacts no-print",
        ),
    )
