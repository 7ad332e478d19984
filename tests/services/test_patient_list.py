"""« Mes patients »: lists, orders and searches of one professional's circle (CX-18)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.authz.actor import ANONYMOUS
from app.errors import Forbidden, NotAuthenticated
from app.models.care_link import CareLink
from app.models.patient import Patient, PatientToken
from app.models.treatment import Treatment
from app.services import patient_list, patient_words
from app.services.patient_list import PatientSort
from tests import factories


@pytest.fixture
def some(session, doctor, pharmacist, stranger, now):
    """Five patients of the doctor, one of a stranger."""

    def make(birth_name, given_names, born, members=(), **more):
        return factories.make_patient(
            session,
            doctor,
            now=now,
            members=members,
            birth_name=birth_name,
            birth_given_names=given_names,
            birth_date=born,
            **more,
        )

    patients = {
        "lefevre": make("Lefèvre", "Jeanne", date(1958, 6, 4), [pharmacist], used_name="Besson"),
        "nguyen": make("Nguyen", "Thi Mai, Lan", date(1954, 8, 18)),
        "roussel": make("Roussel", "Anne-Lise", date(1980, 11, 30), used_name="Fabre"),
        "petit": make("Petit", "Marcel", date(1947, 1, 11)),
        "le_goff": make("Le Goff", "Yann", date(1958, 6, 24)),
    }
    factories.make_patient(
        session,
        stranger,
        now=now,
        birth_name="Lefèvre",
        birth_given_names="Jeanne",
        birth_date=date(1958, 6, 4),
    )
    return patients


def found(session, actor, now, query, **more):
    page = patient_list.list_patients(session, actor, query=query, now=now, **more)
    assert page.total == len(page.rows)
    return {row.id for row in page.rows}


class TestListPatients:
    def test_CX18_lists_only_the_actors_circle(
        self, session, doctor, pharmacist, stranger, some, now
    ):
        page = patient_list.list_patients(session, doctor, now=now)
        assert {row.id for row in page.rows} == set(some.values())
        assert (page.total, page.page, page.pages) == (5, 1, 1)
        own = patient_list.list_patients(session, pharmacist, now=now)
        assert [row.id for row in own.rows] == [some["lefevre"]]
        others = patient_list.list_patients(session, stranger, now=now)
        assert others.total == 1
        assert not set(some.values()) & {row.id for row in others.rows}

    def test_is_for_professionals_only(self, session, patient_actor, now):
        with pytest.raises(Forbidden):
            patient_list.list_patients(session, patient_actor, now=now)
        with pytest.raises(NotAuthenticated):
            patient_list.list_patients(session, ANONYMOUS, now=now)

    def test_rows_carry_what_the_table_shows(self, session, doctor, some, now):
        session.execute(
            update(Treatment)
            .where(col(Treatment.patient_id) == some["lefevre"])
            .values(adherence_on=date(2026, 3, 1), adherence_yes_count=4, is_adherence_falling=True)
        )
        factories.make_treatment(
            session,
            doctor,
            some["lefevre"],
            label="Létrozole 2,5 mg",
            started_on=date(2025, 1, 1),
            adherence_on=date(2026, 2, 1),
            adherence_yes_count=1,
        )
        factories.make_treatment(session, doctor, some["lefevre"], label="B", is_followed=False)
        factories.make_treatment(session, doctor, some["lefevre"], label="C", ended_on=now.date())
        factories.make_treatment(session, doctor, some["lefevre"], label="D", removed_at=now)
        page = patient_list.list_patients(session, doctor, query="besson", now=now)
        (row,) = page.rows
        assert (row.birth_name, row.used_name, row.given_name) == ("Lefèvre", "Besson", "Jeanne")
        assert row.birth_date == date(1958, 6, 4)
        assert row.treatments == (factories.TREATMENT_LABEL, "Létrozole 2,5 mg")
        assert row.latest_yes_count == 4, "the newest entry wins over the older one"
        assert row.is_adherence_falling
        assert row.last_entry_on == now.date()
        assert row.circle_initials == ("CM", "KH")
        assert row.circle_size == 2

    def test_a_patient_without_adherence_has_none(self, session, doctor, some, now):
        (row,) = patient_list.list_patients(session, doctor, query="petit", now=now).rows
        assert row.latest_yes_count is None

    def test_shows_four_initials_and_the_whole_number(self, session, doctor, some, now):
        for _ in range(5):
            member = factories.make_professional(session, now)
            factories.add_to_circle(session, doctor, some["petit"], member, now=now)
        (row,) = patient_list.list_patients(session, doctor, query="petit", now=now).rows
        assert len(row.circle_initials) == 4
        assert row.circle_size == 6


class TestOrder:
    def test_by_name_both_ways(self, session, doctor, some, now):
        names = ["le_goff", "lefevre", "nguyen", "petit", "roussel"]
        page = patient_list.list_patients(session, doctor, now=now)
        assert [row.id for row in page.rows] == [some[name] for name in names]
        page = patient_list.list_patients(session, doctor, is_descending=True, now=now)
        assert [row.id for row in page.rows] == [some[name] for name in reversed(names)]

    @pytest.mark.parametrize(
        ("sort", "column", "least", "most"),
        [
            (PatientSort.ENTRY, "last_entry_on", date(2025, 1, 1), date(2026, 4, 1)),
            (PatientSort.UNREAD, "unread_count", -1, 3),
        ],
    )
    def test_by_a_column_of_the_link(self, session, doctor, some, now, sort, column, least, most):
        for name, value in (("petit", most), ("nguyen", least)):
            session.execute(
                update(CareLink)
                .where(col(CareLink.patient_id) == some[name])
                .values({column: value})
            )
        page = patient_list.list_patients(session, doctor, sort=sort, is_descending=True, now=now)
        assert (page.rows[0].id, page.rows[-1].id) == (some["petit"], some["nguyen"])
        page = patient_list.list_patients(session, doctor, sort=sort, now=now)
        assert (page.rows[0].id, page.rows[-1].id) == (some["nguyen"], some["petit"])

    def test_what_was_never_opened_comes_last_when_the_newest_is_first(
        self, session, doctor, some, now
    ):
        for name, ago in (("petit", 2), ("roussel", 1)):
            session.execute(
                update(CareLink)
                .where(col(CareLink.patient_id) == some[name])
                .values(opened_at=now - timedelta(days=ago))
            )
        page = patient_list.list_patients(
            session, doctor, sort=PatientSort.OPENING, is_descending=True, now=now
        )
        assert [row.id for row in page.rows[:2]] == [some["roussel"], some["petit"]]

    def test_pages_follow_each_other_without_hole_or_repeat(self, session, doctor, now):
        made = {
            factories.make_patient(session, doctor, now=now, with_treatment=False)
            for _ in range(27)
        }
        seen = []
        for number in (1, 2):
            page = patient_list.list_patients(session, doctor, page=number, now=now)
            assert (page.total, page.page, page.pages) == (27, number, 2)
            seen += [row.id for row in page.rows]
        assert len(seen) == 27
        assert set(seen) == made

    def test_a_page_that_is_not_there_is_the_nearest_one(self, session, doctor, some, now):
        assert patient_list.list_patients(session, doctor, page=99, now=now).page == 1
        assert patient_list.list_patients(session, doctor, page=-3, now=now).page == 1
        assert len(patient_list.list_patients(session, doctor, size=9999, now=now).rows) == 5


class TestSearch:
    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("lefevre", {"lefevre"}),
            ("LEFÈVRE", {"lefevre"}),
            ("lef", {"lefevre"}),
            ("jeanne lefe", {"lefevre"}),
            ("besson", {"lefevre"}),
            ("bes jea", {"lefevre"}),
            ("anne lise", {"roussel"}),
            ("anne-lise", {"roussel"}),
            ("annelise", {"roussel"}),
            ("lise", {"roussel"}),
            ("legoff", {"le_goff"}),
            ("le goff", {"le_goff"}),
            ("le", {"lefevre", "le_goff"}),
            ("mai", {"nguyen"}),
            ("lan", {"nguyen"}),
            ("m", {"nguyen", "petit"}),
            ("4/6/1958", {"lefevre"}),
            ("04.06.1958", {"lefevre"}),
            ("4 6 1958", {"lefevre"}),
            ("4-6-58", {"lefevre"}),
            ("04061958", {"lefevre"}),
            ("1958-06-04", {"lefevre"}),
            ("4 juin 1958", {"lefevre"}),
            ("18 Août 1954", {"nguyen"}),
            ("6/1958", {"lefevre", "le_goff"}),
            ("1958", {"lefevre", "le_goff"}),
            ("195", {"lefevre", "le_goff", "nguyen"}),
            ("jeanne 1958", {"lefevre"}),
            ("le goff 24/06/1958", {"le_goff"}),
            ("petit 1958", set()),
            ("efevre", set()),
            ("zzz", set()),
            ("5/6/1958", set()),
            ("%", set()),
            ("_", set()),
            ("' OR 1=1 --", set()),
            ("!!!", set()),
        ],
    )
    def test_finds_by_the_beginnings_of_words_and_birth_dates(
        self, session, doctor, some, now, query, names
    ):
        assert found(session, doctor, now, query) == {some[name] for name in names}

    def test_nothing_typed_is_the_whole_list(self, session, doctor, some, now):
        assert len(found(session, doctor, now, "   ")) == 5

    def test_finds_by_the_whole_matricule(self, session, doctor, stranger, now):
        patient = factories.make_patient(session, doctor, now=now, ins="279035121518989")
        factories.make_patient(session, stranger, now=now, ins="279035121518989")
        assert found(session, doctor, now, "2 79 03 51 215 189 89") == {patient}

    def test_a_stranger_finds_nothing_of_the_circle(self, session, pharmacist, stranger, some, now):
        assert found(session, pharmacist, now, "petit") == set()
        assert some["lefevre"] not in found(session, stranger, now, "lefevre")
        assert len(found(session, stranger, now, "lefevre")) == 1

    def test_a_very_long_query_is_cut_not_refused(self, session, doctor, some, now):
        assert found(session, doctor, now, "lefevre " * 500) == {some["lefevre"]}

    def test_a_short_year_may_be_of_either_century(self):
        assert patient_words.parse_query("4/6/12", this_year=2026) == [[["20120604"], ["19120604"]]]
        assert patient_words.parse_query("4/6/58", this_year=2026) == [[["19580604"]]]


class TestWords:
    def test_are_rewritten_without_repeat(self, session, doctor, some, now):
        patient = session.get_one(Patient, some["lefevre"])
        patient.birth_name = "Durand"
        patient_words.write_words(session, doctor, patient, [doctor.professional_id])
        assert found(session, doctor, now, "lefevre") == set()
        assert found(session, doctor, now, "durand") == {some["lefevre"]}

    def test_are_forgotten_for_one_member_only(self, session, doctor, pharmacist, some, now):
        patient_words.forget_words(session, doctor, some["lefevre"], [pharmacist.professional_id])
        left = session.execute(
            select(col(PatientToken.professional_id))
            .where(col(PatientToken.patient_id) == some["lefevre"])
            .distinct()
        ).scalars()
        assert set(left) == {doctor.professional_id}


class TestPlannedEnd:
    def test_a_treatment_whose_end_lies_ahead_is_still_listed(self, session, doctor, patient, now):
        treatment = session.get_one(Treatment, factories.first_treatment(session, patient))
        for ended_on, is_listed in ((now.date() + timedelta(days=3), True), (now.date(), False)):
            treatment.ended_on = ended_on
            session.flush()
            [row] = patient_list.list_patients(session, doctor, now=now).rows
            assert (treatment.label in row.treatments) is is_listed
