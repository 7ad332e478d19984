"""Files of messages as screens take them: a card beside its message, a file opened, a piece of a draft."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from app.i18n import document as document_words, message_attachment as words
from app.i18n.document import PATIENT_CATEGORIES, RECORD_CATEGORIES
from app.i18n.format import day, file_size
from app.models.document import FileFormat, ScanState
from app.services.document_link import DRAWN
from app.services.document_type import document_type
from app.services.message_attaching import Attachable, Pieces, Shelf
from app.services.message_attachment import MAX_TOTAL_BYTES
from app.services.message_attachment_reading import AttachmentView
from app.services.message_reading import AttachedFile
from app.services.text import tokens
from app.state.document_preview import ShownFile, picture_path
from app.state.form import Choice


@dataclass(frozen=True)
class PieceCard:
    """A file under its message. `about`: « PDF · 184 Ko »."""

    id: str
    href: str
    name: str
    about: str
    icon: str


@dataclass(frozen=True)
class PieceView(ShownFile):
    """A file opened in place of its conversation. `kind`: picture, text, or which special screen it has."""

    back: str = ""
    is_savable: bool = False
    may_download: bool = False


@dataclass(frozen=True)
class DraftPiece:
    """A piece of what is being written."""

    id: str
    name: str
    size: str
    icon: str
    remove: str


@dataclass(frozen=True)
class ShelfLine:
    """A document that can be ticked."""

    id: str
    title: str
    about: str
    icon: str


@dataclass(frozen=True)
class ShelfGroup:
    """Documents under one heading: a category, or none when the newest comes first."""

    heading: str = ""
    lines: list[ShelfLine] = field(default_factory=list)


def piece_cards(files: tuple[AttachedFile, ...], href: Callable[[UUID], str]) -> list[PieceCard]:
    """The files of a message. `href`: where each opens."""
    return [
        PieceCard(
            id=str(file.id),
            href=href(file.id),
            name=file.name,
            about=words.kind_and_size(file.format, file.byte_size),
            icon=words.icon_of(file.format),
        )
        for file in files
    ]


def piece_view(opened: AttachmentView, *, ticket: str, page: int, back: str) -> PieceView:
    """A file in words. `ticket`: of its pictures, '' when it has none."""
    file = opened.file
    pages = max(1, file.page_count)
    page = min(max(1, page), pages)
    return PieceView(
        id=str(file.id),
        title=file.name,
        under=words.kind_and_size(file.format, file.byte_size),
        kind=_kind(opened, ticket),
        text=opened.text,
        picture=picture_path(ticket, page) if ticket else "",
        picture_words=document_words.page_alternative(file.name, page, pages),
        page=page,
        pages=pages,
        page_words=document_words.page_of(page, pages),
        back=back,
        is_savable=opened.is_savable,
        may_download=file.scan is ScanState.CLEAN,
    )


def is_drawn(file: AttachedFile) -> bool:
    """Whether its pages are shown as pictures."""
    return file.format in DRAWN and file.scan is ScanState.CLEAN


def _kind(opened: AttachmentView, ticket: str) -> str:
    file = opened.file
    if file.scan is not ScanState.CLEAN:
        return file.scan.value
    if file.format is FileFormat.OTHER:
        return "archive" if opened.is_archive else "incompatible"
    if ticket:
        return "picture"
    return "text" if opened.text else "unshown"


def draft_pieces(pieces: Pieces) -> list[DraftPiece]:
    """What is attached so far."""
    return [
        DraftPiece(
            id=str(file.id),
            name=file.name,
            size=file_size(file.byte_size),
            icon=words.icon_of(file.format),
            remove=words.remove_label(file.name),
        )
        for file in pieces.files
    ]


def percent(pieces: Pieces) -> str:
    """How full a message is: `44%`."""
    return f"{min(100, -(-100 * pieces.byte_size // MAX_TOTAL_BYTES))}%"


def shelf_categories(found: list[Attachable], shelf: Shelf) -> list[Choice]:
    """The categories a shelf has documents of, with their number, in the order of the record."""
    counts = Counter(_category(each, shelf) for each in found)
    labels = _labels(shelf).values()
    return [Choice(label, f"{label} ({counts[label]})") for label in labels if counts[label]]


def sift(found: list[Attachable], shelf: Shelf, *, category: str, sought: str) -> list[Attachable]:
    """The documents of one category, or of all, whose names have words that begin with those sought."""
    wanted = tokens(sought)
    return [
        each
        for each in found
        if category in ("", _category(each, shelf)) and _holds(each.title, wanted)
    ]


def shelf_groups(
    found: list[Attachable], shelf: Shelf, *, by_category: bool, most: int
) -> list[ShelfGroup]:
    """The first documents to tick: newest first, or under their categories (ME-154)."""
    if not by_category:
        return [ShelfGroup("", [_line(each) for each in found[:most]])] if found else []
    places = {label: place for place, label in enumerate(_labels(shelf).values())}
    ordered = sorted(found, key=lambda each: places[_category(each, shelf)])[:most]
    return [
        ShelfGroup(label, [_line(each) for each in group])
        for label, group in groupby(ordered, key=lambda each: _category(each, shelf))
    ]


def _holds(title: str, wanted: list[str]) -> bool:
    held = tokens(title)
    return all(any(word.startswith(each) for word in held) for each in wanted)


def _labels(shelf: Shelf) -> dict[object, str]:
    labels = RECORD_CATEGORIES if shelf is Shelf.RECORD else PATIENT_CATEGORIES
    return {key: str(label) for key, label in labels.items()}


def _category(each: Attachable, shelf: Shelf) -> str:
    kind = document_type(each.type_code)
    key = kind.record_category if shelf is Shelf.RECORD else kind.patient_category
    return _labels(shelf)[key]


def _line(each: Attachable) -> ShelfLine:
    about = words.kind_and_size(each.format, each.byte_size)
    return ShelfLine(
        id=str(each.id),
        title=each.title,
        about=f"{day(each.document_date)} · {about}",
        icon=words.icon_of(each.format),
    )
