"""The export of one's own data."""

import reflex as rx

from app.components.button import submit_button
from app.components.callout import callout
from app.components.form import form, native_form
from app.components.icons import icon
from app.components.markup import hidden_text, ident
from app.components.panel import panel
from app.components.states import when_loaded
from app.pages.account.frame import account_page
from app.pages.table import page
from app.state.account_export import AccountExportState
from app.state.base import Audience

_WATCH = "suivi-export"


@page(
    route="/compte/donnees",
    title="Mes données",
    audience=Audience.OWN_ACCOUNT,
    on_load=AccountExportState.load,
)
def account_export_page() -> rx.Component:
    """What an export holds, where the last one stands, asking for another."""
    state = AccountExportState
    return account_page(
        "Mes données",
        when_loaded(
            state.is_loaded,
            panel(
                rx.el.div(
                    rx.el.p(
                        "Vous recevez un fichier ZIP avec tout ce que le portail garde de votre compte, "
                        "sous deux formes : une page à lire, et des fichiers pour un logiciel."
                    ),
                    rx.el.ul(
                        rx.el.li("votre identité, vos adresses et vos téléphones"),
                        rx.el.li("vos connexions, vos appareils et votre historique"),
                        rx.el.li("vos acceptations, vos délégations et vos applications"),
                        rx.cond(
                            state.viewer_role == "patient",
                            rx.el.li("votre cercle de soins et vos accords"),
                        ),
                    ),
                    rx.el.p(
                        "Un code vous sera demandé à nouveau : ce fichier contient tout de vous.",
                        class_name="muted",
                    ),
                    class_name="text",
                ),
                title="Télécharger mes données",
                title_id="export",
            ),
            rx.el.div(rx.cond(state.export_label, _last()), role="status"),
            rx.cond(
                ~state.is_under_way,
                form(
                    rx.el.input(type="hidden", name="key", value=state.form_key),
                    rx.cond(
                        state.is_ready,
                        submit_button("Préparer un autre fichier", kind=""),
                        submit_button("Préparer mes données"),
                    ),
                    on_submit=state.ask,
                    class_name="form-acts",
                ),
            ),
            rx.cond(state.is_under_way | state.is_ready, _watch()),
        ),
        current="data",
        lead="Elles sont à vous : emportez-les quand vous voulez.",
    )


def _last() -> rx.Component:
    state = AccountExportState
    return panel(
        rx.el.ul(
            rx.el.li(
                rx.el.span(
                    icon(
                        rx.cond(
                            state.is_ready,
                            "circle-check",
                            rx.cond(state.is_failed, "circle-alert", "clock"),
                        )
                    ),
                    class_name=rx.cond(state.is_ready, "disc", "disc plain"),
                    aria_hidden="true",
                ),
                rx.el.div(
                    rx.el.p(rx.el.b(state.export_label)),
                    rx.el.p(state.export_note, class_name="sm muted"),
                    rx.cond(
                        state.is_under_way,
                        rx.el.progress(
                            value=state.progress,
                            max=100,
                            class_name="bar",
                            aria_label="Avancement",
                        ),
                    ),
                    class_name="grow",
                ),
                rx.cond(
                    state.is_ready,
                    native_form(
                        rx.el.input(type="hidden", name="export", value=state.export_id),
                        submit_button("Télécharger", icon_name="download"),
                        action="/api/account/export",
                    ),
                ),
            ),
            class_name="lines",
        ),
        rx.cond(
            state.is_failed,
            callout("Réessayez. Si cela recommence, prévenez l’administration.", tone="warning"),
        ),
        bare=True,
    )


def _watch() -> rx.Component:
    """The page asks again by itself while something is prepared; nobody sees nor reaches these."""
    return rx.el.div(
        rx.el.input(type="checkbox", default_checked=True, data_repeats=_WATCH),
        rx.el.button(
            hidden_text("Actualiser"),
            type="button",
            on_click=AccountExportState.follow,
            **ident(_WATCH),
        ),
        hidden=True,
    )
