"""The frame of every page « Autour du patient »: banner, sub-menu, and content once it is that patient's."""

import reflex as rx

from app.components.button import link_button
from app.components.markup import Child
from app.components.patient_banner import PatientTraits, Section, patient_banner
from app.components.shell import professional_shell
from app.components.states import (
    PATH_HERE,
    not_found_panel,
    page_error,
    ready,
    skeleton_rows,
)
from app.state.message_composer import NEW
from app.state.patient import PatientState


def patient_page(
    section: Section,
    *content: Child,
    loading: Child | None = None,
    not_found: Child | None = None,
) -> rx.Component:
    """A page of one patient. Content shows only when it was loaded for this section of this record."""
    banner = PatientState.banner
    # Kept from tab to tab, dropped as soon as the address is another patient's.
    known = rx.cond(
        (banner.base != "") & PATH_HERE.startswith(banner.base),
        patient_banner(
            PatientTraits(
                name=banner.name,
                used_name=banner.used_name,
                birth=banner.birth,
                born=banner.born,
                sex=banner.sex,
                identity=banner.identity,
                identity_tone=banner.identity_tone,
                allergy="Allergies non renseignées",
                allergy_tone="line",
            ),
            base=banner.base,
            current=section,
            counts={
                "contacts": banner.contacts.to_string(),
                "traitements": banner.treatments.to_string(),
                "tolerance": banner.tolerance.to_string(),
                "interactions": banner.interactions.to_string(),
                "observance": banner.adherence.to_string(),
                "documents": banner.documents,
            },
            actions=rx.cond(
                banner.is_member,
                link_button(
                    "Écrire",
                    rx.el.span(" au sujet de ce patient", class_name="vh"),
                    href=f"{NEW}?patient=" + banner.id,
                    icon_name="pen-line",
                ),
            ),
            is_member=banner.is_member,
        ),
    )
    return professional_shell(
        ready(
            rx.cond(
                PatientState.section == section,
                rx.fragment(page_error(), *content),
                loading or skeleton_rows(6),
            ),
            loading=loading or skeleton_rows(6),
            not_found=not_found or not_found_panel("Ce patient est introuvable.", is_page=True),
        ),
        current="patients",
        banner=known,
    )
