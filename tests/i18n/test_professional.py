"""How professionals are named on screens."""

from uuid import UUID

import pytest

from app.i18n import professional
from app.models.professional import Profession
from app.services.professional import ProfessionalCard


def card(**changes) -> ProfessionalCard:
    values = {
        "id": UUID(int=1),
        "civility": "Dre",
        "given_name": "Claire",
        "family_name": "Martin",
        "profession": Profession.DOCTOR,
        "speciality": "",
        "place_name": "Clinique des Tilleuls",
        "place_city": "Niort",
        "rpps": "10100234567",
    }
    return ProfessionalCard(**{**values, **changes})


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
        who = card(civility=civility, profession=profession, speciality=speciality)
        assert professional.full_label(who) == expected

    @pytest.mark.parametrize(
        ("civility", "short", "of"),
        [
            ("Dre", "Dre Martin", "de la Dre Martin"),
            ("Pr", "Pr Martin", "du Pr Martin"),
            ("M.", "M. Martin", "de M. Martin"),
            ("Mme", "Mme Martin", "de Mme Martin"),
            ("", "Claire Martin", "de Claire Martin"),
        ],
    )
    def test_short_names_take_their_article(self, civility, short, of):
        who = card(civility=civility)
        assert (professional.short_label(who), professional.of_label(who)) == (short, of)

    @pytest.mark.parametrize(
        ("civility", "the"),
        [("Dre", "la Dre Martin"), ("Dr", "le Dr Martin"), ("M.", "M. Martin")],
    )
    def test_CX48_a_delegate_signs_for_the_author(self, civility, the):
        author = card(civility=civility)
        typist = card(civility="Mme", given_name="Camille", family_name="Roy")
        assert professional.signed_label(author, typist) == f"Mme Camille Roy, pour {the}"
        assert professional.signed_label(author, None) == professional.full_label(author)

    def test_a_vowel_is_elided(self):
        assert professional.of_label(card(civility="", given_name="Éva")) == "d’Éva Martin"

    def test_every_profession_has_its_words(self):
        assert set(professional.PROFESSIONS) == set(Profession)
        assert professional.PROFESSIONS[Profession.NURSE] == "Infirmier ou infirmière"

    def test_places_and_numbers(self):
        assert professional.place_label(card()) == "Clinique des Tilleuls, Niort"
        assert professional.place_label(card(place_name="")) == "Niort"
        shown = professional.rpps_label("10100234567")
        assert shown.split("\u00a0") == ["10", "100", "234", "567"]
