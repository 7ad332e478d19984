"""Pictures of pages (S099): made when first asked for, in the separate process, and kept sealed."""

from dataclasses import dataclass

from app.crypto import Keyring
from app.errors import Unavailable
from app.integrations.document_store import DocumentStore
from app.integrations.file_check import render_page
from app.services import stored_file
from app.services.document_link import PageSource
from app.services.stored_file import PagePicture, SealedPage


@dataclass(frozen=True)
class Picture:
    """A JPEG to show. `made`: sealed and in the store, its row not written yet."""

    body: bytes
    made: SealedPage | None = None


def read_picture(keyring: Keyring, store: DocumentStore, source: PageSource) -> Picture | None:
    """The picture of a page that is kept already, outside any transaction; None when it is to be made."""
    if source.kept is None:
        return None
    return Picture(stored_file.read_page(keyring, store, source.file, source.kept))


def make_picture(keyring: Keyring, store: DocumentStore, source: PageSource) -> Picture:
    """Make the picture of a page from its file and keep it; where it cannot be kept it is only shown."""
    content = stored_file.read_content(keyring, store, source.file)
    drawn = render_page(content, source.file.format, source.page)
    sealed = stored_file.seal_page(
        keyring,
        source.file,
        PagePicture(source.page, drawn.content, drawn.width, drawn.height),
    )
    try:
        stored_file.write_sealed(store, sealed)
    except Unavailable:
        return Picture(drawn.content)
    return Picture(drawn.content, sealed)
