"""What a PDF would do by itself: found behind object streams and escaped names, and taken out (S095)."""

import io
import re
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

JAVASCRIPT, ATTACHMENTS, LAUNCH, SUBMIT, IMPORT, REMOTE, MEDIA, FORM = (
    "javascript",
    "attachments",
    "launch",
    "submit",
    "import",
    "remote",
    "media",
    "xfa",
)
ACTIONS = {
    "/JavaScript": JAVASCRIPT,
    "/Launch": LAUNCH,
    "/SubmitForm": SUBMIT,
    "/ImportData": IMPORT,
    "/GoToR": REMOTE,
    "/GoToE": REMOTE,
    "/Thread": REMOTE,
    "/Rendition": MEDIA,
    "/Movie": MEDIA,
    "/Sound": MEDIA,
    "/GoTo3DView": MEDIA,
    "/RichMediaExecute": MEDIA,
}
ANNOTATIONS = {
    "/FileAttachment": ATTACHMENTS,
    "/RichMedia": MEDIA,
    "/Screen": MEDIA,
    "/Movie": MEDIA,
    "/Sound": MEDIA,
    "/3D": MEDIA,
}
# Entries that are removed wherever they stand.
ENTRIES = {
    "/JS": JAVASCRIPT,
    "/JavaScript": JAVASCRIPT,
    "/EmbeddedFiles": ATTACHMENTS,
    "/EF": ATTACHMENTS,
    "/AF": ATTACHMENTS,
    "/Collection": ATTACHMENTS,
    "/XFA": FORM,
    "/NeedsRendering": FORM,
    "/RichMediaContent": MEDIA,
    "/3DD": MEDIA,
}
# Of a stream only: data or a page drawn from another file.
STREAM_ENTRIES = {"/F": REMOTE, "/Ref": REMOTE, "/OPI": REMOTE}
_SCHEMES = {"javascript:": JAVASCRIPT, "file:": REMOTE}
_SIGNATURE = re.compile(rb"/(?:ByteRange|DocMDP|FT /Sig)(?![A-Za-z])")
_SUSPECT = re.compile(
    b"/(?:"
    + b"|".join(
        re.escape(name.lstrip("/").encode())
        for name in sorted({*ACTIONS, *ANNOTATIONS, *ENTRIES, *STREAM_ENTRIES, "/URI"})
    )
    # What an object is may be said elsewhere: then it is looked at for itself.
    + rb")(?![A-Za-z0-9])|/(?:S|Subtype) \d+ \d+ R"
)
_DEEPEST = 500


def _written(thing: Object) -> bytes:
    """How the library writes it: names without their escapes."""
    return (
        thing.stream_dict.unparse(resolved=True)
        if isinstance(thing, Stream)
        else thing.unparse(resolved=True)
    )


def clean(document: Pdf) -> tuple[tuple[str, ...], bool]:
    """Take out what is active; the codes of what was found, and whether the document is signed."""
    removed: set[str] = set()
    is_signed = False
    for thing in document.objects:
        if not isinstance(thing, Dictionary | Array | Stream):
            continue
        written = _written(thing)
        if _SUSPECT.search(written):
            for part in _parts(thing):
                removed |= _clean_one(part)
        if not is_signed and _SIGNATURE.search(written):
            is_signed = any(_signs(part) for part in _parts(thing))
    if removed:
        _drop_empty_annotations(document)
    return tuple(sorted(removed)), is_signed


def still_active(content: bytes) -> bool:
    """Whether a second look at what would be stored finds anything."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return bool(clean(document)[0])


def _parts(thing: Object) -> Iterator[Dictionary | Stream]:
    """It and what stands directly in it; what it refers to is visited for itself."""
    waiting: list[Object] = [thing]
    while waiting:
        part = waiting.pop()
        inside: list[Object] = []
        if isinstance(part, Array):
            inside = list(part)
        elif isinstance(part, Dictionary | Stream):
            yield part
            inside = [value for _, value in part.items()]
        waiting += [
            item for item in inside if isinstance(item, Dictionary | Array) and not item.is_indirect
        ]


def _clean_one(part: Dictionary | Stream) -> set[str]:
    keys = set(part.keys())
    action = ACTIONS.get(_name(part, "/S")) if "/S" in keys else None
    annotation = ANNOTATIONS.get(_name(part, "/Subtype")) if "/Subtype" in keys else None
    if (action or annotation) and not isinstance(part, Stream):
        for key in keys:
            del part[key]
        return {code for code in (action, annotation) if code}
    removed = set()
    unwanted = {**ENTRIES, **(STREAM_ENTRIES if isinstance(part, Stream) else {})}
    for key in keys & unwanted.keys():
        del part[key]
        removed.add(unwanted[key])
    target = part.get("/URI") if "/URI" in keys else None
    if isinstance(target, String):
        start = "".join(str(target).split()).lower()
        for scheme, code in _SCHEMES.items():
            if start.startswith(scheme):
                del part["/URI"]
                removed.add(code)
    return removed


def _signs(part: Dictionary | Stream) -> bool:
    if "/ByteRange" in part or "/DocMDP" in part:
        return True
    return _name(part, "/FT") == "/Sig" and "/V" in part


def _name(part: Dictionary | Stream, key: str) -> str:
    value = part.get(key)
    return str(value) if isinstance(value, Name) else ""


def _drop_empty_annotations(document: Pdf) -> None:
    for page in document.pages:
        notes = page.obj.get("/Annots")
        if isinstance(notes, Array):
            kept = [note for note in notes if isinstance(note, Dictionary) and len(note)]
            page.obj["/Annots"] = Array(kept)
