"""« Paramètres »: what a patient may set, and where each setting stands (ME-112)."""

import reflex as rx

from app.components.icons import icon
from app.components.markup import Text
from app.components.panel import page_head, panel, stack
from app.components.shell import patient_shell
from app.components.states import skeleton_rows, when_loaded
from app.pages.table import page
from app.state.base import Audience
from app.state.record_settings import RecordSettingsState


@page(
    route="/parametres",
    title="Paramètres",
    audience=Audience.PATIENT,
    on_load=RecordSettingsState.load,
)
def record_settings_page() -> rx.Component:
    """Each setting as a link, with its present state."""
    state = RecordSettingsState
    return patient_shell(
        rx.el.div(
            page_head("Paramètres", lead="Vous décidez, et tout changement s’applique aussitôt."),
            when_loaded(
                state.is_loaded,
                stack(
                    panel(
                        rx.el.ul(
                            _setting(
                                "Qui peut voir mes informations",
                                state.visibility,
                                "/parametres/confidentialite",
                                "shield-check",
                            ),
                            _setting(
                                "Accès en cas d’urgence",
                                state.emergency,
                                "/parametres/confidentialite#urgence",
                                "siren",
                            ),
                            _setting(
                                "Qui a consulté",
                                state.last_act,
                                "/parametres/consultations",
                                "history",
                            ),
                            _setting(
                                "Clôture du dossier",
                                state.life,
                                "/parametres/cloture",
                                "archive",
                            ),
                            class_name="hub",
                        ),
                        title="Mon dossier",
                        title_id="dossier",
                        bare=True,
                    ),
                    panel(
                        rx.el.ul(
                            _setting(
                                "Mon compte",
                                "Adresses, mot de passe, connexions, export de mes données",
                                "/compte",
                                "circle-user-round",
                            ),
                            _setting(
                                "Applications",
                                "Celles que vous utilisez, et ce qu’elles reçoivent de vous",
                                "/applications",
                                "layout-grid",
                            ),
                            class_name="hub",
                        ),
                        title="Moi",
                        title_id="compte",
                        bare=True,
                    ),
                    wide=True,
                ),
                loading=skeleton_rows(4),
            ),
            class_name="narrow",
        ),
        current="settings",
    )


def _setting(label: str, status: Text, href: str, icon_name: str) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(icon(icon_name), class_name="disc", aria_hidden="true"),
            rx.el.span(
                rx.el.b(label), rx.el.span(status, class_name="sm muted"), class_name="grow"
            ),
            icon("chevron-right", "s", "chevron"),
            href=href,
        )
    )
