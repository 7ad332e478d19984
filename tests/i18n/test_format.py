"""French forms that several pages share."""

import pytest

from app.i18n.format import NARROW, bound, plural, typeset


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Palbociclib 125 mg", "Palbociclib 125\u00a0mg"),
        ("Létrozole 2,5 mg", "Létrozole 2,5\u00a0mg"),
        ("DOLIPRANE 1000 mg, gélule", "DOLIPRANE 1000\u00a0mg, gélule"),
        ("Bétadine 10 %", "Bétadine 10\u00a0%"),
        ("1 comprimé matin et soir", "1\u00a0comprimé matin et soir"),
        ("Apixaban 5 mg + kétoprofène", "Apixaban 5\u00a0mg + kétoprofène"),
        ("Vitamine B12", "Vitamine B12"),
        ("", ""),
    ],
)
def test_a_number_stays_with_its_unit(typed, shown):
    assert bound(typed) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0\u00a0entrée"),
        (1, "1\u00a0entrée"),
        (2, "2\u00a0entrées"),
        (1250, "1\u202f250\u00a0entrées"),
    ],
)
def test_French_counts_from_two_and_keeps_number_and_noun_together(count, shown):
    assert plural(count, "entrée", "entrées") == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Puis-je reprendre ?", f"Puis-je reprendre{NARROW}?"),
        (
            "Non : « demain » !\nVraiment ?",
            f"Non{NARROW}: «{NARROW}demain{NARROW}»{NARROW}!\nVraiment{NARROW}?",
        ),
        ("https://exemple.fr/? a=1 :-) 8 :30", "https://exemple.fr/? a=1 :-) 8 :30"),
    ],
)
def test_what_is_typed_keeps_its_marks_beside_their_words(typed, shown):
    assert typeset(typed) == shown
