"""One document beside its list, a page of its own on a phone: pictures of its pages, or its text."""

from typing import Any

import reflex as rx

from app.components.button import button, icon_button, link_button, submit_button
from app.components.icons import icon
from app.components.markup import Child, Text, hidden_text, ident
from app.components.panel import disclosure
from app.i18n import document as words
from app.state.document import DocumentBrowser

State = type[DocumentBrowser]


def download_form(
    documents: Text,
    *,
    label: Child = "Télécharger",
    kind: Any = "ghost",
    field: str = "documents",
    action: str = "/api/documents/download",
) -> rx.Component:
    """One document, or several in a ZIP. `documents`: their ids, a space between."""
    return rx.el.form(
        rx.el.input(type="hidden", name=field, value=documents, read_only=True),
        submit_button(label, kind=kind, icon_name="download"),
        action=action,
        method="post",
        on_submit=None,
    )


def preview_pane(state: State, foot: Child) -> rx.Component:
    """The opened document, or why it is not there. `foot`: what may be done with it."""
    preview = state.preview
    return rx.el.section(
        rx.el.a(
            icon("arrow-left", "s"),
            "Retour aux documents",
            href=preview.close,
            class_name="lnk doc-back",
        ),
        rx.cond(
            preview.failure != "",
            rx.el.div(
                rx.el.h2("Document introuvable", tab_index=-1, **ident("preview-title")),
                rx.el.p(preview.failure),
                link_button("Revenir à la liste", href=preview.close, data_close_preview=""),
                class_name="empty",
                role="alert",
            ),
            rx.fragment(
                rx.el.div(
                    rx.el.div(
                        rx.el.h2(preview.title, tab_index=-1, **ident("preview-title")),
                        rx.el.p(preview.under, class_name="sm muted"),
                        class_name="grow",
                    ),
                    _ghost_link("x", "Fermer l’aperçu", preview.close, data_close_preview=""),
                    class_name="head",
                ),
                _view(state),
                *([] if foot is None else [foot]),
                _facts(state),
            ),
        ),
        class_name="panel doc-preview",
        aria_labelledby="preview-title",
    )


def _ghost_link(name: str, label: str, href: Text, **props: Any) -> rx.Component:
    return rx.cond(
        href != "",
        link_button(
            icon(name), hidden_text(label), href=href, kind="ghost", class_name="icon", **props
        ),
        button(icon(name), hidden_text(label), kind="ghost", class_name="icon", disabled=True),
    )


def _view(state: State) -> rx.Component:
    preview = state.preview
    return rx.el.div(
        rx.el.div(
            rx.cond(
                preview.place != "",
                rx.fragment(
                    _ghost_link("chevron-left", "Document précédent", preview.previous),
                    rx.el.span(preview.place, class_name="sm tn"),
                    _ghost_link("chevron-right", "Document suivant", preview.following),
                ),
            ),
            rx.el.span(class_name="grow"),
            download_form(preview.id),
            class_name="doc-bar",
        ),
        rx.match(
            preview.kind,
            ("picture", picture_page(state)),
            ("text", text_page(preview.text)),
            preview_card(
                words.NO_PREVIEW,
                words.STILL_POSSIBLE,
                download_form(preview.id, kind=""),
                look="doc-card shown",
            ),
        ),
        class_name="doc-view",
    )


def text_page(text: Text) -> rx.Component:
    """The words of a plain text format."""
    return rx.el.pre(
        text,
        class_name="doc-page doc-text",
        tab_index=0,
        role="region",
        aria_label="Texte du document",
    )


def picture_page(state: Any) -> rx.Component:
    """One page and the way to the others. `state`: has a `preview` and turns its pages."""
    preview = state.preview
    return rx.fragment(
        rx.el.div(
            rx.el.img(
                src=preview.picture,
                alt=preview.picture_words,
                class_name="doc-page",
                key=preview.picture,
            ),
            preview_card(
                words.NO_PICTURE,
                words.STILL_POSSIBLE,
                button("Réessayer", icon_name="rotate-cw", on_click=state.turn_page(preview.page)),
                look="doc-card",
            ),
            class_name="doc-shown",
            key=preview.picture,
        ),
        rx.cond(
            preview.pages > 1,
            rx.el.div(
                icon_button(
                    "chevron-left",
                    "Page précédente",
                    on_click=state.turn_page(preview.page - 1),
                    disabled=preview.page <= 1,
                ),
                rx.el.span(preview.page_words, class_name="sm tn", role="status"),
                icon_button(
                    "chevron-right",
                    "Page suivante",
                    on_click=state.turn_page(preview.page + 1),
                    disabled=preview.page >= preview.pages,
                ),
                class_name="doc-pages",
            ),
        ),
    )


def preview_card(
    sentence: str,
    hint: str,
    action: Child = None,
    *,
    look: str,
    icon_name: str = "file-text",
    **props: Any,
) -> rx.Component:
    """What stands where nothing can be shown: why, and what remains possible."""
    return rx.el.div(
        icon(icon_name, "xl"),
        rx.el.p(sentence, class_name="fw", **props),
        rx.el.p(hint, class_name="sm"),
        *([] if action is None else [action]),
        class_name=look,
    )


def _facts(state: State) -> rx.Component:
    preview = state.preview

    def fact(term: str, value: Any) -> rx.Component:
        return rx.cond(value != "", rx.fragment(rx.el.dt(term), rx.el.dd(value)))

    return rx.el.div(
        disclosure(
            "Détails",
            rx.el.dl(
                fact("Type", preview.type),
                fact("Catégorie", preview.category),
                fact("Déposé le", preview.deposited),
                fact("Fichier", preview.size),
                fact("Version", preview.version),
                class_name="doc-facts",
            ),
            rx.cond(
                preview.versions.length() > 0,
                rx.el.ul(
                    rx.foreach(
                        preview.versions,
                        lambda each: rx.el.li(
                            rx.el.a(each.label, href=each.value), class_name="sm"
                        ),
                    )
                ),
            ),
        ),
        class_name="doc-foot",
    )
