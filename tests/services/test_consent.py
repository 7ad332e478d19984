"""The consent register and the notice handed before (CX-14, CX-15, CX-17, U-11, U-25)."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.authz.actor import ANONYMOUS, system
from app.errors import Forbidden, Invalid, NotAuthenticated, NotFound, RuleViolation
from app.i18n import messages
from app.models.consent import Consent, ConsentKind, ConsentMode, InformationNotice
from app.services import consent as consents, notice as notices
from app.services.consent import NewConsent
from tests import factories

TODAY = date(2026, 3, 10)
NOTICE = "00000000-0000-4000-8000-000000000001"
FIELDS = {
    "consent_given": "on",
    "consent_mode": "written",
    "consent_day": "10",
    "consent_month": "3",
    "consent_year": "2026",
    "notice_id": NOTICE,
    "notice_day": "9",
    "notice_month": "3",
    "notice_year": "2026",
}


class TestReadConsent:
    def test_CX15_reads_a_complete_form(self):
        read = consents.read_consent(FIELDS, today=TODAY)
        assert (read.mode, read.given_on, str(read.notice_id), read.notice_handed_on) == (
            ConsentMode.WRITTEN,
            TODAY,
            NOTICE,
            date(2026, 3, 9),
        )

    def test_CX15_an_empty_form_names_every_field(self):
        with pytest.raises(Invalid) as caught:
            consents.read_consent({}, today=TODAY)
        assert caught.value.fields == {
            "consent_given": "consent.missing",
            "consent_mode": "consent.mode_missing",
            "consent": "consent.date_missing",
            "notice_id": "notice.not_shown",
            "notice": "notice.date_missing",
        }
        assert all(code in messages.MESSAGES for code in caught.value.fields.values())

    @pytest.mark.parametrize(
        ("change", "faults"),
        [
            ({"consent_given": ""}, {"consent_given": "consent.missing"}),
            ({"consent_day": "11"}, {"consent": "consent.date_future"}),
            ({"consent_day": "8"}, {"notice": "notice.after_consent"}),
            ({"notice_day": "11"}, {"notice": "notice.date_future"}),
            ({"consent_year": "1999"}, {"consent": "date.too_old"}),
            ({"consent_mode": "shouted"}, {"consent_mode": "choice.unknown"}),
            ({"notice_id": "x"}, {"notice_id": "notice.not_shown"}),
            ({"consent_day": "31", "consent_month": "2"}, {"consent": "date.impossible"}),
        ],
    )
    def test_refuses_what_cannot_be(self, change, faults):
        with pytest.raises(Invalid) as caught:
            consents.read_consent({**FIELDS, **change}, today=TODAY)
        assert caught.value.fields == faults


@pytest.fixture
def new(session, patient, now):
    return NewConsent(ConsentMode.ORAL, now.date(), factories.make_notice(session), now.date())


class TestRecordConsent:
    def record(self, session, actor, patient, new, now):
        return consents.record_consent(
            session,
            actor,
            patient,
            new,
            kind=ConsentKind.CIRCLE_ADDITION,
            for_professional_id=actor.professional_id,
            now=now,
        )

    def test_U11_keeps_author_date_mode_and_version(self, session, doctor, patient, new, now):
        row = session.get_one(Consent, self.record(session, doctor, patient, new, now))
        assert (row.collected_by_id, row.given_on, row.mode, row.notice_id, row.recorded_at) == (
            doctor.professional_id,
            new.given_on,
            new.mode,
            new.notice_id,
            now,
        )

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, new, now):
        with pytest.raises(NotFound):
            self.record(session, stranger, patient, new, now)

    def test_is_for_professionals(self, session, patient_actor, patient, new, now):
        with pytest.raises(Forbidden):
            self.record(session, patient_actor, patient, new, now)

    def test_U25_a_newer_notice_is_to_be_handed(self, session, doctor, patient, new, now):
        session.add(
            InformationNotice(
                version="2", title="t", body="b", published_at=now + timedelta(days=1)
            )
        )
        session.flush()
        with pytest.raises(Invalid) as caught:
            self.record(session, doctor, patient, new, now)
        assert caught.value.fields == {"notice_id": "notice.outdated"}

    def test_refuses_dates_that_cannot_be(self, session, doctor, patient, new, now):
        old = replace(new, given_on=date(1990, 1, 1), notice_handed_on=date(1990, 1, 1))
        with pytest.raises(Invalid) as caught:
            self.record(session, doctor, patient, old, now)
        assert caught.value.fields == {"consent": "date.too_old", "notice": "date.too_old"}


class TestListConsents:
    def test_shows_each_agreement_newest_first(
        self, session, doctor, pharmacist, patient, new, now
    ):
        later = now + timedelta(hours=1)
        TestRecordConsent().record(session, doctor, patient, new, later)
        rows = consents.list_consents(session, pharmacist, patient, now=now)
        assert len(rows) == 3
        assert rows[0].recorded_at == later
        assert rows[0].collected_by.family_name == "Martin"
        assert rows[0].notice_version == "1"
        kinds = {(row.kind, row.for_professional.id) for row in rows[1:]}
        assert kinds == {
            (ConsentKind.ENROLMENT, doctor.professional_id),
            (ConsentKind.CIRCLE_ADDITION, pharmacist.professional_id),
        }

    def test_hides_a_patient_outside_the_circle(self, session, stranger, patient, now):
        with pytest.raises(NotFound):
            consents.list_consents(session, stranger, patient, now=now)
        with pytest.raises(NotFound):
            consents.fetch_consents(session, stranger, patient)


class TestNotice:
    def test_CX14_the_reference_notice_is_published_once(self, session, doctor, now):
        robot = system("test")
        first = notices.ensure_reference_notice(session, robot, now=now)
        assert notices.ensure_reference_notice(session, robot, now=now) == first
        assert len(session.execute(select(InformationNotice)).all()) == 1
        shown = notices.current_notice(session, doctor)
        assert (shown.id, shown.version) == (first, "1")
        assert shown.title == "Notice d’information éclairée"
        for word in ("retirer", "20 ans", "CNIL", "rectifier", "cercle de soins"):
            assert word in shown.body
        titles = [line for line in shown.body.splitlines() if line.startswith("## ")]
        assert len(titles) == 6

    def test_only_commands_publish(self, session, doctor, now):
        with pytest.raises(Forbidden):
            notices.ensure_reference_notice(session, doctor, now=now)

    def test_an_older_version_stays_readable(self, session, doctor, patient_actor, now):
        robot = system("test")
        first = factories.make_notice(session, now)
        newer = InformationNotice(
            version="2", title="t", body="b", published_at=now + timedelta(days=1)
        )
        session.add(newer)
        session.flush()
        assert notices.ensure_reference_notice(session, robot, now=now) == first
        assert notices.current_notice(session, doctor).version == "2"
        assert notices.access_notice(session, patient_actor, first).version == "1"

    def test_nothing_published_and_unknown_keys(self, session, doctor):
        with pytest.raises(RuleViolation):
            notices.current_notice(session, doctor)
        with pytest.raises(NotFound):
            notices.access_notice(session, doctor, uuid4())

    def test_is_for_people_signed_in(self, session):
        with pytest.raises(NotAuthenticated):
            notices.current_notice(session, ANONYMOUS)
