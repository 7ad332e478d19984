"""« À savoir »: what stands beside a chronology, and beside a conversation about somebody."""

from typing import Any

import reflex as rx

from app.components.icons import chevron
from app.components.markup import Child, Text
from app.state.summary import SummaryLine


def to_know(view: Any) -> rx.Component:
    """The sections of a `SummaryView`, each of which folds."""

    def line(item: rx.Var[SummaryLine]) -> rx.Component:
        return rx.el.li(
            item.label, rx.cond(item.detail, rx.el.span(" · ", item.detail, class_name="muted"))
        )

    return rx.el.aside(
        rx.el.div(rx.el.h2("À savoir", id="savoir"), class_name="head"),
        _section("Allergies", "", rx.el.p("Allergies non renseignées", class_name="sm muted")),
        _section(
            "Traitements",
            view.treatments_count,
            rx.el.ul(rx.foreach(view.treatments, line), class_name="items"),
            view.treatments_source,
        ),
        _section(
            "Cercle",
            view.members_count,
            rx.el.ul(rx.foreach(view.members, lambda name: rx.el.li(name)), class_name="items"),
        ),
        _section("Consentement", "", rx.el.p(view.consent, class_name="sm"), view.consent_source),
        class_name="panel knowp",
        aria_labelledby="savoir",
    )


def _section(title: str, count: Text, content: Child, source: Text = "") -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            chevron(),
            rx.el.span(title, class_name="fw"),
            rx.el.span(count, class_name="n"),
        ),
        content,
        rx.cond(source, rx.el.p(source, class_name="src")) if source is not None else None,
        class_name="know",
        open=True,
    )
