"""The journal searched by administrators: filters, pages, bounded reading, exports (S130)."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.authz.actor import ANONYMOUS, system
from app.errors import Forbidden, Invalid, NotAuthenticated
from app.models.journal import JournalEntry, JournalKind
from app.services import journal, journal_search
from app.services.journal_search import (
    JournalFilter,
    begin_export,
    export_page,
    note_request,
    search_journal,
)
from tests import factories


@pytest.fixture
def administrator(session, now):
    return factories.make_administrator(session, now)


@pytest.fixture
def lines(session, doctor, stranger, now):
    """What two people did on three days, one act refused, one on the doctor's behalf."""
    target = uuid4()
    for day, who, action in (
        (0, doctor, "patient.opened"),
        (1, doctor, "tolerance.recorded"),
        (1, stranger, "patient.opened"),
        (2, replace(stranger, on_behalf_of_id=doctor.account_id), "adherence.recorded"),
    ):
        at = now + timedelta(days=day)
        journal.record(session, who, action, object_id=target, patient_id=uuid4(), now=at)
    journal.record_refusal(session, stranger, "open_patient", "patient.not_found", now=now)
    session.flush()
    return target


def _found(session, administrator, now, **wanted):
    page = search_journal(session, administrator, JournalFilter(**wanted), now=now)
    return [line.action for line in page.lines]


class TestFilters:
    def test_newest_first(self, session, administrator, lines, now):
        assert _found(session, administrator, now)[:2] == ["open_patient", "adherence.recorded"]

    def test_an_account_and_what_was_done_on_its_behalf(
        self, session, administrator, doctor, lines, now
    ):
        found = _found(session, administrator, now, account_id=doctor.account_id)
        assert found == ["adherence.recorded", "tolerance.recorded", "patient.opened"]

    def test_act_kind_object_result(self, session, administrator, stranger, lines, now):
        assert (
            _found(session, administrator, now, action="patient.opened") == ["patient.opened"] * 2
        )
        assert _found(session, administrator, now, kind=JournalKind.REFUSAL) == ["open_patient"]
        assert len(_found(session, administrator, now, object_id=lines)) == 4
        assert _found(session, administrator, now, is_ok=False) == ["open_patient"]
        both = _found(
            session, administrator, now, object_id=lines, account_id=stranger.account_id, is_ok=True
        )
        assert both == ["adherence.recorded", "patient.opened"]

    def test_days_are_those_of_paris(self, session, administrator, lines, now):
        day = (now + timedelta(days=1)).date()
        found = _found(session, administrator, now, from_on=day, to_on=day)
        assert found == ["patient.opened", "tolerance.recorded"]

    def test_an_impossible_period_is_said(self, session, administrator, now):
        wanted = JournalFilter(from_on=now.date(), to_on=now.date() - timedelta(days=1))
        for act in (search_journal, begin_export):
            with pytest.raises(Invalid) as raised:
                act(session, administrator, wanted, now=now)
            assert raised.value.fields == {"to_on": "journal_search.order"}

    def test_names_who_and_on_whose_behalf(self, session, administrator, doctor, lines, now):
        page = search_journal(session, administrator, JournalFilter(object_id=lines), now=now)
        line = page.lines[0]
        assert (line.who.family_name, line.behalf.family_name) == ("Denis", "Martin")

    def test_S067_names_no_patient(self, session, administrator, doctor, patient, now):
        journal.record_read(session, doctor, "patient.opened", patient_id=patient, now=now)
        page = search_journal(session, administrator, JournalFilter(), now=now)
        assert "Lefèvre" not in repr(page.lines)
        assert page.lines[0].patient_id == patient


class TestPages:
    def test_come_50_at_a_time_without_gap_nor_double(self, session, administrator, doctor, now):
        for _ in range(120):
            journal.record(session, doctor, "test.done", now=now)
        seen, before = [], 0
        wanted = JournalFilter(action="test.done")
        while True:
            page = search_journal(session, administrator, wanted, before=before, now=now)
            seen += [line.seq for line in page.lines]
            before = page.older
            if not before:
                break
        assert len(seen) == len(set(seen)) == 120
        assert seen == sorted(seen, reverse=True)

    def test_a_search_stops_and_goes_on(self, session, administrator, doctor, now, monkeypatch):
        monkeypatch.setattr(journal_search, "SCAN", 10)
        journal.record(session, doctor, "test.rare", now=now)
        for _ in range(25):
            journal.record(session, doctor, "test.done", now=now)
        wanted = JournalFilter(account_id=doctor.account_id, action="test.rare")
        first = search_journal(session, administrator, wanted, now=now)
        assert (first.lines, first.is_cut) == ((), True)
        before, found = first.older, []
        while before:
            page = search_journal(session, administrator, wanted, before=before, now=now)
            found += page.lines
            before = page.older
        assert [line.action for line in found] == ["test.rare"]

    def test_days_of_a_long_journal(self, session, administrator, doctor, now, monkeypatch):
        monkeypatch.setattr(journal_search, "SCAN", 10)
        for day in range(40):
            journal.record(session, doctor, "test.done", now=now + timedelta(days=day))
        day = (now + timedelta(days=17)).date()
        wanted = JournalFilter(from_on=day, to_on=day + timedelta(days=1))
        page = search_journal(session, administrator, wanted, now=now)
        assert [line.at for line in page.lines] == [
            now + timedelta(days=18),
            now + timedelta(days=17),
        ]


class TestExport:
    def test_S130_leaves_a_line(self, session, administrator, doctor, now):
        begin_export(session, administrator, JournalFilter(account_id=doctor.account_id), now=now)
        line = session.execute(
            select(JournalEntry).where(col(JournalEntry.action) == "journal.exported")
        ).scalar_one()
        assert (line.account_id, line.object_id) == (
            administrator.account_id,
            doctor.account_id,
        )

    def test_goes_through_everything(self, session, administrator, doctor, now):
        for _ in range(1_200):
            journal.record(session, doctor, "test.done", now=now)
        wanted = JournalFilter(action="test.done")
        count, before = 0, journal.last_seq(session) + 1
        while before:
            lines, before = export_page(session, administrator, wanted, before=before)
            count += len(lines)
        assert count == 1_200


def test_S060_only_administrators(session, doctor, patient_actor, administrator, now):
    acts = (
        lambda who: search_journal(session, who, JournalFilter(), now=now),
        lambda who: begin_export(session, who, JournalFilter(), now=now),
        lambda who: export_page(session, who, JournalFilter(), before=1),
        lambda who: note_request(session, who, now=now),
    )
    delegate = replace(doctor, on_behalf_of_id=administrator.account_id)
    for act in acts:
        for who in (doctor, patient_actor, delegate, system("job")):
            with pytest.raises(Forbidden):
                act(who)
        with pytest.raises(NotAuthenticated):
            act(ANONYMOUS)


def test_S131_verification_tells_how_far_it_is(session, doctor, now):
    for _ in range(1_100):
        journal.record(session, doctor, "test.done", now=now)
    told: list[int] = []
    assert journal.verify(session, tell=told.append).first_bad_seq is None
    assert told[:2] == [500, 1_000]
