"""How professionals are named on screens."""

import pytest

from app.i18n import professional
from app.models.professional import Profession


class TestLabel:
    @pytest.mark.parametrize(
        ("civility", "profession", "speciality", "expected"),
        [
            ("Dre", Profession.DOCTOR, "oncologue", "Dre Claire Martin, oncologue"),
            ("Dr", Profession.DOCTOR, "", "Dr Claire Martin, médecin"),
            ("Mme", Profession.NURSE, "", "Mme Claire Martin, infirmière"),
            ("M.", Profession.NURSE, "", "M. Claire Martin, infirmier"),
            ("Mme", Profession.PHARMACIST, "", "Mme Claire Martin, pharmacienne"),
            ("", Profession.MIDWIFE, "", "Claire Martin, sage-femme"),
        ],
    )
    def test_agrees_with_the_civility(self, civility, profession, speciality, expected):
        shown = professional.label(civility, "Claire", "Martin", profession, speciality)
        assert shown == expected

    def test_every_profession_has_its_words(self):
        assert set(professional.PROFESSIONS) == set(Profession)
        assert professional.PROFESSIONS[Profession.NURSE] == "Infirmier ou infirmière"

    def test_places_and_numbers(self):
        assert (
            professional.place("Clinique des Tilleuls", "Niort") == "Clinique des Tilleuls, Niort"
        )
        assert professional.place("", "Niort") == "Niort"
        assert professional.rpps("10100234567").split("\u202f") == ["10", "100", "234", "567"]
