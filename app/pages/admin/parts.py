"""Small pieces the administrators' pages share."""

from typing import Any

import reflex as rx


def facts(lines: Any) -> rx.Component:
    """Names and values, one under the other. `lines`: objects of the state with `label` and `value`."""
    return rx.el.dl(
        rx.foreach(lines, lambda line: rx.el.div(rx.el.dt(line.label), rx.el.dd(line.value))),
        class_name="facts",
    )
