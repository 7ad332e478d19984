"""A patient as a line of a list, the way to enrol one, and what stands where there is none yet."""

import reflex as rx

from app.components.badge import avatar, badge
from app.components.button import link_button
from app.components.dashboard import circle
from app.components.markup import Flag
from app.components.states import empty
from app.components.table import cell, row, row_head
from app.state.patient_line import PatientLine

NEW_PATIENT = "/patients/nouveau"


def add_patient(*, big: bool = False) -> rx.Component:
    """The way to enrol a patient (CX-09), for whom the service says may."""
    return link_button(
        "Ajouter un patient", href=NEW_PATIENT, kind="primary", icon_name="user-plus", big=big
    )


def nobody_followed(may_enrol: Flag, *, bare: bool = False) -> rx.Component:
    """What stands in place of a list without any patient."""
    return empty(
        "Vous ne suivez pas encore de patient.",
        rx.cond(
            may_enrol,
            add_patient(),
            rx.el.p(
                "Un professionnel du cercle d’un patient peut vous y ajouter.", class_name="muted"
            ),
        ),
        icon_name="users",
        bare=bare,
    )


def patient_row(line: rx.Var[PatientLine], *, with_unread: bool = False) -> rx.Component:
    """A line of a list of patients; a card on a phone. `with_unread`: a column says what is to read."""
    unread = cell(rx.cond(line.unread > 0, badge(f"{line.unread} à lire", "new")), look="gap")
    return row(
        row_head(
            rx.el.a(line.name, href=line.href),
            rx.cond(line.used_name, rx.el.span(line.used_name, class_name="muted u")),
        ),
        cell(line.birth, look="nw"),
        cell(line.treatments),
        cell(line.last_entry, label="Dernière entrée", look="nw"),
        cell(badge(line.adherence, line.adherence_tone), look="gap"),
        *([unread] if with_unread else []),
        cell(
            circle(
                rx.foreach(line.initials, lambda initials: avatar(initials, small=True)),
                line.circle,
            ),
            look="nw wide",
        ),
        key=line.id,
    )
