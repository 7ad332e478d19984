"""Small pieces every component is built from."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex_base.vars.base import Var
from reflex_components_core.el.elements.inline import A

Text = str | Var[str]
Number = int | Var[int]
Flag = bool | Var[bool]
Child = Any
Handler = Any

UNDEFINED = Var(_js_expr="undefined")


def ident(element_id: Text, **others: Any) -> dict[str, Any]:
    """Attributes of an element that has an id, without the React reference the `id` prop would add."""
    return {"custom_attrs": {"id": element_id, **others}}


def when(condition: Any, value: Any) -> Any:
    """An attribute that is there only when the condition holds; a constant condition is settled now."""
    if isinstance(condition, Var):
        return rx.cond(condition, value, UNDEFINED)
    return value if condition else None


def either(condition: Any, value: Any, otherwise: Any) -> Any:
    """One of two; a constant condition is settled now."""
    if isinstance(condition, Var):
        return rx.cond(condition, value, otherwise)
    return value if condition else otherwise


def shown(condition: Any, child: Child, otherwise: Child | None = None) -> Child:
    """A child that is there only when the condition holds; a constant condition is settled now."""
    return either(condition, child, rx.fragment() if otherwise is None else otherwise)


def anchor(*children: Child, target: Text, **props: Any) -> rx.Component:
    """A link inside the page, which the router must not take for another page."""
    return A.create(*children, href=f"#{target}", **props)


def hidden_text(text: Text) -> rx.Component:
    """Words for those who hear the page."""
    return rx.el.span(text, class_name="vh")


def each(items: Any, draw: Any) -> Any:
    """Children for a list known when the page is built, or for a list in the state."""
    if isinstance(items, Var):
        return rx.foreach(items, draw)
    return rx.fragment(*[draw(item) for item in items])


def pair(item: Any) -> tuple[Any, Any]:
    """`(value, label)` of a choice: a tuple, or an object of the state with `value` and `label`."""
    if isinstance(item, Var):
        if isinstance(item, rx.vars.ObjectVar):
            return item["value"], item["label"]
        return item[0], item[1]  # type: ignore[index]
    if isinstance(item, Sequence) and not isinstance(item, str):
        return item[0], item[1]
    return item.value, item.label


def look(*classes: Text) -> Text:
    """Classes in one attribute; one of them may come from the state."""
    if any(isinstance(name, Var) for name in classes):
        return Var.create(" ".join(f"{name}" for name in classes if not _is_blank(name)))
    return " ".join(str(name) for name in classes if name)


def _is_blank(name: Text) -> bool:
    return not isinstance(name, Var) and not name
