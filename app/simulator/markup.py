"""HTML written by hand: every text and attribute is escaped, and only what this module made is not."""

from html import escape
from typing import Any

from app.components.assets import asset
from app.components.icons import icon_names
from app.i18n.format import NARROW

_ALONE = {"input", "meta", "link", "hr"}


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = Any


def el(tag: str, *children: Child, **attributes: Any) -> Html:
    """One element. Attributes: `class_`, `for_`; underscores become hyphens; True alone, None or False absent."""
    words = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _ALONE:
        return Html(f"<{tag}{words}>")
    return Html(f"<{tag}{words}>{join(*children)}</{tag}>")


def join(*children: Child) -> Html:
    """Pieces one after the other; text is escaped, None is nothing."""
    return Html(
        "".join(
            child if isinstance(child, Html) else escape(str(child))
            for child in children
            if child is not None
        )
    )


def icon(name: str, size: str = "") -> Html:
    """A decorative icon of the portal's sprite."""
    assert name in icon_names(), f"no icon named {name}"
    href = f"{asset('icons.svg')}#{name}"
    return el("svg", el("use", href=href), class_=f"ic {size}".strip(), aria_hidden="true")


def callout(*children: Child, tone: str = "info", urgent: bool = False) -> Html:
    """A sentence that concerns what is around it."""
    drawn = {"warning": "triangle-alert", "danger": "circle-alert", "success": "circle-check"}
    return el(
        "div",
        icon(drawn.get(tone, "info")),
        el("div", *children, class_="grow"),
        class_=f"callout {tone}",
        role="alert" if urgent else None,
    )


def submit(words: Child, *, kind: str = "primary", icon_name: str = "", **more: Any) -> Html:
    """The button that sends a form."""
    drawn = icon(icon_name, "s") if icon_name else None
    look = " ".join(part for part in ("btn", kind, "block") if part)
    return el("button", drawn, words, type="submit", class_=look, **more)


def typo(text: str) -> str:
    """French spacing before double punctuation, so that sentences can be written plainly."""
    for sign in (":", ";", "!", "?", "»"):
        text = text.replace(f" {sign}", f"{NARROW}{sign}")
    return text.replace("« ", f"«{NARROW}")


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    key = name.rstrip("_").replace("_", "-")
    return f" {key}" if value is True else f' {key}="{escape(str(value))}"'
