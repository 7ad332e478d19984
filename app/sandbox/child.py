"""What the process of one file does: one job in, one answer out."""

import os
from typing import Any

from app.sandbox import limits, pdf, pictures, protocol, texts
from app.sandbox.refusal import Refused

Answer = tuple[dict[str, Any], list[bytes]]


def load() -> None:
    """Everything a decoder may load or open later: it could not, once the doors are shut."""
    texts.preload()
    pictures.preload()
    pdf.preload()


def serve() -> None:
    """Shut every door, read one job, write its answer."""
    limits.restrain()
    limits.shut_doors()
    job = protocol.receive(_read)
    if job is None:
        return
    head, parts = job
    try:
        answer = _do(head, parts[0])
    except Refused as refusal:
        answer = {"refused": refusal.code}, []
    except MemoryError:
        answer = {"failed": "memory"}, []
    except Exception:  # noqa: BLE001 - decoders of untrusted bytes raise whatever they like
        answer = {"refused": "file.damaged"}, []
    _write(protocol.pack(*answer))


def _do(head: dict[str, Any], content: bytes) -> Answer:
    act, kind, width = head["act"], head["kind"], head["width"]
    if act == "show":
        page = head["page"]
        if kind == "pdf":
            return _picture({}, pdf.show_pdf_page(content, page, width))
        name = {"jpg": "JPEG", "tif": "TIFF"}[kind]
        return _picture({}, pictures.show_page(content, name, page, width))
    if kind in {"txt", "rtf"}:
        text = texts.read_txt(content) if kind == "txt" else texts.read_rtf(content)
        return {"pages": 1, "removed": [], "is_same": True}, [b"", _utf8(text)]
    if kind == "pdf":
        kept = pdf.keep_pdf(content, width)
        return _kept(content, kept.content, kept.page_count, kept.removed, kept.text, kept.first)
    keep = {"png": pictures.keep_png, "jpg": pictures.keep_jpg, "tif": pictures.keep_tif}[kind]
    picture = keep(content, width)
    is_lighter = kind != "png" and picture.content != content
    removed = ("metadata",) if is_lighter else ()
    return _kept(content, picture.content, picture.page_count, removed, "", picture.first)


def _kept(
    sent: bytes, kept: bytes, pages: int, removed: tuple[str, ...], text: str, first: pictures.Small
) -> Answer:
    if len(kept) > protocol.MAX_CONTENT:
        raise Refused("file.converted_too_large")
    is_same = kept == sent
    head = {"pages": pages, "removed": list(removed), "is_same": is_same}
    head, picture = _picture(head, first)
    return head, [b"" if is_same else kept, _utf8(text), *picture]


def _picture(head: dict[str, Any], small: pictures.Small) -> Answer:
    return {**head, "width": small.width, "height": small.height}, [small.content]


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "ignore")


def _read(size: int) -> bytes:
    parts = []
    while size:
        part = os.read(0, min(size, 1 << 20))
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write(message: bytes) -> None:
    left = memoryview(message)
    while left:
        left = left[os.write(1, left) :]
