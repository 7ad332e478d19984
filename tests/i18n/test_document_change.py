"""What stands under « Documents »."""

import pytest

from app.i18n.document_change import lead


@pytest.mark.parametrize(
    ("readers", "is_confidential", "words"),
    [
        (0, False, "Aucun professionnel n’a accès à votre dossier aujourd’hui."),
        (1, False, "Le professionnel autorisé verra vos documents ici."),
        (4, False, "Les 4\u00a0professionnels autorisés verront vos documents ici."),
        (
            4,
            True,
            "Aucun professionnel ne verra vos documents\u202f: votre dossier est confidentiel.",
        ),
    ],
)
def test_a_record_without_any_document_says_who_will_read_the_first(
    readers: int, is_confidential: bool, words: str
) -> None:
    assert lead(0, readers, is_confidential=is_confidential) == words
