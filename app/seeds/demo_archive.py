"""The archive of a document mail of the demonstration (FB-13): the same bytes at every start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_FOLDER = "IHE_XDM/SUBSET01/"
_TYPE_SCHEME = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
_RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
_LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"


@dataclass(frozen=True)
class Archived:
    """One document of the archive. `name`: of its file there; `kind`: its type of the national list."""

    name: str
    title: str
    kind: str
    media_type: str
    content: bytes


def make_archive(documents: Sequence[Archived], made_on: date) -> bytes:
    """`IHE_XDM.ZIP` as hospitals send it: what it is, its documents and their description."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        _put(archive, "README.TXT", "Archive XDM de l’Hôpital des Saules, inventée.".encode())
        _put(archive, f"{_FOLDER}METADATA.XML", _metadata(documents, made_on).encode())
        for each in documents:
            _put(archive, f"{_FOLDER}{each.name}", each.content)
    return packed.getvalue()


def _put(archive: ZipFile, name: str, content: bytes) -> None:
    # Named this way its date is always the same.
    archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)


def _metadata(documents: Sequence[Archived], made_on: date) -> str:
    objects = "".join(_object(number, each, made_on) for number, each in enumerate(documents, 1))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><lcm:SubmitObjectsRequest xmlns:lcm="{_LCM}" '
        f'xmlns:rim="{_RIM}"><rim:RegistryObjectList>{objects}</rim:RegistryObjectList>'
        "</lcm:SubmitObjectsRequest>"
    )


def _object(number: int, each: Archived, made_on: date) -> str:
    slots = "".join(
        f'<rim:Slot name="{name}"><rim:ValueList><rim:Value>{value}</rim:Value></rim:ValueList></rim:Slot>'
        for name, value in (("URI", each.name), ("creationTime", f"{made_on:%Y%m%d}"))
    )
    return (
        f'<rim:ExtrinsicObject id="Document{number:02}" mimeType="{each.media_type}">{slots}'
        f"<rim:Name><rim:LocalizedString value={quoteattr(each.title)}/></rim:Name>"
        f'<rim:Classification classificationScheme="{_TYPE_SCHEME}" nodeRepresentation="{each.kind}"/>'
        "</rim:ExtrinsicObject>"
    )
