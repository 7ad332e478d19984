"""Telephone numbers as people type them (U-03)."""

import pytest

from app.services.phone_number import normalise_phone


class TestPhone:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("06 12 34 56 78", "+33612345678"),
            ("06.12.34.56.78", "+33612345678"),
            ("0612345678", "+33612345678"),
            ("+33 6 12 34 56 78", "+33612345678"),
            ("+33 (0)6 12 34 56 78", "+33612345678"),
            ("0033 6 12 34 56 78", "+33612345678"),
            ("00 33 06 12 34 56 78", "+33612345678"),
            ("0692 12 34 56", "+262692123456"),
            ("0690 12 34 56", "+590690123456"),
            ("+32 470 12 34 56", "+32470123456"),
            ("", ""),
        ],
    )
    def test_is_stored_the_international_way(self, typed, stored):
        assert normalise_phone(typed) == stored

    @pytest.mark.parametrize(
        "typed",
        [
            "12",
            "612345678",
            "061234567",
            "06123456789",
            "0012",
            "+0612345678",
            "06 12 34 56 7a",
            "+33 6 12",
            "+" + "1" * 16,
        ],
    )
    def test_refuses_what_is_no_number(self, typed):
        assert normalise_phone(typed) is None
