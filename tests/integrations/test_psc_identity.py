"""Claims as they come: several exercises, no activity, fields absent or of another type (FA-13 to FA-20)."""

import pytest

from app.integrations.psc_identity import PscIdentity, read_identity
from app.simulator.people import PEOPLE
from tests.integrations.forged_provider import ISSUER, SUBJECT, USERINFO

TOKEN = {"iss": ISSUER, "sub": SUBJECT, "acr": "eidas1", "sid": "s1"}


class TestReadIdentity:
    def test_FA13_reads_the_sample_of_the_national_agency(self):
        found = read_identity(TOKEN, USERINFO)
        assert (found.family_name, found.given_name) == ("SPECIALISTE0021889", "ROBERT")
        assert found.civility_code == "M"
        assert found.profession_codes == ("10",)
        assert found.organisations == ("CABINET M SPECIALISTE0021889",)
        assert found.exercises[0].activities == ()
        assert (found.acr, found.sid) == ("eidas1", "s1")

    @pytest.mark.parametrize(
        ("national_id", "rpps"),
        [
            ("899700218896", "99700218896"),
            ("899700261797", "99700261797"),
            ("099700218896", ""),
            ("8997002188", ""),
            ("89970021889é", ""),
            ("3123456789/12", ""),
            ("", ""),
            (None, ""),
            (["899700218896"], ""),
        ],
    )
    def test_FA16_FA20_the_rpps_is_the_identifier_without_its_type(self, national_id, rpps):
        assert read_identity(TOKEN, USERINFO | {"SubjectNameID": national_id}).rpps == rpps

    def test_FA15_keeps_several_exercises_in_order(self):
        person = PEOPLE["exercices"]
        found = read_identity(TOKEN, person.userinfo())
        assert [one.profession_code for one in found.exercises] == ["10", "21"]
        assert found.profession_codes == ("10", "21")
        assert found.exercises[1].activities[0].pharmacist_section == "H"

    def test_FA14_no_activity_is_no_fault(self):
        found = read_identity(TOKEN, PEOPLE["sans-activite"].userinfo())
        assert [one.activities for one in found.exercises] == [()]
        assert found.organisations == ()

    @pytest.mark.parametrize(
        "userinfo",
        [
            {},
            {"SubjectRefPro": None},
            {"SubjectRefPro": []},
            {"SubjectRefPro": {"exercices": {}}},
            {"SubjectRefPro": {"exercices": [None, 7, {"activities": [None, 7]}]}},
            {"SubjectRole": 7, "SubjectOrganization": {"a": 1}, "family_name": ["A"]},
        ],
    )
    def test_what_cannot_be_read_is_empty(self, userinfo):
        found = read_identity(TOKEN, userinfo)
        assert isinstance(found, PscIdentity)
        assert (found.subject, found.family_name, found.rpps) == (SUBJECT, "", "")

    def test_overlong_and_unprintable_texts_are_dropped(self):
        found = read_identity(
            TOKEN, USERINFO | {"family_name": "A" * 201, "given_name": "ROB\u202eERT"}
        )
        assert (found.family_name, found.given_name) == ("", "")

    def test_a_thousand_exercises_are_cut(self):
        reference = {"exercices": [{"codeProfession": "10"}] * 1_000}
        assert len(read_identity(TOKEN, {"SubjectRefPro": reference}).exercises) == 30
