"""Documents deposited, listed, corrected, replaced, masked and deleted, each beside its refusals."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from app.authz.actor import Actor, system
from app.errors import Conflict, Forbidden, Invalid, NotFound, RuleViolation, Unusual
from app.models.delegation import DelegationScope
from app.models.document import Document, PatientCategory, RecordCategory, ScanState
from app.models.journal import JournalEntry
from app.models.professional import Profession
from app.models.record_access import AdministratorStatus
from app.services.document import delete, edit, restore
from app.services.document_deposit import deposit, replace
from app.services.document_description import NewDocument, read_document
from app.services.document_masking import (
    hide_from_patient,
    hide_from_representatives,
    mask,
    mask_all,
    mask_effect,
)
from app.services.document_query import (
    PAGE,
    DocumentFilter,
    DocumentSort,
    Showing,
    count_unseen,
    list_documents,
    list_ids,
    open_documents,
)
from app.services.document_reading import open_document
from app.services.document_statistic import list_months
from app.services.document_type import patient_type
from app.services.matrix import ensure_reference_matrix
from tests import factories
from tests.documents import REPORT, make_document, make_upload

pytestmark = pytest.mark.databases("sqlite")
both_databases = pytest.mark.databases("sqlite", "postgresql")

LABORATORY = "11502-2"
EVERYTHING = DocumentFilter()


@pytest.fixture(autouse=True)
def _matrix(session, now):
    ensure_reference_matrix(session, system("test"), now=now)


def described(**values) -> NewDocument:
    """What a form says, unless told otherwise."""
    return NewDocument(
        **{
            "title": "Bilan hépatique",
            "type_code": LABORATORY,
            "document_date": date(2026, 1, 12),
            **values,
        }
    )


def of_patient(**values) -> NewDocument:
    return described(type_code=patient_type(PatientCategory.LABORATORY), **values)


def titles(session, actor, patient, now, **chosen) -> list[str]:
    found = list_documents(session, actor, patient, DocumentFilter(**chosen), now=now)
    return [row.title for row in found.rows]


def acts(session, patient) -> list[str]:
    return list(
        session.exec(
            select(JournalEntry.action)
            .where(JournalEntry.patient_id == patient, col(JournalEntry.action).like("document.%"))
            .order_by(col(JournalEntry.seq))
        )
    )


class TestDeposit:
    def test_ME104_a_patient_adds_a_file_they_sent(self, session, patient_actor, patient, now):
        upload = make_upload(session, patient_actor, patient, text="Dosage de la TSH")
        deposit(session, patient_actor, patient, upload, of_patient(), key=uuid4(), now=now)
        (row,) = list_documents(session, patient_actor, patient, EVERYTHING, now=now).rows
        assert (row.title, row.is_mine, row.is_new) == ("Bilan hépatique", True, False)
        assert row.patient_category is PatientCategory.LABORATORY
        assert titles(session, patient_actor, patient, now, query="tsh dos") == [row.title]
        assert acts(session, patient) == ["document.deposited"]

    def test_a_professional_deposits_in_their_name_and_the_patient_sees_it_as_new(
        self, session, doctor, patient_actor, patient, now
    ):
        upload = make_upload(session, doctor, patient)
        deposit(session, doctor, patient, upload, described(), key=uuid4(), now=now)
        (row,) = list_documents(session, patient_actor, patient, EVERYTHING, now=now).rows
        assert row.depositor_name == "Dre Claire Martin"
        assert row.depositor_place == "Clinique des Tilleuls, Niort"
        assert (row.is_new, row.is_mine, row.may_change, row.may_mask) == (True, False, False, True)
        assert count_unseen(session, patient_actor, now=now) == 1
        open_document(session, patient_actor, patient, row.id, EVERYTHING, now=now)
        assert count_unseen(session, patient_actor, now=now) == 0

    def test_S143_a_form_sent_twice_makes_one_document(self, session, doctor, patient, now):
        key, upload = uuid4(), make_upload(session, doctor, patient)
        made = [
            deposit(session, doctor, patient, upload, described(), key=key, now=now)
            for _ in range(2)
        ]
        assert made[0] == made[1]
        assert len(titles(session, doctor, patient, now)) == 1

    def test_the_same_content_is_asked_about_once_seen(self, session, doctor, patient, now):
        for content in (b"same", b"same"):
            upload = make_upload(session, doctor, patient, content_mac=content)
            if titles(session, doctor, patient, now):
                with pytest.raises(Unusual, match=r"document\.duplicate"):
                    deposit(session, doctor, patient, upload, described(), key=uuid4(), now=now)
            deposit(
                session,
                doctor,
                patient,
                upload,
                described(),
                key=uuid4(),
                confirmed=bool(titles(session, doctor, patient, now)),
                now=now,
            )
        assert len(titles(session, doctor, patient, now)) == 2

    def test_S063_a_hidden_document_of_the_same_content_is_not_told_of(
        self, session, doctor, patient_actor, patient, now
    ):
        make_document(
            session,
            doctor,
            patient,
            is_hidden_from_patient=True,
            of_file={"content_mac": b"same"},
        )
        upload = make_upload(session, patient_actor, patient, content_mac=b"same")
        deposit(session, patient_actor, patient, upload, of_patient(), key=uuid4(), now=now)
        assert len(titles(session, patient_actor, patient, now)) == 1

    def test_S101_a_file_the_scanner_refused_meanwhile_is_not_deposited(
        self, session, doctor, patient, now
    ):
        upload = make_upload(session, doctor, patient, scan=ScanState.REFUSED)
        with pytest.raises(RuleViolation, match=r"file\.infected"):
            deposit(session, doctor, patient, upload, described(), key=uuid4(), now=now)

    def test_DM57_each_deposit_counts_in_the_statistics(self, session, doctor, patient, now):
        upload = make_upload(session, doctor, patient)
        deposit(session, doctor, patient, upload, described(), key=uuid4(), now=now)
        administrator = factories.make_administrator(session, now)
        (month,) = list_months(session, administrator, now=now)
        assert month.total == 1

    def test_somebody_elses_upload_is_absent(self, session, doctor, pharmacist, patient, now):
        upload = make_upload(session, doctor, patient)
        for key in (upload, uuid4()):
            with pytest.raises(NotFound, match=r"document\.upload_gone"):
                deposit(session, pharmacist, patient, key, described(), key=uuid4(), now=now)

    @pytest.mark.parametrize(
        ("fault", "field"),
        [
            ({"title": " "}, "title"),
            ({"document_date": date(2026, 3, 11)}, "document"),
            ({"type_code": "DOCPAT01"}, "type"),
            ({"type_code": "nothing"}, "type"),
            ({"is_masked": True, "is_hidden_from_patient": True}, "visibility"),
        ],
    )
    def test_what_cannot_be_is_named(self, session, doctor, patient, now, fault, field):
        upload = make_upload(session, doctor, patient)
        with pytest.raises(Invalid) as failure:
            deposit(session, doctor, patient, upload, described(**fault), key=uuid4(), now=now)
        assert set(failure.value.fields) == {field}

    def test_FC15_a_patient_hides_nothing_from_themselves(
        self, session, patient_actor, patient, now
    ):
        upload = make_upload(session, patient_actor, patient)
        new = of_patient(is_hidden_from_patient=True)
        with pytest.raises(Invalid):
            deposit(session, patient_actor, patient, upload, new, key=uuid4(), now=now)

    def test_who_may(self, session, doctor, preparer, stranger, patient, now):
        upload = make_upload(session, preparer, patient)
        with pytest.raises(Forbidden, match=r"document\.deposit_forbidden"):
            deposit(session, preparer, patient, upload, described(), key=uuid4(), now=now)
        with pytest.raises(NotFound, match=r"patient\.not_found"):
            deposit(session, stranger, patient, upload, described(), key=uuid4(), now=now)

    @pytest.mark.parametrize("scope", DelegationScope)
    def test_FC24_a_secretary_prepares_deposits_when_the_delegation_goes_so_far(
        self, session, doctor, patient, now, scope
    ):
        secretary = factories.make_secretary(session, now)
        acting = factories.act_for(session, doctor, secretary, scope, now=now)
        upload = make_upload(session, acting, patient)
        if scope is DelegationScope.READ:
            with pytest.raises(Forbidden):
                deposit(session, acting, patient, upload, described(), key=uuid4(), now=now)
            return
        made = deposit(session, acting, patient, upload, described(), key=uuid4(), now=now)
        document = session.get_one(Document, made)
        assert document.professional_id == doctor.professional_id
        assert document.deposited_by_id == secretary.account_id
        assert titles(session, acting, patient, now) == []


class TestForm:
    def test_a_patient_chooses_a_category_and_a_visibility(self, now):
        fields = {
            "title": "Échographie ",
            "document_day": "5",
            "document_month": "3",
            "document_year": "2026",
            "category": "imaging",
            "visibility": "masked",
        }
        new = read_document(fields, is_patient=True, today=now.date())
        assert new == NewDocument("Échographie", "DOCPAT04", date(2026, 3, 5), is_masked=True)

    def test_every_fault_is_named_at_once(self, now):
        with pytest.raises(Invalid) as failure:
            read_document({}, is_patient=True, today=now.date())
        assert set(failure.value.fields) == {"title", "document", "category"}
        with pytest.raises(Invalid) as failure:
            read_document({"title": "x" * 256}, is_patient=True, today=now.date())
        assert failure.value.fields["title"] == "document.title_too_long"


@both_databases
class TestList:
    @pytest.fixture
    def many(self, session, doctor, pharmacist, patient):
        for year, title, actor, code in (
            (2024, "Échographie", doctor, "18748-4"),
            (2025, "Ordonnance", pharmacist, "57833-6"),
            (2026, "Bilan", doctor, LABORATORY),
            (2026, "Avis", doctor, REPORT),
        ):
            make_document(
                session,
                actor,
                patient,
                title=title,
                type_code=code,
                document_date=date(year, 2, 1),
            )

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            (DocumentSort.TITLE, ["Avis", "Bilan", "Échographie", "Ordonnance"]),
            (DocumentSort.DATE, [2026, 2026, 2025, 2024]),
        ],
    )
    def test_ME109_sorts(self, session, patient_actor, patient, many, now, sort, expected):
        rows = list_documents(
            session, patient_actor, patient, DocumentFilter(sort=sort), now=now
        ).rows
        shown = [
            row.title if sort is DocumentSort.TITLE else row.document_date.year for row in rows
        ]
        assert shown == expected

    def test_ME109_sorts_by_depositor(self, session, patient_actor, patient, many, now):
        chosen = DocumentFilter(sort=DocumentSort.DEPOSITOR)
        rows = list_documents(session, patient_actor, patient, chosen, now=now).rows
        assert [row.depositor_name for row in rows] == [
            *["Dre Claire Martin"] * 3,
            "M. Karim Haddad",
        ]

    def test_DM51_counts_by_category_and_year(self, session, doctor, patient, many, now):
        found = open_documents(session, doctor, patient, EVERYTHING, now=now)
        assert found.counts.total == 4
        assert found.counts.of(RecordCategory.LABORATORY) == 1
        assert found.counts.of(RecordCategory.LABORATORY, 2025) == 0
        assert found.counts.years() == {2024: 1, 2025: 1, 2026: 2}
        assert found.counts.years(PatientCategory.PRESCRIPTIONS) == {2025: 1}
        assert acts(session, patient) == ["document.listed"]

    def test_narrowed_by_category_year_and_words(self, session, doctor, patient, many, now):
        assert titles(session, doctor, patient, now, category=RecordCategory.IMAGING) == [
            "Échographie"
        ]
        assert set(titles(session, doctor, patient, now, year=2026)) == {"Avis", "Bilan"}
        assert titles(session, doctor, patient, now, query="echo") == ["Échographie"]
        assert titles(session, doctor, patient, now, query="karim") == ["Ordonnance"]
        assert titles(session, doctor, patient, now, query="nothing") == []

    @pytest.mark.parametrize("year", [1, 9999])
    def test_any_year_of_an_address_is_looked_for(self, session, doctor, patient, now, year):
        assert titles(session, doctor, patient, now, year=year) == []

    def test_pages(self, session, doctor, patient, now):
        for number in range(PAGE + 1):
            make_document(session, doctor, patient, title=f"{number:03}")
        chosen = DocumentFilter(sort=DocumentSort.TITLE)
        first = list_documents(session, doctor, patient, chosen, now=now)
        last = list_documents(session, doctor, patient, chosen, page=99, now=now)
        assert (len(first.rows), first.found, first.pages) == (PAGE, PAGE + 1, 2)
        assert [row.title for row in last.rows] == [f"{PAGE:03}"]
        assert len(list_ids(session, doctor, patient, chosen, now=now)) == PAGE + 1
        middle = list_ids(session, doctor, patient, chosen, now=now)[PAGE - 1]
        view = open_document(session, doctor, patient, middle, chosen, now=now)
        assert (view.position, view.found) == (PAGE, PAGE + 1)
        assert (view.previous_id, view.next_id) == (first.rows[-2].id, last.rows[0].id)


class TestEdit:
    def test_its_depositor_corrects_it(self, session, patient_actor, patient, now):
        key = make_document(session, patient_actor, patient, title="scan")
        new = of_patient(title="Dosage de la TSH")
        edit(session, patient_actor, patient, key, new, revision=1, now=now)
        assert titles(session, patient_actor, patient, now, query="dosage") == [new.title]
        assert titles(session, patient_actor, patient, now, query="scan") == []
        with pytest.raises(Conflict):
            edit(session, patient_actor, patient, key, new, revision=1, now=now)

    def test_FC20_nobody_else_does(self, session, doctor, patient_actor, pharmacist, patient, now):
        key = make_document(session, doctor, patient)
        for actor, new in ((patient_actor, of_patient()), (pharmacist, described())):
            with pytest.raises(Forbidden, match=r"document\.change_forbidden"):
                edit(session, actor, patient, key, new, revision=1, now=now)


@both_databases
class TestReplace:
    def test_FC18_a_new_version_takes_its_place_and_the_former_stays_readable(
        self, session, doctor, pharmacist, patient, now
    ):
        first = make_document(session, doctor, patient, title="Premier", is_masked=False)
        upload = make_upload(session, doctor, patient)
        new = described(title="Corrigé", type_code=REPORT)
        key = uuid4()
        second = replace(session, doctor, patient, first, upload, new, key=key, now=now)
        assert replace(session, doctor, patient, first, upload, new, key=key, now=now) == second
        assert titles(session, pharmacist, patient, now) == ["Corrigé"]
        assert titles(session, pharmacist, patient, now, showing=Showing.EARLIER) == ["Premier"]
        view = open_document(session, pharmacist, patient, second, EVERYTHING, now=now)
        assert [version for _, version, _ in view.versions] == [2, 1]

    def test_masking_the_last_version_hides_the_earlier_ones(
        self, session, doctor, patient_actor, pharmacist, patient, now
    ):
        first = make_document(session, doctor, patient, type_code=REPORT)
        upload = make_upload(session, doctor, patient)
        new = described(type_code=REPORT)
        last = replace(session, doctor, patient, first, upload, new, key=uuid4(), now=now)
        mask(session, patient_actor, patient, [last], is_masked=True, now=now)
        for key in (first, last):
            with pytest.raises(NotFound):
                open_document(session, pharmacist, patient, key, EVERYTHING, now=now)

    def test_ME101_what_the_patient_masked_stays_masked(
        self, session, doctor, pharmacist, patient_actor, patient, now
    ):
        first = make_document(session, doctor, patient)
        mask(session, patient_actor, patient, [first], is_masked=True, now=now)
        upload = make_upload(session, doctor, patient)
        replace(session, doctor, patient, first, upload, described(), key=uuid4(), now=now)
        assert titles(session, doctor, patient, now) == ["Bilan hépatique"]
        assert titles(session, pharmacist, patient, now) == []

    def test_FC18_refusals(self, session, doctor, pharmacist, patient_actor, patient, now):
        same = {"content_mac": b"same"}
        first = make_document(session, doctor, patient, of_file=same)
        upload = make_upload(session, doctor, patient, **same)
        with pytest.raises(RuleViolation, match=r"document\.unchanged"):
            replace(session, doctor, patient, first, upload, described(), key=uuid4(), now=now)
        for actor, new in ((pharmacist, described()), (patient_actor, of_patient())):
            mine = make_upload(session, actor, patient)
            with pytest.raises(Forbidden):
                replace(session, actor, patient, first, mine, new, key=uuid4(), now=now)


@both_databases
class TestDelete:
    def test_its_depositor_takes_it_out_and_back(
        self, session, patient_actor, doctor, patient, now
    ):
        keys = [make_document(session, patient_actor, patient, title=t) for t in ("un", "deux")]
        assert delete(session, patient_actor, patient, keys, now=now) == 2
        assert titles(session, patient_actor, patient, now) == []
        assert titles(session, doctor, patient, now) == []
        with pytest.raises(NotFound):
            restore(session, doctor, patient, keys, now=now)
        assert restore(session, patient_actor, patient, keys, now=now) == 2
        assert set(titles(session, doctor, patient, now, query="un")) == {"un"}
        delete(session, patient_actor, patient, keys, now=now)
        with pytest.raises(NotFound):
            restore(session, patient_actor, patient, keys, now=now + timedelta(days=2))

    def test_all_or_none(self, session, patient_actor, doctor, patient, now):
        mine = make_document(session, patient_actor, patient)
        theirs = make_document(session, doctor, patient)
        with pytest.raises(Forbidden, match=r"document\.delete_forbidden"):
            delete(session, patient_actor, patient, [mine, theirs], now=now)
        assert len(titles(session, patient_actor, patient, now)) == 2

    def test_S061_an_unknown_id_and_somebody_elses_answer_alike(
        self, session, patient_actor, stranger, patient, now
    ):
        other = factories.make_patient(session, stranger, now=now)
        elsewhere = make_document(session, stranger, other)
        for key in (elsewhere, uuid4()):
            with pytest.raises(NotFound, match=r"document\.not_found"):
                delete(session, patient_actor, patient, [key], now=now)


class TestMask:
    def test_DM05_one_or_several_by_the_patient(
        self, session, doctor, pharmacist, patient_actor, patient, now
    ):
        keys = [make_document(session, doctor, patient, title=t) for t in ("un", "deux")]
        assert mask(session, patient_actor, patient, keys, is_masked=True, now=now) == 2
        assert titles(session, pharmacist, patient, now) == []
        assert titles(session, pharmacist, patient, now, query="deux") == []
        assert len(titles(session, doctor, patient, now)) == 2
        assert mask(session, patient_actor, patient, keys[:1], is_masked=False, now=now) == 1
        assert titles(session, pharmacist, patient, now) == ["un"]

    def test_by_the_depositor_at_the_patients_request_and_by_nobody_else(
        self, session, doctor, pharmacist, patient, now
    ):
        key = make_document(session, doctor, patient)
        with pytest.raises(Forbidden, match=r"document\.mask_forbidden"):
            mask(session, pharmacist, patient, [key], is_masked=True, now=now)
        with pytest.raises(Forbidden, match=r"document\.mask_forbidden"):
            mask_effect(session, pharmacist, patient, [key], now=now)
        assert mask(session, doctor, patient, [key], is_masked=True, now=now) == 1

    def test_DM04_all_by_the_patient_whatever_their_number(
        self, session, doctor, pharmacist, patient_actor, patient, now, monkeypatch
    ):
        monkeypatch.setattr("app.services.document_masking.MAX_AT_ONCE", 2)
        for number in range(5):
            make_document(session, doctor, patient, title=f"{number}")
        assert mask_effect(session, patient_actor, patient, None, now=now).documents == 5
        assert mask_all(session, patient_actor, patient, is_masked=True, now=now) == 5
        assert titles(session, pharmacist, patient, now) == []
        with pytest.raises(Forbidden):
            mask_all(session, pharmacist, patient, is_masked=False, now=now)

    def test_what_the_patient_masked_only_the_patient_shows_again(
        self, session, doctor, patient_actor, patient, now
    ):
        key = make_document(session, doctor, patient, type_code=REPORT)
        mask(session, patient_actor, patient, [key], is_masked=True, now=now)
        new = described(type_code=REPORT)
        upload = make_upload(session, doctor, patient)
        last = replace(session, doctor, patient, key, upload, new, key=uuid4(), now=now)
        with pytest.raises(Forbidden, match=r"document\.mask_is_patients"):
            mask(session, doctor, patient, [last], is_masked=False, now=now)
        assert mask(session, patient_actor, patient, [last], is_masked=False, now=now) == 1
        mask(session, doctor, patient, [last], is_masked=True, now=now)
        assert mask(session, doctor, patient, [last], is_masked=False, now=now) == 1

    def test_its_effect_is_said_first(
        self, session, doctor, pharmacist, patient_actor, patient, now
    ):
        session.add(
            AdministratorStatus(
                patient_id=patient, professional_id=doctor.professional_id, given_at=now
            )
        )
        key = make_document(session, pharmacist, patient)
        effect = mask_effect(session, patient_actor, patient, [key], now=now)
        assert (effect.documents, effect.depositors) == (1, ("M. Karim Haddad",))
        assert [card.id for card in effect.administrators] == [doctor.professional_id]


@both_databases
class TestHiding:
    def test_FC17_until_the_announcement(self, session, doctor, patient_actor, patient, now):
        key = make_document(session, doctor, patient)
        hide_from_patient(
            session,
            doctor,
            patient,
            key,
            is_hidden=True,
            announce_on=date(2026, 3, 20),
            now=now,
        )
        assert titles(session, patient_actor, patient, now) == []
        assert titles(session, doctor, patient, now, showing=Showing.HIDDEN_FROM_PATIENT)
        hide_from_patient(session, doctor, patient, key, is_hidden=False, now=now)
        assert len(titles(session, patient_actor, patient, now)) == 1

    def test_FC16_not_masked_too(self, session, doctor, patient_actor, patient, now):
        masked = make_document(session, doctor, patient, is_masked=True)
        with pytest.raises(RuleViolation, match=r"document\.one_hiding"):
            hide_from_patient(session, doctor, patient, masked, is_hidden=True, now=now)

    def test_FC17_not_once_the_patient_opened_it(
        self, session, doctor, patient_actor, patient, now
    ):
        key = make_document(session, doctor, patient)
        open_document(session, patient_actor, patient, key, EVERYTHING, now=now)
        with pytest.raises(RuleViolation, match=r"document\.already_seen"):
            hide_from_patient(session, doctor, patient, key, is_hidden=True, now=now)

    def test_only_by_its_author(self, session, doctor, pharmacist, patient_actor, patient, now):
        key: UUID = make_document(session, doctor, patient)
        for actor in (pharmacist, patient_actor):
            for hide in (hide_from_patient, hide_from_representatives):
                with pytest.raises(Forbidden):
                    hide(session, actor, patient, key, is_hidden=True, now=now)

    def test_FC11_not_visible_of_the_representatives(self, session, doctor, patient, now):
        key = make_document(session, doctor, patient)
        hide_from_representatives(session, doctor, patient, key, is_hidden=True, now=now)
        chosen = DocumentFilter(showing=Showing.HIDDEN_FROM_REPRESENTATIVES)
        assert len(list_documents(session, doctor, patient, chosen, now=now).rows) == 1


def test_a_nurse_deposits_what_nurses_do_not_read_and_still_reads_their_own(
    session, doctor, patient, now
):
    nurse: Actor = factories.make_professional(session, now, profession=Profession.NURSE)
    factories.add_to_circle(session, doctor, patient, nurse, now=now)
    make_document(session, nurse, patient, type_code="68599-0", title="Synthèse")
    assert titles(session, nurse, patient, now) == ["Synthèse"]
