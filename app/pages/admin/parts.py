"""Small pieces the administrators' pages share."""

from typing import Any

import reflex as rx

from app.components.pagination import pagination


def facts(lines: Any) -> rx.Component:
    """Names and values, one under the other. `lines`: objects of the state with `label` and `value`."""
    return rx.el.dl(
        rx.foreach(lines, lambda line: rx.el.div(rx.el.dt(line.label), rx.el.dd(line.value))),
        class_name="facts",
    )


def page_links(paging: Any) -> rx.Component:
    """The way to both neighbours of a page of a list; nothing when it has one page. `paging`: a `Paging`."""
    return rx.cond(
        paging.summary,
        pagination(paging.summary, previous=paging.previous, following=paging.following),
    )
