"""Identity traits and contact details (CX-11, D-01, FE-01 to FE-07)."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from app.errors import Invalid, Unusual
from app.i18n import messages
from app.models.patient import IdentityProof, IdentityStatus, Sex
from app.services import identity
from app.services.identity import PatientSheet

TODAY = date(2026, 3, 10)
# Published test identity of the agency: PAT-TROIS Dominique, F, 28 March 1979.
INS = "279035121518989"

SHEET = PatientSheet(
    birth_name="Lefèvre",
    birth_given_names="Jeanne",
    birth_date=date(1958, 6, 4),
    sex=Sex.FEMALE,
    birth_place="Niort",
    phone="06 12 34 56 78",
)

FIELDS = {
    "birth_name": "Lefèvre",
    "birth_given_names": "Jeanne, Marie",
    "birth_day": "4",
    "birth_month": "6",
    "birth_year": "1958",
    "sex": "female",
    "birth_place": "Niort",
    "phone": "06 12 34 56 78",
}


def faults(**changes) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        identity.check_sheet(replace(SHEET, **changes), today=TODAY)
    assert all(code in messages.MESSAGES for code in caught.value.fields.values())
    return caught.value.fields


class TestReadSheet:
    def test_CX11_reads_a_complete_form(self):
        sheet = identity.read_sheet(FIELDS, today=TODAY)
        assert sheet == PatientSheet(
            birth_name="Lefèvre",
            birth_given_names="Jeanne, Marie",
            birth_date=date(1958, 6, 4),
            sex=Sex.FEMALE,
            birth_place="Niort",
            phone="+33612345678",
        )

    def test_CX11_an_empty_form_names_every_mandatory_field_at_once(self):
        with pytest.raises(Invalid) as caught:
            identity.read_sheet({}, today=TODAY)
        assert caught.value.fields == {
            "birth": "identity.birth_missing",
            "sex": "identity.sex_missing",
            "birth_name": "identity.birth_name_missing",
            "birth_given_names": "identity.given_names_missing",
            "birth_place": "identity.birth_place_missing",
            "phone": "contact.missing",
        }

    def test_a_choice_outside_the_list_is_refused(self):
        with pytest.raises(Invalid) as caught:
            identity.read_sheet({**FIELDS, "sex": "x", "proof": "card"}, today=TODAY)
        assert caught.value.fields == {"sex": "choice.unknown", "proof": "choice.unknown"}

    @pytest.mark.parametrize(
        ("year", "code"),
        [("2027", "identity.birth_future"), ("1895", "date.too_old"), ("58", "date.format")],
    )
    def test_refuses_impossible_birth_dates(self, year, code):
        with pytest.raises(Invalid) as caught:
            identity.read_sheet({**FIELDS, "birth_year": year}, today=TODAY)
        assert caught.value.fields == {"birth": code}


class TestCheckSheet:
    def test_normalises_what_is_typed(self):
        sheet = identity.check_sheet(
            replace(
                SHEET,
                birth_name="  d'Angelo  -  Roux ",
                birth_given_names=" Anne-Lise ,Marie ,, ",
                used_name="D’ANGELO - ROUX",
                ins=" 2 79 03 51 215 189 89 ",
                email=" Jeanne@Exemple.FR ",
                address="1 rue des Tilleuls\r\n\r\n\r\n79000  Niort",
            ),
            today=TODAY,
        )
        assert sheet.birth_name == "d’Angelo - Roux"
        assert sheet.birth_given_names == "Anne-Lise, Marie"
        assert sheet.used_name == "", "the birth name again is no used name"
        assert sheet.ins == INS
        assert sheet.email == "jeanne@exemple.fr"
        assert sheet.address == "1 rue des Tilleuls\n\n79000 Niort"

    @pytest.mark.parametrize(
        "name", ["N'Guyen", "Le Gall", "Ångström", "O’Neil", "Łuczak", "St. Jean"]
    )
    def test_accepts_names_of_the_world(self, name):
        identity.check_sheet(replace(SHEET, birth_name=name), today=TODAY)

    @pytest.mark.parametrize("name", ["Martin2", "Martin <b>", "Martin; Paul", "-", "Martin, Paul"])
    def test_refuses_other_signs_in_a_name(self, name):
        assert faults(birth_name=name) == {"birth_name": "identity.name_letters"}

    def test_refuses_texts_beyond_their_limits(self):
        found = faults(
            birth_name="a" * 101,
            birth_given_names="a" * 151,
            used_name="a" * 101,
            used_given_name="a" * 101,
            birth_place="a" * 101,
            address="a" * 301,
        )
        assert set(found.values()) == {"text.too_long"}
        assert len(found) == 6
        identity.check_sheet(replace(SHEET, birth_name="a" * 100), today=TODAY)

    def test_D01_needs_a_phone_or_an_address(self):
        assert faults(phone="") == {"phone": "contact.missing"}
        assert identity.check_sheet(replace(SHEET, phone="", email="a@b.fr"), today=TODAY).email

    def test_one_wrong_contact_is_its_own_fault(self):
        assert faults(phone="12") == {"phone": "phone.format"}
        assert faults(phone="", email="a@b") == {"email": "email.format"}

    @pytest.mark.parametrize(
        "email",
        ["a", "a@", "@b.fr", "a@b", "a b@c.fr", "a@b..fr", "a@-b.fr", "a@b.f", "x" * 65 + "@b.fr"],
    )
    def test_refuses_what_is_no_address(self, email):
        assert faults(email=email) == {"email": "email.format"}

    @pytest.mark.parametrize(
        "ins",
        [
            "27903512151898",
            "2790351215189890",
            "279035121518A89",
            "579035121518989",
            "٢79035121518989",
        ],
    )
    def test_FE01_refuses_a_matricule_of_another_shape(self, ins):
        assert faults(ins=ins) == {"ins": "ins.format"}

    def test_FE07_refuses_a_wrong_key(self):
        assert faults(ins=INS[:13] + "88") == {"ins": "ins.key"}

    @pytest.mark.parametrize("department", ["2A", "2B", "2a"])
    def test_FE07_knows_the_key_of_corsica(self, department):
        first = f"25806{department.upper()}004001"
        number = int(first.replace("2A", "19").replace("2B", "18"))
        typed = f"25806{department}004001{97 - number % 97:02d}"
        sheet = identity.check_sheet(replace(SHEET, ins=typed), today=TODAY)
        assert sheet.ins == typed.upper()


class TestDoubts:
    def test_a_usual_sheet_has_none(self):
        assert identity.doubts(SHEET, today=TODAY) == {}

    @pytest.mark.parametrize(
        ("birth_date", "code"),
        [(date(1915, 3, 10), "identity.age_high"), (date(2025, 3, 11), "identity.age_low")],
    )
    def test_unusual_ages_are_confirmed(self, birth_date, code):
        sheet = replace(SHEET, birth_date=birth_date)
        with pytest.raises(Unusual) as caught:
            identity.require_usual(sheet, today=TODAY, confirmed=False)
        assert caught.value.code == code
        assert caught.value.context["field"] == "birth"
        assert messages.sentence_of(caught.value)
        identity.require_usual(sheet, today=TODAY, confirmed=True)

    @pytest.mark.parametrize("birth_date", [date(1915, 3, 11), date(2025, 3, 10)])
    def test_the_limits_themselves_are_usual(self, birth_date):
        assert identity.doubts(replace(SHEET, birth_date=birth_date), today=TODAY) == {}

    def test_FE09_a_matricule_that_contradicts_the_traits_is_confirmed(self):
        own = replace(SHEET, ins=INS, birth_date=date(1979, 3, 28))
        assert identity.doubts(own, today=TODAY) == {}
        other_sex = replace(own, sex=Sex.MALE)
        assert identity.doubts(other_sex, today=TODAY) == {"ins": "ins.sex_differs"}
        assert identity.doubts(replace(own, sex=Sex.UNKNOWN), today=TODAY) == {}
        for other in (date(1978, 3, 28), date(1979, 4, 28)):
            found = identity.doubts(replace(own, birth_date=other), today=TODAY)
            assert found == {"ins": "ins.birth_differs"}

    def test_a_month_beyond_twelve_says_nothing_of_the_birth(self):
        uncertain = replace(SHEET, ins="2792051215189" + "00", birth_date=date(1979, 3, 28))
        assert identity.doubts(uncertain, today=TODAY) == {}


class TestStatus:
    @pytest.mark.parametrize(
        ("is_retrieved", "proof", "status"),
        [
            (False, IdentityProof.NONE, IdentityStatus.PROVISIONAL),
            (False, IdentityProof.PASSPORT, IdentityStatus.VALIDATED),
            (True, IdentityProof.NONE, IdentityStatus.RETRIEVED),
            (True, IdentityProof.PASSPORT, IdentityStatus.QUALIFIED),
        ],
    )
    def test_FE03_follows_the_two_recorded_facts(self, is_retrieved, proof, status):
        when = datetime(2026, 3, 1) if is_retrieved else None  # noqa: DTZ001
        assert identity.identity_status(ins=INS, ins_retrieved_at=when, proof=proof) is status

    def test_FE03_nothing_is_retrieved_without_a_matricule(self):
        found = identity.identity_status(
            ins="",
            ins_retrieved_at=datetime(2026, 3, 1),  # noqa: DTZ001
            proof=IdentityProof.PASSPORT,
        )
        assert found is IdentityStatus.VALIDATED
