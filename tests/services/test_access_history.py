"""« Qui a consulté »: what a patient reads of the journal of their record."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from app.authz.actor import system
from app.errors import Forbidden, NotFound
from app.i18n import access_history as words
from app.models.account import Role
from app.models.journal import JournalKind
from app.models.record_access import AccessKind
from app.services import access_history, journal, patient as patients
from app.services.access_change import (
    block_professional,
    give_administrator_status,
    unblock_professional,
)
from app.services.access_history import HistoryFilter, fetch_history, list_history
from app.services.matrix import ensure_reference_matrix
from app.services.own_record import my_circle
from tests import factories
from tests.documents import make_access, make_document

pytestmark = pytest.mark.databases("sqlite")

ALL = HistoryFilter()


def _lines(session, circle, now, wanted=ALL, actor=None, **page):
    found = list_history(
        session, actor or circle.patient_actor, circle.patient_id, wanted, now=now, **page
    )
    return found.lines


def _said(session, circle, now, wanted=ALL):
    return [
        (words.who(x), words.what(x), words.ground(x)) for x in _lines(session, circle, now, wanted)
    ]


def _read(session, actor, circle, document_id, now, ground=""):
    journal.record(
        session,
        actor,
        "document.read",
        kind=JournalKind.READ,
        patient_id=circle.patient_id,
        object_id=document_id,
        ground=ground,
        now=now,
    )


class TestListHistory:
    @pytest.mark.databases("sqlite", "postgresql")
    def test_S132_says_in_french_who_did_what_on_which_ground(self, session, circle, now):
        document = make_document(
            session, circle.doctor, circle.patient_id, title="Marqueurs tumoraux"
        )
        patients.open_patient(session, circle.doctor, circle.patient_id, now=now)
        acting = factories.act_for(session, circle.doctor, circle.stranger, now=now)
        _read(session, acting, circle, document, now)
        make_access(
            session,
            circle.stranger,
            circle.patient_id,
            AccessKind.EMERGENCY,
            now + timedelta(hours=1),
            now,
        )
        _read(session, circle.stranger, circle, document, now, ground="emergency")
        my_circle(session, circle.patient_actor, now=now)
        journal.record(
            session,
            circle.patient_actor,
            "document.masked",
            patient_id=circle.patient_id,
            object_id=document,
            now=now,
        )
        title = "«\u202fMarqueurs tumoraux\u202f»"
        assert _said(session, circle, now) == [
            ("Vous", f"avez masqué {title}", ""),
            (
                "Yves Caradec",
                f"a lu {title}",
                "Accès en urgence · Motif\u202f: Douleur thoracique aux urgences",
            ),
            (
                "Yves Caradec, pour le compte de Claire Martin",
                f"a lu {title}",
                "Par délégation",
            ),
            ("Claire Martin", "a ouvert votre dossier", "Équipe de soin"),
        ]

    def test_ME106_of_one_document_only_whatever_its_version(self, session, circle, now):
        first = make_document(
            session, circle.doctor, circle.patient_id, title="Un", superseded_at=now
        )
        second = make_document(
            session, circle.doctor, circle.patient_id, title="Un", version=2, series_id=first
        )
        other = make_document(session, circle.doctor, circle.patient_id, title="Deux")
        for document in (first, other, second):
            _read(session, circle.doctor, circle, document, now)
        for document in (first, second):
            lines = _lines(session, circle, now, HistoryFilter(document_id=document))
            assert [line.document for line in lines] == ["Un", "Un"]
        assert len(_lines(session, circle, now)) == 3

    def test_a_document_not_announced_yet_is_not_told_of(self, session, circle, now):
        hidden = make_document(
            session, circle.doctor, circle.patient_id, is_hidden_from_patient=True
        )
        _read(session, circle.pharmacist, circle, hidden, now)
        assert _lines(session, circle, now) == ()
        assert _lines(session, circle, now, HistoryFilter(document_id=hidden)) == ()

    def test_by_professional_and_by_emergency(self, session, circle, now):
        patients.open_patient(session, circle.doctor, circle.patient_id, now=now)
        acting = factories.act_for(session, circle.doctor, circle.stranger, now=now)
        patients.open_patient(session, acting, circle.patient_id, now=now)
        patients.open_patient(session, circle.pharmacist, circle.patient_id, now=now)
        _read(session, circle.technician, circle, None, now, ground="regulation")
        of_doctor = HistoryFilter(professional_id=circle.doctor.professional_id)
        assert [words.who(x) for x in _lines(session, circle, now, of_doctor)] == [
            "Yves Caradec, pour le compte de Claire Martin",
            "Claire Martin",
        ]
        urgent = _lines(session, circle, now, HistoryFilter(is_emergency=True))
        assert [(words.who(x), words.ground(x)) for x in urgent] == [
            ("Zoé Roy", "Régulation du SAMU")
        ]

    def test_pages_follow_each_other_and_end(self, session, circle, now):
        for _ in range(5):
            patients.open_patient(session, circle.doctor, circle.patient_id, now=now)
        first = fetch_history(
            session, circle.patient_actor, circle.patient_id, ALL, limit=3, now=now
        )
        then = fetch_history(
            session,
            circle.patient_actor,
            circle.patient_id,
            ALL,
            before=first.older,
            limit=3,
            now=now,
        )
        assert (len(first.lines), len(then.lines), then.older) == (3, 2, 0)
        assert first.lines[-1].seq > then.lines[0].seq

    def test_reads_so_many_lines_at_most_and_says_where_it_stopped(
        self, session, circle, now, monkeypatch
    ):
        monkeypatch.setattr(access_history, "SCAN", 3)
        patients.open_patient(session, circle.doctor, circle.patient_id, now=now)
        for _ in range(4):
            my_circle(session, circle.patient_actor, now=now)
        page = fetch_history(session, circle.patient_actor, circle.patient_id, ALL, now=now)
        assert (page.lines, page.is_cut) == ((), True)
        page = fetch_history(
            session, circle.patient_actor, circle.patient_id, ALL, before=page.older, now=now
        )
        assert [line.action for line in page.lines] == ["patient.opened"]

    def test_costs_the_same_number_of_queries_for_one_line_or_fifty(
        self, session, circle, database, now
    ):
        def queries():
            count = []

            def listen(*_):
                count.append(1)

            event.listen(database.engine, "before_cursor_execute", listen)
            fetch_history(session, circle.patient_actor, circle.patient_id, ALL, now=now)
            event.remove(database.engine, "before_cursor_execute", listen)
            return len(count)

        patients.open_patient(session, circle.doctor, circle.patient_id, now=now)
        one = queries()
        for who in (circle.doctor, circle.pharmacist, circle.technician) * 15:
            patients.open_patient(session, who, circle.patient_id, now=now)
        assert queries() == one

    def test_who_is_blocked_and_let_in_again_is_named(self, session, circle, now):
        who = circle.pharmacist.professional_id
        block_professional(session, circle.patient_actor, circle.patient_id, who, now=now)
        unblock_professional(session, circle.patient_actor, who, now=now)
        assert [what for _, what, _ in _said(session, circle, now)] == [
            "avez débloqué Karim Haddad",
            "avez enregistré un accord de votre part",
            "avez bloqué Karim Haddad",
        ]

    def test_names_the_portal_and_the_administration(self, session, circle, now):
        for actor in (system("upkeep"), factories.make_administrator(session, now)):
            journal.record(
                session, actor, "record_life.deleted", patient_id=circle.patient_id, now=now
            )
        admin, portal = _lines(session, circle, now)
        assert words.who(admin).endswith(", administration")
        assert admin.by.role is Role.ADMINISTRATOR
        assert words.who(portal) == "Le portail"

    def test_FC10_for_the_patient_and_a_doctor_with_the_status(self, session, circle, now):
        ensure_reference_matrix(session, system("test"), now=now)
        who = circle.patient_id

        def read(actor):
            access_history.list_readers(session, actor, who)
            access_history.begin_export(session, actor, who, ALL, now=now)
            list_history(session, actor, who, ALL, now=now)

        read(circle.patient_actor)
        with pytest.raises(Forbidden):
            read(circle.doctor)
        with pytest.raises(NotFound):
            read(circle.stranger)
        give_administrator_status(
            session, circle.patient_actor, circle.doctor.professional_id, now=now
        )
        read(circle.doctor)

    def test_shows_nothing_of_another_record(self, session, circle, now):
        other = factories.make_patient(session, circle.stranger, now=now)
        theirs = factories.make_patient_actor(session, other, now)
        patients.open_patient(session, circle.stranger, other, now=now)
        document = make_document(session, circle.stranger, other)
        _read(session, circle.stranger, circle, document, now)
        assert not _lines(session, circle, now)
        give_administrator_status(
            session, circle.patient_actor, circle.doctor.professional_id, now=now
        )
        of_document = HistoryFilter(document_id=document)
        (line,) = _lines(session, circle, now, of_document, circle.doctor)
        assert (line.action, line.document) == ("document.read", "")
        assert not _lines(session, circle, now, of_document)
        with pytest.raises(NotFound):
            list_history(session, theirs, circle.patient_id, ALL, now=now)
