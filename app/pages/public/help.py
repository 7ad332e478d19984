"""The help centre: a table of contents, and one page a chapter (U-26, MM-02, MM-03)."""

from collections.abc import Callable

import reflex as rx

from app.components.callout import callout
from app.components.help import chapter_sheet, contents
from app.components.info import contact_link, info_page, section
from app.i18n.help import CHAPTERS, SHELVES
from app.i18n.help.block import Chapter
from app.pages.table import page
from app.state.base import Audience


@page(route="/aide", title="Aide", audience=Audience.PUBLIC)
def help_page() -> rx.Component:
    return info_page(
        "Aide",
        callout(
            "Liane ne remplace pas un appel aux secours. Composez le ",
            rx.el.strong("15"),
            " (Samu), le ",
            rx.el.strong("112"),
            " (numéro européen) ou le ",
            rx.el.strong("114"),
            " par SMS si vous ne pouvez pas parler.",
            tone="warning",
            title="En cas d’urgence.",
        ),
        contents(SHELVES),
        section(
            "Nous joindre",
            rx.el.p("Pour une question sur ce portail : ", contact_link(), "."),
        ),
        lead="Choisissez un sujet : chaque chapitre montre les écrans d’aujourd’hui.",
        current="help",
    )


def _page_of(chapter: Chapter) -> Callable[[], rx.Component]:
    def build() -> rx.Component:
        related = [CHAPTERS[key] for key in chapter.related]
        return info_page(
            chapter.title, chapter_sheet(chapter, related), lead=chapter.lead, current="help"
        )

    return build


for _chapter in CHAPTERS.values():
    page(route=_chapter.href, title=f"Aide : {_chapter.title}", audience=Audience.PUBLIC)(
        _page_of(_chapter)
    )
