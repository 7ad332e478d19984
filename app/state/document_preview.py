"""One document opened, as screens take it: its preview, its place in the list, its facts."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

from app.i18n import document as words
from app.i18n.format import file_size, moment
from app.models.document import FileFormat
from app.services.document_query import Category
from app.services.document_reading import DocumentView
from app.services.document_type import document_type
from app.state.base import parse_id
from app.state.document_view import PICTURES, Address
from app.state.form import Choice

DRAWN = PICTURES | {FileFormat.PDF}


@dataclass(frozen=True)
class ShownFile:
    """A file opened: its pages as pictures, or its text. `failure`: why not; the rest is then empty."""

    id: str = ""
    title: str = ""
    under: str = ""
    kind: str = ""
    text: str = ""
    picture: str = ""
    picture_words: str = ""
    page: int = 1
    pages: int = 1
    page_words: str = ""
    failure: str = ""


T = TypeVar("T", bound=ShownFile)
# Gives the ticket of a file to whoever may see it still.
Offer = Callable[[UUID], Awaitable[str | None]]


@dataclass(frozen=True)
class PreviewView(ShownFile):
    """One document opened. `kind`: picture, text, or none when the list holds no preview of it."""

    place: str = ""
    previous: str = ""
    following: str = ""
    close: str = ""
    type: str = ""
    category: str = ""
    deposited: str = ""
    size: str = ""
    history: str = ""
    is_masked: bool = False
    is_hidden: bool = False
    hidden_until: str = ""
    is_hidden_from_representatives: bool = False
    is_superseded: bool = False
    may_change: bool = False
    may_mask: bool = False
    may_replace: bool = False
    version: str = ""
    versions: list[Choice] = field(default_factory=list)
    mask_words: str = ""


def preview_view(
    opened: DocumentView,
    *,
    go_to: Address,
    categories: Mapping[Category, str],
    ticket: str,
    page: int,
) -> PreviewView:
    """One document in words. `ticket`: of its pictures, '' when it has none."""
    row = opened.row
    kind = document_type(row.type_code)
    category = (
        kind.patient_category if kind.patient_category in categories else kind.record_category
    )
    pages = max(1, row.page_count)
    page = min(max(1, page), pages)
    return PreviewView(
        id=str(row.id),
        title=row.title,
        under=words.under_title(row),
        kind="picture" if ticket else "text" if opened.text else "",
        text="" if ticket else opened.text,
        picture=picture_path(ticket, page) if ticket else "",
        picture_words=words.page_alternative(row.title, page, pages),
        page=page,
        pages=pages,
        page_words=words.page_of(page, pages),
        place=words.place(opened.position, opened.found),
        previous=_neighbour(opened.previous_id, go_to),
        following=_neighbour(opened.next_id, go_to),
        close=go_to(document=""),
        type=kind.label,
        category=categories[category],
        deposited=moment(row.deposited_at),
        size=f"{words.FORMATS[row.format]}, {file_size(row.byte_size)}",
        history=f"/parametres/consultations?document={row.id}",
        is_masked=row.is_masked,
        is_hidden=row.is_hidden_from_patient,
        hidden_until=words.hidden_until(row),
        is_hidden_from_representatives=row.is_hidden_from_representatives,
        is_superseded=row.is_superseded,
        may_change=row.may_change,
        may_mask=row.may_mask,
        may_replace=row.may_replace,
        version=words.version(row),
        versions=[
            Choice(go_to(document=key), words.version_label(number, at))
            for key, number, at in opened.versions
            if key != row.id
        ],
        mask_words=words.mask_hint(row),
    )


def picture_path(ticket: str, page: int) -> str:
    """The address of the picture of a page, for as long as its ticket holds."""
    return f"/api/documents/page/{ticket}/{page}"


async def turned(shown: T, number: int, offer: Offer) -> T | None:
    """The same file at another of its pages, or the same picture again; None without a ticket."""
    if shown.kind != "picture":
        return None
    page = min(max(1, int(number)), shown.pages)
    ticket = await offer(parse_id(shown.id))
    if ticket is None:
        return None
    return replace(
        shown,
        page=page,
        picture=picture_path(ticket, page),
        page_words=words.page_of(page, shown.pages),
        picture_words=words.page_alternative(shown.title, page, shown.pages),
    )


def _neighbour(document_id: object, go_to: Address) -> str:
    return go_to(document=document_id) if document_id else ""
