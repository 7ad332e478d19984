"""The page table: every screen, its address, its title, and who it is for.

Pages protect nothing (their markup is public); the audience says which events of theirs the guard lets
through, and an architecture test checks that every route is here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from app.state.base import Audience

SERVICE = "Liane"


@dataclass(frozen=True)
class Page:
    """One screen. `title` names the screen without any health word nor person."""

    route: str
    title: str
    audience: Audience
    build: Callable[[], rx.Component]
    on_load: Any = None

    @property
    def full_title(self) -> str:
        return f"{self.title} – {SERVICE}"


PAGES: dict[str, Page] = {}


def page(
    *, route: str, title: str, audience: Audience, on_load: Any = None
) -> Callable[[Callable[[], rx.Component]], Callable[[], rx.Component]]:
    """Enter a function that builds a screen into the table."""

    def enter(build: Callable[[], rx.Component]) -> Callable[[], rx.Component]:
        assert route not in PAGES, f"two pages at {route}"
        PAGES[route] = Page(route, title, audience, build, on_load)
        return build

    return enter
