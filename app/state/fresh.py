"""Giving a factor again before what cannot be taken back, then back to what one was doing (S054)."""

import reflex as rx

from app.authz import policies
from app.homes import confirm_path
from app.state.base import AppState
from app.state.clock import utc_now


def confirm_first(state: AppState, back_to: str) -> rx.event.EventSpec | None:
    """None when a factor was given in the last five minutes; else the way to the page that asks for one.

    `back_to`: an address of ours, with what to open there.
    """
    if policies.is_factor_fresh(state._actor, now=utc_now()):  # noqa: SLF001 - a part of every page state
        return None
    return rx.redirect(confirm_path(back_to))
