"""Finding a record by INS, carte Vitale or identity: what is found, how surely, by whom (DM-24 to DM-37)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import col, delete, select

from app.authz.actor import ANONYMOUS, system
from app.errors import Forbidden, Invalid, NotAuthenticated, RuleViolation
from app.models.delegation import DelegationScope
from app.models.journal import JournalEntry, JournalKind
from app.models.patient import Patient, PatientNameKey, Sex
from app.models.professional import Profession
from app.models.record_access import AccessBlock, RecordSettings, RecordState
from app.services import patient as patients, patient_search
from app.services.patient_criteria import Criteria, read_criteria
from app.services.patient_name_key import ensure_name_keys, name_keys_of
from app.services.patient_search import (
    MAX_RESULTS,
    search_by_card_number,
    search_by_identity,
    search_by_ins,
)
from tests import factories

INS = "258067919123418"
CARD = "1234567890"
BORN = date(1958, 6, 4)
NAMES = {"family_name": "Besson", "given_name": "Jeanne", "sex": "female"}
on_both = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def jeanne(session, doctor, now):
    """Somebody whom the doctor alone follows."""
    return factories.make_patient(
        session,
        doctor,
        now=now,
        birth_name="Lefèvre-Dubois",
        used_name="Besson",
        birth_given_names="Jeanne, Marie-Louise",
        birth_date=BORN,
        ins=INS,
        vitale_card=CARD,
    )


def _find(session, actor, family, given, now, *, sex=Sex.FEMALE, **more):
    found = search_by_identity(session, actor, Criteria(family, given, sex, **more), now=now)
    return [(row.patient_id, row.relevance) for row in found.rows]


class TestByIdentity:
    @pytest.mark.parametrize(
        ("family", "given"),
        [
            ("Lefèvre-Dubois", "Jeanne"),
            ("LEFEVRE DUBOIS", "jeanne"),
            ("lefevredubois", "Jeanne Marie-Louise"),
            ("besson", "JEANNE"),
            ("Dubois Lefèvre", "Jeanne"),
        ],
    )
    def test_DM37_what_is_exactly_so_is_sure(self, session, stranger, jeanne, now, family, given):
        assert _find(session, stranger, family, given, now) == [(jeanne, 100)]

    @pytest.mark.parametrize(
        ("family", "given"),
        [
            ("Beson", "Jeanne"),  # a letter missing
            ("Bessson", "Jeanne"),  # one too many
            ("Bisson", "Jeanne"),  # another
            ("Bessno", "Jaenne"),  # two exchanged, in each name
            ("esson", "eanne"),
            ("Lefèvre", "Jeanne"),  # half of a compound name
            ("Besson", "Louise"),  # another of the given names
            ("Besson", "Marielouise"),
            ("Jeanne", "Besson"),  # the one in the place of the other
            ("Jeane", "Beson"),
        ],
    )
    def test_DM37_what_is_nearly_so_is_less_sure(
        self, session, stranger, jeanne, now, family, given
    ):
        [(found, percent)] = _find(session, stranger, family, given, now)
        assert found == jeanne
        assert 60 < percent < 100

    @pytest.mark.parametrize(
        ("family", "given", "sex"),
        [
            ("Basson", "Jaenen", Sex.FEMALE),
            ("Besso", "Claire", Sex.FEMALE),
            ("Besson", "Jeanne", Sex.MALE),
            ("Bonsse", "Jeanne", Sex.FEMALE),
        ],
    )
    def test_finds_nobody_else(self, session, stranger, jeanne, now, family, given, sex):
        assert _find(session, stranger, family, given, now, sex=sex) == []

    def test_DM31_to_33_birth_age_and_department_add_or_remove(
        self, session, stranger, jeanne, now
    ):
        def percent(**criteria):
            found = _find(session, stranger, "Besson", "Jeane", now, **criteria)
            return found[0][1] if found else 0

        names_alone = percent()
        assert percent(born=(BORN, BORN)) > names_alone
        assert percent(born=(date(1950, 1, 1), date(1960, 12, 31))) > names_alone
        assert 0 < percent(born=(date(1958, 4, 6),) * 2) < percent(born=(BORN, BORN))
        assert percent(born=(date(1970, 1, 1), date(1970, 12, 31))) == 0
        assert percent(ages=(67, 67)) > names_alone
        assert percent(ages=(20, 40)) == 0
        assert percent(department="79") > names_alone > percent(department="33")

    @on_both
    def test_DM37_the_likeliest_comes_first_with_all_its_columns(
        self, session, doctor, stranger, jeanne, now
    ):
        other = factories.make_patient(
            session, stranger, now=now, birth_name="Bessan", birth_given_names="Jeanne"
        )
        found = search_by_identity(
            session, stranger, Criteria("Besson", "Jeanne", Sex.FEMALE), now=now
        )
        first, second = found.rows
        assert (first.patient_id, second.patient_id) == (jeanne, other)
        assert (first.birth_name, first.given_name, first.used_name) == (
            "Lefèvre-Dubois",
            "Jeanne",
            "Besson",
        )
        assert (first.birth_date, first.age, first.ins) == (BORN, 67, INS)
        assert (first.has_access, second.has_access) == (False, True)

    def test_says_when_too_many_correspond(self, session, doctor, stranger, now):
        for _ in range(MAX_RESULTS + 1):
            factories.make_patient(
                session, doctor, now=now, birth_name="Martin", with_treatment=False
            )
        found = search_by_identity(
            session, stranger, Criteria("Martin", "Jeanne", Sex.FEMALE), now=now
        )
        assert (len(found.rows), found.has_more) == (MAX_RESULTS, True)

    def test_follows_a_change_of_name(self, session, doctor, stranger, jeanne, now):
        patient = session.get_one(Patient, jeanne)
        sheet = replace(patients.sheet_of(patient), birth_name="Zeller", used_name="")
        patients.edit_patient(
            session, doctor, jeanne, sheet=sheet, version=1, confirmed=True, now=now
        )
        assert _find(session, stranger, "Zeler", "Jeanne", now) != []
        assert _find(session, stranger, "Besson", "Jeanne", now) == []

    @on_both
    def test_records_of_before_are_found_once_their_spellings_are_written(
        self, session, stranger, jeanne, now
    ):
        session.execute(delete(PatientNameKey))
        assert _find(session, stranger, "Besson", "Jeanne", now) == []
        assert ensure_name_keys(session, system("test")) > 0
        assert ensure_name_keys(session, system("test")) == 0
        assert _find(session, stranger, "Besson", "Jeanne", now) == [(jeanne, 100)]
        stored = session.exec(
            select(PatientNameKey.key).where(col(PatientNameKey.patient_id) == jeanne)
        ).all()
        expected = name_keys_of(session.get_one(Patient, jeanne))
        assert sorted(stored) == sorted(row["key"] for row in expected)


class TestByNumber:
    @on_both
    def test_DM25_by_matricule(self, session, stranger, jeanne, now):
        [found] = search_by_ins(session, stranger, "2 58 06 79 191 234 18", now=now).rows
        assert (found.patient_id, found.relevance, found.has_access) == (jeanne, 100, False)

    def test_DM25_by_carte_vitale(self, session, stranger, jeanne, now):
        [found] = search_by_card_number(session, stranger, "12 34 56 78 90", now=now).rows
        assert found.patient_id == jeanne
        assert search_by_card_number(session, stranger, "12345678", now=now).rows == ()

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("", "patient_search.ins_missing"),
            ("2580679", "ins.format"),
            ("258067919123419", "ins.key"),
        ],
    )
    def test_a_matricule_that_is_none(self, session, stranger, now, typed, code):
        with pytest.raises(Invalid) as refused:
            search_by_ins(session, stranger, typed, now=now)
        assert refused.value.fields == {"ins": code}

    @pytest.mark.parametrize(
        ("typed", "code"),
        [("", "patient_search.card_missing"), ("12 AB", "vitale_card.format")],
    )
    def test_a_card_that_is_none(self, session, stranger, now, typed, code):
        with pytest.raises(Invalid) as refused:
            search_by_card_number(session, stranger, typed, now=now)
        assert refused.value.fields == {"vitale_card": code}


class TestWho:
    def _all_ways(self, session, actor, now):
        return [
            *_find(session, actor, "Besson", "Jeanne", now),
            *search_by_ins(session, actor, INS, now=now).rows,
            *search_by_card_number(session, actor, CARD, now=now).rows,
        ]

    def test_whoever_assesses(self, session, stranger, jeanne, now):
        assert len(self._all_ways(session, stranger, now)) == 3

    @on_both
    def test_S063_a_patient_who_blocked_them_does_not_exist(
        self, session, stranger, pharmacist, doctor, jeanne, now
    ):
        block = AccessBlock(
            patient_id=jeanne,
            professional_id=stranger.professional_id,
            was_member=False,
            blocked_at=now,
            blocked_by_id=doctor.account_id,
        )
        session.add(block)
        session.flush()
        assert self._all_ways(session, stranger, now) == []
        behind = factories.act_for(session, pharmacist, stranger, DelegationScope.MANAGE, now=now)
        assert self._all_ways(session, behind, now) == []
        block.ended_at = now
        session.flush()
        assert len(self._all_ways(session, stranger, now)) == 3

    @pytest.mark.parametrize("state", [RecordState.CLOSED, RecordState.OPPOSED])
    def test_a_shut_record_does_not_exist(self, session, stranger, jeanne, now, state):
        session.add(RecordSettings(patient_id=jeanne, state=state))
        session.flush()
        assert self._all_ways(session, stranger, now) == []

    def test_not_a_technician_nor_a_delegate_who_may_not(
        self, session, stranger, preparer, pharmacist, jeanne, now
    ):
        with pytest.raises(Forbidden) as refused:
            _find(session, preparer, "Besson", "Jeanne", now)
        assert refused.value.code == "patient_search.forbidden"
        for scope in (DelegationScope.READ, DelegationScope.RECORD):
            delegate = factories.act_for(session, stranger, pharmacist, scope, now=now)
            with pytest.raises(Forbidden):
                search_by_ins(session, delegate, INS, now=now)
        secretary = factories.make_secretary(session, now)
        delegate = factories.act_for(session, stranger, secretary, DelegationScope.MANAGE, now=now)
        with pytest.raises(Forbidden):
            search_by_card_number(session, delegate, CARD, now=now)

    def test_nobody_else(self, session, jeanne, now):
        with pytest.raises(NotAuthenticated):
            search_by_ins(session, ANONYMOUS, INS, now=now)
        for actor in (
            factories.make_patient_actor(session, jeanne, now),
            factories.make_administrator(session, now),
        ):
            with pytest.raises(Forbidden):
                _find(session, actor, "Besson", "Jeanne", now)

    def test_S132_a_search_leaves_a_line_without_what_was_looked_for(
        self, session, stranger, jeanne, now
    ):
        self._all_ways(session, stranger, now)
        lines = session.exec(
            select(JournalEntry).where(JournalEntry.account_id == stranger.account_id)
        ).all()
        assert [(line.action, line.kind) for line in lines] == [
            ("patient_search.by_identity", JournalKind.READ),
            ("patient_search.by_ins", JournalKind.READ),
            ("patient_search.by_card", JournalKind.READ),
        ]
        assert not any("Besson" in str(line) or INS in str(line) for line in lines)

    def test_nobody_looks_for_people_all_day(self, session, stranger, now):
        for _ in range(patient_search._RULE.limit):
            search_by_card_number(session, stranger, CARD, now=now)
        with pytest.raises(RuleViolation) as refused:
            search_by_card_number(session, stranger, CARD, now=now)
        assert refused.value.code == "patient_search.too_many"
        later = now + timedelta(hours=1, seconds=1)
        assert search_by_card_number(session, stranger, CARD, now=later).rows == ()


class TestCriteria:
    TODAY = date(2026, 3, 10)

    def _read(self, **fields):
        return read_criteria({**NAMES, **fields}, today=self.TODAY)

    def _faults(self, **fields):
        with pytest.raises(Invalid) as refused:
            self._read(**fields)
        return refused.value.fields

    def test_DM29_what_is_mandatory(self):
        assert self._faults(family_name="", given_name=" ", sex="") == {
            "family_name": "patient_search.name_missing",
            "given_name": "patient_search.given_missing",
            "sex": "patient_search.sex_missing",
        }

    @pytest.mark.parametrize(("family", "given"), [("B", "Jeanne"), ("Be", "Je"), ("B.", "J-e")])
    def test_fewer_than_three_letters_are_refused(self, family, given):
        assert (
            "patient_search.too_short"
            in self._faults(family_name=family, given_name=given).values()
        )
        assert self._read(family_name="Ly", given_name="Mai").family_name == "Ly"

    @pytest.mark.parametrize("typed", ["4/6/1958", "04 06 1958", "04061958", "4.6.1958"])
    def test_DM31_a_date(self, typed):
        assert self._read(born=typed).born == (BORN, BORN)

    def test_DM31_a_year_and_ranges(self):
        whole = (date(1958, 1, 1), date(1958, 12, 31))
        assert self._read(born="1958").born == whole
        assert self._read(born_from="1950", born_to="4/6/1958").born == (date(1950, 1, 1), BORN)
        assert self._read(age_from="20", age_to="30").ages == (20, 30)
        assert self._read(age="67", department="2a").ages == (67, 67)

    @pytest.mark.parametrize(
        ("fields", "faults"),
        [
            ({"born": "juin 58"}, {"born": "patient_search.birth_format"}),
            ({"born": "31/2/1958"}, {"born": "date.impossible"}),
            ({"born": "2027"}, {"born": "identity.birth_future"}),
            ({"born": "1958", "born_to": "1960"}, {"born": "patient_search.value_or_range"}),
            ({"born_from": "1958"}, {"born_to": "patient_search.range_half"}),
            (
                {"born_from": "1960", "born_to": "1958"},
                {"born_to": "patient_search.range_reversed"},
            ),
            ({"age": "200"}, {"age": "patient_search.age"}),
            ({"age_from": "30", "age_to": "20"}, {"age_to": "patient_search.range_reversed"}),
            ({"department": "00"}, {"department": "patient_search.department"}),
        ],
    )
    def test_what_cannot_be_read(self, fields, faults):
        assert self._faults(**fields) == faults


def test_every_profession_that_assesses_may_search(session, now):
    nurse = factories.make_professional(session, now, profession=Profession.NURSE)
    assert search_by_card_number(session, nurse, CARD, now=now).rows == ()
