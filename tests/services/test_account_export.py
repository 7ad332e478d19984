"""Exports of one's own data: asked for, prepared in the background, fetched once (S054, S061, S099, S143)."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from app.authz.actor import Actor, system
from app.db import unit_of_work, use_database
from app.errors import Forbidden, NotFound
from app.jobs import account_export as job
from app.models.account_export import AccountExportPart, ExportState
from app.services import account_export, journal
from app.services.account_export import KEEP
from app.services.message_draft import save_draft
from app.services.message_input import Typed
from app.state.clock import utc_now
from tests import factories
from tests.documents import make_document
from tests.messages import patient, write
from tests.services.own_account import delegate_of, signed_in, stale

ROBOT = system("test")


@pytest.fixture
def me(session, doctor, now) -> Actor:
    return signed_in(session, doctor, now)


@pytest.fixture
def other(session, stranger, now) -> Actor:
    return signed_in(session, stranger, now)


def ask(session, actor, now):
    return account_export.ask_export(session, actor, key=uuid4(), now=now)


def prepare(session, now, pieces=(b"un", b"deux")):
    claimed = account_export.claim_next(session, ROBOT, now=now)
    assert claimed is not None
    for number, piece in enumerate(pieces):
        account_export.store_part(
            session, ROBOT, claimed.export_id, number, piece, progress=50, now=now
        )
    account_export.finish(session, ROBOT, claimed.export_id, is_complete=True, now=now)
    session.flush()
    return claimed


class TestAsk:
    def test_S054_needs_a_fresh_factor(self, session, me, now):
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            ask(session, stale(me, now), now)

    def test_CX48_is_out_of_reach_for_a_delegate(self, session, me, other, now):
        with pytest.raises(Forbidden):
            ask(session, delegate_of(me, other), now)

    def test_S143_one_is_prepared_at_a_time(self, session, me, now):
        key = uuid4()
        first = account_export.ask_export(session, me, key=key, now=now)
        assert account_export.ask_export(session, me, key=key, now=now) == first
        assert ask(session, me, now) == first

    def test_another_replaces_one_that_was_ready(self, session, me, now):
        first = ask(session, me, now)
        prepare(session, now)
        assert ask(session, me, now + timedelta(minutes=1)) != first
        with pytest.raises(NotFound):
            account_export.fetch_export(session, me, first, now=now)


class TestFetch:
    def test_S099_is_served_once(self, session, me, now):
        export_id = ask(session, me, now)
        prepare(session, now)
        found = account_export.fetch_export(session, me, export_id, now=now)
        assert found.size_bytes == 6
        pieces = [account_export.read_part(session, me, export_id, n) for n in range(3)]
        assert pieces == [b"un", b"deux", b""]
        with pytest.raises(NotFound):
            account_export.fetch_export(session, me, export_id, now=now)

    def test_S061_anothers_is_as_absent_as_none(self, session, me, other, now):
        theirs = ask(session, other, now)
        prepare(session, now)
        codes = []
        for wanted in (theirs, uuid4()):
            with pytest.raises(NotFound) as refused:
                account_export.fetch_export(session, me, wanted, now=now)
            codes.append(refused.value.code)
        assert codes[0] == codes[1]
        account_export.fetch_export(session, other, theirs, now=now)
        assert account_export.read_part(session, me, theirs, 0) == b""

    def test_is_gone_after_an_hour(self, session, me, now):
        export_id = ask(session, me, now)
        prepare(session, now)
        view = account_export.last_export(session, me, now=now + KEEP)
        assert view is not None
        assert view.state is ExportState.EXPIRED
        late = now + KEEP
        with pytest.raises(NotFound):
            account_export.fetch_export(session, signed_in(session, me, late), export_id, now=late)

    def test_S054_needs_a_fresh_factor(self, session, me, now):
        export_id = ask(session, me, now)
        prepare(session, now)
        with pytest.raises(Forbidden, match=r"factor\.stale"):
            account_export.fetch_export(session, stale(me, now), export_id, now=now)

    def test_S120_nothing_of_it_lies_in_clear(self, session, me, now):
        ask(session, me, now)
        prepare(session, now, (b"Claire Martin",))
        (part,) = session.exec(select(AccountExportPart)).all()
        assert b"Claire" not in part.sealed

    def test_upkeep_drops_what_was_fetched_and_what_nobody_fetched(self, session, me, other, now):
        fetched = ask(session, me, now)
        prepare(session, now)
        account_export.fetch_export(session, me, fetched, now=now)
        ask(session, other, now)
        prepare(session, now)
        account_export.forget_stale(session, ROBOT, now=now + KEEP)
        session.flush()
        assert session.exec(select(AccountExportPart)).all() == []


class TestClaim:
    def test_a_crash_lets_go_of_it(self, session, me, now):
        export_id = ask(session, me, now)
        account_export.claim_next(session, ROBOT, now=now)
        assert account_export.claim_next(session, ROBOT, now=now) is None
        again = account_export.claim_next(session, ROBOT, now=now + account_export.CLAIM)
        assert again is not None
        assert again.export_id == export_id


class TestJob:
    """The file itself, written piece by piece by the background work."""

    @pytest.fixture
    def archive(self, database):
        def make(person) -> dict[str, str]:
            now = utc_now()
            use_database(database)
            try:
                with unit_of_work(database) as session:
                    me = signed_in(session, person(session, now), now)
                    for n in range(1_200):
                        journal.record(session, me, f"test.{n}", now=now)
                    export_id = ask(session, me, now)
                assert job.prepare_next()
                assert not job.prepare_next()
                with unit_of_work(database) as session:
                    account_export.fetch_export(session, me, export_id, now=now)
                    parts = [account_export.read_part(session, me, export_id, n) for n in range(50)]
            finally:
                use_database(None)
            with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as found:
                assert found.testzip() is None
                return {name: found.read(name).decode() for name in found.namelist()}

        return make

    def test_holds_everything_of_a_professional(self, archive):
        files = archive(
            lambda session, now: factories.make_professional(
                session, now, civility="Dre", given_name="Claire", family_name="Martin"
            )
        )
        data = json.loads(files["donnees.json"])
        assert data["account"][0]["family_name"] == "Martin"
        assert data["addresses"][0]["is_starred"] is True
        assert data["sign_ins"][0]["device"] == "Firefox sur Linux"
        history = json.loads(files["historique.json"])
        assert len(history) == 1_202  # the lines of the test, the sign-in and the request
        assert history[0]["action"] == "export.asked"
        assert "<h1>Vos données</h1>" in files["vos-donnees.html"]

    def test_holds_the_circle_and_the_agreements_of_a_patient(self, archive):
        def person(session, now):
            doctor = factories.make_professional(session, now, family_name="Martin")
            patient_id = factories.make_patient(session, doctor, now=now)
            actor = factories.make_patient_actor(session, patient_id, now)
            make_document(session, doctor, patient_id, now, title="Bilan")
            hidden = {"is_hidden_from_patient": True}
            make_document(session, doctor, patient_id, now, title="Non annoncé", **hidden)
            talk = write(session, doctor, patient(patient_id), text="Passez jeudi.", now=now)
            reply = Typed("Jeudi, je ne", conversation_id=talk.conversation_id)
            save_draft(session, actor, uuid4(), reply, now=now)
            return actor

        data = json.loads(archive(person)["donnees.json"])
        assert [document["name"] for document in data["documents"]] == ["Bilan"]
        assert data["record"][0]["allows_emergency"] is True
        assert [message["text"] for message in data["messages"]][-1] == "Passez jeudi."
        assert [draft["text"] for draft in data["drafts"]] == ["Jeudi, je ne"]
        assert data["circle"][0]["professional"]["family_name"] == "Martin"
        assert data["consents"][0]["kind"] == "enrolment"

    def test_tells_no_secret(self, archive):
        files = archive(factories.make_professional)
        for word in ("password_hash", "token_digest", "sealed", "mac", factories.PASSWORD_HASH):
            assert not any(word in text for text in files.values())

    def test_a_name_is_no_markup(self, archive):
        files = archive(
            lambda session, now: factories.make_professional(
                session, now, family_name="<script>alert(1)</script>"
            )
        )
        assert "<script>" not in files["vos-donnees.html"]
