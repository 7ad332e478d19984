"""PDF: opened by two readers, cleaned, read, and drawn (S095)."""

import io
import time
from dataclasses import dataclass

import pikepdf
import pypdfium2

from app.sandbox import pdf_active
from app.sandbox.pictures import Small, shrink
from app.sandbox.protocol import MAX_PICTURE_RATIO, MAX_TEXT
from app.sandbox.refusal import Refused
from app.sandbox.texts import tidy

MAX_PAGES = 2_000
# Reading the words of a long document stops here, so that it is still drawn in time.
_READING_SECONDS = 4.0
REPAIRED = "repaired"


@dataclass(frozen=True)
class KeptPdf:
    """What is stored: the very bytes, unless something had to go."""

    content: bytes
    page_count: int
    text: str
    removed: tuple[str, ...]
    first: Small


def preload() -> None:
    """An encrypted file once: what reading it opens and loads cannot be had once the doors are shut."""
    packed = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(8, 8))
        document.save(packed, encryption=pikepdf.Encryption(owner="-", user=""))
    keep_pdf(packed.getvalue(), 8)


def keep_pdf(content: bytes, width: int) -> KeptPdf:
    """Refused where it needs a password, has no page, or is signed and active at once."""
    kept, removed = _cleaned(content)
    document = _drawn(kept)
    try:
        count = len(document)
        if count < 1:
            raise Refused("file.no_page")
        first = _page_picture(document, 1, width)
        return KeptPdf(kept, count, _text(document), removed, first)
    finally:
        document.close()


def show_pdf_page(content: bytes, page: int, width: int) -> Small:
    """One page of what was stored, counted from 1."""
    document = _drawn(content)
    try:
        if not 1 <= page <= len(document):
            raise Refused("file.no_page")
        return _page_picture(document, page, width)
    finally:
        document.close()


def _cleaned(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    document, was_broken = _opened(content)
    with document:
        _require_pages(document)
        try:
            removed, is_signed = pdf_active.clean(document)
        except (pikepdf.PdfError, ValueError, RuntimeError, TypeError):
            raise Refused("file.damaged") from None
        if not removed and not was_broken:
            return content, ()
        if is_signed:
            raise Refused("file.signed_active" if removed else "file.damaged")
        packed = io.BytesIO()
        try:
            document.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
        except (pikepdf.PdfError, ValueError, RuntimeError):
            raise Refused("file.damaged") from None
    if pdf_active.still_active(packed.getvalue()):
        raise Refused("file.damaged")
    return packed.getvalue(), (*removed, *((REPAIRED,) if was_broken else ()))


def _opened(content: bytes) -> tuple[pikepdf.Pdf, bool]:
    """The document, and whether its table of contents had to be found again."""
    try:
        return pikepdf.open(io.BytesIO(content), attempt_recovery=False), False
    except pikepdf.PasswordError:
        raise Refused("file.password") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        pass
    try:
        return pikepdf.open(io.BytesIO(content)), True
    except pikepdf.PasswordError:
        raise Refused("file.password") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise Refused("file.damaged") from None


def _require_pages(document: pikepdf.Pdf) -> None:
    """What it says first; then what is there."""
    try:
        said = document.Root.Pages.get("/Count", 0)
        if isinstance(said, int) and said > MAX_PAGES:
            raise Refused("file.too_many_pages")
        count = len(document.pages)
    except (pikepdf.PdfError, AttributeError, ValueError, RuntimeError, TypeError):
        raise Refused("file.damaged") from None
    if count < 1:
        raise Refused("file.no_page")
    if count > MAX_PAGES:
        raise Refused("file.too_many_pages")


def _drawn(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        is_locked = "password" in str(error).lower()
        raise Refused("file.password" if is_locked else "file.damaged") from None


def _page_picture(document: pypdfium2.PdfDocument, number: int, width: int) -> Small:
    try:
        page = document[number - 1]
        across, down = page.get_size()
        if across <= 0 or down <= 0:
            raise Refused("file.damaged")
        scale = min(width / across, MAX_PICTURE_RATIO * width / down)
        picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        page.close()
    except pypdfium2.PdfiumError:
        raise Refused("file.damaged") from None
    return shrink(picture, width)


def _text(document: pypdfium2.PdfDocument) -> str:
    """The text layer, as far as it is read in time."""
    until = time.process_time() + _READING_SECONDS
    pieces: list[str] = []
    length = 0
    for number in range(len(document)):
        if length >= MAX_TEXT or time.process_time() > until:
            break
        try:
            page = document[number]
            layer = page.get_textpage()
            pieces.append(layer.get_text_range(errors="ignore"))
            layer.close()
            page.close()
        except pypdfium2.PdfiumError:
            continue
        length += len(pieces[-1])
    return tidy("\n".join(pieces))
