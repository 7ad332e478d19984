"""Words of a message that comes while one is elsewhere in the portal: whose it is, nothing of what it says."""

from app.i18n.professional import of_label
from app.services.party import PartyCard


def arrival_words(author: PartyCard | None) -> str:
    """« Nouveau message de la Dre Martin »; without an author, the portal wrote."""
    if author is None:
        return "Nouveau message"
    named = author.name or author.address
    return f"Nouveau message {f'de {named}' if named else of_label(author)}"
