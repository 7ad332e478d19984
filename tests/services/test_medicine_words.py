"""Words by which medicines are found."""

import pytest

from app.services.medicine_words import medicine_words, molecule_words, name_words


class TestMedicineWords:
    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("Doliprane 1000", ["doliprane", "1000"]),
            ("1g", ["1000", "mg"]),
            ("1 g", ["1000", "mg"]),
            ("0,5 g", ["500", "mg"]),
            ("1000mg", ["1000", "mg"]),
            ("200 000 UI", ["200000", "ui"]),
            ("70 mg/2 800 UI", ["70", "mg", "2800", "ui"]),
            ("2,5", ["2v5"]),
            ("2.5", ["2v5"]),
            ("75 µg", ["75", "microgrammes"]),
            ("75μg", ["75", "microgrammes"]),
            ("75 mcg", ["75", "microgrammes"]),
            ("75 microgrammes", ["75", "microgrammes"]),
            ("VITAMINE B12", ["vitamine", "b12"]),
            ("Œstradiol d’Été", ["oestradiol", "d", "ete"]),
            ("100% _ *", ["100"]),
            ("", []),
        ],
    )
    def test_what_is_typed_and_what_is_stored_meet(self, typed, words):
        assert medicine_words(typed) == words


class TestNameWords:
    @pytest.mark.parametrize(
        ("name", "form", "proper", "rest"),
        [
            ("DOLIPRANE 1000 mg, comprimé", "comprimé", ["doliprane"], ["comprime"]),
            ("DOLIPRANE 2,4 POUR CENT, sirop", "sirop", ["doliprane"], ["sirop"]),
            ("ACTIVIR 5 % crème", "crème", ["activir"], ["creme"]),
            ("DICLOFENAC EG 50 mg,comprimé", "comprimé", ["diclofenac", "eg"], ["comprime"]),
            ("CREME DES ALPES", "crème", ["creme", "alpes"], []),
        ],
    )
    def test_name_and_form_are_told_apart(self, name, form, proper, rest):
        assert name_words(name, form) == (proper, rest)


class TestMoleculeWords:
    @pytest.mark.parametrize(
        ("name", "molecule", "salt"),
        [
            ("chlorhydrate de tramadol", ["tramadol"], ["chlorhydrate"]),
            ("acide clavulanique", ["acide", "clavulanique"], []),
            ("chlorure de sodium", ["chlorure", "sodium"], []),
        ],
    )
    def test_the_salt_is_not_the_molecule(self, name, molecule, salt):
        assert molecule_words(name) == (molecule, salt)
