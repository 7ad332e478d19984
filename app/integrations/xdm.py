"""The archive `IHE_XDM.zip` of a document mail (FB-13), read under the limits of S112.

Names inside are only looked up, never a path. XML comes without DTD, entity or outside reference.
"""

import io
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from app.errors import RuleViolation
from app.integrations.health_mail_text import readable_line

MAX_ENTRIES = 100
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
MAX_XML = 10 * 1024 * 1024
MAX_DEPTH = 100
_MAX_ELEMENTS = 200_000
_MAX_TITLE = 255
_ENTRY_MARK = b"PK\x01\x02"
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_TYPE_SCHEME = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class XdmDocument:
    """One document the archive announces. `number` from 0 names it within the archive."""

    number: int
    name: str
    title: str
    type_code: str
    made_on: date | None
    byte_size: int


@dataclass(frozen=True)
class _Entry:
    uri: str
    title: str
    type_code: str
    made_on: date | None


def is_archive(name: str) -> bool:
    """Whether a file calls itself one."""
    return name.upper().endswith("IHE_XDM.ZIP")


def list_documents(content: bytes) -> list[XdmDocument]:
    """What can be filed of an archive. Raises RuleViolation for one that is damaged or beyond the limits."""
    return [document for document, _ in _documents(content)]


def extract_document(content: bytes, number: int) -> tuple[XdmDocument, bytes]:
    """One document and its bytes. Raises RuleViolation."""
    for document, body in _documents(content):
        if document.number == number:
            return document, body
    raise RuleViolation("xdm.no_document")


def _documents(content: bytes) -> list[tuple[XdmDocument, bytes]]:
    files = _unpack(content)
    found: list[tuple[XdmDocument, bytes]] = []
    for name in sorted(files):
        if name.rpartition("/")[2].upper() != "METADATA.XML":
            continue
        folder = name[: name.rindex("/") + 1] if "/" in name else ""
        for entry in _entries(files[name]):
            path = (folder + entry.uri.removeprefix("./")).upper()
            body = next((files[each] for each in files if each.upper() == path), None)
            if body is not None:
                found.append((_described(len(found), entry, body), body))
    if not found:
        raise RuleViolation("xdm.empty")
    return found


def _described(number: int, entry: _Entry, body: bytes) -> XdmDocument:
    name = readable_line(entry.uri.replace("\\", "/").rpartition("/")[2])[:_MAX_TITLE]
    title = readable_line(entry.title)[:_MAX_TITLE] or name
    return XdmDocument(number, name, title, entry.type_code, entry.made_on, len(body))


def _unpack(content: bytes) -> dict[str, bytes]:
    """Every file of the archive, in memory, under the limits."""
    if content.count(_ENTRY_MARK) > 10 * MAX_ENTRIES:
        raise RuleViolation("xdm.too_many")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            _require_limits(infos)
            return {info.filename: _read(archive, info) for info in infos if not info.is_dir()}
    # A method or a flag it does not know is a RuntimeError of the library.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError):
        raise RuleViolation("xdm.damaged") from None


def _require_limits(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_ENTRIES:
        raise RuleViolation("xdm.too_many")
    if len({info.filename.upper() for info in infos}) != len(infos):
        raise RuleViolation("xdm.damaged")
    packed, unpacked = 0, 0
    for info in infos:
        mode = stat.S_IFMT(info.external_attr >> 16)
        if mode not in {0, stat.S_IFREG, stat.S_IFDIR}:
            raise RuleViolation("xdm.link")
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
            raise RuleViolation("xdm.damaged")
        if info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise RuleViolation("xdm.too_large")
        packed, unpacked = packed + info.compress_size, unpacked + info.file_size
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise RuleViolation("xdm.too_large")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as source:
        body = source.read(info.file_size + 1)
    if len(body) != info.file_size:
        raise zipfile.BadZipFile
    return body


class _Bounded(TreeBuilder):
    """Builds a tree no deeper and no wider than agreed."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth, self._count = self._depth + 1, self._count + 1
        if self._depth > MAX_DEPTH or self._count > _MAX_ELEMENTS:
            raise RuleViolation("xdm.xml")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def parse_xml(content: bytes) -> Element:
    """A hardened reading of XML (S112). Raises RuleViolation."""
    if len(content) > MAX_XML:
        raise RuleViolation("xdm.xml")
    parser = DefusedXMLParser(
        target=_Bounded(), forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    try:
        parser.feed(content)
        root = parser.close()
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        raise RuleViolation("xdm.xml") from None
    assert isinstance(root, Element)
    return root


def _entries(metadata: bytes) -> list[_Entry]:
    root = parse_xml(metadata)
    return [_entry(each) for each in root.iter() if _local(each) == "ExtrinsicObject"]


def _entry(element: Element) -> _Entry:
    slots = {
        each.get("name", ""): [
            (value.text or "") for value in each.iter() if _local(value) == "Value"
        ]
        for each in element
        if _local(each) == "Slot"
    }
    code = next(
        (
            each.get("nodeRepresentation", "")
            for each in element
            if _local(each) == "Classification" and each.get("classificationScheme") == _TYPE_SCHEME
        ),
        "",
    )
    title = next((each for each in element if _local(each) == "Name"), None)
    words = [each.get("value", "") for each in title or () if _local(each) == "LocalizedString"]
    day = (slots.get("serviceStartTime") or slots.get("creationTime") or [""])[0]
    return _Entry(
        uri="".join(slots.get("URI", ())).strip().partition("|")[2]
        or "".join(slots.get("URI", ())),
        title=words[0] if words else "",
        type_code=readable_line(code)[:20],
        made_on=_date(day),
    )


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _date(text: str) -> date | None:
    found = _DAY.match(text.strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
