"""A professional's deposit in words: files that wait, types to choose from."""

from dataclasses import dataclass, field

from app.i18n import record_deposit as words
from app.i18n.document import CLASSES
from app.i18n.document_upload import notices
from app.services.document_type import DocumentType
from app.services.document_upload import Upload


@dataclass(frozen=True)
class TypeOption:
    """A line of the list of types. `heading`: the class, on the first line of each."""

    code: str = ""
    label: str = ""
    under: str = ""
    heading: str = ""


@dataclass(frozen=True)
class UploadView:
    """A file that waits for its form."""

    id: str = ""
    name: str = ""
    about: str = ""
    notices: list[str] = field(default_factory=list)


def upload_view(upload: Upload) -> UploadView:
    """A file in words."""
    return UploadView(
        str(upload.id),
        upload.name,
        words.about_file(upload.format, upload.byte_size),
        notices(upload),
    )


def type_option(kind: DocumentType, heading: str = "") -> TypeOption:
    """One type in words."""
    return TypeOption(kind.code, kind.label, words.type_words(kind), heading)


def type_options(kinds: tuple[DocumentType, ...]) -> list[TypeOption]:
    """Types in their order, the class said above the first of each."""
    options, before = [], None
    for kind in kinds:
        is_first = kind.document_class is not before
        options.append(type_option(kind, CLASSES[kind.document_class] if is_first else ""))
        before = kind.document_class
    return options
