"""The name of the product: an L that ends in a tendril, with one leaf, and the climbing plant."""

import reflex as rx

from app.components.markup import Text

_STEM = "M6.5 3v12a5.5 5.5 0 0 0 5.5 5.5h4.1a3.2 3.2 0 1 0-3.2-3.2"
_LEAF = "M9.4 10.6C9 6 12.1 3 17.8 2.8c.3 5.6-2.8 8.4-8.4 7.8Z"

_VINE = (
    "M-40 760C160 760 190 560 330 560s150 190 300 190 210-120 330-300S1180 120 1480 150",
    "M-40 300c140-20 210 60 200 150s-110 100-120 30 60-90 110-60",
    "M1480 640c-150-40-260 10-270 110s110 120 130 40-60-100-120-50",
)
_LEAVES = (
    "M330 560c-8-70 30-110 105-112 4 72-35 114-105 112Z",
    "M960 450c60-34 112-18 146 46-64 34-112 16-146-46Z",
    "M700 742c30-62 82-76 146-40-32 62-84 76-146 40Z",
    "M150 640c-66-16-92-60-74-128 66 16 92 62 74 128Z",
    "M1210 200c4-66 44-98 112-90-4 66-44 98-112 90Z",
)


def logo() -> rx.Component:
    """The mark, in the colour of the text around it."""
    return rx.el.svg(
        rx.el.svg.path(
            d=_STEM,
            custom_attrs={
                "stroke": "currentColor",
                "strokeWidth": "2.6",
                "strokeLinecap": "round",
            },
        ),
        rx.el.svg.path(d=_LEAF, custom_attrs={"fill": "currentColor"}),
        view_box="0 0 24 24",
        custom_attrs={"fill": "none"},
        aria_hidden="true",
    )


def brand(href: Text) -> rx.Component:
    """Mark and word, as a link home."""
    return rx.el.a(logo(), "Liane", href=href, class_name="brand")


def vine() -> rx.Component:
    """The plant behind the signed-out card: decoration."""
    stem, *tendrils = _VINE
    return rx.el.svg(
        rx.el.svg.g(
            rx.el.svg.path(d=stem),
            *[rx.el.svg.path(d=d, class_name="t2") for d in tendrils],
            custom_attrs={"fill": "none", "strokeLinecap": "round"},
        ),
        rx.el.svg.g(*[rx.el.svg.path(d=d) for d in _LEAVES], class_name="leaf"),
        view_box="0 0 1440 900",
        preserve_aspect_ratio="xMidYMid slice",
        class_name="vine",
        aria_hidden="true",
    )
