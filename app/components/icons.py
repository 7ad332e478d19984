"""Icons: Lucide, drawn from one sprite of our own host.

One cached file of 5 kB serves every page, and the name may come from the state; docs/adr/0002 has the
figures. To add an icon, copy its paths from Lucide into a `<symbol>` of assets/icons.svg.
"""

import re
from functools import cache
from typing import Literal

import reflex as rx
from reflex_base.vars.base import Var

from app.components.assets import FOLDER, asset
from app.components.markup import Text

SPRITE = FOLDER / "icons.svg"


@cache
def icon_names() -> frozenset[str]:
    """The symbols of the sprite."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))


def icon(name: Text, size: Literal["", "s", "l", "xl"] = "", class_name: str = "") -> rx.Component:
    """A decorative icon beside words. `size`: 18 px, `s` 16, `l` 22, `xl` 32."""
    if not isinstance(name, Var):
        assert name in icon_names(), f"no icon named {name} in {SPRITE.name}"
    return rx.el.svg(
        rx.el.svg.use(href=f"{asset(SPRITE.name)}#{name}"),
        class_name=" ".join(part for part in ("ic", size, class_name) if part),
        aria_hidden="true",
    )


def chevron() -> rx.Component:
    """The mark of a summary: it turns when its details open."""
    return icon("chevron-right", "s", "chev")
