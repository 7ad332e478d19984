"""Parameters of the instance: the name, place, contact and logo every page shows (DM-23)."""

import reflex as rx

from app.components.button import submit_button
from app.components.callout import callout
from app.components.choice_field import checkbox
from app.components.field import text_field
from app.components.file_field import file_field
from app.components.form import error_summary, form_actions, mandatory_note, native_form
from app.components.panel import page_head, panel
from app.components.shell import administrator_shell
from app.components.states import page_error, ready
from app.pages.table import page
from app.state.base import Audience
from app.state.instance import InstanceState


@page(
    route="/admin/parametres",
    title="Paramètres de l’instance",
    audience=Audience.ADMINISTRATOR,
    on_load=InstanceState.load,
)
def instance_page() -> rx.Component:
    """One form, sent with its file."""
    state = InstanceState
    return administrator_shell(
        ready(
            error_summary(),
            page_head(
                "Paramètres de l’instance",
                lead="Ce que chaque page montre à côté du nom du portail.",
            ),
            page_error(),
            rx.cond(
                state.saved,
                rx.el.div(callout(state.saved, tone="success"), role="status", class_name="after"),
            ),
            panel(
                rx.cond(state.origin, callout(state.origin, tone="neutral")),
                native_form(
                    mandatory_note(),
                    rx.el.input(type="hidden", name="version", value=state.version),
                    text_field(
                        "Établissement, groupement ou région",
                        "name",
                        value=state.name,
                        required=True,
                        max_length=100,
                        auto_complete="organization",
                    ),
                    text_field("Ville ou territoire", "place", value=state.place, max_length=100),
                    text_field(
                        "E-mail de contact",
                        "contact_email",
                        kind="email",
                        value=state.contact,
                        hint="Montré sur la page « Contact »",
                        max_length=254,
                        auto_complete="off",
                    ),
                    _logo(),
                    form_actions(submit_button("Enregistrer")),
                    action="/api/admin/instance",
                    enc_type="multipart/form-data",
                    class_name="stack form",
                    key=state.form_key,
                ),
                class_name="spaced narrow",
            ),
        ),
        current="instance",
    )


def _logo() -> rx.Component:
    state = InstanceState
    return file_field(
        "Logo",
        "logo",
        accept="image/png,image/jpeg",
        max_bytes=200_000,
        hint="PNG ou JPG, 200\u00a0ko et 2\u202f000\u00a0pixels de côté au plus",
        above=rx.cond(
            state.logo, rx.el.img(src=state.logo, alt="Logo actuel", class_name="logo-now")
        ),
        below=rx.cond(state.logo, checkbox("Retirer le logo", "without_logo")),
    )
