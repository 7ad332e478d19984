"""The access history of one's own account."""

import reflex as rx

from app.components.callout import callout
from app.components.icons import icon
from app.components.markup import Text
from app.components.pagination import pagination
from app.components.panel import panel
from app.components.states import empty, when_loaded
from app.pages.account.frame import account_page
from app.pages.table import page
from app.state.account_history import AccountHistoryState, LineView
from app.state.base import Audience


@page(
    route="/compte/historique",
    title="Historique du compte",
    audience=Audience.OWN_ACCOUNT,
    on_load=AccountHistoryState.load,
)
def account_history_page() -> rx.Component:
    """What the account did and what was done to it, newest first."""
    return account_page(
        "Historique",
        when_loaded(
            AccountHistoryState.is_loaded,
            panel(
                *history(
                    AccountHistoryState.lines,
                    older=AccountHistoryState.older,
                    newest=AccountHistoryState.newest,
                ),
                bare=True,
            ),
            callout(
                "Une ligne vous surprend ? Changez votre mot de passe dans ",
                rx.el.a("Sécurité", href="/compte/securite"),
                ", puis prévenez l’administration de votre portail.",
                tone="neutral",
                icon_name="shield-alert",
            ),
        ),
        current="history",
        lead="Vos connexions, vos consultations, et ce qui a changé dans votre compte.",
    )


def history(lines: rx.Var[list[LineView]], *, older: Text, newest: Text) -> list[rx.Component]:
    """Lines of the journal, newest first, and the ways to others."""
    return [
        rx.cond(
            lines.length() > 0,
            rx.el.ol(rx.foreach(lines, _line), class_name="days"),
            empty("Rien n’a encore été enregistré.", icon_name="history", bare=True),
        ),
        rx.cond(
            (older != "") | (newest != ""),
            pagination(
                "50 lignes par page",
                previous=newest,
                following=older,
                back="Revenir au début",
                on="Lignes plus anciennes",
            ),
        ),
    ]


def _line(line: rx.Var[LineView]) -> rx.Component:
    return rx.fragment(
        rx.cond(line.day, rx.el.li(line.day, class_name="dayhead")),
        rx.el.li(
            icon(line.icon, "s"),
            rx.el.div(
                rx.el.p(rx.el.b(line.what)),
                rx.cond(line.more, rx.el.p(line.more, class_name="sm muted")),
                class_name="grow",
            ),
            rx.el.time(line.at, class_name="sm muted"),
            class_name=rx.cond(line.is_refusal, "ev no", "ev"),
        ),
        key=line.id,
    )
