"""Who sees which document: one set-up, so that only the relation or the setting differs (U-17, S060–S065)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.authz.actor import Actor, system
from app.errors import NotFound, RuleViolation
from app.models.delegation import DelegationScope
from app.models.document import ScanState
from app.models.professional import Profession
from app.models.record_access import AccessBlock, AccessKind, AdministratorStatus, RecordState
from app.services.document_query import DocumentFilter, list_documents
from app.services.document_reading import open_document
from app.services.matrix import ensure_reference_matrix
from app.services.visibility import Relation, sight
from tests import factories
from tests.documents import make_access, make_document, set_settings

pytestmark = pytest.mark.databases("sqlite")
both_databases = pytest.mark.databases("sqlite", "postgresql")

PSYCHIATRIC_SUMMARY = "68599-0"  # doctors only, of those found in public texts (FC-23)


@pytest.fixture(autouse=True)
def _matrix(session, now):
    ensure_reference_matrix(session, system("test"), now=now)


@pytest.fixture
def nurse(session, doctor, patient, now) -> Actor:
    actor = factories.make_professional(session, now, profession=Profession.NURSE)
    factories.add_to_circle(session, doctor, patient, actor, now=now)
    return actor


@pytest.fixture
def documents(session, doctor, patient, patient_actor, now) -> dict[str, UUID]:
    """One of each kind, deposited by the doctor unless its name says otherwise."""
    kinds = {
        "plain": {},
        "masked": {"is_masked": True},
        "psychiatric": {"type_code": PSYCHIATRIC_SUMMARY},
        "unannounced": {"is_hidden_from_patient": True},
        "waiting": {"of_file": {"scan": ScanState.PENDING}},
        "deleted": {"deleted_at": now},
    }
    made = {
        name: make_document(session, doctor, patient, now, title=name, **values)
        for name, values in kinds.items()
    }
    made["of_patient"] = make_document(session, patient_actor, patient, now, title="of_patient")
    return made


def seen(session, actor, patient, now) -> set[str]:
    return {
        row.title for row in list_documents(session, actor, patient, DocumentFilter(), now=now).rows
    }


def opened(session, actor, patient, documents, now) -> set[str]:
    """The names of those that open; it has to agree with the list."""
    return {name for name, key in documents.items() if opens(session, actor, patient, key, now)}


def opens(session, actor, patient, key, now) -> bool:
    try:
        open_document(session, actor, patient, key, DocumentFilter(), now=now)
    except NotFound:
        return False
    return True


ALL = {"plain", "masked", "psychiatric", "unannounced", "of_patient"}


@both_databases
class TestWhoSees:
    def test_the_patient_sees_all_but_what_waits_for_an_announcement(
        self, session, patient_actor, patient, documents, now
    ):
        assert seen(session, patient_actor, patient, now) == ALL - {"unannounced"}
        assert opened(session, patient_actor, patient, documents, now) == ALL - {"unannounced"}

    def test_ME102_the_depositor_sees_what_is_masked_and_what_the_scanner_holds(
        self, session, doctor, patient, documents, now
    ):
        assert seen(session, doctor, patient, now) == {*ALL, "waiting"}
        assert opened(session, doctor, patient, documents, now) == ALL

    def test_a_member_of_the_team_sees_what_is_not_masked(
        self, session, pharmacist, patient, documents, now
    ):
        assert "masked" not in seen(session, pharmacist, patient, now)
        assert {"plain", "of_patient"} <= seen(session, pharmacist, patient, now)

    def test_DM45_the_matrix_narrows_by_profession(self, session, nurse, patient, documents, now):
        assert seen(session, nurse, patient, now) == {"plain", "unannounced", "of_patient"}
        assert opened(session, nurse, patient, documents, now) == seen(session, nurse, patient, now)

    def test_a_preparateur_reads_nothing(self, session, preparer, patient, documents, now):
        listed = list_documents(session, preparer, patient, DocumentFilter(), now=now)
        assert (listed.rows, listed.reads_nothing) == ((), True)

    def test_ME117_the_administrator_status_shows_what_is_masked(
        self, session, doctor, patient, documents, now
    ):
        colleague = factories.make_professional(session, now)
        factories.add_to_circle(session, doctor, patient, colleague, now=now)
        assert "masked" not in seen(session, colleague, patient, now)
        session.add(
            AdministratorStatus(
                patient_id=patient, professional_id=colleague.professional_id, given_at=now
            )
        )
        session.flush()
        assert seen(session, colleague, patient, now) == ALL

    def test_nobody_else_knows_the_record_exists(self, session, stranger, patient, documents, now):
        administrator = factories.make_administrator(session, now)
        secretary = factories.make_secretary(session, now)
        other = factories.make_patient_actor(
            session, factories.make_patient(session, stranger, now=now), now
        )
        for actor in (stranger, administrator, secretary, other):
            with pytest.raises(NotFound, match=r"patient\.not_found"):
                sight(session, actor, patient, now=now)
            assert opened(session, actor, patient, documents, now) == set()


class TestGlobalConfidentiality:
    def test_D07_everything_is_hidden_but_from_depositor_and_administrator_status(
        self, session, doctor, pharmacist, patient_actor, patient, documents, now
    ):
        set_settings(session, patient, is_confidential=True)
        assert seen(session, pharmacist, patient, now) == set()
        assert "of_patient" not in seen(session, doctor, patient, now)
        assert "plain" in seen(session, doctor, patient, now)
        assert "plain" in seen(session, patient_actor, patient, now)


@both_databases
class TestAccessOutsideTheCircle:
    def test_DM44_a_declared_consent_lasts_for_its_sign_in_and_its_time(
        self, session, stranger, patient, documents, now
    ):
        ends_at = now + timedelta(hours=24)
        make_access(session, stranger, patient, AccessKind.DECLARED, ends_at, now)
        assert seen(session, stranger, patient, now) == ALL - {"masked"}
        elsewhere = replace(stranger, session_id=uuid4())
        for actor, when in ((elsewhere, now), (stranger, ends_at)):
            with pytest.raises(NotFound):
                sight(session, actor, patient, now=when)

    @pytest.mark.parametrize(
        ("kind", "switch"),
        [
            (AccessKind.EMERGENCY, "allows_emergency"),
            (AccessKind.REGULATION, "allows_regulation"),
        ],
    )
    def test_U24_an_emergency_needs_its_own_switch_and_ME125_that_of_masked_documents(
        self, session, stranger, patient, documents, now, kind, switch
    ):
        make_access(session, stranger, patient, kind, now + timedelta(hours=1), now)
        assert "masked" in seen(session, stranger, patient, now)
        set_settings(session, patient, allows_masked_in_emergency=False)
        assert seen(session, stranger, patient, now) == ALL - {"masked"}
        set_settings(session, patient, **{switch: False})
        with pytest.raises(NotFound):
            sight(session, stranger, patient, now=now)

    def test_an_emergency_is_the_ground_even_of_a_member(
        self, session, pharmacist, patient, documents, now
    ):
        ends_at = now + timedelta(hours=1)
        make_access(session, pharmacist, patient, AccessKind.EMERGENCY, ends_at, now)
        found = sight(session, pharmacist, patient, now=now)
        assert (found.relation, found.ends_at) == (Relation.EMERGENCY, ends_at)
        set_settings(session, patient, allows_emergency=False)
        assert sight(session, pharmacist, patient, now=now).relation is Relation.CARE_TEAM


class TestBlock:
    @pytest.mark.parametrize("kind", [None, *AccessKind])
    def test_S063_wins_over_circle_consent_and_emergency(
        self, session, stranger, patient, documents, now, kind, doctor
    ):
        if kind is None:
            factories.add_to_circle(session, doctor, patient, stranger, now=now)
        else:
            make_access(session, stranger, patient, kind, now + timedelta(hours=1), now)
        assert "plain" in seen(session, stranger, patient, now)
        session.add(
            AccessBlock(
                patient_id=patient,
                professional_id=stranger.professional_id,
                was_member=False,
                blocked_at=now,
                blocked_by_id=stranger.account_id,
            )
        )
        session.flush()
        with pytest.raises(NotFound):
            sight(session, stranger, patient, now=now)


class TestClosedRecord:
    @pytest.mark.parametrize("state", [RecordState.CLOSED, RecordState.OPPOSED])
    def test_FC27_nobody_reads_it_and_the_patient_is_told_it_is_closed(
        self, session, doctor, patient_actor, patient, documents, now, state
    ):
        set_settings(session, patient, state=state, state_at=now)
        with pytest.raises(NotFound):
            sight(session, doctor, patient, now=now)
        with pytest.raises(RuleViolation, match=r"record\.closed"):
            sight(session, patient_actor, patient, now=now)


class TestDelegates:
    def test_FC10_the_administrator_status_is_of_one_person(
        self, session, pharmacist, doctor, patient, documents, now
    ):
        colleague = factories.make_professional(session, now)
        factories.add_to_circle(session, doctor, patient, colleague, now=now)
        session.add(
            AdministratorStatus(
                patient_id=patient, professional_id=colleague.professional_id, given_at=now
            )
        )
        delegate = factories.make_professional(session, now)
        acting = factories.act_for(session, colleague, delegate, DelegationScope.MANAGE, now=now)
        assert "masked" in seen(session, colleague, patient, now)
        assert "masked" not in seen(session, acting, patient, now)

    def test_FC24_a_secretary_reads_nothing_for_the_doctor(
        self, session, doctor, patient, documents, now
    ):
        secretary = factories.make_secretary(session, now)
        acting = factories.act_for(session, doctor, secretary, DelegationScope.MANAGE, now=now)
        assert seen(session, acting, patient, now) == set()

    def test_a_nurse_reads_no_more_than_nurses_do(self, session, doctor, patient, documents, now):
        nurse = factories.make_professional(session, now, profession=Profession.NURSE)
        acting = factories.act_for(session, doctor, nurse, DelegationScope.READ, now=now)
        found = seen(session, acting, patient, now)
        assert "psychiatric" not in found
        assert "plain" in found
