"""Going to give a factor again before what cannot be taken back, then back to what one was doing (S054)."""

from urllib.parse import quote

import reflex as rx

from app.authz import policies
from app.homes import CONFIRM_PAGE
from app.state.base import AppState
from app.state.clock import utc_now


def confirm_first(state: AppState, back_to: str) -> rx.event.EventSpec | None:
    """None when a factor was given in the last five minutes; else the way to the page that asks for one.

    `back_to`: an address of ours, with what to open there.
    """
    if policies.is_factor_fresh(state._actor, now=utc_now()):  # noqa: SLF001 - a part of every page state
        return None
    return rx.redirect(confirm_path(back_to))


def confirm_path(back_to: str) -> str:
    """The page that asks for a factor, and where it leads afterwards."""
    return f"{CONFIRM_PAGE}?suite={quote(back_to)}"
