"""The patient banner and the sub-menu around a patient, on every clinical screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import reflex as rx

from app.components.badge import badge
from app.components.button import icon_button
from app.components.icons import chevron, icon
from app.components.markup import Child, Flag, Text, either, hidden_text, ident
from app.i18n.format import NARROW

Section = Literal[
    "contacts", "traitements", "tolerance", "interactions", "observance", "synthese", "documents"
]
SECTIONS: dict[Section, str] = {
    "contacts": "Contacts",
    "traitements": "Traitements",
    "tolerance": "Tolérance",
    "interactions": "Interaction médicamenteuse",
    "observance": "Observance",
    "synthese": "Synthèse",
    "documents": "Dossier médical partagé",
}
# What somebody outside the circle finds of a patient.
SHARED: tuple[Section, ...] = ("documents",)
_TRAITS = "banner-traits"


@dataclass(frozen=True)
class PatientTraits:
    """What the banner shows; every value may come from the state, empty ones are left out.

    `name`: « LEFÈVRE Jeanne »; `born`: « Née le », `birth`: « 4 juin 1958 (67 ans) »; `identity`, `allergy`:
    words of the badge, with their tone (`success`, `warning`, `danger`, `line`).
    """

    name: Text
    used_name: Text
    birth: Text
    sex: Text
    born: Text = "Né(e) le"
    identity: Text = ""
    identity_tone: Text = "success"
    allergy: Text = ""
    allergy_tone: Text = "danger"


def patient_banner(
    patient: PatientTraits,
    *,
    base: Text,
    current: Section,
    counts: Mapping[Section, Text] | None = None,
    actions: Child = None,
    is_ready: rx.Var | bool = True,
    is_member: Flag = True,
) -> rx.Component:
    """Who the page is about, and the pages around them. `base`: « /patients/<id> », no slash at the end.

    `is_member`: the reader is of the circle; the pages of the follow-up are not there for anybody else. While not `is_ready` the traits are empty bars: changing patient empties the page before filling it.
    """
    return rx.el.div(
        rx.cond(is_ready, _traits(patient, actions), _no_traits()),
        _sub_menu(base, current, counts or {}, is_member),
        class_name="banner",
        role="region",
        aria_label="Patient",
        **ident(_TRAITS),
    )


def _traits(patient: PatientTraits, actions: Child) -> rx.Component:
    used_name = rx.el.span(f"nom utilisé{NARROW}: ", patient.used_name)
    return rx.fragment(
        rx.el.div(
            rx.el.p(patient.name, rx.cond(patient.used_name, used_name), class_name="name"),
            icon_button(
                "chevron-down",
                "Afficher l’identité complète",
                class_name="narrow-only more",
                aria_expanded="false",
                data_expands=_TRAITS,
            ),
            rx.el.div(
                badge("Accès tracé", "line", "eye"),
                *([] if actions is None else [actions]),
                class_name="acts",
            ),
            class_name="bl",
        ),
        rx.el.dl(
            rx.el.div(rx.el.dt(patient.born, class_name="wide-only"), rx.el.dd(patient.birth)),
            rx.el.div(rx.el.dt("Sexe", class_name="wide-only"), rx.el.dd(patient.sex)),
            rx.cond(
                patient.identity,
                rx.el.div(
                    rx.el.dt("Identité", class_name="vh"),
                    rx.el.dd(badge(patient.identity, patient.identity_tone, "shield-check")),
                    class_name="wide-only",
                ),
            ),
            rx.cond(
                patient.allergy,
                rx.el.div(
                    rx.el.dt("Allergies", class_name="vh"),
                    rx.el.dd(badge(patient.allergy, patient.allergy_tone, "triangle-alert")),
                ),
            ),
        ),
    )


def _no_traits() -> rx.Component:
    return rx.el.div(
        hidden_text("Chargement…"),
        rx.el.span(class_name="skel", style={"width": "240px"}),
        rx.el.span(class_name="skel", style={"width": "360px", "maxWidth": "100%"}),
        class_name="waiting",
        aria_busy="true",
    )


def _sub_menu(
    base: Text, current: Section, counts: Mapping[Section, Text], is_member: Flag
) -> rx.Component:
    def links() -> rx.Component:
        every, shared = (
            rx.fragment(*[_section_link(base, section, current, counts) for section in sections])
            for sections in (SECTIONS, SHARED)
        )
        return rx.el.ul(either(is_member, every, shared))

    return rx.el.nav(
        links(),
        rx.el.details(
            rx.el.summary(
                icon("list"),
                rx.el.span(
                    rx.el.span(f"Rubrique{NARROW}: ", class_name="muted fine"), SECTIONS[current]
                ),
                chevron(),
            ),
            links(),
        ),
        class_name="sub",
        aria_label="Autour du patient",
    )


def _section_link(
    base: Text, section: Section, current: Section, counts: Mapping[Section, Text]
) -> rx.Component:
    here = {"aria_current": "page"} if section == current else {}
    number = [" ", rx.el.span(counts[section], class_name="muted")] if section in counts else []
    return rx.el.li(rx.el.a(SECTIONS[section], *number, href=f"{base}/{section}", **here))
