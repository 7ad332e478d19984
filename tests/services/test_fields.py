"""Reading of typed values, shared by every form (S014)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.errors import Invalid
from app.models.patient import Sex
from app.services import fields

TODAY = date(2026, 3, 10)


def _typed(day: str, month: str, year: str) -> dict[str, str]:
    return {"birth_day": day, "birth_month": month, "birth_year": year}


class TestDates:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            (("4", "6", "1958"), date(1958, 6, 4)),
            ((" 04 ", "06", "1958"), date(1958, 6, 4)),
            (("29", "2", "2024"), date(2024, 2, 29)),
            (("29", "2", "2023"), "date.impossible"),
            (("31", "4", "2020"), "date.impossible"),
            (("0", "6", "1958"), "date.impossible"),
            (("", "", ""), "date.missing"),
            (("4", "", "1958"), "date.format"),
            (("4", "juin", "1958"), "date.format"),
            (("4", "6", "58"), "date.format"),
            (("²", "6", "1958"), "date.format"),
            (("-4", "6", "1958"), "date.format"),
            (("11", "3", "2026"), "date.future"),
            (("10", "3", "2026"), TODAY),
            (("31", "12", "1899"), "date.too_old"),
        ],
    )
    def test_reads_three_fields(self, typed, expected):
        assert fields.parse_date_parts(_typed(*typed), "birth", latest=TODAY) == expected

    def test_shows_a_stored_date_again(self):
        shown = fields.date_fields("birth", date(1958, 6, 4))
        assert fields.parse_date_parts(shown, "birth") == date(1958, 6, 4)
        assert set(fields.date_fields("birth", None).values()) == {""}

    def test_today_is_the_day_in_paris(self):
        assert fields.paris_day(datetime(2026, 3, 9, 23, 30, tzinfo=UTC)) == TODAY
        assert fields.paris_day(datetime(2026, 7, 9, 22, 30, tzinfo=UTC)) == date(2026, 7, 10)


class TestText:
    def test_cleans_what_cannot_be_seen(self):
        assert fields.clean_line("  Anne\u00a0 \u200bLise\t\x00 ") == "Anne Lise"
        assert fields.clean_line("Lefe\u0300vre") == "Lefèvre"

    def test_keeps_lines_apart(self):
        assert fields.clean_text("un \r\n\n\n\n deux  mots\n") == "un\n\ndeux mots"

    def test_reads_numbers_as_the_french_type_them(self):
        assert fields.parse_decimal("72,5") == fields.parse_decimal("72.5") == Decimal("72.5")
        for typed in ("", "72,5,1", "1e9", "NaN", "٣", "9" * 40):
            assert fields.parse_decimal(typed) is None

    def test_reads_no_key_from_anything_else(self):
        assert fields.parse_key("../etc") is None
        assert fields.parse_key("") is None


class TestFieldReader:
    def test_finds_every_fault_at_once(self):
        reader = fields.FieldReader(
            {**_typed("31", "2", "1958"), "sex": "autre", "name": "x" * 11, "score": "7"}
        )
        reader.date("birth")
        reader.date("begun", missing="begun.missing")
        reader.choice("sex", Sex)
        reader.text("name", limit=10)
        reader.text("label", limit=10, missing="label.missing")
        reader.integer("score", least=0, most=6, missing="score.missing", out_of_range="score.out")
        reader.key("treatment", missing="treatment.missing")
        with pytest.raises(Invalid) as caught:
            reader.check()
        assert caught.value.fields == {
            "birth": "date.impossible",
            "begun": "begun.missing",
            "sex": "choice.unknown",
            "name": "text.too_long",
            "label": "label.missing",
            "score": "score.out",
            "treatment": "treatment.missing",
        }

    def test_accepts_a_form_without_fault(self):
        reader = fields.FieldReader(
            {**_typed("4", "6", "1958"), "sex": "female", "score": " 6 ", "agreed": "on"}
        )
        assert reader.date("birth", latest=TODAY) == date(1958, 6, 4)
        assert reader.date("begun", missing=None) is None
        assert reader.choice("sex", Sex) is Sex.FEMALE
        assert reader.integer("score", least=0, most=6, missing="m", out_of_range="o") == 6
        assert reader.flag("agreed")
        assert not reader.flag("other")
        reader.check()
