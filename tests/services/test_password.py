"""What a password must be (S020, S021, ME-019)."""

import pytest

from app.services.password import faults

GOOD = "Vigne-7-pots"


class TestFaults:
    @pytest.mark.parametrize("password", [GOOD, "Xk9!vb2Q", "Xk9!" + "vb2Q" * 31, "Été-en-3-mots"])
    def test_S020_accepts(self, password):
        assert faults(password) == []

    @pytest.mark.parametrize(
        ("password", "fault"),
        [
            ("Xk9!vb2", "password.too_short"),
            ("Xk9!" + "vb2Q" * 31 + "x", "password.too_long"),
            ("Vigne7pots", "password.no_special"),
            ("Vigne-sept-pots", "password.no_digit"),
            ("vigne-7-pots", "password.no_upper"),
            ("VIGNE-7-POTS", "password.no_lower"),
        ],
    )
    def test_S020_refuses(self, password, fault):
        assert fault in faults(password)

    @pytest.mark.parametrize(
        "password",
        ["Password1!", "Azerty123!", "Bonjour2024!", "M@rseille13", "Motdepasse1!", "P@ssw0rd!"],
    )
    def test_S021_refuses_known_ones_in_disguise(self, password):
        assert faults(password) == ["password.known"]

    def test_S021_refuses_its_owners_name(self):
        assert faults("Lefevre-58!", ["Lefèvre", "Jeanne"]) == ["password.known"]
        assert faults("Jeanne!2026", ["Lefèvre", "Jeanne"]) == ["password.known"]
