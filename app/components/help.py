"""Help chapters as they are read: contents, steps, notes, pictures of the screens."""

from collections.abc import Iterable, Sequence

import reflex as rx

from app.components.assets import FOLDER, asset
from app.components.callout import callout
from app.components.icons import icon
from app.components.markup import anchor, ident
from app.components.table import cell, data_table, row, row_head
from app.i18n.help.block import (
    Block,
    Chapter,
    Note,
    Part,
    Picture,
    Points,
    Shelf,
    Steps,
    Table,
    Way,
)

PICTURE_SIZE = (1120, 700)


def contents(shelves: Iterable[Shelf]) -> rx.Component:
    """Every chapter, shelf by shelf."""
    return rx.el.div(*[_shelf(shelf) for shelf in shelves], class_name="shelves")


def _shelf(shelf: Shelf) -> rx.Component:
    return rx.el.section(
        rx.el.h2(shelf.title),
        rx.el.ul(
            *[
                rx.el.li(
                    rx.el.a(chapter.title, href=chapter.href, class_name="fw"),
                    rx.el.span(chapter.lead, class_name="sm muted"),
                )
                for chapter in shelf.chapters
            ]
        ),
    )


def chapter_sheet(chapter: Chapter, related: Sequence[Chapter]) -> rx.Component:
    """One chapter: its own contents, its parts, and where to read on."""
    return rx.fragment(
        rx.el.nav(
            rx.el.ul(
                *[rx.el.li(anchor(part.title, target=part.key)) for part in chapter.parts],
            ),
            class_name="inpage",
            aria_label="Dans ce chapitre",
        ),
        *[_part(part) for part in chapter.parts],
        *([_read_on(related)] if related else []),
        _back(),
    )


def _part(part: Part) -> rx.Component:
    return rx.el.section(
        rx.el.h2(part.title, **ident(part.key)),
        *[_block(block) for block in part.blocks],
        class_name="chapter",
    )


def _block(block: Block) -> rx.Component:
    match block:
        case Steps(items):
            return rx.el.ol(*[rx.el.li(item) for item in items])
        case Points(items):
            return rx.el.ul(*[rx.el.li(item) for item in items])
        case Note(words, is_warning):
            tone = "warning" if is_warning else "neutral"
            return callout(words, tone=tone, title="Attention." if is_warning else "Note.")
        case Picture(name, words):
            return _picture(name, words)
        case Table(caption, heads, lines):
            return _table(caption, heads, lines)
        case Way(words, href):
            return rx.el.p(rx.el.a(words, href=href, class_name="btn"))
        case words:
            return rx.el.p(words)


def _table(
    caption: str, heads: tuple[str, ...], lines: tuple[tuple[str, ...], ...]
) -> rx.Component:
    def line(first: str, *others: str) -> rx.Component:
        *words, code = others
        return row(
            row_head(first),
            *[cell(word, label=head) for head, word in zip(heads[1:-1], words, strict=True)],
            cell(rx.el.code(code), label=heads[-1], look="nw"),
        )

    return data_table(caption, heads, [line(*each) for each in lines])


def _picture(name: str, words: str) -> rx.Component:
    file = f"help/{name}.webp"
    # Named before it is taken: the command that takes it needs the pages built. A test says what is missing.
    if not (FOLDER / file).exists():
        return rx.fragment()
    width, height = PICTURE_SIZE
    return rx.el.figure(
        rx.el.img(
            src=asset(file),
            alt="",
            width=width,
            height=height,
            loading="lazy",
        ),
        rx.el.figcaption(words, class_name="sm muted"),
        class_name="shot",
    )


def _read_on(related: Sequence[Chapter]) -> rx.Component:
    return rx.el.section(
        rx.el.h2("À lire ensuite"),
        rx.el.ul(
            *[rx.el.li(rx.el.a(chapter.title, href=chapter.href)) for chapter in related],
        ),
        class_name="chapter",
    )


def _back() -> rx.Component:
    return rx.el.p(
        rx.el.a(icon("arrow-left", "s"), "Retour au sommaire", href="/aide", class_name="lnk"),
    )
